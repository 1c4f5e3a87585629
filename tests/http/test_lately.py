"""What the database answered lately: fresh for a quarter of a second, and never past a write of this process."""

import re
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction

from articles import workflow
from articles.http import lately
from articles.models import Article, Revision
from articles.reader import published, rows


@pytest.fixture
def clock(monkeypatch):
    """Moves the clock on by so many seconds."""
    now = [1_000.0]
    monkeypatch.setattr(lately.time, "monotonic", lambda: now[0])

    def clock(seconds):
        now[0] += seconds

    return clock


@pytest.fixture
def asked():
    """Asks under one name; holds what the database said each time, and what it fails with."""

    class Asked(list):
        error = None

        def __call__(self):
            def ask():
                if self.error:
                    raise self.error
                self.append(len(self))
                return len(self)

            return lately.lately("tides", ask).shown

    return Asked()


in_earnest = pytest.mark.django_db(transaction=True)


@in_earnest
def test_answer_is_fresh_for_a_quarter_of_a_second(clock, asked):
    assert [asked(), asked()] == [1, 1]
    clock(lately.SECONDS_FRESH - 0.001)
    assert asked() == 1
    clock(0.001)
    assert asked() == 2
    assert lately.SECONDS_FRESH == 0.25


def test_answer_within_a_transaction_is_asked_for_each_time(db, asked):
    assert [asked(), asked()] == [1, 2]


@in_earnest
def test_answer_is_dropped_when_this_process_writes_and_when_it_commits(published, asked):
    def write():
        Article.objects.update(archived_at=None)

    assert asked() == 1
    write()
    assert asked() == 2
    with transaction.atomic():
        write()
        inside = asked()
    assert asked() == inside + 1


@in_earnest
def test_answer_is_dropped_though_a_part_of_the_transaction_is_taken_back(published, asked):
    with transaction.atomic():
        with transaction.atomic():
            Article.objects.update(archived_at=None)
            transaction.set_rollback(True)
        Article.objects.update(archived_at=None)
        before = asked()
    assert asked() == before + 1


@in_earnest
def test_answer_to_a_question_asked_before_a_write_is_not_kept(published, asked):
    def ask():
        Article.objects.update(archived_at=None)  # as another thread does meanwhile
        return "before"

    lately.lately("tides", ask)

    assert asked() == 1


@in_earnest
def test_writes_elsewhere_drop_nothing(client, moderator, asked):
    asked()
    client.force_login(moderator)
    assert asked() == 1


def test_all_tables_that_the_questions_read_are_watched():
    questions = [published._LIVE_PAGE, *(value for value in vars(rows).values() if isinstance(value, str))]
    read = {table for question in questions for table in re.findall(r"articles_[a-z_]+", question)}

    assert len(read) > 6
    assert all(lately.TABLES.fullmatch(table) for table in read)


def test_answer_counts_for_a_minute_while_the_database_does_not_answer(db, clock, asked):
    asked()
    asked.error = OperationalError("no answer")

    clock(lately.SECONDS_UNCONFIRMED)
    assert asked() == 1
    clock(0.001)
    with pytest.raises(OperationalError):
        asked()
    assert lately.SECONDS_UNCONFIRMED == 60


def test_database_is_asked_again_within_half_a_second(db, clock, asked):
    asked()
    asked.error = OperationalError("no answer")
    assert asked() == 1
    asked.error = None
    clock(lately.SECONDS_TO_PAUSE - 0.001)
    assert asked() == 1

    clock(0.001)

    assert [asked(), asked()] == [2, 3]
    assert lately.SECONDS_TO_PAUSE == 0.5


def test_question_from_an_outage_that_fails_late_stops_nobody(db, clock, asked):
    def ask():
        clock(1)
        assert asked() == 1  # by another thread, when the database is back
        raise OperationalError("no answer")

    with pytest.raises(OperationalError):
        lately.lately("gates", ask)

    assert asked() == 2


@in_earnest
def test_what_this_process_changed_is_not_served_while_the_database_does_not_answer(
    published, moderator, asked
):
    asked()
    workflow.unpublish(published.article, by=moderator)
    asked.error = OperationalError("no answer")

    with pytest.raises(OperationalError):
        asked()


@in_earnest
def test_change_that_is_lost_with_the_database_drops_nothing(published, asked):
    assert asked() == 1
    with suppress(OperationalError), transaction.atomic():
        Article.objects.update(archived_at=None)
        asked.error = OperationalError("no answer")
        raise asked.error

    assert asked() == 1


def test_few_answers_are_kept(db, monkeypatch):
    lately._kept.clear()
    monkeypatch.setattr(lately, "MOST_KEPT", 3)
    for name in range(10):
        lately.lately(name, lambda: "shown")
    assert 0 < len(lately._kept) <= 3


def test_nothing_is_not_kept(db, asked):
    asked()
    assert "tides" in lately._kept

    lately.lately("tides", lambda: None)

    assert "tides" not in lately._kept


def test_each_connection_is_watched_once(db):
    lately.watch(connection)

    assert connection.execute_wrappers.count(lately._watched) == 1
    assert Revision.objects.count() == 0
