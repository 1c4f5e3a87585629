"""Recorded answers: the same as the long way gives, for as long as the database says so."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from articles import workflow
from articles.http import lately, schedules
from articles.models import Article
from articles.reader import recording
from articles.text.remembering import LARGE

PAGE = "/articles/tides/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(monkeypatch):
    """Asks the site as a server does; counts the answers that Django gave, and not a record, in `ask.long`."""
    handler = recording.RecordingHandler()
    long_way = handler.get_response

    def get_response(request):
        ask.long += 1
        return long_way(request)

    handler.get_response = get_response

    def ask(path=PAGE, method="GET", **headers):
        answer = {}
        environ = RequestFactory(headers={"host": "testserver", **headers}).generic(method, path).environ

        def start_response(status, headers):
            answer.update(status=int(status.split()[0]), headers=dict(headers))

        chunks = handler({**environ, "wsgi.input": BytesIO()}, start_response)
        answer["content"] = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        return answer

    ask.long = 0
    return ask


@pytest.fixture
def clock(monkeypatch):
    """Moves the clock of the kept answers on; it stands still otherwise."""
    now = [1_000.0]
    monkeypatch.setattr(lately.time, "monotonic", lambda: now[0])

    def clock(seconds):
        now[0] += seconds

    return clock


def without_id(answer):
    return {**answer, "headers": {k: v for k, v in answer["headers"].items() if k != "X-Request-ID"}}


VISITS = {
    "page": {},
    "escaped": {"path": f"{PAGE}?escape=1"},
    "HEAD": {"method": "HEAD"},
    "in German": {"accept-language": "de-DE,de;q=0.9"},
    "in Arabic by cookie": {"cookie": "django_language=ar"},
    "with a cookie of others": {"cookie": "seen=1"},
    "for a browser": {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"},
}


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_record_is_the_answer_of_the_long_way(ask, published, clock, visit):
    first = ask(**visit)
    before = ask.long
    second = ask(**visit)

    assert ask.long == before == 1
    assert without_id(second) == without_id(first)
    assert second["headers"]["X-Request-ID"] != first["headers"]["X-Request-ID"]
    for name in ("Content-Security-Policy", "ETag", "Vary", "Content-Language", "X-Frame-Options"):
        assert name in second["headers"]


def test_browser_that_has_the_page_gets_no_content(ask, published, clock):
    etag = ask()["headers"]["ETag"]
    first = ask(**{"if-none-match": etag})
    second = ask(**{"if-none-match": etag})

    assert (second["status"], second["content"], ask.long) == (304, b"", 2)
    assert without_id(second) == without_id(first)


def test_each_kind_of_visit_has_its_own_record(ask, published, clock):
    for visit in VISITS.values():
        ask(**visit)
    german, english = ask(**VISITS["in German"]), ask()

    assert (german["headers"]["Content-Language"], english["headers"]["Content-Language"]) == ("de", "en")
    assert german["content"] != english["content"]
    assert b"bdi" in ask(**VISITS["escaped"])["content"]


def test_what_is_no_plain_visit_takes_the_long_way(ask, published, clock, settings):
    ask()
    ask.long = 0
    markdown = ask(accept="text/markdown")
    signed_in = ask(cookie="sessionid=x")
    elsewhere = ask(host="elsewhere.example")
    matching = ask(**{"if-match": '"x"'})
    post = ask(method="POST")

    assert markdown["headers"]["Content-Type"].startswith("text/markdown")
    assert "ETag" not in signed_in["headers"]
    assert [each["status"] for each in (elsewhere, matching, post)] == [400, 412, 403]
    assert ask.long == 5


def test_http_is_sent_to_https_though_the_page_is_recorded(ask, published, clock, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    handler = recording.RecordingHandler()  # the middleware reads the settings once

    def status(proto):
        environ = RequestFactory(headers={"x-forwarded-proto": proto}).get(PAGE).environ
        statuses = []
        handler(environ, lambda status, headers: statuses.append(status))
        return statuses[0]

    assert [status(proto) for proto in ("https", "https", "http")] == [
        "200 OK",
        "200 OK",
        "301 Moved Permanently",
    ]


def test_recorded_answer_takes_no_query_and_is_logged_with_its_id(
    ask, published, clock, django_assert_num_queries, caplog
):
    ask()
    with django_assert_num_queries(0), caplog.at_level(logging.INFO, "articles.request"):
        answer = ask(**{"x-request-id": "given-by-a-proxy"})

    assert answer["headers"]["X-Request-ID"] == "given-by-a-proxy"
    assert [record.getMessage() for record in caplog.records] == [f"GET '{PAGE}' 200"]
    assert caplog.records[0].milliseconds >= 0


def test_lists_are_recorded_too(ask, published, clock):
    answers = [ask("/") for _ in range(3)]

    assert ask.long == 2
    assert without_id(answers[2]) == without_id(answers[1])


def test_process_that_took_a_page_from_readers_serves_it_no_more(
    ask, published, save, moderator, administrator, clock
):
    assert b"by the door" in ask()["content"]
    hiding = workflow.hide(published, by=administrator, parts=["author"], reason="A.")
    assert b"<bdi>author</bdi>" not in ask()["content"]
    workflow.unhide(hiding, by=administrator)
    assert b"<bdi>author</bdi>" in ask()["content"]
    workflow.publish(save("By the gate.\n"), by=moderator)
    assert b"By the gate." in ask()["content"]
    workflow.unpublish(Article.objects.get(), by=moderator)
    assert ask()["status"] == 410


def test_record_that_is_no_longer_fresh_takes_one_query(ask, published, clock, django_assert_num_queries):
    ask()
    clock(lately.SECONDS_FRESH)

    with django_assert_num_queries(1):
        ask()

    assert ask.long == 2


def test_page_changes_at_the_boundary_of_a_schedule_and_not_a_moment_later(
    ask, at, published, save, moderator, clock, monkeypatch
):
    start = timezone.now() + timezone.timedelta(seconds=70)
    workflow.schedule(save("By the gate.\n"), by=moderator, starts_at=start, ends_at=None, zone="UTC")
    at(start - timezone.timedelta(seconds=1))
    assert b"by the door" in ask()["content"]
    assert b"by the door" in ask()["content"]

    at(start)

    assert b"By the gate." in ask()["content"]


def test_page_that_another_process_changed_at_a_boundary_is_not_fresh(ask, at, published, clock, monkeypatch):
    boundary = timezone.now() + timezone.timedelta(seconds=5)
    ask()
    monkeypatch.setattr(schedules, "_looked", (timezone.now(), boundary))
    at(boundary)
    monkeypatch.setattr(workflow, "settle", lambda: None)  # the other one did it

    assert lately.fresh(PAGE)
    ask()
    assert ask.long == 2


def test_day_that_begins_makes_a_new_page(ask, at, published, clock):
    first = ask()["headers"]["ETag"]
    schedules.remember(None)
    at(timezone.now() + timezone.timedelta(days=1))
    schedules.remember(None)
    clock(lately.SECONDS_FRESH)

    assert ask()["headers"]["ETag"] != first


def test_records_take_little_memory(ask, published, clock, monkeypatch):
    assert recording.records.max_bytes == LARGE == 4_000_000
    monkeypatch.setattr(recording.records, "max_bytes", 100_000)
    for n in range(30):
        ask(accept=f"text/html;level={n}")

    records = recording.records.latest()
    assert 0 < sum(len(record.content) for record in records) < recording.records.bytes <= 100_000
    assert len(records) < 30


# Two processes


@pytest.fixture
def served(db, tmp_path):
    """The site as another process serves it, on the database of the tests."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    environment = os.environ | {"DATABASE_URL": url, "REDIS_URL": "", "LOG_LEVEL": "CRITICAL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "cms_site.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"],
        cwd=Path(__file__).parents[2],
        env=environment,
        stderr=subprocess.DEVNULL,
    )

    def get(path=PAGE):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.read().decode()

    for _ in range(400):
        try:
            get("/healthz")
            break
        except OSError:
            time.sleep(0.05)
    yield get
    process.send_signal(signal.SIGTERM)
    process.wait()


def test_other_process_serves_what_changed_within_a_quarter_of_a_second(
    published, administrator, moderator, save, served
):
    name = "<bdi>author</bdi>"
    assert name in served()
    assert "by the door" in served()  # recorded

    workflow.hide(published, by=administrator, parts=["author"], reason="A private name.")
    workflow.publish(save("By the gate.\n"), by=moderator)
    time.sleep(lately.SECONDS_FRESH)

    assert "By the gate." in served()
    workflow.unpublish(Article.objects.get(), by=moderator)
    time.sleep(lately.SECONDS_FRESH)
    with pytest.raises(urllib.error.HTTPError, match="410"):
        served()
