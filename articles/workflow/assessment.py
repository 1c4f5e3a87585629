"""What decides whether a revision goes live at once or waits for a moderator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from articles.models import Review, Revision
from articles.text.checks import Severity
from articles.text.content import findings_brought_in, severities


@dataclass(frozen=True, slots=True)
class Assessment:
    """What decides whether a revision may go live: beside which live one, and what it brings in beyond that."""

    live: int | None
    brought_in: Counter[Severity]
    agreed: bool
    turned_down: bool


def causes_to_wait(assessment: Assessment, *, may_publish: bool) -> list[Review.Cause]:
    """Why a revision may not be published at once; empty where it may.

    The one place that decides it; `docs/workflow.md` shows it as a table. What counts is what the revision brings
    in beyond the published one, so that a warning cannot be smuggled in through a draft.
    """
    causes = {
        Review.Cause.SANITISERS: not assessment.agreed,
        Review.Cause.TURNED_DOWN: assessment.turned_down,
        Review.Cause.ALERT: assessment.brought_in[Severity.ALERT] > 0,
        Review.Cause.WARNING: assessment.brought_in[Severity.WARNING] > 0,
        Review.Cause.AUTHOR: not may_publish,
    }
    return [cause for cause, holds in causes.items() if holds]


def assess(revision: Revision) -> Assessment:
    """Scans and compares, so it is done before any lock is taken."""
    live = Revision.objects.with_text().live_in(revision.article_id).first()
    return Assessment(
        live=live.pk if live else None,
        brought_in=severities(findings_brought_in(live.content if live else None, revision.content)),
        agreed=revision.renderings.latest().agreed,
        turned_down=_is_turned_down(revision, live),
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
