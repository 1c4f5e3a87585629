"""The buttons beside the editor; each is one operation of the workflow."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.http.parameters import error_text, parse_number
from articles.models import Article, Review, Revision
from articles.revisions.withholding import text_of


@require_POST
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Unpublish the article, with the posted reason."""
    article = find_article(request, str(pk))
    try:
        workflow.unpublish(article, by=permissions.signed_in(request), reason=request.POST.get("reason", ""))
        messages.success(request, _("The article is no longer public. Everything is kept."))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
    return redirect("admin:articles_article_change", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the pending review of the latest revision; 404 if there is none."""
    latest = find_article(request, str(pk)).latest_revision
    review = get_object_or_404(Review.objects.pending(), revision=latest)
    try:
        workflow.withdraw(review, by=permissions.signed_in(request))
        messages.success(request, _("The version no longer waits for a moderator."))
    except workflow.WorkflowError as error:
        messages.error(request, error_text(error))
    return redirect("admin:articles_article_change", pk)


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Save the content of an older revision as a new one; 404 unless the person may read it."""
    visible = Revision.objects.visible_to(request.user).with_text()
    revision = get_object_or_404(visible, article=pk, number=number)
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


def find_article(request: HttpRequest, object_id: str) -> Article:
    """Return the article of an admin address with its two pointers, in one query; 404 unless the person may see it."""
    articles = Article.objects.visible_to(request.user)
    with_pointers = articles.select_related("published_revision", *text_of("latest_revision"))
    article: Article = get_object_or_404(with_pointers, pk=parse_number(object_id))
    return article
