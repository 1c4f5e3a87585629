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
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.http.parameters import error_text, parse_number
from articles.models import Article, Revision
from articles.revisions.revisions import DamagedText

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django_stubs_ext import StrPromise

MOST = 100  # articles at once
MOST_SECONDS = 20  # after which no further article is begun
State = workflow.State


class NoForm(forms.Form):
    """What an action asks for that needs nothing more."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=workflow.MAX_REASON,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("The log keeps it, for each of the articles."),
    )


class TagForm(forms.Form):
    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        max_length=50,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An article on the page of an action: what will happen or has happened, or why nothing does.

    `number` is the version that the sentence is about, which is all that may be acted on.
    """

    article: Any
    number: int
    is_done: bool
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done to several articles.

    `foresee` returns what will happen to an article, `act` what happened; both raise what the operation raises.
    `number` is the version of the article that it is about, and `permission` names that of the list.
    """

    name: str
    label: StrPromise
    permission: str
    form: type[forms.Form]
    is_allowed: Callable[[permissions.Person], bool]
    number: Callable[[Any], int]
    foresee: Callable[[Any, User], str]
    act: Callable[[Any, int, User, dict[str, Any]], str]


# What will happen


def _foresee_submit(article: Any, by: User) -> str:
    latest, live = article.latest_revision, article.published_revision
    latest.article = article
    _require(permissions.can_submit(by, latest))
    _require_unarchived(article)
    if article.waiting_number == latest.number:
        raise workflow.WorkflowError(_("Version %(number)d waits already.") % {"number": latest.number})
    if live and live.pk == latest.pk:
        raise workflow.WorkflowError(_("Version %(number)d is live already.") % {"number": live.number})
    if article.waiting_number:
        facts = {"new": latest.number, "old": article.waiting_number}
        return _("Version %(new)d will wait for a moderator, instead of version %(old)d.") % facts
    return _("Version %(number)d will wait for a moderator.") % {"number": latest.number}


def _foresee_tag(article: Any, by: User) -> str:
    _require(permissions.can_edit(by))
    _require_unarchived(article)
    latest = article.latest_revision
    if not latest.tags:
        return _("Version %(number)d will be saved as a draft. There is no tag now.") % {
            "number": latest.number + 1
        }
    return format_html(
        _("Version {number} will be saved as a draft. Tags now: {tags}."),
        number=latest.number + 1,
        tags=format_html_join(", ", "<bdi>{}</bdi>", ((tag,) for tag in latest.tags)),
    )


def _foresee_unpublish(article: Any, by: User) -> str:
    _require(permissions.can_publish(by))
    if article.published_revision is None:
        raise workflow.WorkflowError(_("This article is not published."))
    return _("Readers will no longer see version %(number)d.") % {"number": article.published_revision.number}


def _foresee_archive(article: Any, by: User) -> str:
    _require(permissions.can_archive(by))
    match State(article.state):
        case State.ARCHIVED:
            raise workflow.WorkflowError(_("This article is in the archive already."))
        case _state if article.is_public:
            raise workflow.WorkflowError(_("This article is published. Unpublish it first."))
        case State.WAITING:
            raise workflow.WorkflowError(
                _("A version of this article waits for a moderator. Take it out of the queue first.")
            )
        case _other:
            return _("It will be in the archive, and off the lists.")


def _require(allowed: bool) -> None:  # noqa: FBT001, reads as a sentence
    if not allowed:
        raise PermissionDenied(_("Your account may not do this."))


def _require_unarchived(article: Any) -> None:
    if article.is_archived:
        raise workflow.WorkflowError(_("This article is in the archive. Take it out of there to work on it."))


# What happens


def _submit(article: Any, number: int, by: User, _fields: dict[str, Any]) -> str:
    workflow.submit(_version(article, number, by), by=by)
    return _("Version %(number)d waits for a moderator now.") % {"number": number}


def _add_tag(article: Any, number: int, by: User, fields: dict[str, Any]) -> str:
    saved = workflow.add_tag(_version(article, number, by), by=by, tag=fields["tag"])
    return format_html(
        _("Version {number} has the tag “<bdi>{tag}</bdi>”. It is a draft."),
        number=saved.number,
        tag=fields["tag"],
    )


def _remove_tag(article: Any, number: int, by: User, fields: dict[str, Any]) -> str:
    saved = workflow.remove_tag(_version(article, number, by), by=by, tag=fields["tag"])
    return format_html(
        _("Version {number} lacks the tag “<bdi>{tag}</bdi>”. It is a draft."),
        number=saved.number,
        tag=fields["tag"],
    )


def _unpublish(article: Any, number: int, by: User, fields: dict[str, Any]) -> str:
    live = article.published_revision
    if live and live.number != number:
        raise workflow.WorkflowError(
            _("Readers see version %(number)d since then. Look at it first.") % {"number": live.number}
        )
    workflow.unpublish(article, by=by, reason=fields["reason"])
    return _("Readers no longer see version %(number)d. Everything is kept.") % {"number": number}


def _archive(article: Any, number: int, by: User, fields: dict[str, Any]) -> str:
    if article.latest_revision.number != number:
        raise _saved_since(article)
    workflow.archive(article, by=by, reason=fields["reason"])
    return _("It is in the archive. Everything is kept.")


def _version(article: Any, number: int, by: User) -> Revision:
    """Return the version that the page named. Raises `WorkflowError` if it is hidden or no longer the newest."""
    if article.latest_revision.number != number:
        raise _saved_since(article)
    visible = Revision.objects.visible_to(by).with_text()
    revision: Revision | None = visible.filter(article=article, number=number).first()
    if revision is None:
        raise workflow.WorkflowError(_("The text of version %(number)d is hidden.") % {"number": number})
    return revision


def _saved_since(article: Any) -> workflow.WorkflowError:
    latest = article.latest_revision
    return workflow.WorkflowError(
        _("%(name)s saved version %(number)d since then. Look at it first.")
        % {"name": latest.author_name, "number": latest.number}
    )


def _latest(article: Any) -> int:
    number: int = article.latest_revision.number
    return number


def _live(article: Any) -> int:
    return article.published_revision.number if article.published_revision else 0


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "submit",
            gettext_lazy("Submit"),
            "submit",
            NoForm,
            permissions.can_upload,
            _latest,
            _foresee_submit,
            _submit,
        ),
        Action(
            "add_tag",
            gettext_lazy("Add a tag"),
            "tag",
            TagForm,
            permissions.can_edit,
            _latest,
            _foresee_tag,
            _add_tag,
        ),
        Action(
            "remove_tag",
            gettext_lazy("Remove a tag"),
            "tag",
            TagForm,
            permissions.can_edit,
            _latest,
            _foresee_tag,
            _remove_tag,
        ),
        Action(
            "unpublish",
            gettext_lazy("Unpublish"),
            "unpublish",
            ReasonForm,
            permissions.can_publish,
            _live,
            _foresee_unpublish,
            _unpublish,
        ),
        Action(
            "archive",
            gettext_lazy("Archive"),
            "archive",
            ReasonForm,
            permissions.can_archive,
            _latest,
            _foresee_archive,
            _archive,
        ),
    )
}


# The pages


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
    _require(action.is_allowed(by))
    shown = dict(_shown(request.POST.getlist("article")))
    rows = {article.pk: article for article in _loaded(Article.objects.visible_to(by).filter(pk__in=shown))}
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


def _loaded(articles: Any) -> Any:
    return workflow.with_named_versions(articles)


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
