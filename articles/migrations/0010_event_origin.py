import django.db.models.deletion
from django.db import migrations, models

from articles.revisions import triggers


def install(apps, schema_editor):
    """The log's table is made anew on SQLite, without its triggers."""
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_hiding"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),  # the last step on the way back
        migrations.AddField(
            model_name="event",
            name="address",
            field=models.GenericIPAddressField(null=True, verbose_name="network address"),
        ),
        migrations.AddField(
            model_name="event",
            name="detail",
            field=models.CharField(blank=True, max_length=500, verbose_name="what"),
        ),
        migrations.AddField(
            model_name="event",
            name="door",
            field=models.CharField(
                blank=True,
                choices=[
                    ("page", "page"),
                    ("admin", "newsroom"),
                    ("command", "command line"),
                    ("api", "API"),
                ],
                max_length=10,
                verbose_name="from where",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="action",
            field=models.CharField(
                choices=[
                    ("save", "saved"),
                    ("restore", "restored"),
                    ("submit", "submitted"),
                    ("withdraw", "withdrew"),
                    ("approve", "approved"),
                    ("approve own", "approved their own text"),
                    ("fix", "fixed"),
                    ("request changes", "requested changes"),
                    ("reject", "rejected"),
                    ("carry over", "carried a decision over"),
                    ("undo", "took a decision back"),
                    ("publish", "published"),
                    ("unpublish", "unpublished"),
                    ("resanitize", "made the page anew"),
                    ("allow", "allowed"),
                    ("revoke", "revoked an allowance"),
                    ("hide", "hid"),
                    ("lift", "showed again"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="articles.revision",
                verbose_name="revision",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["at"], name="event_at"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor_name", "-id"], name="event_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["action", "-id"], name="event_action"),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
