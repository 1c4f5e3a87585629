"""Assessments: whether a revision may go live at once or has to wait for a moderator, and its risk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.revisions import Revision
from articles.revisions.sketches import Sketch
from articles.text.checks import Severity
from articles.text.content import Content, Field, FieldFinding, introduced_findings, severities
from articles.text.content.host_twins import spellings
from articles.text.content.personal import DataKind
from articles.text.content.signals import LEAST_PERCENT, Signals, signals
from articles.text.content.sketches import ENOUGH_WORDING, wording
from articles.text.diff import Change, Kind, Op, compare, kind_of
from articles.text.markdown import hosts_of, link_targets
from articles.text.page import linked_hosts

from .allowing import split_findings
from .reviews import Review
from .risk import FLOOD, PER, RECORD, STEP, Part, Risk, weigh

MAX_COPIES = 5  # articles with the same wording that are looked at
MAX_RECENT = 1_000  # submissions of the last hour that are counted
MAX_NEW_HOSTS = 10  # whose readings are looked up among those that the site links to


@dataclass(frozen=True, slots=True)
class Assessment:
    """A revision compared with the live revision, whose primary key is `live`: what it introduced, and its risk.

    `words` is the sketch of its wording.
    """

    live: int | None
    introduced: Counter[Severity]
    agreed: bool
    turned_down: bool
    risk: Risk
    found: tuple[FieldFinding, ...]
    words: tuple[int, ...] = ()


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
    words = wording(after.source)
    new_hosts = _hosts_new_to_the_site(rendering.html)
    counts = {
        Part.SANITIZERS: int(not rendering.is_agreed),
        Part.ALERTS: introduced[Severity.ALERT],
        Part.HIDDEN: sum(item.finding.payload is not None for item in counted),
        Part.DISGUISE: int(before is not None and _is_disguise(before, after)),
        Part.WARNINGS: introduced[Severity.WARNING],
        **_of_signals(_signals(before, after, changes, new_hosts)),
        Part.COPIED: _copied_percent(revision, live, words),
        **_size(changes, introduced, new_hosts),
        **_record(revision),
    }
    return Assessment(
        live=live.pk if live else None,
        introduced=introduced,
        agreed=rendering.is_agreed,
        turned_down=_is_turned_down(revision, live),
        risk=weigh(counts),
        found=found,
        words=words,
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


def _hosts_new_to_the_site(html: str) -> list[str]:
    """Return the hosts that the HTML links to and no live revision does, in order. Takes one query."""
    hosts = linked_hosts(html)
    known = set(LinkedHost.objects.filter(host__in=hosts).values_list("host", flat=True)) if hosts else ()
    return [host for host in hosts if host not in known]


def _signals(
    before: Content | None, after: Content, changes: Sequence[Change], new_hosts: Sequence[str]
) -> Signals:
    """Return what the edit does. Takes one query if it links to hosts that are new to the site.

    Those are held against whole names that the site links to, with and without `www.`.
    """
    linked = hosts_of(link_targets(before.source)) if before else ()
    readings = {name for host in new_hosts[:MAX_NEW_HOSTS] for name in spellings(host)}
    names = [*readings, *(f"www.{name}" for name in readings)]
    on_site = LinkedHost.objects.filter(host__in=names).values_list("host", flat=True) if names else ()
    return signals(
        before, after, source_changes=changes, new_hosts=new_hosts, known_hosts={*linked, *on_site}
    )


def _of_signals(found: Signals) -> dict[Part, int]:
    """Return what the risk counts of the signals."""
    removed, replaced = found.damage.removed, found.damage.replaced
    return {
        Part.BLANKED: int(found.damage.is_blanking),
        Part.REMOVED: removed if removed >= LEAST_PERCENT else 0,
        Part.REPLACED: replaced if replaced >= LEAST_PERCENT else 0,
        Part.RELINKED: len(found.relinks),
        Part.TWINS: len(found.twins),
        Part.CARDS: len(found.personal_of(DataKind.CARD)),
        Part.PHONES: len(found.personal_of(DataKind.PHONE)),
        Part.MAILS: len(found.personal_of(DataKind.MAIL)),
        Part.NOISE: found.noise,
    }


def _copied_percent(revision: Revision, live: Revision | None, words: Sequence[int]) -> int:
    """Return how much of the wording, in percent, an article has that another author began.

    What the live revision had before does not count. Takes one query, two if there is a live revision, and one more if
    an article resembles this one.
    """
    had = Sketch.objects.filter(revision=live, kind=Sketch.Kind.WORDING) if live else Sketch.objects.none()
    brought = set(words).difference(had.values_list("value", flat=True))
    enough = -(-len(words) // ENOUGH_WORDING)
    if len(brought) < enough or not words:
        return 0
    limits = {"enough": enough, "apart_from": revision.article_id, "most": MAX_COPIES}
    shared = Sketch.objects.resembling(Sketch.Kind.WORDING, brought, **limits)
    if not shared:
        return 0
    began = Revision.objects.filter(article=OuterRef("article"), number=1, author=revision.author_id)
    others = Revision.objects.filter(~Exists(began), pk__in=shared)
    return max((100 * shared[pk] // len(words) for pk in others.values_list("pk", flat=True)), default=0)


def _size(
    changes: Sequence[Change], introduced: Counter[Severity], new_hosts: Sequence[str]
) -> dict[Part, int]:
    """Return how much changed, and how many warnings, alerts and new hosts the changed text has for its length."""
    changed = [change for change in changes if change.op is not Op.EQUAL]
    written = sum(change.new[1] - change.new[0] for change in changed)
    removed = sum(change.old[1] - change.old[0] for change in changed)
    flagged = introduced[Severity.ALERT] + introduced[Severity.WARNING]
    return {
        Part.SIZE: max(written, removed) // STEP,
        Part.DENSITY: flagged * PER // max(written, PER),
        Part.DOMAINS: max(0, len(new_hosts) - written // PER),
    }


def _record(revision: Revision) -> dict[Part, int]:
    """Return how the author's last decided submissions ended, and how many articles a newcomer just submitted.

    Empty if the account is deleted. Takes one query, for a newcomer two.
    """
    if revision.author_id is None:
        return {}
    states = Review.objects.decided().filter(revision__author=revision.author_id)[:RECORD]
    counts = Counter(states.values_list("state", flat=True))
    approved = counts.pop(Review.State.APPROVED, 0)
    return {
        Part.TURNED_DOWN: counts.total(),
        Part.NEWCOMER: int(not approved),
        Part.FLOOD: 0 if approved else _flood(revision),
    }


def _flood(revision: Revision) -> int:
    """Return how many articles the author submitted within an hour, this one included; 0 below `FLOOD`."""
    last_hour = timezone.now() - timedelta(hours=1)
    recent = Review.objects.filter(revision__author=revision.author_id, submitted_at__gt=last_hour)
    articles = set(recent.values_list("revision__article", flat=True)[:MAX_RECENT]) | {revision.article_id}
    return len(articles) if len(articles) >= FLOOD else 0
