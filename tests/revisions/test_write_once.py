"""What is written once stays: for the model, the queryset and the database itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Max, QuerySet

from articles import workflow
from articles.models import Attribution, Body, Event, Publication, Revision
from articles.revisions import triggers
from articles.revisions.write_once import WriteOnceError

MODELS = [Revision, Body, Attribution, Publication, Event]


@pytest.fixture
def rows(published):
    return {model: model.objects.first() for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_model_refuses_a_second_save_and_a_delete(rows, model):
    with pytest.raises(WriteOnceError):
        rows[model].save()
    with pytest.raises(WriteOnceError):
        rows[model].delete()


@pytest.mark.parametrize("model", MODELS)
def test_queryset_refuses_update_and_delete(rows, model):
    for change in (
        lambda rows: rows.delete(),
        lambda rows: rows.update(pk=7),
        lambda rows: rows.bulk_update(list(rows), ["pk"]),
        lambda rows: rows.update_or_create(pk=7),
    ):
        with pytest.raises(WriteOnceError):
            change(model.objects.all())
    assert model.objects.filter(pk=rows[model].pk).exists()


STATEMENTS = [
    "UPDATE articles_revision SET title = 'x'",
    "UPDATE articles_revision SET number = number + 1",
    "UPDATE articles_revision SET author_name = 'x', author_id = NULL",
    "UPDATE articles_body SET codec = 0",
    "UPDATE articles_attribution SET added = 7",
    "UPDATE articles_publication SET published_at = CURRENT_TIMESTAMP",
    "UPDATE articles_event SET reason = 'x'",
    "DELETE FROM articles_event",
    "DELETE FROM articles_publication",
    "DELETE FROM articles_attribution",
    "DELETE FROM articles_body",
    "DELETE FROM articles_revision",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_database_refuses_with_its_own_triggers(rows, statement):
    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_database_refuses_to_truncate_or_replace(rows):
    statement = (
        "INSERT OR REPLACE INTO articles_body (revision_id, codec, data) SELECT revision_id, 0, 'x' FROM articles_body"
        if connection.vendor == "sqlite"
        else "TRUNCATE articles_body"
    )
    connection.check_constraints()  # PostgreSQL truncates no table whose foreign keys wait to be checked
    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("statement", STATEMENTS[:4])
def test_refusal_comes_from_the_triggers_alone(rows, statement):
    """The same statements pass where the triggers are dropped, so nothing else refuses them."""
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def test_triggers_stand_in_the_tests_as_after_migrating(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = {f"{table}_no_{what}" for table in triggers.TABLES for what in ("update", "delete")}
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            expected = {
                f"{table}_{what}" for table in triggers.TABLES for what in ("write_once", "no_truncate")
            }
        assert {name for (name,) in cursor.fetchall()} == expected


@pytest.mark.django_db(transaction=True)
def test_triggers_stand_in_tests_that_commit(save):
    revision = save()

    with pytest.raises(DatabaseError, match="written once"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_body")
    assert Revision.objects.get() == revision


def test_deleting_an_account_keeps_its_revisions_and_the_recorded_name(save, author, moderator):
    revision = save()
    workflow.publish(revision, by=moderator)

    author.delete()
    moderator.delete()

    kept = Revision.objects.get()
    assert (kept.author, kept.author_name, kept.sha256) == (None, "author", revision.sha256)
    assert [(e.actor, e.actor_name) for e in Event.objects.all()] == [(None, "moderator"), (None, "author")]


# How small the rows are


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps times as numbers, and every key has an index"
)
def test_sqlite_keeps_times_as_numbers_and_needs_no_index_for_keys_of_texts(rows):
    with connection.cursor() as cursor:
        cursor.execute("SELECT typeof(at), typeof(created_at) FROM articles_event, articles_revision")
        assert set(cursor.fetchall()) == {("integer", "integer")}
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'articles_body'")
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "at", [datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), datetime(2026, 1, 2, 3, 4, 5, 6, UTC)]
)
def test_time_is_read_and_compared_to_the_microsecond(rows, at):
    with triggers.dropped(connection):  # the model's own queryset refuses updates
        QuerySet(Event).filter(pk=rows[Event].pk).update(at=at)
    moments, tick = Event.objects.filter(pk=rows[Event].pk), timedelta(microseconds=1)

    assert (moments.get().at, moments.aggregate(last=Max("at"))["last"]) == (at, at)
    assert moments.filter(at__gte=at, at__lt=at + tick).exists()
    assert not moments.filter(at__lt=at).exists()
    assert not moments.filter(at__gt=at).exists()
