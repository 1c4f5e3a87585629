"""What stops an operation because the state has moved on. The messages are meant for the person."""

from __future__ import annotations

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.models import Review, Revision
from articles.text.content import Content, merge_contents


class WorkflowError(Exception):
    """The state is no longer what the person saw, and nothing was changed."""


class EditConflict(WorkflowError):
    """Somebody saved since the person began to edit. Holds both sides; nothing was saved and nothing is lost.

    `merge` brings both changes together, None where it is not known what the person began with. `merged` is the
    result for the person to confirm, None where there is more to choose.
    """

    def __init__(self, *, latest: Revision, submitted: Content, base: Content | None) -> None:
        self.latest = latest
        self.submitted = submitted
        is_seen = "text" not in latest.withheld  # what is hidden is not merged either
        self.merge = merge_contents(base, submitted, latest.content) if base and is_seen else None
        self.merged = self.merge.content if self.merge else None
        super().__init__(
            _("%(name)s saved version %(number)d while you were editing. Nothing was overwritten.")
            % {"name": latest.author_name, "number": latest.number}
        )


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
