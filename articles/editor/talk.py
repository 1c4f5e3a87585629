"""The conversation beside the editor: what its forms ask for, with or without a script."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import workflow
from articles.http.parameters import error_text
from articles.http.talk import keep_unsent, talk, talk_context

from .answers import error_answer, refusal
from .operations import find_article


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out what a form of the thread asks for, and show the editor again.

    Answers a script with the thread as HTML, or with an error for people as JSON: 400 for words that cannot be kept,
    401 logged out, 403 without the right, 409 if the remark was settled or opened in the meantime.
    """
    if "script" not in request.POST:
        return _say(request, pk)
    if refused := refusal(request, logged_out=_("You are logged out. What you wrote is still here.")):
        return refused
    article = find_article(request, str(pk))
    try:
        talk(request, article)
    except PermissionDenied as error:
        return error_answer(403, str(error))
    except ValidationError as error:
        return error_answer(400, error_text(error))
    except workflow.WorkflowError as error:
        return error_answer(409, str(error))
    context = {"article": article, **talk_context(request, article, article.latest_revision)}
    return render(request, "admin/articles/article/_talk.html", context)


@login_required
def _say(request: HttpRequest, pk: int) -> HttpResponse:
    article = find_article(request, str(pk))
    try:
        messages.success(request, talk(request, article))
    except (workflow.WorkflowError, ValidationError) as error:
        messages.error(request, error_text(error))
        keep_unsent(request, article)
    return redirect(reverse("admin:articles_article_change", args=[pk]) + "?talk=1#talk")
