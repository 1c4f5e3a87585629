from datetime import timedelta

import pytest
from django.utils import timezone

from articles.tasks import running

from . import kinds


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    kinds.done.clear()
    kinds.when.clear()
    monkeypatch.setattr(running, "SECONDS_BETWEEN_REPORTS", 0.0)
    yield
    running.stopping.clear()


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved: clock(minutes=1)."""
    now = timezone.now()

    def move(**ahead: float) -> None:
        nonlocal now
        now += timedelta(**ahead)

    monkeypatch.setattr(timezone, "now", lambda: now)
    return move


@pytest.fixture
def broken():
    """Makes a task for a word fail until the word is repaired: broken.pop("word")."""

    def fail():
        raise ConnectionError("the server is away")

    kinds.when["word"] = fail
    return kinds.when
