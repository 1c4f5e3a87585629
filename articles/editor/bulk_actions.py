"""What can be done to several articles of the list: what will happen to each, and what does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import permissions, workflow
from articles.models import Revision

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django_stubs_ext import StrPromise

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
