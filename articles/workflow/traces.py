"""What is kept so that other articles can be compared with this one; inside the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable

from articles.revisions.articles import Article
from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.revisions import Revision
from articles.revisions.sketches import Sketch
from articles.text.content import FieldFinding
from articles.text.content.sketches import swaps, wording
from articles.text.page import linked_hosts


def keep_sketches(revision: Revision, found: Iterable[FieldFinding]) -> None:
    """Sample the text of a revision and the letters that were swapped in it, once; needs its body."""
    samples = {Sketch.Kind.WORDING: wording(revision.source), Sketch.Kind.SWAPS: tuple(swaps(found))}
    Sketch.objects.bulk_create(
        (
            Sketch(revision=revision, kind=kind, value=value)
            for kind, sketch in samples.items()
            for value in sketch
        ),
        ignore_conflicts=True,
    )


def keep_hosts(article: Article) -> None:
    """Note where the live version leads, or that none is live."""
    live = article.published_revision
    now = set(linked_hosts(live.renderings.latest().html)) if live else set()
    before = set(LinkedHost.objects.filter(article=article).values_list("host", flat=True))
    LinkedHost.objects.filter(article=article, host__in=before - now).delete()
    LinkedHost.objects.bulk_create(
        (LinkedHost(article=article, host=host) for host in now - before), ignore_conflicts=True
    )
