"""When the live revision of an article was published, so that the list of articles is read along one index."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def copy_times(apps, schema_editor):
    publications = apps.get_model("articles", "Publication").objects.filter(
        revision=OuterRef("published_revision")
    )
    apps.get_model("articles", "Article").objects.update(
        published_at=Subquery(publications.values("published_at"))
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_compact_storage")]

    operations = [
        migrations.AddField(
            "article", "published_at", models.DateTimeField(null=True, verbose_name="published at")
        ),
        migrations.RunPython(copy_times, migrations.RunPython.noop),
        migrations.AddIndex(
            "article",
            models.Index(
                condition=models.Q(("published_revision__isnull", False)),
                fields=["-published_at", "-id"],
                name="article_public",
            ),
        ),
    ]
