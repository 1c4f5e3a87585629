"""Errors of claims and decisions. Their messages are shown to people."""

from __future__ import annotations

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.revisions.errors import WorkflowError

from .reviews import Review


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
