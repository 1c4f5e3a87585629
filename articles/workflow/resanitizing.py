"""Resanitizing: new HTML under a new policy, or because the stored HTML is wrong; revisions stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from articles.moderation.assessment import assess
from articles.moderation.refreshing import refresh_article
from articles.moderation.reviewing import enqueue
from articles.moderation.reviews import Review
from articles.moderation.showing import following
from articles.revisions.events import Event
from articles.revisions.indexing import index_live
from articles.revisions.linked_hosts import record_linked_hosts
from articles.revisions.log import log_event
from articles.revisions.renderings import Rendering
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.steps import locked
from articles.text.page import POLICY_VERSION, Sanitized, sanitize


@dataclass(frozen=True, slots=True)
class PageChange:
    """A rendering to be replaced, and the result of the present policy for the same source."""

    before: Rendering
    page: Sanitized
    differences: tuple[str, ...]  # names of what differs; empty if only the policy version does

    @property
    def is_new_policy(self) -> bool:
        """Whether the rendering has another policy; if not, its HTML differs from what its source gives."""
        return self.before.policy_version != POLICY_VERSION

    @property
    def reason(self) -> str:
        if self.is_new_policy:
            return f"{self.before.policy_version} → {POLICY_VERSION}"
        return "the stored page differs from its source"

    @property
    def brings_disagreement(self) -> bool:
        return not self.page.agreed and (self.before.agreed or self.before.html != self.page.html)


def page_change(revision: Revision) -> PageChange | None:
    """Return what `resanitize` would change; None if every page is what the present policy makes of the source.

    Raises `SourceRefused` if the limits refuse the text, `DamagedText` if the text or every rendering is lost.
    """
    return _change(revision, _page(revision))


def _page(revision: Revision) -> Sanitized:
    return sanitize(revision.source, max_bytes=settings.MAX_SOURCE_BYTES)


def _change(revision: Revision, page: Sanitized) -> PageChange | None:
    """Return the first difference: in the newest rendering, then in earlier ones under the present policy."""
    renderings = list(revision.renderings.order_by("-pk"))
    if not renderings:
        raise DamagedText(revision, "has lost its rendering; restore it from a backup")
    for rendering in renderings:
        is_present = rendering.policy_version == POLICY_VERSION
        if is_present or rendering is renderings[0]:
            differences = tuple(rendering.differences(page))
            if differences or not is_present:
                return PageChange(rendering, page, differences)
    return None


def resanitize(revision: Revision) -> PageChange | None:
    """Add a rendering under the present policy; None if every page is what that policy makes of the source.

    Earlier renderings under the same policy keep no page, so a wrong one is gone. Readers get the new page at
    once: what names a cached page includes its newest rendering. For whoever runs the site, so the log names no
    account. If the sanitizers now disagree on the published or the newest version, it waits for a moderator, unless
    the article is in the archive; a published page stays public, as the second sanitizer has it. Raises what
    `page_change` raises; then nothing is changed.
    """
    page = _page(revision)
    with transaction.atomic():
        article = locked(revision)
        change = _change(revision, page)
        if change is None:
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
        Rendering.objects.filter(revision=revision).supersede(policy=POLICY_VERSION, agreed=page.agreed)
        rendering.save()
        log_event(Event.Action.RESANITIZE, revision, by=None, reason=change.reason)
        if revision.pk == article.published_revision_id:
            with following(article):
                record_linked_hosts(article)
            index_live(article)
        refresh_article(article.pk)
        if is_current and change.brings_disagreement and not article.is_archived:
            enqueue(revision, by=None, assessment=assess(revision), causes=[Review.Cause.SANITIZERS])
    return change
