from django.db import migrations

WRITE = ["add_article", "change_article", "view_article", "view_revision"]
GROUPS = {
    "authors": WRITE,
    "moderators": [*WRITE, "publish_article", "review_revision"],
}


def make_groups(apps, schema_editor):
    """Permissions are made after migrating, too late for this one, so it makes those it needs."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for group, codenames in GROUPS.items():
        for codename in codenames:
            model = apps.get_model("articles", codename.partition("_")[2])
            content_type, _ = ContentType.objects.get_or_create(
                app_label="articles", model=model._meta.model_name
            )
            names = dict(model._meta.permissions)
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=codename,
                defaults={"name": names.get(codename, f"Can {codename.replace('_', ' ')}")},
            )
            Group.objects.get_or_create(name=group)[0].permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_write_once"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
