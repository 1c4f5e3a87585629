"""Metrics: who gets them, what they count in how many processes, and what they never name."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from articles import workflow
from articles.http import heavy, limits
from articles.models import Review
from articles.tasks.background_tasks import BackgroundTask
from tests.tasks.kinds import note
from tests.test_growth import WHOLE_TABLE, plans_of
from tests.test_settings import ROOT

TOKEN = "a token of the operator"
BEARER = {"authorization": f"Bearer {TOKEN}"}
Samples = dict[tuple[str, ...], float]


def parsed(text: str) -> Samples:
    """The value of each sample, by its name and the values of its labels, which are sorted by name."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def scrape(settings, tmp_path_factory, monkeypatch) -> Callable[[], Samples]:
    """A site that counts; returns the figures."""
    settings.PROMETHEUS_MULTIPROC_DIR = str(tmp_path_factory.getbasetemp() / "metrics")
    settings.METRICS_TOKEN = TOKEN
    return lambda: parsed(Client().get("/metrics", headers=BEARER).content.decode())


# Who gets them


def test_there_are_none_without_a_token(client, db):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("header", [None, "", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe9"])
def test_only_who_bears_the_token_gets_them(client, db, scrape, header):
    response = client.get("/metrics", headers={} if header is None else {"authorization": header})

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert b"palimpsest" not in response.content


def test_they_are_answered_whatever_host_is_asked_and_without_tls(client, db, scrape, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/metrics", headers=BEARER | {"host": "10.0.0.7:8000"})

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")


def test_openmetrics_is_spoken_to_who_asks_for_it(client, db, scrape):
    response = client.get(
        "/metrics", headers=BEARER | {"accept": "application/openmetrics-text; version=1.0.0"}
    )

    assert response["Content-Type"].startswith("application/openmetrics-text")
    assert response.content.endswith(b"# EOF\n")


# What they count


def test_requests_are_counted_by_method_view_and_status(published, scrape):
    before = scrape()

    client = Client()
    for _ in range(2):
        client.get("/articles/tides/")
    client.get("/articles/a-secret-title/")
    client.get("/a-secret-path/")
    client.generic("BREW", "/articles/tides/")

    after = scrape()
    requests = "palimpsest_http_requests_total"
    assert after[requests, "GET", "200", "article"] - before.get((requests, "GET", "200", "article"), 0) == 2
    assert after[requests, "GET", "404", "article"] >= 1
    assert after[requests, "GET", "404", "other"] >= 1
    assert after[requests, "other", "405", "article"] >= 1
    assert after["palimpsest_http_request_duration_seconds_count", "GET", "article"] >= 3
    assert after["palimpsest_http_request_duration_seconds_bucket", "+Inf", "GET", "article"] >= 3
    assert after["palimpsest_http_request_database_queries_total", "article"] >= 2
    assert after["palimpsest_http_request_database_seconds_total", "article"] > 0
    assert "secret" not in json.dumps([*after])
    assert "tides" not in json.dumps([*after])


def test_refused_requests_are_counted_by_reason(db, scrape, settings, monkeypatch):
    name = "palimpsest_http_refused_requests_total"
    before = scrape()
    monkeypatch.setattr(limits, "_spent", lambda *_: 10**6)

    assert Client().post("/language/").status_code == 429
    monkeypatch.setattr(heavy, "_noted", {"/articles/tides/compare/1/2/"})
    with heavy._waiting:
        assert Client().get("/articles/tides/compare/1/2/").status_code == 503

    after = scrape()
    for reason in ("limit", "busy"):
        assert after[name, reason] == before.get((name, reason), 0) + 1


def test_queue_tasks_and_totals_are_those_of_the_database(save, author, published, scrape):
    waiting = workflow.submit(save("Waiting.\n"), by=author)
    Review.objects.filter(pk=waiting.pk).update(submitted_at=timezone.now() - timedelta(hours=2))
    note.enqueue("word")
    BackgroundTask.objects.filter(task_path__endswith="note").update(
        run_after=timezone.now() - timedelta(hours=1)
    )

    samples = scrape()

    assert samples["palimpsest_database_up",] == 1
    assert samples["palimpsest_reviews_waiting",] == 1
    assert 7200 <= samples["palimpsest_oldest_review_age_seconds",] < 7300
    assert samples["palimpsest_tasks_due",] >= 1
    assert 3600 <= samples["palimpsest_oldest_due_task_age_seconds",] < 3700
    assert samples["palimpsest_tasks_failed",] == 0
    assert samples["palimpsest_revisions_total",] >= 2
    assert samples["palimpsest_publications_total",] >= 1


def test_an_empty_site_has_ages_of_0(db, scrape):
    samples = scrape()

    assert samples["palimpsest_oldest_review_age_seconds",] == 0
    assert samples["palimpsest_oldest_due_task_age_seconds",] == 0


def test_no_query_of_the_metrics_reads_a_large_table_from_end_to_end(save, author, scrape):
    workflow.submit(save("Waiting.\n"), by=author)
    scrape()

    plans = plans_of(scrape)

    assert 0 < len(plans) <= 8
    for sql, plan in plans:
        assert not WHOLE_TABLE.search(plan), (sql, plan)


def test_counts_are_there_while_the_database_is_not(db, scrape, monkeypatch):
    from articles.http import metrics

    def fail():
        raise OperationalError("no")

    monkeypatch.setattr(metrics.BackgroundTask.objects, "due", fail)

    samples = scrape()

    assert samples["palimpsest_database_up",] == 0
    assert ("palimpsest_http_requests_total", "GET", "200", "metrics") in scrape()


def test_request_is_answered_though_it_cannot_be_counted(client, scrape, monkeypatch, caplog):
    from articles.http import metrics

    monkeypatch.setattr(metrics, "_counts", None)

    assert client.get("/healthz").status_code == 200
    assert "could not be counted" in caplog.text


def test_folder_of_another_account_is_refused(scrape, settings, monkeypatch):
    from articles.http import metrics

    monkeypatch.setattr(metrics.os, "getuid", lambda: 12_345)

    with pytest.raises(ImproperlyConfigured, match="belongs to another account"):
        metrics._open_folder()


# Several processes


def test_processes_add_up_and_what_a_killed_one_counted_stays(tmp_path):
    """Two workers of gunicorn with a preloaded site: whoever is asked tells of both, of killed ones too."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PALIMPSEST_ENV": "",
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    command = [sys.executable, "-m", "gunicorn", "cms_site.wsgi", "--preload", "--workers", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)

    def get(path: str) -> str:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=BEARER)
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    return response.read().decode()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def workers() -> list[str]:
        return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()

    try:
        get("/healthz")
        counted = 1
        for _ in range(3):
            for _ in range(20):
                get("/healthz")
            counted += 20
            killed = workers()[0]
            os.kill(int(killed), signal.SIGKILL)
            while killed in workers() or len(workers()) < 2:
                time.sleep(0.05)
            for _ in range(5):  # whichever worker answers
                samples = parsed(get("/metrics"))
                assert samples["palimpsest_http_requests_total", "GET", "200", "healthz"] == counted
    finally:
        server.terminate()
        server.wait()
    assert (
        len([*(tmp_path / "metrics").glob("*.db")]) <= 2 * 4
    )  # kinds, and numbers: two workers, who loaded, one more


# The page that documents them


def block(kind: str) -> dict:
    page = (ROOT / "docs/monitoring.md").read_text()
    return yaml.safe_load(re.search(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)[1])


def test_page_lists_each_metric_and_its_rules_name_only_these(published, scrape):
    page = (ROOT / "docs/monitoring.md").read_text()
    Client().get("/healthz")
    text = Client().get("/metrics", headers=BEARER).content.decode()

    names = set(re.findall(r"^# TYPE (palimpsest_\w+)", text, re.M))
    listed = set(re.findall(r"^\| `(palimpsest_\w+)`", page, re.M))
    used = {
        name
        for rule in block("rules")["groups"][0]["rules"]
        for name in re.findall(r"palimpsest_\w+", rule["expr"])
    }

    refused = "palimpsest_http_refused_requests_total"  # not there before the first
    assert listed == names | {refused}
    assert len(used) >= 5
    assert {name.removesuffix("_bucket") for name in used} <= listed


def test_scrape_config_bears_the_token_as_a_bearer_does():
    (job,) = block("scrape")["scrape_configs"]

    assert job["authorization"].keys() == {"credentials"}  # its type is Bearer unless said otherwise
    assert "metrics_path" not in job  # which is /metrics
