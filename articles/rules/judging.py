"""Judging: which rules in force a save meets, and what comes of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import permissions
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.writing import Analysis
from articles.text.checks import Severity
from articles.text.content import Content, severities

from .conditions import Condition, ValueFault
from .facts import Author, Found, SaveFacts
from .rules import Rule, RuleHit, RuleVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

MOST_KEPT = 500  # versions of rules that a process keeps read

_Key = tuple[int, object]
_read: dict[_Key, RuleVersion] = {}


def rules_in_force() -> list[RuleVersion]:
    """Return the versions in force, in order, with their conditions read. One query; another one after a change.

    A version never changes, so a process keeps those it has read, and asks each time only which are in force.
    """
    active = Rule.objects.filter(active__isnull=False).order_by("pk")
    keys: list[_Key] = list(active.values_list("active", "active__made_at"))
    missing = [pk for pk, made_at in keys if (pk, made_at) not in _read]
    if missing:
        if len(_read) > MOST_KEPT:
            _read.clear()
            missing = [pk for pk, _ in keys]
        for version in RuleVersion.objects.filter(pk__in=missing):
            _read[version.pk, version.made_at] = version
    return [_read[key] for key in keys if key in _read]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that a save meets, what comes of it, what met it, and the field of the editor to mend."""

    version: RuleVersion
    action: RuleVersion.Action
    what: str
    place: str


class SaveInHand(SaveFacts):
    """A save that is about to be written."""

    def __init__(
        self, content: Content, *, before: str | None, is_new: bool, by: User, analysis: Analysis
    ) -> None:
        self._written, self._before, self._is_new = content, before, is_new
        self._by, self._analysis = by, analysis
        self.words = analysis.words

    @property
    def written(self) -> Content:
        return self._written

    @property
    def source(self) -> str:
        return self._written.source

    @property
    def before(self) -> str | None:
        return self._before

    @property
    def is_new(self) -> bool:
        return self._is_new

    @cached_property
    def author(self) -> Author:
        """The author's facts. Takes two queries."""
        return Author(
            approved=Review.objects.filter(revision__author=self._by.pk, state=Review.State.APPROVED).count(),
            age=(timezone.now() - self._by.date_joined).days,
            groups=frozenset(name.casefold() for name in self._by.groups.values_list("name", flat=True)),
        )

    @cached_property
    def found(self) -> Found:
        introduced = self._analysis.introduced
        counts = severities(introduced)
        return Found(
            checks=frozenset(item.finding.check for item in introduced),
            alerts=counts[Severity.ALERT],
            warnings=counts[Severity.WARNING],
        )

    @property
    def sizes(self) -> tuple[int, int]:
        return self._analysis.step.added, self._analysis.step.removed


def hits_of(save: SaveFacts, versions: Sequence[RuleVersion]) -> list[Hit]:
    """Return which of these rules a save meets, in their order. A rule that this release cannot read is left out."""
    hits = []
    for version in versions:
        try:
            met = version.read_conditions.met_by(save)
        except ValueFault as fault:
            logger.warning("rule %s: %s", version, fault)
            continue
        if met:
            hits.append(Hit(version, RuleVersion.Action(version.action), _what(met), _place(met)))
    return hits


def judge(
    content: Content,
    *,
    by: User,
    article: Article | None,
    before: Content | None,
    analysis: Analysis,
    is_moderated: bool = False,
) -> list[Hit]:
    """Return which rules a save meets. Raises `ValidationError` where one refuses it; those hits are then recorded.

    Who may manage rules is neither refused nor held, since they could switch the rule off: their hits are notes. So are
    holds of a text that a moderator decides on at once (`is_moderated`).
    """
    if before is not None and content.says_the_same(before):
        return []
    versions = rules_in_force()
    if not versions:
        return []
    source = before.source if before else None
    save = SaveInHand(content, before=source, is_new=article is None, by=by, analysis=analysis)
    hits = hits_of(save, versions)
    spared = {RuleVersion.Action.HOLD} if is_moderated else set()
    if hits and permissions.can_manage_rules(by):
        spared = {RuleVersion.Action.HOLD, RuleVersion.Action.REFUSE}
    hits = [replace(hit, action=RuleVersion.Action.NOTE) if hit.action in spared else hit for hit in hits]
    refusals = [hit for hit in hits if hit.action == RuleVersion.Action.REFUSE]
    if refusals:
        _record(refusals, by=by, revision=None, article=article)
        errors: dict[str, list[str]] = {}
        for hit in refusals:
            errors.setdefault(hit.place, []).append(hit.version.message)
        raise ValidationError(errors)
    return hits


def record_hits(hits: Sequence[Hit], revision: Revision, *, by: User) -> bool:
    """Record the rules that a revision met, in the transaction that writes it. Return whether one holds it."""
    _record(hits, by=by, revision=revision, article=revision.article)
    return any(hit.action == RuleVersion.Action.HOLD for hit in hits)


def _record(hits: Sequence[Hit], *, by: User, revision: Revision | None, article: Article | None) -> None:
    now = timezone.now()
    RuleHit.objects.bulk_create(
        RuleHit(
            version=hit.version,
            revision=revision,
            article=article,
            author=by,
            author_name=by.get_username(),
            action=hit.action,
            what=hit.what,
            at=now,
        )
        for hit in hits
    )
    for hit in hits:
        log_event(
            Event.Action.MEET_RULE,
            revision,
            by=by,
            article=article.pk if article else None,
            detail=f"{hit.version}: {hit.action.label}",
        )


def _what(met: Sequence[tuple[Condition, str]]) -> str:
    """Return what met the conditions of a rule, at most 300 code points."""
    return " · ".join(dict.fromkeys(what for _, what in met if what))[:300]


def _place(met: Sequence[tuple[Condition, str]]) -> str:
    return next((condition.field.place for condition, _ in met if condition.field.place), "source")
