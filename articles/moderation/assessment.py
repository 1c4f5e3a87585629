"""What decides whether a revision goes live at once or waits for a moderator."""

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
    """What decides whether a revision may go live: beside which live one, and what it brings in beyond that."""

    live: int | None
    introduced: Counter[Severity]
    agreed: bool
    turned_down: bool
    risk: Risk
    found: tuple[FieldFinding, ...]


def causes_to_wait(assessment: Assessment, *, may_publish: bool) -> list[Review.Cause]:
    """Why a revision may not be published at once; empty where it may.

    The one place that decides it; `docs/workflow.md` shows it as a table. What counts is what the revision brings
    in beyond the published one, so that a warning cannot be smuggled in through a draft, and what no moderator
    has allowed.
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
    """Scans and compares, so it is done before any lock is taken."""
    live = Revision.objects.with_text().live_in(revision.article_id).first()
    before, after = live.content if live else None, revision.content
    changes = compare(before.source if before else "", after.source).changes
    found = tuple(introduced_findings(before, after, source_changes=changes))
    rendering = revision.renderings.latest()
    authors = revision.authors_since(live)  # nobody's own allowance lets their own text through
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
    """The assessment, made again in the rare case that the state moved on before the lock was taken."""
    live = revision.article.published_revision
    if assessment.live != (live.pk if live else None):
        return assess(revision)
    return replace(assessment, turned_down=_is_turned_down(revision, live))


def _is_turned_down(revision: Revision, live: Revision | None) -> bool:
    """Whether moderators last turned down what would now go live: this revision or one that it continues."""
    last = Review.objects.decisions_on(revision, since=live).first()
    return last is not None and last.state != Review.State.APPROVED


def _is_disguise(before: Content, after: Content) -> bool:
    """Whether something changed, and nothing that a reader could see."""
    kinds = {
        kind_of(was, now)
        for field in Field
        if field is not Field.SUMMARY and (was := before.text(field)) != (now := after.text(field))
    }
    return bool(kinds) and kinds <= {Kind.LOOK_ALIKE, Kind.INVISIBLE}


def _hosts_new_to_the_site(html: str) -> set[str]:
    hosts = set(linked_hosts(html))
    return hosts.difference(LinkedHost.objects.filter(host__in=hosts).values_list("host", flat=True))


def _size(changes: Sequence[Change], introduced: Counter[Severity]) -> dict[Part, int]:
    """How much changed, and how thick the flagged characters stand in it."""
    changed = [change for change in changes if change.op is not Op.EQUAL]
    written = sum(change.new[1] - change.new[0] for change in changed)
    removed = sum(change.old[1] - change.old[0] for change in changed)
    flagged = introduced[Severity.ALERT] + introduced[Severity.WARNING]
    return {Part.SIZE: max(written, removed) // STEP, Part.DENSITY: flagged * PER // max(written, PER)}


def _record(revision: Revision) -> dict[Part, int]:
    """What became of the author's last revisions."""
    if revision.author_id is None:
        return {}
    states = Review.objects.decided().filter(revision__author=revision.author_id)[:RECORD]
    counts = Counter(states.values_list("state", flat=True))
    approved = counts.pop(Review.State.APPROVED, 0)
    return {Part.TURNED_DOWN: counts.total(), Part.NEWCOMER: int(not approved)}
