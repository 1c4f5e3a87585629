"""The search for articles to link to, while an author writes."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.http.limits import limited
from articles.models import Article
from articles.revisions.indexing import LATEST
from articles.revisions.withholding import hidden_texts
from articles.search.index import matching

from .answers import refusal

MOST_FOUND = 10
MAX_QUERY = 200  # characters; more are cut off


@require_GET
@limited("find", per_minute=120)
def find_to_link(request: HttpRequest) -> JsonResponse:
    """Return the newest articles with all words of `q`, or of all if it is empty, as JSON: title, address, is_public.

    Finds public articles, and those whose latest revision the person wrote, unless its text is hidden. At most
    ten, in one query. Errors are JSON with an `error` for people: 401 logged out, 403 without the right to write.
    """
    if refused := refusal(request, logged_out=_("You are logged out.")):
        return refused
    query = request.GET.get("q", "")[:MAX_QUERY].strip()
    articles = Article.objects.visible_to(request.user).exclude(hidden_texts("latest_revision"))
    articles = articles.filter(Q(published_revision__isnull=False) | Q(latest_revision__author=request.user))
    if query:
        keys = matching(LATEST, query)
        articles = articles.none() if keys is None else articles.filter(pk__in=keys)
    found = articles.order_by("-latest_revision_id").values_list(
        "latest_revision__title", "slug", "published_revision"
    )
    return JsonResponse(
        {
            "articles": [
                {"title": title, "address": Article(slug=slug).get_absolute_url(), "is_public": bool(public)}
                for title, slug, public in found[:MOST_FOUND]
            ]
        },
        json_dumps_params={"ensure_ascii": False},
    )
