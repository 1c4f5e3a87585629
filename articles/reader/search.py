"""The public search: articles that are live now, by the words that readers see, with the words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.http import paging
from articles.http.limits import limited
from articles.models import Article, DamagedText, Facet, Rendering, Spelling
from articles.revisions.indexing import KEY, label_of, public_with
from articles.search import index
from articles.search.highlighting import Piece, excerpt, highlight
from articles.search.queries import Phrase, parse_query
from articles.text.content.tags import fold_tag
from articles.text.page import visible_text

from .answering import revalidated, unlisted
from .live import live_renderings

HITS_A_PAGE = 10
MAX_QUERY = 200  # code points; more are cut off
MOST_RANKED = 2_000  # articles; of more, those with the words in the title do not come first
MOST_CORRECTED = 5  # words
FEW_HITS = 3  # for which another spelling is offered
# Kept from left to right: beside Arabic words the parts would change places.
EXAMPLE_OF_DAY = "\N{LEFT-TO-RIGHT ISOLATE}2026-11-29\N{POP DIRECTIONAL ISOLATE}"
MUCH_MORE = 5  # times as many articles have the other spelling
NEWEST_FIRST = (paging.Key("first_published_at", paging.instant), paging.Key("pk"))
TITLES_FIRST = (paging.Key("in_title"), *NEWEST_FIRST)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for, and what could not be understood of it, by parameter."""

    query: str = ""
    phrases: Sequence[Phrase] = ()
    language: str = ""
    tag: str = ""
    author: str = ""
    first: date | None = None
    last: date | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        facets = (
            (Facet.Kind.LANGUAGE, self.language),
            (Facet.Kind.TAG, fold_tag(self.tag)),
            (Facet.Kind.AUTHOR, self.author),
        )
        return [label_of(kind, value) for kind, value in facets if value]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.labels or self.first or self.last)

    @property
    def is_asked(self) -> bool:
        return bool(self.query or self.is_narrowed)

    def between(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the articles that were first published on the days asked for."""
        if self.first:
            rows = rows.filter(first_published_at__gte=_midnight(self.first))
        if self.last:
            rows = rows.filter(first_published_at__lt=_midnight(self.last + timedelta(days=1)))
        return rows


@dataclass(frozen=True, slots=True)
class Hit:
    """One article of the results, with its title and an excerpt in pieces."""

    article: Article
    revision: Any
    flagged: int
    title: list[Piece]
    excerpt: list[Piece]

    @property
    def disguised(self) -> list[Piece]:
        """The words that only look like those typed, each once."""
        pieces = (piece for piece in (*self.title, *self.excerpt) if piece.is_disguised)
        return list({piece.text: piece for piece in pieces}.values())


@dataclass(frozen=True, slots=True)
class Correction:
    """A query in another spelling, with how many articles it finds, and its address."""

    query: str
    found: int
    address: str


@require_safe
@unlisted
@limited("search", per_minute=120)
@revalidated
def search(request: HttpRequest) -> HttpResponse:
    """Search the articles that are public; those with all words in their titles come first, then the newest.

    Parameters: `q`; `language`, `tag` and `author` narrow the results, `from` and `to` by the day of the first
    publication. Ten queries at most.
    """
    asked = parse_request(request.GET)
    match = public_with(asked.phrases, asked.labels)
    rows, keys, found = _found(asked, match)
    page = paging.page(rows, keys, request, per_page=HITS_A_PAGE) if rows is not None else None
    hits = list(_hits(page.rows, asked.phrases)) if page else []
    is_rare = found is not None and found < FEW_HITS and not page_is_named(request)
    context = {
        "asked": asked,
        "page": page,
        "hits": hits,
        "found": found,
        "correction": _correction(asked, found or 0, request.GET) if is_rare else None,
        "problem": _problem(asked),
        "languages": Facet.objects.values_of(Facet.Kind.LANGUAGE),
        "is_search": True,
    }
    return render(request, "articles/search.html", context)


def page_is_named(request: HttpRequest) -> bool:
    return bool(request.GET.get("after") or request.GET.get("before"))


def parse_request(parameters: QueryDict) -> Request:
    """Return what the parameters of an address ask for. Takes any text."""

    def text(name: str) -> str:
        return parameters.get(name, "").replace("\0", "").strip()

    query, errors = text("q"), {}
    if len(query) > MAX_QUERY:
        errors["q"] = _("Only the first %(n)d characters are searched for.") % {"n": MAX_QUERY}
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        days[name] = _day(text(name))
        if text(name) and not days[name]:
            errors[name] = _("“%(typed)s” is no day. Write it as in %(example)s.") % {
                "typed": text(name)[:30],
                "example": EXAMPLE_OF_DAY,
            }
    return Request(
        query=query[:MAX_QUERY],
        phrases=parse_query(query[:MAX_QUERY], completes=False),
        language=text("language")[:MAX_QUERY].lower(),
        tag=text("tag")[:MAX_QUERY],
        author=text("author")[:MAX_QUERY],
        first=days["from"],
        last=days["to"],
        errors=errors,
    )


def _day(typed: str) -> date | None:
    try:
        day = parse_date(typed)
    except ValueError:
        return None
    return day if day and 1 < day.year < 9999 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)


def _found(
    asked: Request, match: index.Match | None
) -> tuple[QuerySet[Any] | None, Sequence[paging.Key], int | None]:
    """Return the articles found, how they are sorted, and how many there are; None if there are very many."""
    if match is None:
        if not asked.is_narrowed or asked.phrases:
            return None, NEWEST_FIRST, None
        return asked.between(Article.objects.public()), NEWEST_FIRST, None
    rows = asked.between(Article.objects.public())
    keys = match.first(MOST_RANKED + 1)
    if len(keys) > MOST_RANKED:
        return match.keep_many(rows, KEY), NEWEST_FIRST, None
    is_ranked = asked.phrases and len(keys) > 1
    titled = public_with(map(index.phrase_in_titles, asked.phrases), asked.labels) if is_ranked else None
    in_title = titled.first(MOST_RANKED) if titled else []
    rows = rows.filter(pk__in=keys).annotate(
        in_title=Case(When(pk__in=in_title, then=Value(1)), default=Value(0), output_field=IntegerField())
    )
    found = rows.count() if asked.first or asked.last else len(keys)
    return rows, TITLES_FIRST, found


def _hits(articles: Sequence[Article], phrases: Sequence[Phrase]) -> Iterator[Hit]:
    """Yield the hits of a page. Two queries."""
    renderings = live_renderings(articles)
    for article in articles:
        if rendering := renderings.get(article.pk):
            revision = rendering.revision
            yield Hit(
                article=revision.article,
                revision=revision,
                flagged=rendering.flagged,
                title=highlight(revision.title, phrases),
                excerpt=_excerpt(rendering, phrases),
            )


def _excerpt(rendering: Rendering, phrases: Sequence[Phrase]) -> list[Piece]:
    """Return the surroundings of the hits in the text; its excerpt if it has none or is damaged."""
    revision = rendering.revision
    try:
        around = excerpt(visible_text(rendering.html), phrases)
    except DamagedText:
        around = []
    return around or highlight(revision.excerpt or revision.publication.beginning, phrases)


def _problem(asked: Request) -> str:
    """Return why a query finds nothing at all; empty if it can."""
    if not asked.query or any(not phrase.is_excluded for phrase in asked.phrases):
        return ""
    if asked.phrases:
        return "" if asked.labels else _("Write a word to look for, too: a minus only leaves articles out.")
    return _("There is no word in “%(query)s”. Write at least one.") % {"query": asked.query}


def _correction(asked: Request, found: int, parameters: QueryDict) -> Correction | None:
    """Return the query with mistyped words as articles spell them; None if that finds no more. Six queries."""
    phrases = corrected(asked.phrases, asked.labels)
    match = public_with(phrases, asked.labels) if phrases != list(asked.phrases) else None
    [number] = index.counts([match]) if match else [0]
    if match is None or number <= found:
        return None
    query, text = asked.query, _text_with(match)
    for before, after in zip(asked.phrases, phrases, strict=True):
        if before is not after:
            query = query.replace(before.typed, _as_written(after, text), 1)
    changed = parameters.copy()
    changed["q"] = query
    return Correction(query, number, f"?{changed.urlencode()}")


def _text_with(match: index.Match) -> str:
    """Return title and text of a public article that is found. Three queries."""
    articles = Article.objects.public().filter(pk__in=match.first(1))
    for rendering in live_renderings(articles).values():
        with suppress(DamagedText):
            return f"{rendering.revision.title}\n{visible_text(rendering.html)}"
    return ""


def _as_written(phrase: Phrase, text: str) -> str:
    """Return a phrase as a text writes it, so that a suggestion shows no spelling but those of public texts."""
    hits = (piece.text for piece in excerpt(text, [phrase]) if piece.is_hit and not piece.is_disguised)
    return next(hits, phrase.typed)


def corrected(phrases: Sequence[Phrase], labels: Sequence[str] = ()) -> list[Phrase]:
    """Return the phrases with words in another spelling that many more articles with the labels have. Two queries.

    What is offered is counted in what is public now, so no other text tells of its words.
    """
    words = [p for p in phrases if len(p.words) == 1 and not p.is_excluded][:MOST_CORRECTED]
    near = Spelling.objects.near([phrase.typed for phrase in words])
    options = {
        phrase: [phrase, *(_spelled(phrase, shown) for shown in near[phrase.typed])] for phrase in words
    }
    spellings = [spelling for option in options.values() for spelling in option]
    counts = dict(zip(spellings, index.counts([_only(each, labels) for each in spellings]), strict=True))
    result: list[Phrase] = []
    for phrase in phrases:
        best = max(options.get(phrase, [phrase]), key=lambda each: counts.get(each, 0))
        is_better = counts.get(best, 0) > MUCH_MORE * counts.get(phrase, 0)
        result.append(best if is_better else phrase)
    return result


def _spelled(phrase: Phrase, spelling: str) -> Phrase:
    """Return a phrase of one word in another spelling, which is one word as well."""
    [found] = parse_query(spelling, completes=False)
    return replace(found, is_prefix=phrase.is_prefix)


def _only(phrase: Phrase, labels: Sequence[str]) -> index.Match:
    match = public_with([phrase], labels)
    assert match  # it is not excluded
    return match
