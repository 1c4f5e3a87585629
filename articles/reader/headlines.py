"""What stands around the text of a published article: its authors, its versions, and the articles beside it."""

from __future__ import annotations

from dataclasses import dataclass

from articles import permissions
from articles.models import Article, Facet, Revision
from articles.revisions.histories import author_names, named_for
from articles.revisions.timelines import timeline

from .ribbon import Ribbon, draw_ribbon

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Headline:
    """Names of authors, those with the most versions first, and how many more there are; the number of versions.

    `linked` are the names that have a page.
    """

    names: list[str]
    linked: set[str]
    more: int
    versions: int
    ribbon: Ribbon | None
    before: Article | None  # first published before this one
    after: Article | None


def headline_of(live: Revision, *, seen_by: permissions.Person) -> Headline:
    """Return what stands around a live revision. Corrected typos make nobody an author. Five queries."""
    listed = Revision.objects.listed_for(seen_by).filter(article=live.article_id)
    written = named_for(listed, seen_by).exclude(change_kind="typo")
    names = author_names(written, most=100) or [live.author_name]
    linked = set(names)
    if permissions.can_see_drafts(seen_by):  # some wrote drafts only
        authors = Facet.objects.filter(kind=Facet.Kind.AUTHOR, value__in=names)
        linked = set(authors.values_list("value", flat=True))
    spans = timeline(listed)
    before, after = Article.objects.beside(live.article)
    return Headline(
        names[:MOST_NAMES],
        linked,
        len(names[MOST_NAMES:]),
        sum(span.revisions for span in spans),
        draw_ribbon(spans, new=live),
        before,
        after,
    )
