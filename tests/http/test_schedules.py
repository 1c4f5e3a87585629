"""Schedules at the start of a request: nothing is late, and little is asked."""

from datetime import timedelta

import pytest
from django.db import InternalError, OperationalError
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.http import schedules
from articles.models import Article
from articles.reader import published as short_way
from tests.conftest import NOON

SECOND = timedelta(seconds=1)
PAGE = "/articles/tides/"


@pytest.fixture
def looks(monkeypatch):
    """The moments at which the database was asked for due schedules."""
    looks, settle = [], workflow.settle

    def counted():
        looks.append(timezone.now())
        return settle()

    monkeypatch.setattr(workflow, "settle", counted)
    return looks


def plan(revision, by, start, end=None):
    return workflow.schedule(revision, by=by, starts_at=start, ends_at=end, zone="UTC")


def test_process_asks_twice_a_minute_and_at_each_boundary_it_knows(at, save, moderator, client, looks):
    plan(save(), moderator, NOON + 70 * SECOND)
    for second in (0, 29, 30, 59, 60, 69, 70, 71):
        at(NOON + second * SECOND)
        client.get("/")

    assert looks == [NOON + second * SECOND for second in (30, 60, 70)]


def test_no_schedule_is_set_that_another_process_could_miss():
    assert schedules.LOOKS_EVERY < workflow.LEAST_AHEAD


def test_health_asks_for_nothing(at, db, client, looks):
    at(NOON + 99 * SECOND)

    client.get("/healthz")
    assert looks == []
    client.get("/")
    assert len(looks) == 1


def test_page_in_the_cache_and_in_a_browser_is_replaced_at_the_boundary(
    at, published, save, moderator, client
):
    plan(save("By the gate.\n"), moderator, NOON + 70 * SECOND)
    before = client.get(PAGE)
    at(NOON + 69 * SECOND)
    assert client.get(PAGE, headers={"If-None-Match": before["ETag"]}).status_code == 304

    at(NOON + 70 * SECOND)

    after = client.get(PAGE, headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, before["Cache-Control"], after["Cache-Control"]) == (
        200,
        "no-cache",
        "no-cache",
    )
    assert b"By the gate." in after.content


@pytest.mark.parametrize("error", [OperationalError("no answer"), InternalError("read only")])
def test_readers_see_what_they_saw_while_the_database_does_not_settle(
    at, published, moderator, client, monkeypatch, error
):
    plan(published, moderator, None, NOON + 70 * SECOND)
    tries = []

    def fail():
        tries.append(1)
        at(NOON + 73 * SECOND)  # the pause begins when it has failed
        raise error

    at(NOON + 70 * SECOND)
    with monkeypatch.context() as patched:
        patched.setattr(workflow, "settle", fail)
        assert client.get(PAGE).status_code == client.get(PAGE).status_code == 200
    assert len(tries) == 1

    at(NOON + 75 * SECOND)
    assert client.get(PAGE).status_code != 200
    assert Article.objects.get().published_revision is None


def test_page_without_its_database_is_not_shown_beyond_the_boundary(at, published, moderator, monkeypatch):
    def no_answer(*args):
        raise OperationalError("no answer")

    client = Client(raise_request_exception=False)
    plan(published, moderator, None, NOON + 70 * SECOND)
    at(NOON + 31 * SECOND)
    assert client.get(PAGE).status_code == 200
    monkeypatch.setattr(workflow, "settle", no_answer)
    monkeypatch.setattr(short_way, "_live_page", no_answer)

    at(NOON + 69 * SECOND)
    assert client.get(PAGE).status_code == 200
    at(NOON + 70 * SECOND)
    assert client.get(PAGE).status_code == 503
