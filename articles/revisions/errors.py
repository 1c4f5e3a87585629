"""Errors of an operation whose state has changed since the person looked. Messages are shown to the person."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext as _

from articles.text.content import Content, ContentMerge, merge_contents

from .revisions import Revision, readable_content


class WorkflowError(Exception):
    """The state has changed since the person looked; the operation changed nothing."""


class EditConflict(WorkflowError):
    """Somebody saved since the person began to edit. Holds both texts; nothing was saved.

    Raised while the article is locked, and merging may take seconds. So `merge` and `merged` are computed on first
    use: read them after the transaction.
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
    def theirs(self) -> Content | None:
        """The latest content, withheld parts empty; None if its text is damaged."""
        return readable_content(self.latest)

    @cached_property
    def merge(self) -> ContentMerge | None:
        """The merge of both changes; None if the base is unknown, or the latest text is withheld or damaged."""
        if self.base is None or self.theirs is None or "text" in self.latest.withheld:
            return None
        return merge_contents(self.base, self.submitted, self.theirs)

    @cached_property
    def merged(self) -> Content | None:
        """The merged content for the person to confirm; None if there is no merge or it has conflicts."""
        return self.merge.content if self.merge else None
