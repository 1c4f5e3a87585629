"""Feeds of what was published last: of the site, a tag, a language or an author, as Atom and as JSON Feed.

An entry has the whole text as readers get it, with absolute addresses, unless the texts before leave no room. Its id
stays whatever becomes of title and address, and its time is that of the last change of more than typos.
"""

from __future__ import annotations

import html
from datetime import UTC
from io import BytesIO
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import rfc3339_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.http.feeds import AtomFeed, JsonFeed, allowed, plain
from articles.models import Article, DamagedText, Facet, Rendering, Revision
from articles.moderation.reviewed import Reviewed, reviews_of
from articles.people.mailing import absolute
from articles.text.content.defaults import defaults_of
from articles.text.page.images import PREFIX
from articles.text.page.targets import has_scheme, with_targets

from .answering import revalidated
from .lists import SECTIONS
from .live import live_renderings

MOST_ENTRIES = 20
MOST_BYTES = 1_000_000  # of the texts of a feed, in UTF-8
FORMATS: dict[str, type[AtomFeed | JsonFeed]] = {"atom": AtomFeed, "json": JsonFeed}


@require_safe
@revalidated
def feed(request: HttpRequest, *, format: str) -> HttpResponse:
    """Return the articles that were first published last, in a format of `FORMATS`. Five queries.

    `?tag=`, `?language=` or `?author=` asks for those alone; 404 if there is none, or for two of these at once.
    """
    asked = [
        (kind, request.GET[kind])
        for kind, section in SECTIONS.items()
        if section.has_feed and kind in request.GET
    ]
    if not asked:
        articles = list(Article.objects.for_readers()[:MOST_ENTRIES])
        page = absolute(reverse("article-list"))
        own = absolute(request.path)
        return _answer(articles, format=format, title=settings.SITE_NAME, page=page, own=own)
    [(kind, value), *others] = asked
    if others or "\0" in value:
        raise Http404
    section = SECTIONS[kind]
    folded = section.fold(value)
    rows = Facet.objects.of(kind, folded).for_readers().order_by("-at", "-article_id")[:MOST_ENTRIES]
    facets = list(rows)
    if not facets:
        raise Http404
    own = f"{request.path}?{urlencode({kind.value: folded})}"
    if folded != value:
        return redirect(own, permanent=True)
    title = _("%(site)s: %(facet)s") % {
        "site": settings.SITE_NAME,
        "facet": section.label(folded, facets[0].name),
    }
    page = absolute(section.address(folded))
    articles = [facet.article for facet in facets]
    return _answer(articles, format=format, title=title, page=page, own=absolute(own))


def _answer(articles: list[Article], *, format: str, title: str, page: str, own: str) -> HttpResponse:
    """Return a feed of articles, with the addresses of the page that lists them and its own.

    A text that does not fit into `MOST_BYTES` beside those before it is left to its page.
    """
    feed = FORMATS[format](
        title=plain(title),
        link=page,
        description=None,
        subtitle=plain(settings.SITE_DESCRIPTION) or None,
        language=translation.get_language(),
        author_name=plain(settings.SITE_OWNER or settings.SITE_NAME),
        feed_url=own,
        feed_guid=page,
    )
    renderings = live_renderings(articles)
    reviews = reviews_of(rendering.revision for rendering in renderings.values())
    room = MOST_BYTES
    for article in articles:
        if rendering := renderings.get(article.pk):
            reviewed = reviews.get(rendering.revision_id)
            room -= _add(feed, article, rendering, reviewed, room=room)
    written = BytesIO()
    feed.write(written, "utf-8")
    return HttpResponse(written.getvalue(), content_type=feed.content_type)


def _add(
    feed: AtomFeed | JsonFeed, article: Article, rendering: Rendering, reviewed: Reviewed | None, *, room: int
) -> int:
    """Add an article, with its text if that takes at most `room` bytes, and return how many it took."""
    revision = rendering.revision
    address = absolute(article.get_absolute_url())
    try:
        text = rendering.html
    except DamagedText:
        text = ""
    defaults = defaults_of(text, excerpt=revision.excerpt)
    excerpt = allowed(revision.excerpt or defaults.excerpt)
    cover = revision.cover or defaults.cover
    content = allowed(with_absolute_targets(text, address))
    if len(content.encode()) > room:
        content = ""
    feed.add_item(
        title=plain(revision.title),
        link=address,
        description=html.escape(excerpt),
        unique_id=entry_id(article),
        author_name=plain(revision.author_name),
        pubdate=article.first_published_at,
        updateddate=article.published_at,
        categories=[plain(tag) for tag in revision.tags],
        content=content,
        summary=excerpt,
        language=revision.language,
        image=absolute(f"{PREFIX}{cover}") if cover else "",
        provenance=_provenance(revision, reviewed),
    )
    return len(content.encode())


def _provenance(revision: Revision, reviewed: Reviewed | None) -> dict[str, str]:
    """Return what is known of where a text comes from, by schema.org's names; no value is empty."""
    said = {"aiDisclosure": revision.ai_disclosure, "sha256": revision.sha256}
    if reviewed and reviewed.is_review and reviewed.at:
        said |= {
            "reviewedBy": plain(reviewed.name) or _("a moderator"),
            "lastReviewed": rfc3339_date(reviewed.at),
        }
    return {name: value for name, value in said.items() if value}


def entry_id(article: Article) -> str:
    """Return an id that no change of an article changes: a tag URI (RFC 4151) with the site's host."""
    assert article.first_published_at is not None
    day = article.first_published_at.astimezone(UTC).strftime("%Y-%m-%d")
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day}:article-{article.pk}"


def with_absolute_targets(page: str, base: str) -> str:
    """Return HTML of the sanitizer with the targets of links and pictures as whole addresses. The text stays.

    >>> with_absolute_targets('<a href="#n">1</a><img src="/a.png">', "https://a.example/b/")
    '<a href="https://a.example/b/#n">1</a><img src="https://a.example/a.png">'
    """
    return with_targets(page, lambda target: target if has_scheme(target) else urljoin(base, target))
