"""Rows of lists of articles, and the questions that tell what the first page of a list, or of a history, shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from articles.http import paging
from articles.http.replicas import ask
from articles.models import Facet
from articles.text.page.images import PREFIX, ImageName

# How much has happened that can change a list, besides the rows that it shows: what goes live is a live change, or a
# decision was taken back. The sum only grows, so no answer comes again after another one. Counts grow even if
# transactions end in another order than they began.
_CHANGES = """
    (SELECT COALESCE(MAX(id), 0) FROM articles_livechange)
    + (SELECT COUNT(*) FROM articles_event WHERE action = 'undo')
    + (SELECT COUNT(*) + COUNT(unhidden_at) FROM articles_hiding)
    + (SELECT COUNT(*) + COUNT(confirmed_at) + COUNT(revoked_at) FROM articles_allowance)
"""
_SHOWN = f"""
    a.published_revision_id,
    (SELECT MAX(id) FROM articles_rendering WHERE revision_id = a.published_revision_id), {_CHANGES}
"""  # noqa: S608 - no value stands in these
_ALL = f"""
    SELECT {_SHOWN} FROM articles_article a WHERE a.published_revision_id IS NOT NULL
    ORDER BY a.first_published_at DESC, a.id DESC LIMIT %s
"""  # noqa: S608
_OF_FACET = f"""
    SELECT {_SHOWN} FROM articles_facet f JOIN articles_article a ON a.id = f.article_id
    WHERE f.kind = %s AND f.value = %s AND a.published_revision_id IS NOT NULL
    ORDER BY f.at DESC, f.article_id DESC LIMIT %s
"""  # noqa: S608
_HISTORY = f"""
    SELECT a.published_revision_id, (
        SELECT MAX(g.id) FROM articles_rendering g JOIN articles_revision r ON r.id = g.revision_id
        WHERE r.article_id = a.id
    ), {_CHANGES} FROM articles_article a WHERE slug = %s AND published_revision_id IS NOT NULL
"""  # noqa: S608
# What goes live late has a smaller number than some that are live: those of the last thousand are counted, too.
_FACETS = f"""
    SELECT {_CHANGES}, (SELECT COUNT(*) FROM articles_event WHERE action IN ('unpublish', 'archive')),
    (SELECT COUNT(*) FROM articles_livechange WHERE id > (SELECT MAX(id) - 1000 FROM articles_livechange)),
    (SELECT MAX(id) FROM articles_facet)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list, with its number of flagged characters."""

    article: Any
    flagged: int

    @property
    def is_updated(self) -> bool:
        """Whether the text was changed on a later day than that of its first publication."""
        first, last = (
            localtime(moment).date()
            for moment in (self.article.first_published_at, self.article.published_at)
        )
        return bool(first != last)

    @property
    def excerpt(self) -> str:
        """What the author wrote for lists, else the beginning of the text."""
        live = self.article.published_revision
        return "" if "text" in live.withheld else live.excerpt or live.publication.beginning

    @property
    def cover(self) -> ImageName | None:
        """The image that the author chose, else the first one of the text."""
        live = self.article.published_revision
        file = "" if "text" in live.withheld else live.cover or live.publication.cover
        return ImageName.of(f"{PREFIX}{file}")


def listed_articles() -> object:
    """Return what the first page of all articles shows; None if there is none. One query, as the others here.

    In SQL, because every visit asks it and the ORM takes many times as long to build a query as the database to answer.
    """
    return ask(_ALL, paging.PER_PAGE + 1) or None


def listed_with(value: str, *, kind: Facet.Kind) -> object:
    """Return what the first page of the articles with a facet shows; None if none has it."""
    return ask(_OF_FACET, kind, value, paging.PER_PAGE + 1) or None


def history_of(slug: str) -> object:
    """Return what the history of an article shows readers; None if it is not public."""
    return ask(_HISTORY, slug) or None


def facet_changes() -> object:
    """Return how much has happened that can change which facets there are, and how many articles have them."""
    return ask(_FACETS) or None
