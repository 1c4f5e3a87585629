"""The log of slow requests: what it says, and what it never tells."""

import logging
import time

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.test import Client

from articles.http import measuring
from articles.http.measuring import measure_requests
from articles.http.routes import route_of

SECRET = "sluice"


@pytest.fixture
def slow(settings, caplog):
    """A site where every request is slow; returns what the log says of them."""
    settings.SLOW_REQUEST_MS = 0.000_001
    settings.METRICS_TOKEN = ""
    return lambda: [record for record in caplog.records if record.name == measuring.__name__]


def test_slow_request_is_logged_with_route_status_and_queries(published, slow):
    Client().get(f"/articles/tides/history/?author=author&at={SECRET}", headers={"X-Request-ID": "a" * 16})

    (record,) = slow()
    assert record.levelno == logging.WARNING
    assert (record.method, record.route, record.status) == ("GET", "history", 400)
    assert record.queries >= 3
    assert 0 < record.database_milliseconds < record.milliseconds
    assert record.getMessage().startswith("slow: GET history 400 took ")
    assert "tides" not in str(record.__dict__)
    assert SECRET not in str(record.__dict__)


def test_page_that_is_answered_before_its_view_is_logged_with_its_route_and_query(published, slow):
    client = Client()
    client.get("/articles/tides/")
    client.get("/articles/tides/")
    client.get("/static/articles/site.css")
    client.get("/healthz")

    assert [record.route for record in slow()] == ["article", "article", "static", "healthz"]
    assert [record.queries for record in slow()][1:] == [1, 0, 0]


def test_nothing_that_was_written_is_logged(author, slow):
    client = Client()
    client.force_login(author)

    client.post("/admin/articles/article/add/", {"source": SECRET, "title": SECRET, "slug": SECRET})

    (record,) = slow()
    assert (record.method, record.route) == ("POST", "admin:articles_article_add")
    assert SECRET not in str(record.__dict__)


def test_quick_request_is_not_logged(db, slow, settings):
    settings.SLOW_REQUEST_MS = 60_000

    Client().get("/")

    assert slow() == []


def test_nothing_is_measured_if_nobody_wants_it(settings):
    settings.SLOW_REQUEST_MS, settings.METRICS_TOKEN = 0, ""

    with pytest.raises(MiddlewareNotUsed):
        measure_requests(lambda request: None)


def test_seconds_of_the_database_are_those_of_its_answers(db, slow, rf):
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        time.sleep(0.02)
        return Client().get("/healthz")

    before = list(connection.execute_wrappers)

    measure_requests(view)(rf.get("/"))

    record = slow()[-1]
    assert record.queries == 1
    assert record.milliseconds - record.database_milliseconds >= 20
    assert connection.execute_wrappers == before


def test_method_of_no_standard_and_address_of_no_view_are_not_repeated(db, slow, rf):
    request = rf.generic("SLUICE", "/sluice")

    assert route_of(request) == "other"
    measure_requests(lambda request: Client().get("/healthz"))(request)

    assert (slow()[-1].method, slow()[-1].route) == ("other", "other")
