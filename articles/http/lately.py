"""What the database answered lately: kept for a quarter of a second, and for a minute while it does not answer.

A question is asked by each visit, and its answer says which page is live. This process drops all answers when it
commits what it wrote to a table that the questions read. So it never serves what it changed itself, and serves what
another process changed for at most `SECONDS_FRESH`. A change that is taken back, or lost with the database, drops
nothing.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

SECONDS_FRESH = 0.25
SECONDS_UNCONFIRMED = 60  # how long an answer counts while the database does not answer
SECONDS_TO_PAUSE = 0.5  # after a failed question, before the next one
SECONDS_TO_TRY = 3  # meanwhile one thread asks, and the others do not wait for it
MOST_KEPT = 4_000  # of a few kilobytes at most

# Tables that the questions read; a test compares.
TABLES = re.compile(r"\barticles_(article|revision|rendering|allowance|hiding|livechange|facet|event)\b")


class Answer(NamedTuple):
    """What a page shows, and the day, since allowances end by the day."""

    shown: Any
    day: date


class _Kept(NamedTuple):
    answer: Answer
    asked_at: float
    is_fresh_until: float
    era: object  # between two writes of this process


_kept: dict[Hashable, _Kept] = {}
_era = object()
_changed_at = -math.inf  # when this process last dropped all answers
_asks_again_at = 0.0
_answered_at = -math.inf  # when the last question was asked that the database answered


def lately(name: Hashable, ask: Callable[[], Any]) -> Answer:
    """Return what `ask` returns, or returned lately under the same name. Raises the error of the database.

    None means that there is nothing, and is not kept, since there is no end of such names.
    """
    if answer := fresh(name):
        return answer
    now = time.monotonic()
    try:
        return _ask(name, ask, now)
    except (OperationalError, InterfaceError):
        kept = _kept.get(name)
        if kept is None or kept.era is not _era or now > kept.asked_at + SECONDS_UNCONFIRMED:
            raise
        return kept.answer


def fresh(name: Hashable) -> Answer | None:
    """Return what was answered under a name if it needs no question; else None."""
    kept = _kept.get(name)
    return kept.answer if kept and kept.era is _era and time.monotonic() < kept.is_fresh_until else None


def forget() -> None:
    """Drop all answers, also those of questions that are being asked."""
    global _era, _changed_at
    _era = object()
    _changed_at = time.monotonic()


def changed_at() -> float:
    """Return the moment before which nothing counts that a database answers, in seconds of `time.monotonic`."""
    return _changed_at


def watch(connection: Any, **signal: Any) -> None:
    """Let a new connection drop the answers when it writes to a table that the questions read."""
    if _watched not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watched)


def _ask(name: Hashable, ask: Callable[[], Any], now: float) -> Answer:
    global _asks_again_at, _answered_at
    if now < _asks_again_at:
        raise OperationalError("the database did not answer a moment ago")
    if _asks_again_at:
        _asks_again_at = now + SECONDS_TO_TRY
    era = _era
    try:
        answer = Answer(ask(), timezone.localdate())
    except (OperationalError, InterfaceError):
        if now >= _answered_at:  # not an old question, which failed late: the database is back since
            _asks_again_at = time.monotonic() + SECONDS_TO_PAUSE
        raise
    _asks_again_at, _answered_at = 0.0, max(now, _answered_at)
    if answer.shown is None:
        _kept.pop(name, None)
        return answer
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    # What a transaction sees is not what others see, and may be taken back.
    is_fresh_until = now if connection.in_atomic_block else now + SECONDS_FRESH
    _kept[name] = _Kept(answer, now, is_fresh_until, era)
    return answer


def _watched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
    try:
        return execute(sql, params, many, context)
    finally:
        text = str(sql)
        if not text.lstrip().startswith("SELECT") and TABLES.search(text):
            using = context["connection"]
            if not using.in_atomic_block:
                forget()
            elif not any(hook[1] is forget for hook in using.run_on_commit):
                using.on_commit(forget)
