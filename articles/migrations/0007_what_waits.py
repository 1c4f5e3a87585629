from django.db import migrations
from django.db.models import Q

from articles.text.content.sketches import wording
from articles.text.page import linked_hosts


def score_what_waits(apps, schema_editor):
    """What is known of reviews from before: the points of their alerts and warnings."""
    Review = apps.get_model("articles", "Review")
    for review in Review.objects.select_related("revision").iterator(chunk_size=500):
        parts = [
            [part, count, points]
            for part, count, points in (
                ("alerts", review.alerts, min(150 * review.alerts, 450)),
                ("warnings", review.warnings, min(6 * review.warnings, 120)),
            )
            if count
        ]
        review.risk_parts = sorted(parts, key=lambda part: -part[2])
        review.risk = sum(points for _, _, points in parts)
        review.cause = review.causes[0] if review.causes else "submitted"
        review.language = review.revision.language
        review.save(update_fields=["risk", "risk_parts", "cause", "language"])


def remember_live_hosts(apps, schema_editor):
    Article = apps.get_model("articles", "Article")
    LinkedHost = apps.get_model("articles", "LinkedHost")
    Rendering = apps.get_model("articles", "Rendering")
    for article in Article.objects.exclude(published_revision=None).iterator(chunk_size=500):
        rendering = Rendering.objects.filter(revision=article.published_revision_id).latest("pk")
        LinkedHost.objects.bulk_create(
            LinkedHost(article=article, host=host) for host in linked_hosts(rendering.html)
        )


def sketch_what_is_live_or_waits(apps, schema_editor):
    Body = apps.get_model("articles", "Body")
    Review = apps.get_model("articles", "Review")
    Sketch = apps.get_model("articles", "Sketch")
    Article = apps.get_model("articles", "Article")
    live = Article.objects.exclude(published_revision=None).values("published_revision")
    waiting = Review.objects.filter(state="pending").values("revision")
    for body in Body.objects.filter(Q(pk__in=live) | Q(pk__in=waiting)).iterator(chunk_size=500):
        Sketch.objects.bulk_create(
            Sketch(revision_id=body.pk, kind="wording", value=value) for value in wording(body.text)
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_queue")]

    operations = [
        migrations.RunPython(step, migrations.RunPython.noop)
        for step in (score_what_waits, remember_live_hosts, sketch_what_is_live_or_waits)
    ]
