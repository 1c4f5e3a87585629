"""What stops an operation because the state has moved on. The messages are meant for the person."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _

from articles.text.content import Content, ContentMerge, merge_contents

from .revisions import Revision


class WorkflowError(Exception):
    """The state is no longer what the person saw, and nothing was changed."""


class EditConflict(WorkflowError):
    """Somebody saved since the person began to edit. Holds both sides; nothing was saved and nothing is lost.

    It is raised while the article is locked, and merging may take seconds: `merge` and `merged` are worked out
    when somebody asks for them, which is after the transaction.
    """

    def __init__(self, *, latest: Revision, submitted: Content, base: Content | None) -> None:
        self.latest = latest
        self.submitted = submitted
        self.base = base
        super().__init__(
            _("%(name)s saved version %(number)d while you were editing. Nothing was overwritten.")
            % {"name": latest.author_name, "number": latest.number}
        )

    @cached_property
    def merge(self) -> ContentMerge | None:
        """Both changes together; None where it is not known what the person began with, or the latest is hidden."""
        if self.base is None or "text" in self.latest.withheld:
            return None
        return merge_contents(self.base, self.submitted, self.latest.content)

    @cached_property
    def merged(self) -> Content | None:
        """The result for the person to confirm; None where there is more to choose."""
        return self.merge.content if self.merge else None
