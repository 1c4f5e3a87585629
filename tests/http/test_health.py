"""The two health checks."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from articles.http.middleware import HEADERS


def test_healthz_takes_no_query(client):
    assert client.get("/healthz").content == b"ok\n"  # without the fixture `db`, a query would fail


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probe_is_answered_whatever_host_it_sends_and_without_tls(client, db, settings, address):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get(address, headers={"host": "10.0.0.7:8000"})

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_readyz_answers_200_with_database_and_migrations(client, db):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_counts_migrations_that_are_not_applied(client, db):
    MigrationRecorder(connection).record_unapplied("auth", "0005_alter_user_last_login_null")  # not the last

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations to be applied: 1\n")


def test_readyz_answers_200_of_a_release_before_on_a_newer_database(client, db):
    MigrationRecorder(connection).record_applied("articles", "9999_of_the_next_release")

    assert client.get("/readyz").status_code == 200


def test_readyz_says_that_the_database_does_not_answer(client, db, monkeypatch):
    def fail(*args):
        raise OperationalError("no")

    monkeypatch.setattr("articles.http.health.MigrationLoader", fail)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"the database does not answer\n")
