"""Assessments: whether a revision may go live at once or has to wait for a moderator, and its risk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.revisions import Revision
from articles.text.checks import Severity
from articles.text.content import Content, Field, FieldFinding, introduced_findings, severities
from articles.text.diff import Change, Kind, Op, compare, kind_of
from articles.text.page import linked_hosts

from .allowing import split_findings
from .reviews import Review
from .risk import PER, RECORD, STEP, Part, Risk, weigh


@dataclass(frozen=True, slots=True)
class Assessment:
    """A revision compared with the live revision, whose primary key is `live`: what it introduced, and its risk."""

    live: int | None
    introduced: Counter[Severity]
    agreed: bool
    turned_down: bool
    risk: Risk
    found: tuple[FieldFinding, ...]


def causes_to_wait(assessment: Assessment, *, may_publish: bool) -> list[Review.Cause]:
    """Return why a revision may not be published at once; empty if it may.

    No other place decides this; `docs/workflow.md` has it as a table. Findings count if the live revision lacks them,
    so that no draft can bring a warning in unseen, and if no allowance covers them.
    """
    causes = {
        Review.Cause.SANITIZERS: not assessment.agreed,
        Review.Cause.TURNED_DOWN: assessment.turned_down,
        Review.Cause.ALERT: assessment.introduced[Severity.ALERT] > 0,
        Review.Cause.WARNING: assessment.introduced[Severity.WARNING] > 0,
        Review.Cause.AUTHOR: not may_publish,
    }
    return [cause for cause, holds in causes.items() if holds]


def assess(revision: Revision) -> Assessment:
    """Scan a revision and compare it with the live one. Slow, so call it before taking a lock."""
    live = Revision.objects.with_text().live_in(revision.article_id).first()
    before, after = live.content if live else None, revision.content
    changes = compare(before.source if before else "", after.source).changes
    found = tuple(introduced_findings(before, after, source_changes=changes))
    rendering = revision.renderings.latest()
    authors = revision.authors_since(live)  # authors cannot allow findings in their own text
    counted = split_findings(found, after, article=revision.article_id, not_by=authors).shown
    introduced = severities(counted)
    counts = {
        Part.SANITIZERS: int(not rendering.is_agreed),
        Part.ALERTS: introduced[Severity.ALERT],
        Part.HIDDEN: sum(item.finding.payload is not None for item in counted),
        Part.DISGUISE: int(before is not None and _is_disguise(before, after)),
        Part.WARNINGS: introduced[Severity.WARNING],
        Part.DOMAINS: len(_hosts_new_to_the_site(rendering.html)),
        **_size(changes, introduced),
        **_record(revision),
    }
    return Assessment(
        live=live.pk if live else None,
        introduced=introduced,
        agreed=rendering.is_agreed,
        turned_down=_is_turned_down(revision, live),
        risk=weigh(counts),
        found=found,
    )


def current(assessment: Assessment, revision: Revision) -> Assessment:
    """Return the assessment, made again if another revision went live before the lock was taken."""
    live = revision.article.published_revision
    if assessment.live != (live.pk if live else None):
        return assess(revision)
    return replace(assessment, turned_down=_is_turned_down(revision, live))


def _is_turned_down(revision: Revision, live: Revision | None) -> bool:
    """Return whether the last decision since the live revision, on this or an earlier one, turned it down."""
    last = Review.objects.decisions_on(revision, since=live).first()
    return last is not None and last.state != Review.State.APPROVED


def _is_disguise(before: Content, after: Content) -> bool:
    """Return whether the content changed, but only in ways that readers cannot see."""
    kinds = {
        kind_of(was, now)
        for field in Field
        if field is not Field.SUMMARY and (was := before.text(field)) != (now := after.text(field))
    }
    return bool(kinds) and kinds <= {Kind.LOOK_ALIKE, Kind.INVISIBLE}


def _hosts_new_to_the_site(html: str) -> set[str]:
    """Return the hosts that the HTML links to and no live revision does. Takes one query."""
    hosts = set(linked_hosts(html))
    return hosts.difference(LinkedHost.objects.filter(host__in=hosts).values_list("host", flat=True))


def _size(changes: Sequence[Change], introduced: Counter[Severity]) -> dict[Part, int]:
    """Return how much changed, and how many warnings and alerts the changed text has for its length."""
    changed = [change for change in changes if change.op is not Op.EQUAL]
    written = sum(change.new[1] - change.new[0] for change in changed)
    removed = sum(change.old[1] - change.old[0] for change in changed)
    flagged = introduced[Severity.ALERT] + introduced[Severity.WARNING]
    return {Part.SIZE: max(written, removed) // STEP, Part.DENSITY: flagged * PER // max(written, PER)}


def _record(revision: Revision) -> dict[Part, int]:
    """Return how the author's last decided submissions ended; empty if the account is deleted. Takes one query."""
    if revision.author_id is None:
        return {}
    states = Review.objects.decided().filter(revision__author=revision.author_id)[:RECORD]
    counts = Counter(states.values_list("state", flat=True))
    approved = counts.pop(Review.State.APPROVED, 0)
    return {Part.TURNED_DOWN: counts.total(), Part.NEWCOMER: int(not approved)}
