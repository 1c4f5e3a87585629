"""Assessments: whether a revision may go live at once or has to wait for a moderator, and its risk.

An assessment reads the texts. What it finds by them is stored with the review, so that what depends on the author and
on other submissions is counted anew without them (see `circumstances` and `refreshing`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.renderings import Rendering
from articles.revisions.revisions import Revision
from articles.revisions.sketches import Sketch
from articles.text.checks import Severity
from articles.text.checks.findings import gravest
from articles.text.content import Content, FieldFinding, Unseen, introduced_findings, severities, split_unseen
from articles.text.content.facts import LEAST_COPIED, Fact, FactKind, facts_of, is_disguise, worst_first
from articles.text.content.host_twins import readings, spellings
from articles.text.content.personal import DataKind
from articles.text.content.signals import LEAST_PERCENT, Signals, signals
from articles.text.content.sketches import ENOUGH_WORDING, wording
from articles.text.content.surroundings import MAX_VALUE, Surroundings
from articles.text.diff import Change, Op, compare
from articles.text.markdown import hosts_of, link_targets
from articles.text.page import Removal, linked_hosts

from .circumstances import Submission, circumstances
from .covering import split_findings
from .reviews import Review
from .risk import PER, STEP, Part, Risk, weigh
from .standings import Standing
from .traits import Trait

MAX_NEW_HOSTS = 10  # whose readings are looked up among those that the site links to
MAX_HOSTS = 300  # of a text that are kept as traits; with more links, nothing of its risk hangs on the rest
MAX_FLAGGED = (
    1_000  # values of a text that are kept as traits; beyond, every allowance is taken to concern it
)
MAX_FACTS = 3  # that are kept for the queue

# Causes that no later event takes away: what a person or a rule asked for, and what an approval asks again
_ASKED = frozenset(
    {
        Review.Cause.APPEAL,
        Review.Cause.RETURNS,
        Review.Cause.RULE,
        Review.Cause.ALLOWANCE_ENDED,
        Review.Cause.SUBMITTED,
    }
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A revision compared with the live revision, whose primary key is `live`: what it introduced, and its risk.

    The live revision itself is compared with nothing. `reopened` says that the article waits because an allowance has
    ended. `words` is the sketch of its wording. `counts` is what the risk counts by the texts, and `facts` says the
    worst of it; `gravity` is that of the gravest fact. By its `traits`, later events find it.
    """

    live: int | None
    introduced: Counter[Severity]
    agreed: bool
    turned_down: bool
    held: bool
    reopened: bool
    author_held: bool
    risk: Risk
    found: tuple[FieldFinding, ...]
    words: tuple[int, ...] = ()
    counts: Mapping[Part, int] = field(default_factory=dict)
    facts: tuple[list[object], ...] = ()
    gravity: Severity = Severity.NOTICE
    traits: frozenset[tuple[str, str]] = frozenset()


def causes_to_wait(assessment: Assessment, *, may_publish: bool, returns: bool = False) -> list[Review.Cause]:
    """Return why a revision may not be published at once; empty if it may.

    `returns` says that readers would have again what was taken from them.
    No other place decides this; `docs/workflow.md` has it as a table. Findings count if the live revision lacks them,
    so that no draft can bring a warning in unseen, and if no allowance covers them.
    """
    causes = {
        Review.Cause.SANITIZERS: not assessment.agreed,
        Review.Cause.ALLOWANCE_ENDED: assessment.reopened,
        Review.Cause.TURNED_DOWN: assessment.turned_down,
        Review.Cause.HELD: assessment.author_held,
        Review.Cause.RETURNS: returns,
        Review.Cause.RULE: assessment.held,
        Review.Cause.ALERT: assessment.introduced[Severity.ALERT] > 0,
        Review.Cause.WARNING: assessment.introduced[Severity.WARNING] > 0,
        Review.Cause.AUTHOR: not may_publish,
    }
    return [cause for cause, holds in causes.items() if holds]


def causes_now(review: Review, assessment: Assessment) -> list[Review.Cause]:
    """Return why a review waits as things are now: what was asked for stays, the rest follows the assessment.

    The live revision brings in nothing; it waits for what it was brought back for.
    """
    found = {Review.Cause(cause) for cause in review.causes} & _ASKED
    may_publish = Review.Cause.AUTHOR not in review.causes
    if assessment.live != review.revision_id:
        found |= {*causes_to_wait(assessment, may_publish=may_publish)}
    elif not assessment.agreed:
        found.add(Review.Cause.SANITIZERS)
    return [cause for cause in Review.Cause if cause in found] or [Review.Cause.SETTLED]


def assess(revision: Revision) -> Assessment:
    """Scan a revision and compare it with the live one. Slow, so call it before taking a lock."""
    assessment = read(revision)
    submission = Submission(
        author=revision.author_id,
        article=revision.article_id,
        at=timezone.now(),
        new_hosts=frozenset(value for kind, value in assessment.traits if kind == Trait.Kind.NEW_HOST),
    )
    return replace(assessment, risk=weigh({**assessment.counts, **circumstances([submission])[0]}))


def read(revision: Revision) -> Assessment:
    """Return the assessment whose risk counts the texts alone. As slow as `assess`."""
    published = Revision.objects.with_text().live_in(revision.article_id).first()
    live = published if published != revision else None
    before, after = live.content if live else None, revision.content
    changes = compare(before.source if before else "", after.source).changes
    found = tuple(introduced_findings(before, after, source_changes=changes))
    rendering = revision.renderings.latest()
    authors = revision.authors_since(live)  # authors cannot allow findings in their own text
    counted = split_findings(found, after, article=revision.article_id, not_by=authors).shown
    introduced = severities(counted)
    words = wording(after.source)
    hosts = linked_hosts(rendering.html)
    new_hosts = _new_to_the_site(hosts)
    author_held = _is_author_held(revision, published)
    unseen = split_unseen(after, before)[0]
    done = signals_of(before, after, changes, new_hosts, unseen)
    counts = {
        Part.SANITIZERS: int(not rendering.is_agreed),
        Part.ALERTS: introduced[Severity.ALERT],
        Part.HIDDEN: sum(item.finding.payload is not None for item in counted),
        Part.HELD: int(author_held),
        Part.DISGUISE: int(before is not None and is_disguise(before, after)),
        Part.WARNINGS: introduced[Severity.WARNING],
        **_of_signals(done),
        Part.COPIED: _copied_percent(revision, live, words),
        **_size(changes, introduced, new_hosts),
    }
    counts = {part: count for part, count in counts.items() if count}
    said = facts_of(
        before,
        after,
        changes=changes,
        found=counted,
        signals=done,
        new_hosts=new_hosts,
        unseen=unseen,
        removals=_removals_beyond(live, rendering),
    )
    if (copied := counts.get(Part.COPIED, 0)) >= LEAST_COPIED:
        said = worst_first([*said, Fact(FactKind.COPIED, number=copied)])
    return Assessment(
        live=published.pk if published else None,
        introduced=introduced,
        agreed=rendering.is_agreed,
        turned_down=_is_turned_down(revision, published),
        held=_is_held(revision, published),
        reopened=_is_reopened(revision),
        author_held=author_held,
        risk=weigh(counts),
        found=found,
        words=words,
        counts=counts,
        facts=tuple(fact.as_json() for fact in said[:MAX_FACTS] if rendering.is_agreed or not fact.is_calm),
        gravity=gravest(fact.severity for fact in said) if rendering.is_agreed else Severity.ALERT,
        traits=frozenset(
            [
                *((Trait.Kind.FLAGGED, value) for value in _flagged_values(found, after)),
                *_traits_of_hosts(hosts[:MAX_HOSTS], new_hosts),
            ]
        ),
    )


def current(assessment: Assessment, revision: Revision) -> Assessment:
    """Return the assessment, made again if another revision went live before the lock was taken."""
    live = revision.article.published_revision
    if assessment.live != (live.pk if live else None):
        return assess(revision)
    return replace(
        assessment,
        turned_down=_is_turned_down(revision, live),
        held=_is_held(revision, live),
        reopened=_is_reopened(revision),
        author_held=_is_author_held(revision, live),
    )


def _is_turned_down(revision: Revision, live: Revision | None) -> bool:
    """Return whether the last decision since the live revision, on this or an earlier one, turned it down."""
    last = Review.objects.decisions_on(revision, since=live).first()
    return last is not None and last.state != Review.State.APPROVED


def _is_held(revision: Revision, live: Revision | None) -> bool:
    """Return whether a rule held this revision or one since the live revision, and nobody approved it since."""
    is_held = False
    for state, causes in Review.objects.of_draft(revision, since=live).values_list("state", "causes"):
        is_held = state != Review.State.APPROVED and (is_held or Review.Cause.RULE in causes)
    return is_held


def _is_reopened(revision: Revision) -> bool:
    """Return whether a version of the article waits because an allowance has ended: nothing newer passes it by."""
    waiting = Review.objects.waiting_in(revision.article_id)
    return any(Review.Cause.ALLOWANCE_ENDED in review.causes for review in waiting)


def _is_author_held(revision: Revision, live: Revision | None) -> bool:
    """Return whether all edits are held of an author since the live revision. Takes one query."""
    first = live.number + 1 if live else 1
    return Standing.objects.hold_a_part_of(revision.article_id, first=first, last=revision.number)


def _new_to_the_site(hosts: Sequence[str]) -> list[str]:
    """Return the hosts that no live revision links to, in order. Takes one query if there are hosts."""
    known = set(LinkedHost.objects.filter(host__in=hosts).values_list("host", flat=True)) if hosts else ()
    return [host for host in hosts if host not in known]


def _flagged_values(found: Iterable[FieldFinding], content: Content) -> set[str]:
    """Return the characters, words and domains whose allowance could cover a finding that counts.

    Just the empty value if they are more than `MAX_FLAGGED`.
    """
    places = Surroundings(content)
    values: set[str] = set()
    for item in found:
        if item.finding.severity is not Severity.NOTICE or item.finding.payload is not None:
            named = (places.host(item), places.word(item), item.finding.text)
            values.update(value for value in named if value and len(value) <= MAX_VALUE)
            if len(values) > MAX_FLAGGED:
                return {""}
    return values


def _traits_of_hosts(hosts: Iterable[str], new_hosts: Sequence[str]) -> Iterator[tuple[str, str]]:
    new = frozenset(new_hosts)
    for host in hosts:
        yield (Trait.Kind.NEW_HOST if host in new else Trait.Kind.HOST), host
    for host in new_hosts[:MAX_NEW_HOSTS]:
        for reading in readings(host):
            yield Trait.Kind.READING, reading


def signals_of(
    before: Content | None,
    after: Content,
    changes: Sequence[Change],
    new_hosts: Sequence[str],
    unseen: Iterable[Unseen],
) -> Signals:
    """Return what the edit does. Takes one query if it links to hosts that are new to the site.

    Those are held against whole names that the site links to, with and without `www.`.
    """
    linked = hosts_of(link_targets(before.source)) if before else ()
    readings = {name for host in new_hosts[:MAX_NEW_HOSTS] for name in spellings(host)}
    names = [*readings, *(f"www.{name}" for name in readings)]
    on_site = LinkedHost.objects.filter(host__in=names).values_list("host", flat=True) if names else ()
    return signals(
        before,
        after,
        source_changes=changes,
        new_hosts=new_hosts,
        known_hosts={*linked, *on_site},
        unseen=unseen,
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


def _removals_beyond(live: Revision | None, rendering: Rendering) -> list[Removal]:
    """Return what of a source does not reach its page, and did of the live one. Takes one query if there is some."""
    if not rendering.removals:
        return []
    return rendering.removals_beyond(live.renderings.latest() if live else None)


def _copied_percent(revision: Revision, live: Revision | None, words: Sequence[int]) -> int:
    """Return how much of the wording, in percent, an article has that another author began.

    What was submitted after this revision is no source of it, and what the live revision had before does not count.
    Takes two queries, three if there is a live revision.
    """
    had = Sketch.objects.filter(revision=live, kind=Sketch.Kind.WORDING) if live else Sketch.objects.none()
    brought = set(words).difference(had.values_list("value", flat=True))
    enough = -(-len(words) // ENOUGH_WORDING)
    if len(brought) < enough or not words:
        return 0
    others = Sketch.objects.all()
    if first := Sketch.objects.filter(revision=revision).aggregate(first=Min("pk"))["first"]:
        others = others.filter(pk__lt=first)
    if revision.author_id:
        began = Revision.objects.filter(article=OuterRef("revision__article"), number=1)
        others = others.filter(~Exists(began.filter(author=revision.author_id)))
    limits = {"enough": enough, "apart_from": revision.article_id, "most": 1}
    shared = others.resembling(Sketch.Kind.WORDING, brought, **limits)
    return max((100 * number // len(words) for number in shared.values()), default=0)


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
