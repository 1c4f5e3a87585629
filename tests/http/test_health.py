"""The two health checks."""

from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder


def test_healthz_takes_no_query(client):
    assert client.get("/healthz").content == b"ok\n"  # without the fixture `db`, a query would fail


def test_readyz_answers_200_with_database_and_migrations(client, db):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_counts_migrations_that_are_not_applied(client, db):
    MigrationRecorder(connection).record_unapplied("auth", "0005_alter_user_last_login_null")  # not the last

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations to be applied: 1\n")


def test_readyz_says_that_the_database_does_not_answer(client, db, monkeypatch):
    def fail(*args):
        raise OperationalError("no")

    monkeypatch.setattr("articles.http.health.MigrationLoader", fail)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"the database does not answer\n")
