"""Pages made anew under the present policy; revisions stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from articles.models import Event, Rendering, Review, Revision
from articles.text.page import POLICY_VERSION, Sanitized, sanitize

from .assessment import assess
from .reviewing import queue
from .steps import locked, log
from .traces import keep_hosts


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What readers get of a revision, and what the present policy makes of it."""

    before: Rendering
    page: Sanitized

    @property
    def is_visible(self) -> bool:
        """Whether anybody would notice: the page, what did not reach it, or whether the sanitisers agree."""
        return (self.before.html, self.before.agreed) != (self.page.html, self.page.agreed) or [
            (removal["start"], removal["end"], removal["what"], removal["reason"])
            for removal in self.before.removals
        ] != [(removal.start, removal.end, removal.what, removal.reason) for removal in self.page.removals]

    @property
    def is_due(self) -> bool:
        return self.is_visible or self.before.policy_version != POLICY_VERSION

    @property
    def brings_disagreement(self) -> bool:
        return not self.page.agreed and (self.before.agreed or self.before.html != self.page.html)


def policy_change(revision: Revision) -> PolicyChange:
    """What the present policy would change; raises `SourceRefused` where its limits refuse the text."""
    return PolicyChange(
        revision.renderings.latest(), sanitize(revision.source, max_bytes=settings.MAX_SOURCE_BYTES)
    )


def resanitize(revision: Revision) -> PolicyChange | None:
    """Add a rendering under the present policy; None where the newest is one already and says the same.

    For whoever runs the site, so the log names no account. Where the sanitisers now disagree on what readers see
    or on the newest version, that waits for a moderator; a published page stays, as the second sanitiser has it.
    Raises `SourceRefused` where the limits refuse the text: its page stays as it was.
    """
    page = sanitize(revision.source, max_bytes=settings.MAX_SOURCE_BYTES)
    with transaction.atomic():
        article = locked(revision)
        change = PolicyChange(revision.renderings.latest(), page)
        if not change.is_due:
            return None
        before = change.before
        rendering = Rendering(
            revision=revision,
            agreed=page.agreed,
            alerts=before.alerts,
            warnings=before.warnings,
            new_alerts=before.new_alerts,
            new_warnings=before.new_warnings,
            policy_version=POLICY_VERSION,
            unicode_version=before.unicode_version,
        )
        is_current = revision.pk in (article.published_revision_id, article.latest_revision_id)
        if is_current:
            rendering.keep(page)
        rendering.save()
        versions = f"{before.policy_version} → {POLICY_VERSION}"
        log(Event.Action.RESANITIZE, revision, by=None, reason=versions)
        if revision.pk == article.published_revision_id:
            keep_hosts(article)
        if is_current and change.brings_disagreement:
            queue(revision, by=None, assessment=assess(revision), causes=[Review.Cause.SANITISERS])
    return change
