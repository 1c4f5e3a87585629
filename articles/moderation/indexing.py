"""Indexing: by what the queue finds a version that waits. Written when it begins to wait, removed when that ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import DamagedText
from articles.revisions.withholding import text_of
from articles.search import index
from articles.search.words import Word, words_of
from articles.text.markdown import hosts_of, link_targets

from .reviews import WAITING, Review, check_label, host_label


def index_waiting(review: Review, *, checks: Iterable[str]) -> None:
    """Index a pending review by the words of its revision, its hosts and the checks that found something new in it.

    The words are those of title, slug, author's name and text. Without the text if that is damaged. One statement,
    linear in the text.
    """
    revision = review.revision
    texts: list[Iterable[Word]] = [*map(words_of, (revision.title, revision.slug, revision.author_name))]
    try:
        source = revision.source
    except DamagedText:
        source = ""
    hosts = {part for host in hosts_of(link_targets(source)) for part in _with_parents(host)}
    labels = [*map(check_label, set(checks)), *map(host_label, hosts)]
    index.put(WAITING, review.pk, [*texts, words_of(source), *([index.label(label)] for label in labels)])


def index_again(review: Review) -> None:
    """Index a review that waits again. Two queries and a statement."""
    rows = IntroducedFinding.objects.filter(revision=review.revision_id).order_by()
    index_waiting(review, checks=rows.values_list("check_id", flat=True).distinct())


def index_all_waiting() -> int:
    """Index all pending reviews anew, and return their number. Three queries for each."""
    number = 0
    rows = Review.objects.pending().select_related(*text_of("revision")).order_by("pk")
    for number, review in enumerate(rows.iterator(), start=1):  # noqa: B007
        index_again(review)
    return number


def unindex(review: Review) -> None:
    """Take a review that no longer waits out of the index. One statement."""
    index.remove(WAITING, review.pk)


def _with_parents(host: str) -> Iterator[str]:
    """Yield a host and the domains above it, but no top-level domain."""
    yield host
    parts = host.split(".")
    for start in range(1, len(parts) - 1):
        yield ".".join(parts[start:])
