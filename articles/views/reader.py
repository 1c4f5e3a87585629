"""Published pages, single revisions and comparisons."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.limits import limited, refused
from articles.models import Article, Rendering, Revision
from articles.templatetags.marks import sentence
from articles.text.content import Field, as_json, compare_contents, findings
from articles.text.content.escape import escape
from articles.text.diff import compare as compare_texts
from articles.text.diff.unified import unified
from articles.text.page import with_ids_apart

LATEST_FIRST = (paging.Key("published_at", paging.instant), paging.Key("pk"))


def follows_moves(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where nothing stands at an address any more, sends to where its article has moved.

    For the time being only: another article may take the address.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, **place: int) -> HttpResponse:
        try:
            return view(request, slug, **place)
        except Http404:
            moved = Article.objects.formerly_at(slug).first()
            if moved is None or moved.slug == slug:
                raise
        assert request.resolver_match is not None
        url = reverse(request.resolver_match.url_name or "", kwargs={"slug": moved.slug, **place})
        query = request.META["QUERY_STRING"]
        return redirect(f"{url}?{query}" if query else url)

    return wrapper


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    page = paging.page(Article.objects.for_readers(), LATEST_FIRST, request)
    articles: list[Any] = list(page.rows)
    flagged = workflow.flagged({article.published_revision: article.flagged or 0 for article in articles})
    rows = [(article, flagged[article.published_revision_id]) for article in articles]
    return render(request, "articles/list.html", {"page": page, "rows": rows})


@require_safe
@follows_moves
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The published text; `?escape=1` marks the characters that the notice speaks of."""
    renderings = Rendering.objects.withholding_from(None).with_revision().filter(revision__article__slug=slug)
    live = renderings.filter(revision=F("revision__article__published_revision"))
    return revision_page(
        request,
        get_object_or_404(live.order_by("-pk")[:1]),
        template="articles/article.html",
        escaped="escape" in request.GET,
    )


@require_safe
@follows_moves
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return revision_page(
        request,
        _revision(request, slug, number).renderings.latest(),
        template="articles/revision.html",
        escaped="escape" in request.GET,
    )


@require_safe
@follows_moves
def source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The text exactly as written."""
    return HttpResponse(_revision(request, slug, number).source, content_type="text/plain; charset=utf-8")


COMPARE_VIEWS = ("inline", "side", "rendered")


@require_safe
@follows_moves
@limited("compare", per_minute=60)
def compare(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """Two versions; `?view=` chooses how and is remembered, `?context=all` folds nothing."""
    before, after = _revisions(request, slug, old, new)
    chosen = request.GET.get("view")
    view = chosen or request.COOKIES.get("compare_view")
    if view not in COMPARE_VIEWS:
        view = COMPARE_VIEWS[0]
    opened = request.GET.get("context") == "all"
    response = render(
        request,
        "articles/compare.html",
        {
            "article": after.article,
            "old": before,
            "new": after,
            "comparison": compare_contents(before.content, after.content, opened=opened),
            "view": view,
            "pages": [
                with_ids_apart(revision.renderings.latest().html, f"v{revision.number}")
                for revision in ([before, after] if view == "rendered" else [])
            ],
        },
    )
    if chosen == view:
        response.set_cookie("compare_view", view, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@require_safe
@follows_moves
@limited("compare", per_minute=60)
def compare_json(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """The changes as `palimpsest textdiff` gives them, with those of the short fields."""
    before, after = (revision.content for revision in _revisions(request, slug, old, new))
    fields = {
        field: [getattr(before, field), getattr(after, field)]
        for field in ("title", "slug", "language", "tags")
    }
    return JsonResponse(
        {"old": old, "new": new, "fields": fields, **as_json(compare_texts(before.source, after.source))}
    )


@require_safe
@follows_moves
@limited("compare", per_minute=60)
def compare_diff(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    """A unified diff of the texts, for `git apply` and `patch`."""
    before, after = _revisions(request, slug, old, new)
    text = unified(before.source, after.source, old_name=f"{slug}.md", new_name=f"{slug}.md")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _revision(request: HttpRequest, slug: str, number: int) -> Revision:
    return _revisions(request, slug, number)[0]


def _revisions(request: HttpRequest, slug: str, *numbers: int) -> list[Revision]:
    """These versions of one article, in one query; none of them, unless the person may see all."""
    listed = Revision.objects.listed_for(request.user).with_text()
    found = {revision.number: revision for revision in listed.filter(article__slug=slug, number__in=numbers)}
    if not found.keys() >= set(numbers):
        raise Http404
    for number in numbers:
        if "text" in found[number].withheld:
            raise PermissionDenied(
                _("The text of version %(number)d was hidden. The article's history says by whom and when.")
                % {"number": number}
            )
    return [found[number] for number in numbers]


def revision_page(
    request: HttpRequest, rendering: Rendering, *, template: str, escaped: bool
) -> HttpResponse:
    shown = rendering.revision
    if escaped and (refusal := refused(request, "escape", per_minute=60)):
        return refusal
    page = escape(rendering.html, language=shown.language, say=sentence) if escaped else rendering.html
    context = {
        "article": shown.article,
        "revision": shown,
        "rendering": rendering,
        "flagged": workflow.flagged({shown: rendering.flagged})[shown.pk],
        "escaped": escaped,
        "html": page,
        "findings": [f for f in findings(shown.content) if f.field is not Field.SUMMARY] if escaped else [],
        "content": shown.content if escaped else None,
        "may_edit": permissions.can_edit(request.user),
    }
    return render(request, template, context)
