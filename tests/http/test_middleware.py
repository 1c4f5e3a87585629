"""The headers of every response, request ids and the line in the log."""

import json
import logging
import subprocess
import sys

import pytest

from articles.http.middleware import HEADERS
from tests.test_settings import ROOT

SECRET = "the sluice key hangs behind the clock"


@pytest.mark.parametrize("address", ["/", "/missing/", "/admin/login/"])
def test_every_response_has_the_security_headers(client, db, address):
    response = client.get(address)

    for name, value in HEADERS.items():
        assert response[name] == value
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_browser_keeps_no_page_of_a_person_signed_in(client, published, author):
    assert "no-store" not in client.get("/articles/tides/").get("Cache-Control", "")

    client.force_login(author)

    assert client.get("/articles/tides/")["Cache-Control"] == "private, no-store"
    assert "no-store" in client.get("/admin/")["Cache-Control"]


def test_signing_out_clears_what_the_browser_kept(client, author):
    client.force_login(author)

    response = client.post("/admin/logout/")

    assert response["Clear-Site-Data"] == '"cache"'
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0af7651916cd43dd", True), ("a", False), ("x" * 65, False), ("id with\tblanks", False)],
)
def test_request_id_of_a_proxy_is_kept_where_it_has_the_shape_of_one(client, given, kept):
    response = client.get("/healthz", headers={"X-Request-ID": given})

    assert (response["X-Request-ID"] == given) is kept


def test_log_tells_the_request_and_nothing_that_was_written(client, author, caplog):
    client.force_login(author)
    with caplog.at_level(logging.INFO):
        client.post(
            f"/admin/articles/article/add/?note={SECRET}", {"source": SECRET, "title": "", "base": "x"}
        )

    record = next(record for record in caplog.records if record.name == "articles.request")
    assert (record.method, record.path, record.status) == ("POST", "/admin/articles/article/add/", 200)
    assert record.account == author.pk
    assert SECRET not in caplog.text
    assert "sluice" not in caplog.text


def test_json_log_is_one_object_a_line_with_the_request_id():
    probe = (
        "import django; django.setup();"
        "from django.test import Client;"
        "answer = Client().get('/articles/x%0Aforged/source', headers={'host': 'localhost', 'X-Request-ID': 'a' * 16});"
        "print(answer.status_code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "cms_site.settings",
            "PATH": "/usr/bin:/bin",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "INFO",
            "DATABASE_URL": "sqlite://:memory:",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    lines = [json.loads(line) for line in run.stderr.splitlines()]
    request = next(line for line in lines if line["logger"] == "articles.request")
    assert request["request_id"] == "a" * 16
    assert request["status"] == int(run.stdout) == 404
    assert {"time", "level", "message", "method", "path", "milliseconds"} <= request.keys()
