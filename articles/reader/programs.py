"""What programs ask a site for: robots, browsers that search, and language models."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.http.feeds import plain
from articles.models import Article
from articles.people.mailing import absolute

from .answering import revalidated
from .rows import Row

# Addresses that breed others without end, or that are for the newsroom.
NOT_FOR_ROBOTS = (
    "/articles/*/history/",
    "/articles/*/revisions/",
    "/articles/*/compare/",
    "/search/",
    "/account/",
    "/admin/",
    "/moderation/",
    "/language/",
)
NEWEST = 50  # articles that programs are told of
_MARKDOWN = re.compile(r"([\\`*_\[\]<>()#])")


@require_safe
@revalidated
def robots(request: HttpRequest) -> HttpResponse:
    """Return what robots are asked to leave out, and where the sitemap is. No query."""
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in NOT_FOR_ROBOTS)]
    text = "\n".join([*lines, "", f"Sitemap: {absolute(reverse('sitemap'))}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@revalidated
def open_search(request: HttpRequest) -> HttpResponse:
    """Return how a browser searches the site (OpenSearch 1.1). No query."""
    context = {
        "name": plain(settings.SITE_NAME)[:16],  # as long as the standard allows
        "long_name": plain(settings.SITE_NAME)[:48],
        "description": plain(settings.SITE_DESCRIPTION or settings.SITE_NAME)[:1024],
        "search": absolute(reverse("search")),
        "icon": absolute(reverse("favicon")),
    }
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "opensearch.xml", context, content_type=kind)


@require_safe
@revalidated
def llms(request: HttpRequest) -> HttpResponse:
    """Return what the site is and its newest articles, as Markdown (llmstxt.org). Two queries."""
    lines = [f"# {_line(settings.SITE_NAME)}", ""]
    if settings.SITE_DESCRIPTION:
        lines += [f"> {_line(settings.SITE_DESCRIPTION)}", ""]
    lines += [
        _(
            "Each article has a history in which every version is kept, and a page says who brought in which part."
        ),
        "",
        "## " + _("Newest articles"),
        "",
    ]
    for row in (Row(article, 0) for article in Article.objects.for_readers()[:NEWEST]):
        title = _link(row.article.published_revision.title, reverse("article-twin", args=[row.article.slug]))
        lines.append(f"- {title}: {_line(row.excerpt)}" if row.excerpt else f"- {title}")
    ways = (
        (_("All articles"), "sitemap"),
        (_("Tags"), "tag-list"),
        (_("Archive by month"), "archive"),
        (_("Feed"), "feed"),
    )
    lines += ["", "## " + _("More"), "", *(f"- {_link(label, reverse(name))}" for label, name in ways), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _link(label: str, address: str) -> str:
    return f"[{_line(label)}]({absolute(address)})"


def _line(text: str) -> str:
    """Return a text as one line of Markdown that means its characters."""
    return _MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))
