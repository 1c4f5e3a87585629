"""Replaying: a version of a rule runs over the stored history before it is switched on, so its false alarms are known.

A replay goes through the revisions in batches, the newest first, and stores after each how far it has come: it can be
stopped at any time and goes on from there. What the history does not keep counts as it is today: the author's groups.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import permissions
from articles.moderation.reviews import Review
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.renderings import IntroducedFinding, Rendering
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.steps import require
from articles.tasks import SHORT, task
from articles.tasks.running import report

from .facts import Author, Found, SaveFacts
from .judging import hits_of
from .replays import Replay, ReplayHit
from .rules import Rule, RuleVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 200  # revisions whose texts are in memory at once
FEW = BATCH  # revisions that are looked at within the time of a short task, so that no worker is needed
MOST_KEPT = 2_000  # hits of each outcome that can be looked at; all are counted

_COLUMNS = ("pk", "article_id", "number", "based_on_id", "title", "slug", "language", "tags", "summary")
_OUTCOMES = {
    Review.State.APPROVED: ReplayHit.Outcome.APPROVED,
    Review.State.CHANGES_REQUESTED: ReplayHit.Outcome.TURNED_DOWN,
    Review.State.REJECTED: ReplayHit.Outcome.TURNED_DOWN,
}


@transaction.atomic
def start_replay(rule: Rule, *, by: User) -> Replay:
    """Begin a replay of the latest version of a rule, and return it; the one that runs if there is one."""
    require(permissions.can_manage_rules(by))
    rule = Rule.objects.select_for_update(of=("self",)).select_related("latest").get(pk=rule.pk)
    assert rule.latest is not None
    replay = Replay.objects.newest_of(rule.latest_id)
    if replay is None or not replay.is_running:
        newest = Revision.objects.aggregate(last=Max("pk"))["last"] or 0
        replay = Replay.objects.create(
            version=rule.latest,
            next=newest,
            total=Revision.objects.filter(pk__lte=newest).count(),
            started_by=by,
            started_by_name=by.get_username(),
            started_at=timezone.now(),
        )
        log_event(Event.Action.REPLAY_RULE, None, by=by, detail=str(rule.latest))
    _enqueue(replay)
    return replay


@transaction.atomic
def cancel_replay(replay: Replay, *, by: User) -> None:
    """Stop a replay; what it found so far stays. Raises `WorkflowError` if it does not run."""
    require(permissions.can_manage_rules(by))
    running = Replay.objects.filter(pk=replay.pk, state=Replay.State.RUNNING)
    if not running.update(state=Replay.State.CANCELLED, ended_at=timezone.now()):
        raise WorkflowError(_("This replay does not run."))
    log_event(Event.Action.REPLAY_RULE, None, by=by, detail=str(replay.version), reason=_("Cancelled."))


@transaction.atomic
def resume_replay(replay: Replay, *, by: User) -> None:
    """Let a replay go on where it stopped. Raises `WorkflowError` if it came to its end."""
    require(permissions.can_manage_rules(by))
    unfinished = Replay.objects.filter(pk=replay.pk).exclude(state=Replay.State.DONE)
    if not unfinished.update(state=Replay.State.RUNNING, ended_at=None):
        raise WorkflowError(_("This replay came to its end."))
    _enqueue(replay)


def _enqueue(replay: Replay) -> None:
    (replay_few if replay.total <= FEW else replay_all).enqueue(replay.pk)


@task(title=gettext_lazy("Replay a rule over few versions"), queue_name=SHORT)
def replay_few(replay: int) -> str:
    """Run a replay that fits the time of a short task."""
    return _run(replay)


@task(title=gettext_lazy("Replay a rule"))
def replay_all(replay: int) -> str:
    """Run a replay to its end, unless it is cancelled."""
    return _run(replay)


def _run(pk: int) -> str:
    replay = Replay.objects.select_related("version").get(pk=pk)
    sentence = _("%(looked)d of %(total)d versions, %(met)d met it")
    while replay.is_running:
        look_at_batch(replay)
        counts = {"looked": replay.looked, "total": replay.total, "met": replay.met}
        report(sentence % counts)
    return sentence % {"looked": replay.looked, "total": replay.total, "met": replay.met}


def look_at_batch(replay: Replay) -> None:
    """Look at the next `BATCH` revisions of a replay and store what met the rule; `replay` is then as stored.

    A constant number of queries. Where another process went on with it in the meantime, nothing is stored.
    """
    place = replay.next
    revisions = list(
        Revision.objects.filter(pk__lte=place)
        .order_by("-pk")
        .only(*_COLUMNS, "author_id", "created_at")[:BATCH]
    )
    batch = _Batch(revisions)
    hits = _hits(replay.version, batch)
    outcomes = _outcomes([hit.revision_id for hit in hits])
    with transaction.atomic():
        stored = Replay.objects.select_for_update().get(pk=replay.pk)
        for name in ("state", "next", "looked", "unreadable", "approved", "turned_down", "undecided"):
            setattr(replay, name, getattr(stored, name))
        if not stored.is_running or stored.next != place:
            return
        kept = []
        for hit in hits:
            hit.replay = replay
            hit.outcome = outcomes.get(hit.revision_id, ReplayHit.Outcome.UNDECIDED)
            column = hit.outcome.replace(" ", "_")
            count = getattr(replay, column)
            setattr(replay, column, count + 1)
            if count < MOST_KEPT:
                kept.append(hit)
        ReplayHit.objects.bulk_create(kept)
        replay.looked += len(revisions)
        replay.unreadable += batch.unreadable
        if len(revisions) < BATCH:
            replay.state, replay.next, replay.ended_at = Replay.State.DONE, 0, timezone.now()
        else:
            replay.next = revisions[-1].pk - 1
        replay.save()


def _hits(version: RuleVersion, batch: _Batch) -> list[ReplayHit]:
    """Return the hits of a rule among the revisions of a batch; texts are read of those alone that it may meet."""
    conditions = version.read_conditions
    batch.candidates = [save for save in batch.saves if not conditions.rules_out(save)]
    hits: list[ReplayHit] = []
    for save in batch.candidates:
        try:
            found = hits_of(save, [version])
        except DamagedText:
            batch.unreadable += 1
            continue
        hits += (ReplayHit(revision_id=save.row.pk, what=hit.what) for hit in found)
    return hits


def _outcomes(revisions: Sequence[int]) -> dict[int, ReplayHit.Outcome]:
    """Return how the last decision on each of these revisions ended; those without one are missing. One query."""
    decided = Review.objects.filter(revision__in=revisions, state__in=list(_OUTCOMES)).order_by("pk")
    rows = decided.values_list("revision", "state") if revisions else ()
    return {revision: _OUTCOMES[Review.State(state)] for revision, state in rows}


class _Batch:
    """Some revisions with their facts, each read for all of them at once, and only if a condition asks for it."""

    def __init__(self, revisions: Iterable[Revision]) -> None:
        self.saves = [_StoredSave(revision, self) for revision in revisions]
        self.candidates: Sequence[_StoredSave] = self.saves
        self.unreadable = 0
        self._keys = [save.row.pk for save in self.saves]

    @cached_property
    def texts(self) -> dict[int, Revision]:
        """The candidates and what they are based on, with their texts."""
        keys = {key for save in self.candidates for key in (save.row.pk, save.row.based_on_id) if key}
        return {revision.pk: revision for revision in Revision.objects.with_text().filter(pk__in=keys)}

    @cached_property
    def sizes(self) -> dict[int, tuple[int, int]]:
        rows = Revision.objects.filter(pk__in=self._keys, attribution__isnull=False).order_by()
        sizes = rows.values_list("pk", "attribution__added", "attribution__removed")
        return {pk: (added, removed) for pk, added, removed in sizes}

    @cached_property
    def checks(self) -> dict[int, set[str]]:
        checks: dict[int, set[str]] = defaultdict(set)
        found = IntroducedFinding.objects.filter(revision__in=self._keys).order_by()
        for revision, check in found.values_list("revision", "check_id").distinct():
            checks[revision].add(check)
        return checks

    @cached_property
    def counts(self) -> dict[int, tuple[int, int]]:
        """How many alerts and warnings the revisions brought in, by their first renderings."""
        rows = Rendering.objects.filter(revision__in=self._keys).order_by("-pk")
        return {
            pk: (alerts, warnings)
            for pk, alerts, warnings in rows.values_list("revision", "new_alerts", "new_warnings")
        }

    @cached_property
    def approvals(self) -> dict[int, list[datetime]]:
        """When submissions of the authors were approved, in order."""
        authors = {save.row.author_id for save in self.saves if save.row.author_id}
        approved = Review.objects.filter(revision__author__in=authors, state=Review.State.APPROVED)
        times: dict[int, list[datetime]] = defaultdict(list)
        for author, at in approved.order_by("decided_at").values_list("revision__author", "decided_at"):
            if at:
                times[author].append(at)
        return times

    @cached_property
    def people(self) -> dict[int, User]:
        authors = {save.row.author_id for save in self.saves if save.row.author_id}
        return get_user_model().objects.prefetch_related("groups").in_bulk(authors)


class _StoredSave(SaveFacts):
    """The save that made a stored revision."""

    def __init__(self, row: Revision, batch: _Batch) -> None:
        self.row, self._batch = row, batch

    @property
    def written(self) -> Revision:
        return self.row

    @cached_property
    def source(self) -> str:
        return self._batch.texts[self.row.pk].source

    @cached_property
    def before(self) -> str | None:
        return self._batch.texts[self.row.based_on_id].source if self.row.based_on_id else None

    @property
    def is_new(self) -> bool:
        return self.row.number == 1

    @property
    def author(self) -> Author | None:
        author = self._batch.people.get(self.row.author_id) if self.row.author_id else None
        if author is None:
            return None
        at = self.row.created_at
        return Author(
            approved=bisect_right(self._batch.approvals.get(author.pk, []), at),
            age=(at - author.date_joined).days,
            groups=frozenset(group.name.casefold() for group in author.groups.all()),
        )

    @property
    def found(self) -> Found:
        alerts, warnings = self._batch.counts.get(self.row.pk, (0, 0))
        return Found(frozenset(self._batch.checks.get(self.row.pk, ())), alerts, warnings)

    @property
    def sizes(self) -> tuple[int, int] | None:
        return self._batch.sizes.get(self.row.pk)
