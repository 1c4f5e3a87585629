"""Errors of decisions on reviews. Their messages are meant for the person."""

from __future__ import annotations

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.revisions.errors import WorkflowError

from .reviews import Review


class AlreadyDecided(WorkflowError):
    """A review that somebody else decided or withdrew first."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("This revision is no longer waiting: %(state)s by %(name)s.")
            % {"state": review.get_state_display(), "name": review.decided_by_name}
        )


class AlreadyClaimed(WorkflowError):
    """Another moderator is on it."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("%(name)s is on it until %(time)s.")
            % {"name": review.claimed_by, "time": time_format(localtime(review.claimed_until))}
        )
