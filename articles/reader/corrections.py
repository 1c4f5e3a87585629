"""What was corrected in what is public: of the site, of one article, and as an Atom feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import regex
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.http import paging
from articles.http.feeds import AtomFeed
from articles.models import Article, LiveChange
from articles.people.mailing import absolute
from articles.templatetags.live_changes import compare_path, size_in_words
from articles.text.cli.terminal import escape_controls

from .answering import revalidated
from .finding import follows_moves

if TYPE_CHECKING:
    _Feed = Feed[LiveChange, None]
else:
    _Feed = Feed  # takes no type arguments at runtime

LATEST_FIRST = (paging.Key("at", paging.instant), paging.Key("pk"))
MOST_ENTRIES = 50
_NOT_IN_XML = regex.compile(r"[\ufffe\uffff]")


@require_safe
@revalidated
def corrections(request: HttpRequest) -> HttpResponse:
    """List the corrections of all public articles, the newest first."""
    rows = LiveChange.objects.corrections()
    return render(request, "articles/corrections.html", _context(request, rows))


@require_safe
@revalidated
@follows_moves
def article_corrections(request: HttpRequest, slug: str) -> HttpResponse:
    """List the corrections of one public article, the newest first."""
    articles = Article.objects.public().select_related("published_revision")
    article = get_object_or_404(articles, slug=slug)
    rows = LiveChange.objects.corrections().filter(article=article)
    return render(request, "articles/corrections.html", {"article": article, **_context(request, rows)})


def _context(request: HttpRequest, rows: Any) -> dict[str, object]:
    page = paging.page(rows.with_versions(request.user), LATEST_FIRST, request)
    months = [(month, list(changes)) for month, changes in groupby(page.rows, key=_month)]
    return {"page": page, "months": months}


def _month(change: LiveChange) -> datetime:
    return localtime(change.at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


class CorrectionFeed(_Feed):
    """The last corrections of all public articles, as Atom. Two queries."""

    feed_type = AtomFeed

    def title(self) -> str:
        return _("Corrections: %(site)s") % {"site": settings.SITE_NAME}

    def link(self) -> str:
        return absolute(reverse("corrections"))

    def author_name(self) -> str:
        return str(settings.SITE_NAME)

    def items(self) -> Iterable[LiveChange]:
        return LiveChange.objects.corrections().with_versions(AnonymousUser())[:MOST_ENTRIES]

    def item_title(self, item: LiveChange) -> str:
        live = item.article.published_revision
        return _plain(live.title if live else "")

    def item_description(self, item: LiveChange) -> str:
        return _plain(item.revision.summary or size_in_words(item))

    def item_link(self, item: LiveChange) -> str:
        return absolute(compare_path(item) if item.is_comparable else item.article.get_absolute_url())

    def item_guid(self, item: LiveChange) -> str:
        return f"{absolute(reverse('corrections'))}#{item.pk}"

    def item_pubdate(self, item: LiveChange) -> datetime:
        return item.at

    item_updateddate = item_pubdate


correction_feed = require_safe(revalidated(CorrectionFeed()))


def _plain(text: str) -> str:
    """Return a text with what XML forbids, and what turns the direction of the text beside it, as escapes."""
    plain: str = _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", escape_controls(text))
    return plain
