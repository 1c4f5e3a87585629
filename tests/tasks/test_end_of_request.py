"""The end of a request runs at most one task, a short one, and nothing of it reaches the answer."""

import logging
import time

import pytest
from django.core.signals import request_finished
from django.db import OperationalError, close_old_connections
from django.http import HttpResponse

from articles.http import background
from articles.tasks import short_task_enqueued
from articles.tasks.background_tasks import BackgroundTask

from .kinds import done, note, note_at_once, when

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connection_stays():
    """The end of a request closes connections, but here the test's transaction is on it."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture(autouse=True)
def looked_before(monkeypatch):
    """This process looked for tasks a moment ago."""
    short_task_enqueued.clear()
    monkeypatch.setattr(background, "_next_look", time.monotonic() + 1000)


def answer(request, status=200):
    return background.short_tasks(lambda request: HttpResponse("answer", status=status))(request)


def test_one_short_task_runs_once_the_response_is_closed(rf):
    note_at_once.enqueue("one")
    note_at_once.enqueue("two")

    response = answer(rf.post("/"))
    assert (response.content, done) == (b"answer", [])
    response.close()

    assert done == ["one"]
    assert response.closed
    answer(rf.post("/")).close()
    assert done == ["one", "two"]


def test_long_task_waits_for_a_worker(rf):
    note.enqueue("word")

    answer(rf.post("/")).close()

    assert done == []
    assert BackgroundTask.objects.get().state == "waits for `manage.py run_tasks`"


def test_posting_to_the_site_runs_a_short_task(client, author):
    client.force_login(author)
    note_at_once.enqueue("word")
    assert BackgroundTask.objects.get().state == "waits for the end of a request"

    client.get("/admin/")
    assert done == []
    client.post("/admin/articles/article/live/", {"source": "Text."})

    assert done == ["word"]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_costs_no_query(rf, method, django_assert_num_queries):
    note_at_once.enqueue("word")

    with django_assert_num_queries(0):
        answer(getattr(rf, method)("/")).close()

    assert done == []


def test_task_of_another_process_is_found_within_seconds(rf, monkeypatch, django_assert_num_queries):
    note_at_once.enqueue("word")
    short_task_enqueued.clear()  # as if another process had enqueued it

    with django_assert_num_queries(0):
        answer(rf.post("/")).close()
    monkeypatch.setattr(background, "_next_look", time.monotonic())
    answer(rf.post("/")).close()

    assert done == ["word"]
    with django_assert_num_queries(1):  # there might be another
        answer(rf.post("/")).close()
    with django_assert_num_queries(0):
        answer(rf.post("/")).close()


@pytest.mark.parametrize("status", [403, 429, 503])
def test_refused_requests_and_a_site_in_trouble_cost_no_query(rf, status, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer(rf.post("/"), status=status).close()


def test_task_that_fails_is_repeated_later_and_the_response_is_closed(rf, broken):
    note_at_once.enqueue("word")

    response = answer(rf.post("/"))
    response.close()

    assert response.closed
    assert BackgroundTask.objects.get().state == "waits for its next attempt"


def test_database_that_does_not_answer_is_logged_and_the_response_is_closed(rf, monkeypatch, caplog):
    def fail(tasks):
        raise OperationalError("the database is away")

    monkeypatch.setattr(background, "run_next", fail)
    note_at_once.enqueue("word")

    response = answer(rf.post("/"))
    response.close()

    assert response.closed
    assert "the database is away" in caplog.text


def test_task_that_is_not_as_short_as_declared_is_named(rf, monkeypatch, caplog):
    seconds = iter([10.0, 10.3])
    monkeypatch.setattr(background.time, "perf_counter", lambda: next(seconds))
    note_at_once.enqueue("word")

    with caplog.at_level(logging.WARNING):
        answer(rf.post("/")).close()

    assert "tests.tasks.kinds.note_at_once is declared short and took 300 milliseconds" in caplog.text


def test_published_page_from_the_cache_stays_at_one_query(client, published, django_assert_num_queries):
    note_at_once.enqueue("word")
    client.get("/articles/tides/")

    with django_assert_num_queries(1):
        client.get("/articles/tides/")

    assert done == []


def test_task_that_is_needed_while_another_runs_does_not_nest(rf):
    """What a task enqueues waits for the end of the next request."""
    when["one"] = lambda: note_at_once.enqueue("two")
    note_at_once.enqueue("one")

    answer(rf.post("/")).close()

    assert done == ["one"]
