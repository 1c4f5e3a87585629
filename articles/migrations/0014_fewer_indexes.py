"""Indexes go that no question uses, or that another begins with."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.revisions import triggers


def install(apps, schema_editor):
    """The tables are made anew on SQLite, without their triggers; on PostgreSQL nothing but the indexes changes."""
    if schema_editor.connection.vendor == "sqlite":
        triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_published_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),  # the last step on the way back
        migrations.AlterField(
            "event",
            "actor",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AlterField(
            "imageuse",
            "revision",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="image_uses",
                to="articles.revision",
            ),
        ),
        migrations.AlterField(
            "publication", "published_at", models.DateTimeField(verbose_name="published at")
        ),
        migrations.AlterField(
            "review",
            "compared_with",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="live when it was decided",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
