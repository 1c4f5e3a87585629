import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def make_administrators(apps, schema_editor):
    """Whoever may hide also does what moderators do. Permissions are made after migrating, too late for this one."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    content_type, _ = ContentType.objects.get_or_create(app_label="articles", model="revision")
    hide, _ = Permission.objects.get_or_create(
        content_type=content_type,
        codename="hide_revision",
        defaults={"name": "Can hide parts of revisions, and see what is hidden"},
    )
    moderators = Group.objects.get(name="moderators")
    administrators, _ = Group.objects.get_or_create(name="administrators")
    administrators.permissions.add(hide, *moderators.permissions.all())


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_allowance"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hiding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.BooleanField(default=False, verbose_name="text")),
                ("summary", models.BooleanField(default=False, verbose_name="summary")),
                ("author", models.BooleanField(default=False, verbose_name="author's name")),
                ("reason", models.TextField(verbose_name="reason")),
                ("hidden_by_name", models.CharField(max_length=150, verbose_name="name of who hid")),
                ("hidden_at", models.DateTimeField(verbose_name="hidden at")),
                (
                    "lifted_by_name",
                    models.CharField(blank=True, max_length=150, verbose_name="name of who lifted"),
                ),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted at")),
            ],
            options={
                "verbose_name": "hiding",
                "verbose_name_plural": "hidings",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="hiding",
            name="hidden_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hidden by",
            ),
        ),
        migrations.AddField(
            model_name="hiding",
            name="lifted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="lifted by",
            ),
        ),
        migrations.AddField(
            model_name="hiding",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hidings",
                to="articles.revision",
                verbose_name="revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="hiding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)), fields=("revision",), name="hiding_once"
            ),
        ),
        migrations.AlterModelOptions(
            name="revision",
            options={
                "ordering": ["-number"],
                "permissions": [
                    ("review_revision", "Can decide on submitted revisions"),
                    ("hide_revision", "Can hide parts of revisions, and see what is hidden"),
                ],
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
            },
        ),
        migrations.RunPython(make_administrators, migrations.RunPython.noop),
    ]
