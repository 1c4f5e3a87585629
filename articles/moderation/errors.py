"""Errors of claims, decisions and allowances. Their messages are shown to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.revisions.errors import WorkflowError

from .allowances import Allowance
from .reviews import Review

if TYPE_CHECKING:
    from .returns import Return
    from .seen import Change


class AlreadyDecided(WorkflowError):
    """The review was decided, withdrawn or superseded in the meantime."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("This version is no longer waiting: %(state)s by %(name)s.")
            % {"state": review.get_state_display(), "name": review.decided_by_name}
        )


class AlreadyClaimed(WorkflowError):
    """Another moderator's claim on the review lasts."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("%(name)s is on it until %(time)s.")
            % {"name": review.claimed_by, "time": time_format(localtime(review.claimed_until))}
        )


class NotAsSeen(WorkflowError):
    """Something that the page of a decision showed has changed since: nothing was decided. `changes` says what."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = tuple(changes)
        told = " ".join(change.text for change in self.changes)
        super().__init__(_("Not decided, because something changed: %(changes)s") % {"changes": told})


class NeedsConfirmation(WorkflowError):
    """Readers would have again what was taken from them, which takes a confirmation; `returns` says what it is."""

    def __init__(self, returns: Sequence[Return]) -> None:
        self.returns = tuple(returns)
        told = " ".join(str(each) for each in self.returns)
        super().__init__(
            _("Not published yet: %(returns)s Confirm that it is to go live all the same, and say why.")
            % {"returns": told}
        )


class AlreadyAllowed(ValidationError):
    """The same is allowed or proposed already; `standing` is that allowance."""

    def __init__(self, standing: Allowance) -> None:
        self.standing = standing
        text = (
            _("%(name)s has proposed this already; it waits for a second moderator.")
            if standing.is_proposed
            else _("This is allowed already, by %(name)s.")
        )
        super().__init__(text % {"name": standing.allowed_by_name})
