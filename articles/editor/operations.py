"""The buttons beside the editor; each is one operation of the workflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.http.limits import await_turn
from articles.http.parameters import error_text, parse_number
from articles.models import Article, Review, Revision
from articles.revisions.withholding import text_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@require_POST
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Unpublish the article, with the posted reasons."""
    article = find_article(request, str(pk))
    reasons = _reasons(request)
    return _done(
        request,
        article,
        lambda by: workflow.unpublish(article, by=by, **reasons),
        _("The article is no longer public. Everything is kept."),
    )


@require_POST
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the schedule of the article."""
    article = find_article(request, str(pk))
    return _done(
        request,
        article,
        lambda by: workflow.unschedule(article, by=by),
        _("The schedule is cancelled. What readers see stays."),
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the version of the article that waits, whatever was saved since; 404 if none does."""
    article = find_article(request, str(pk))
    review = get_object_or_404(Review.objects.waiting_in(article.pk))
    return _done(
        request,
        article,
        lambda by: workflow.withdraw(review, by=by),
        _("Version %(number)d no longer waits for a moderator.") % {"number": review.revision.number},
    )


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the article into the archive, with the posted reasons."""
    article = find_article(request, str(pk))
    reasons = _reasons(request)
    return _done(
        request,
        article,
        lambda by: workflow.archive(article, by=by, **reasons),
        _("The article is in the archive. Everything is kept."),
    )


@require_POST
def unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the article out of the archive."""
    article = find_article(request, str(pk))
    return _done(
        request,
        article,
        lambda by: workflow.unarchive(article, by=by),
        _("The article is out of the archive."),
    )


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a copy of the newest version that the person may read as a new article, and open that."""
    article = find_article(request, str(pk))
    visible = Revision.objects.visible_to(request.user).with_text()
    revision = visible.filter(article=article).order_by("-number").first()
    if revision is None:
        raise Http404
    await_turn(request, revision.source)
    try:
        copy = workflow.duplicate(revision, by=permissions.signed_in(request))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
        return redirect("admin:articles_article_change", pk)
    messages.success(request, _("This is a copy, with an address of its own. The original is unchanged."))
    return redirect("admin:articles_article_change", copy.article_id)


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Save the content of an older revision as a new one; 404 unless the person may read it."""
    visible = Revision.objects.visible_to(request.user).with_text()
    revision = get_object_or_404(visible, article=pk, number=number)
    await_turn(request, revision.source)
    try:
        restored = workflow.restore(revision, by=permissions.signed_in(request))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
    else:
        messages.success(
            request,
            _("Version %(new)d now reads as version %(old)d does.") % {"new": restored.number, "old": number},
        )
    return redirect("admin:articles_article_change", pk)


def _reasons(request: HttpRequest) -> dict[str, str]:
    """Return the posted reasons, that for the newsroom and that for readers."""
    return {name: request.POST.get(name, "") for name in ("reason", "public_reason")}


def _done(request: HttpRequest, article: Article, act: Callable[[User], None], done: str) -> HttpResponse:
    """Carry an operation out, and say on the editor's page that it is done, or why it is not."""
    try:
        act(permissions.signed_in(request))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
    else:
        messages.success(request, done)
    return redirect("admin:articles_article_change", article.pk)


def find_article(request: HttpRequest, object_id: str) -> Article:
    """Return the article of an admin address with its two pointers, in one query; 404 unless the person may see it."""
    articles = Article.objects.visible_to(request.user)
    with_pointers = articles.select_related("published_revision", *text_of("latest_revision"))
    article: Article = get_object_or_404(with_pointers, pk=parse_number(object_id))
    return article
