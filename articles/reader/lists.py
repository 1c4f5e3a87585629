"""Lists of what articles have in common: a tag, a language, an author, or the month when they were published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles import workflow
from articles.http import paging
from articles.models import Facet
from articles.revisions.language_names import name_of
from articles.text.content.tags import fold_tag

from .answering import revalidated
from .keeping import kept
from .rows import Row, facet_changes, listed_with

FACETS_A_PAGE = 200
NEWEST_FIRST = (paging.Key("at", paging.instant), paging.Key("article_id"))
UNIT_SEPARATOR = "\x1f"  # stands in no value


@dataclass(frozen=True, slots=True)
class Section:
    """What pages of a kind of facet are called: names of their addresses, headings, and how a value is written."""

    kind: Facet.Kind
    index: str
    page: str
    heading: Any
    one: Any
    fold: Callable[[str], str] = str
    has_feed: bool = True

    def address(self, value: str) -> str:
        if self.kind is Facet.Kind.MONTH:
            year, month = value.split("-")
            return reverse(self.page, kwargs={"year": year, "month": month})
        return reverse(self.page, kwargs={"value": value})

    def label(self, value: str, name: str) -> str:
        """Return what a facet is called in the reader's language."""
        match self.kind:
            case Facet.Kind.LANGUAGE:
                return name_of(value)
            case Facet.Kind.MONTH:
                return date_format(date.fromisoformat(f"{value}-01"), "YEAR_MONTH_FORMAT")
        return name


SECTIONS = {
    section.kind: section
    for section in (
        Section(Facet.Kind.TAG, "tag-list", "tag", gettext_lazy("Tags"), gettext_lazy("Tag"), fold_tag),
        Section(
            Facet.Kind.LANGUAGE,
            "language-list",
            "language",
            gettext_lazy("Languages"),
            gettext_lazy("Language"),
            str.lower,
        ),
        Section(Facet.Kind.AUTHOR, "author-list", "author", gettext_lazy("Authors"), gettext_lazy("Author")),
        Section(
            Facet.Kind.MONTH,
            "archive",
            "month",
            gettext_lazy("Archive"),
            gettext_lazy("First published in"),
            has_feed=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A facet in a list, with its address and the number of its articles."""

    label: str
    address: str
    number: int


def _value(text: str) -> str:
    if "\0" in text:
        raise ValueError("no value has a NUL")
    return text


@require_safe
@revalidated
@kept(lambda kind: facet_changes())
def facet_list(request: HttpRequest, *, kind: Facet.Kind) -> HttpResponse:
    """List the facets of a kind with their numbers of articles: months backwards, others by letters. One query."""
    section = SECTIONS[kind]
    keys = (paging.Key("value", _value, is_descending=kind is Facet.Kind.MONTH),)
    page = paging.page(
        Facet.objects.counted(kind), keys, request, per_page=FACETS_A_PAGE, separator=UNIT_SEPARATOR
    )
    entries = [
        Entry(section.label(row.value, row.name), section.address(row.value), row.n) for row in page.rows
    ]
    return render(request, "articles/facets.html", {"section": section, "page": page, "entries": entries})


@require_safe
@revalidated
@kept(listed_with)
def facet(request: HttpRequest, value: str, *, kind: Facet.Kind) -> HttpResponse:
    """List the public articles with a facet, the one first published last first. 404 without one; three queries.

    Other spellings of a tag or a language redirect to the one of its address.
    """
    section = SECTIONS[kind]
    folded = section.fold(value)
    page = paging.page(Facet.objects.of(kind, folded).for_readers(), NEWEST_FIRST, request)
    if not page.rows:
        raise Http404
    if folded != value:
        return redirect(section.address(folded), permanent=True)
    label = section.label(folded, page.rows[0].name)
    context = {"section": section, "value": folded, "label": label, "page": page, "rows": _rows(page)}
    context["feed_query"] = urlencode({kind.value: folded})
    return render(request, "articles/facet.html", context)


@kept(lambda year, month: listed_with(f"{year}-{month}", kind=Facet.Kind.MONTH))
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """List the articles that were first published in a month."""
    return facet(request, f"{year}-{month}", kind=Facet.Kind.MONTH)


def _rows(page: paging.Page) -> list[Row]:
    articles = [row.article for row in page.rows]
    counted = {row.article.published_revision: row.flagged or 0 for row in page.rows}
    flagged = workflow.flagged(counted)
    return [Row(article, flagged[article.published_revision_id]) for article in articles]
