"""Actions on several articles of the list: a page that says what will happen to each, then each by one operation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.http.parameters import error_text, parse_number
from articles.models import Article
from articles.revisions.revisions import DamagedText

from .bulk_actions import ACTIONS, Action

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 100  # articles at once
MOST_SECONDS = 20  # after which no further article is begun


@dataclass(frozen=True, slots=True)
class Line:
    """An article on the page of an action: what will happen or has happened, or why nothing does.

    `number` is the version that the sentence is about, which is all that may be acted on.
    """

    article: Any
    number: int
    is_done: bool
    text: str


def _offered(action: Action) -> Callable[[Any, HttpRequest, Any], HttpResponse]:
    """Return an action as Django's list takes it."""

    @admin.action(description=action.label, permissions=[action.permission])
    def show_plan(_list: Any, request: HttpRequest, articles: Any) -> HttpResponse:
        """Show what the action would do to each of at most `MOST` articles, and ask for what it needs."""
        chosen = list(articles[: MOST + 1])
        lines = list(_plan(action, chosen[:MOST], permissions.signed_in(request)))
        return _page(request, action, action.form(), lines, has_more=len(chosen) > MOST)

    show_plan.__name__ = action.name
    return show_plan


OFFERED = [_offered(action) for action in ACTIONS.values()]


@require_POST
def carry_out(request: HttpRequest, name: str) -> HttpResponse:
    """Carry an action out on the posted articles, each in a transaction of its own, and list what came of each.

    `article` names them, each by key and the number of the version that the page showed. 404 for an unknown action,
    403 if it is not offered to the person.
    """
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    by = permissions.signed_in(request)
    if not action.is_allowed(by):
        raise PermissionDenied(_("Your account may not do this."))
    shown = dict(_shown(request.POST.getlist("article")))
    found = workflow.with_named_versions(Article.objects.visible_to(by).filter(pk__in=shown))
    rows = {article.pk: article for article in found}
    articles = [rows[pk] for pk in shown if pk in rows]
    form = action.form(request.POST)
    if not form.is_valid():
        return _page(request, action, form, list(_plan(action, articles, by)), has_more=False)
    until = time.monotonic() + MOST_SECONDS
    lines = [
        _outcome(action, article, shown[article.pk], by, form.cleaned_data)
        if time.monotonic() < until
        else Line(
            article,
            shown[article.pk],
            is_done=False,
            text=_("There was no time left. Do it again for this one."),
        )
        for article in articles
    ]
    context = {"lines": lines, "done": sum(line.is_done for line in lines)}
    return _render(request, action, "admin/articles/article/bulk_results.html", context)


def _shown(posted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield key and number of at most `MOST` posted articles; what is no such pair is left out."""
    for text in posted[:MOST]:
        pk, number = (parse_number(part) for part in (text.partition("-")[0], text.partition("-")[2]))
        if pk is not None and number is not None:
            yield pk, number


def _plan(action: Action, articles: Iterable[Any], by: User) -> Iterator[Line]:
    for article in articles:
        try:
            text, is_done = action.foresee(article, by), True
        except (workflow.WorkflowError, PermissionDenied) as refusal:
            text, is_done = str(refusal), False
        yield Line(article, action.number(article), is_done=is_done, text=text)


def _outcome(action: Action, article: Any, number: int, by: User, fields: dict[str, Any]) -> Line:
    """Act on one article; an error becomes its line, so that the others go on."""
    try:
        text, is_done = action.act(article, number, by, fields), True
    except (workflow.WorkflowError, ValidationError, PermissionDenied, DamagedText) as error:
        text, is_done = error_text(error), False
    return Line(article, number, is_done=is_done, text=text)


def _page(
    request: HttpRequest, action: Action, form: forms.Form, lines: list[Line], *, has_more: bool
) -> HttpResponse:
    context = {
        "form": form,
        "lines": [line for line in lines if line.is_done],
        "others": [line for line in lines if not line.is_done],
        "has_more": has_more,
        "most": MOST,
    }
    return _render(request, action, "admin/articles/article/bulk.html", context)


def _render(request: HttpRequest, action: Action, template: str, context: dict[str, Any]) -> HttpResponse:
    request.current_app = admin.site.name
    title = _("%(action)s: several articles") % {"action": action.label}
    context = {
        **admin.site.each_context(request),
        "title": title,
        "action": action,
        "opts": Article._meta,
        **context,
    }
    return TemplateResponse(request, template, context)
