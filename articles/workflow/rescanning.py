"""Rescanning: findings and counters under the present checks and Unicode data; revisions stay as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from articles.moderation.indexing import index_again
from articles.moderation.refreshing import is_outdated, refresh_article
from articles.moderation.reviews import Review
from articles.revisions.live_changes import recount_live_changes
from articles.revisions.renderings import IntroducedFinding, Rendering
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.sketches import Sketch, record_sketches
from articles.revisions.steps import locked
from articles.revisions.withholding import text_of
from articles.revisions.writing import finding_rows
from articles.text.checks import Severity
from articles.text.content import (
    Content,
    FieldFinding,
    introduced_findings,
    severities,
    severities_for_readers,
)
from articles.text.unicode.tables import UNICODE_VERSION

# What makes two findings equal. Their message follows from it.
_COMPARED = ("field", "check_id", "severity", "start", "end", "text", "meant", "payload", "where")


@dataclass(frozen=True, slots=True)
class FindingCounters:
    """How many alerts and warnings a revision brought in, and how many it has in all."""

    new_alerts: int
    new_warnings: int
    alerts: int
    warnings: int

    @classmethod
    def of(cls, rendering: Rendering) -> FindingCounters:
        return cls(rendering.new_alerts, rendering.new_warnings, rendering.alerts, rendering.warnings)


@dataclass(frozen=True, slots=True)
class FindingsChange:
    """What is stored of a revision's findings, and what the present checks find in the same texts.

    `stored` and `found` are rows, at most 1,000 of each; the counters are true totals.
    """

    revision: Revision
    rendering: Rendering
    stored: tuple[IntroducedFinding, ...]
    found: tuple[IntroducedFinding, ...]
    introduced: tuple[FieldFinding, ...]
    after: FindingCounters

    @property
    def before(self) -> FindingCounters:
        return FindingCounters.of(self.rendering)

    @property
    def is_change(self) -> bool:
        """Whether `rescan` changes findings or counters."""
        return self.before != self.after or [*map(_key, self.stored)] != [*map(_key, self.found)]

    @property
    def is_outdated(self) -> bool:
        """Whether other Unicode data were used, be the findings the same or not."""
        return self.rendering.unicode_version != UNICODE_VERSION


def _key(row: IntroducedFinding) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _COMPARED)


def findings_change(revision: Revision, *, before: Content | None) -> FindingsChange:
    """Scan a revision against the content of its predecessor, None if it has none, and compare with what is stored.

    Linear in both texts. Raises `DamagedText` if the text or every rendering is lost.
    """
    content = revision.content
    renderings = sorted(revision.renderings.all(), key=lambda rendering: rendering.pk)
    if not renderings:
        raise DamagedText(revision, "has lost its rendering; restore it from a backup")
    introduced = tuple(introduced_findings(before, content))
    new, whole = severities(introduced), severities_for_readers(content)
    return FindingsChange(
        revision=revision,
        rendering=renderings[-1],
        stored=tuple(revision.findings.all()),
        found=tuple(finding_rows(introduced, revision)),
        introduced=introduced,
        after=FindingCounters(
            new_alerts=new[Severity.ALERT],
            new_warnings=new[Severity.WARNING],
            alerts=whole[Severity.ALERT],
            warnings=whole[Severity.WARNING],
        ),
    )


def rescan(change: FindingsChange) -> None:
    """Store what was found: a further rendering with the counters and the same HTML, and the rows of findings.

    What moderators are told of the revision follows: what it brought in when it went live, its sketches, and by which
    checks the queue finds it. Call `reassess` for the risk of what waits. Readers get the new counts at once.
    """
    revision, after = change.revision, change.after
    with transaction.atomic():
        locked(revision)
        newest = Rendering.objects.filter(revision=revision).latest()
        Rendering.objects.filter(revision=revision).drop_pages()
        Rendering.objects.create(
            revision=revision,
            kept_page=newest.kept_page,
            kept_removals=newest.kept_removals,
            agreed=newest.agreed,
            policy_version=newest.policy_version,
            unicode_version=UNICODE_VERSION,
            alerts=after.alerts,
            warnings=after.warnings,
            new_alerts=after.new_alerts,
            new_warnings=after.new_warnings,
        )
        _replace_rows(change)
        recount_live_changes(revision)
        if Sketch.objects.filter(revision=revision).exists():
            record_sketches(revision, change.introduced)
        waiting = Review.objects.pending().filter(revision=revision)
        for review in waiting.select_related(*text_of("revision")):
            index_again(review)


def _replace_rows(change: FindingsChange) -> None:
    """Write the rows found in place of those stored, and keep the keys: live changes refer to them without an index."""
    stored = list(
        IntroducedFinding.objects.filter(revision=change.revision).order_by("pk").values_list("pk", flat=True)
    )
    found = iter(change.found)
    for row, pk in zip(rows := [*islice(found, len(stored))], stored, strict=False):
        row.pk = pk
    IntroducedFinding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=[*_COMPARED, "message"]
    )
    IntroducedFinding.objects.filter(pk__in=stored[len(rows) :]).delete()
    IntroducedFinding.objects.bulk_create(found)


def mark_scanned(renderings: Collection[int]) -> None:
    """Note that the present Unicode data give the counters that these renderings have."""
    Rendering.objects.filter(pk__in=renderings).update(unicode_version=UNICODE_VERSION)


def reassess(review: Review) -> bool:
    """Assess a pending review anew if something else would be said of it now. Return whether that was so."""
    if not is_outdated(review):
        return False
    with transaction.atomic():
        refresh_article(review.article_id)
    return True
