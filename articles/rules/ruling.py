"""Ruling: administrators write rules, and switch them on and off. Every change is a version of its own, and logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.steps import require
from articles.revisions.validation import line_fault, require_short
from articles.text.content.tags import MAX_TAG

from .conditions import MAX_CONDITIONS, Row, faults_of
from .replays import Replay
from .rules import Rule, RuleVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_NAME = 100
MAX_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class RuleText:
    """What an administrator says of a rule: all that a version of it holds."""

    name: str
    needs: str
    rows: Sequence[Row]
    action: str
    message: str = ""
    tag: str = ""

    @classmethod
    def of(cls, version: RuleVersion) -> RuleText:
        return cls(version.name, version.needs, version.rows, version.action, version.message, version.tag)


class RuleFaults(ValidationError):
    """What is wrong with a rule by field, and with its conditions by the place of the row."""

    def __init__(self, faults: dict[str, str], rows: dict[int, str]) -> None:
        self.by_field, self.by_row = faults, rows
        super().__init__([*faults.values(), *rows.values()])


@transaction.atomic
def write_rule(rule: Rule | None, *, by: User, text: RuleText, seen: int | None = None) -> Rule:
    """Write a new rule, or the next version of one, and return it. It changes nothing before it is switched on.

    `seen` is the number of the version that the person changed. A text equal to the latest version adds none. Raises
    `RuleFaults`, and `WorkflowError` if somebody else changed the rule in the meantime.
    """
    require(permissions.can_manage_rules(by))
    require_sound(text)
    rule = _locked(rule, seen) if rule else Rule.objects.create()
    if rule.latest and RuleText.of(rule.latest) == text:
        return rule
    rule.latest = RuleVersion.objects.create(
        rule=rule,
        number=rule.latest.number + 1 if rule.latest else 1,
        name=text.name,
        needs=text.needs,
        conditions=[[row.field, row.comparison, row.value] for row in text.rows],
        action=text.action,
        message=text.message,
        tag=text.tag,
        made_by=by,
        made_by_name=by.get_username(),
        made_at=timezone.now(),
    )
    rule.save(update_fields=["latest"])
    log_event(Event.Action.WRITE_RULE, None, by=by, detail=str(rule.latest))
    return rule


@transaction.atomic
def switch_on(rule: Rule, *, by: User, seen: int | None, reason: str = "") -> None:
    """Put the latest version of a rule in force, in place of an older one.

    Raises `WorkflowError` unless that version is the one `seen`, was replayed to the end, and is not in force yet.
    """
    require(permissions.can_manage_rules(by))
    require_short(reason)
    rule = _locked(rule, seen)
    if rule.active_id == rule.latest_id:
        raise WorkflowError(_("This version of the rule is on already."))
    if not Replay.objects.has_finished(rule.latest_id):
        raise WorkflowError(
            _("Replay this version of the rule first, to its end: then you know what it would have met.")
        )
    rule.active = rule.latest
    _switch(rule, Event.Action.SWITCH_ON, rule.active, by=by, reason=reason)


@transaction.atomic
def switch_off(rule: Rule, *, by: User, reason: str = "") -> None:
    """Take a rule out of force. Raises `WorkflowError` if it is off."""
    require(permissions.can_manage_rules(by))
    require_short(reason)
    rule = Rule.objects.select_for_update(of=("self",)).select_related("active").get(pk=rule.pk)
    version = rule.active
    if version is None:
        raise WorkflowError(_("This rule is off already."))
    rule.active = None
    _switch(rule, Event.Action.SWITCH_OFF, version, by=by, reason=reason)


def _switch(rule: Rule, action: Event.Action, version: RuleVersion | None, *, by: User, reason: str) -> None:
    rule.switched_at = timezone.now()
    rule.save(update_fields=["active", "switched_at"])
    log_event(action, None, by=by, reason=reason, detail=str(version))


def _locked(rule: Rule, seen: int | None) -> Rule:
    """Lock a rule and return it as stored. Raises `WorkflowError` if its latest version is not the one `seen`."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("latest").get(pk=rule.pk)
    if rule.latest and seen != rule.latest.number:
        raise WorkflowError(
            _(
                "%(name)s changed this rule in the meantime: version %(number)d is the latest. Look at it first."
            )
            % {"name": rule.latest.made_by_name, "number": rule.latest.number}
        )
    return rule


def require_sound(text: RuleText) -> None:
    """Raise `RuleFaults` with what is wrong with a rule."""
    faults = dict(_faults(text))
    rows = faults_of(text.rows[:MAX_CONDITIONS])
    if faults or rows:
        raise RuleFaults(faults, rows)


def _faults(text: RuleText) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a rule by field, apart from what its conditions say."""
    for field, limit in (("name", MAX_NAME), ("message", MAX_MESSAGE), ("tag", MAX_TAG)):
        if fault := line_fault(getattr(text, field), limit=limit):
            yield field, fault
    for field, choices in (("needs", RuleVersion.Needs), ("action", RuleVersion.Action)):
        if getattr(text, field) not in choices.values:
            yield field, _("Choose one of these.")
    if not text.name.strip():
        yield "name", _("Give the rule a name.")
    if text.action == RuleVersion.Action.REFUSE and not text.message.strip():
        yield "message", _("Tell the author why the save is refused, and what to do.")
    if text.action == RuleVersion.Action.TAG and not text.tag.strip():
        yield "tag", _("Write the tag.")
    if not text.rows:
        yield "rows", _("A rule has one condition at least.")
    elif len(text.rows) > MAX_CONDITIONS:
        yield "rows", _("A rule has at most %(limit)d conditions.") % {"limit": MAX_CONDITIONS}
