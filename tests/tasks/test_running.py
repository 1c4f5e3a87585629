"""Tasks run once for one key, again after errors and lost workers, and stop when they are cancelled."""

import logging
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles.tasks import SHORT, running
from articles.tasks.background_tasks import LEASE, RETENTION, BackgroundTask, asked_for_now

from .kinds import count, done, hang, note, note_at_once, when

pytestmark = pytest.mark.django_db


def run_due():
    running.work(until_idle=True)


def only():
    return BackgroundTask.objects.get()


def test_task_runs_once_and_says_what_it_did():
    count.enqueue(3)

    run_due()
    run_due()

    assert done == [1, 2, 3]
    assert (only().status, only().return_value, only().attempts) == ("SUCCESSFUL", "3 numbers counted", 1)


def test_task_waits_for_the_commit_of_whoever_asks():
    try:
        with transaction.atomic():
            note.enqueue("word")
            raise ValueError
    except ValueError:
        pass

    assert not BackgroundTask.objects.exists()


def test_same_task_with_same_arguments_is_due_once():
    first = note.enqueue("word")
    again = note.enqueue("word")
    note.enqueue("other word")
    note_at_once.enqueue("word")

    assert again.id == first.id
    assert BackgroundTask.objects.count() == 3


def test_asynchronous_code_asks_for_the_same_row():
    result = note.enqueue("word")

    assert async_to_sync(note.aenqueue)("word").id == result.id


def test_task_that_is_asked_for_again_after_its_end_runs_again():
    note.enqueue("word")
    run_due()
    note.enqueue("word")
    run_due()

    assert done == ["word", "word"]
    assert only().attempts == 1


def test_task_that_is_asked_for_while_it_runs_runs_once_more():
    """What it does not see of a change made while it runs, it sees the second time."""
    when["word"] = lambda: done or (note.enqueue("word"), note.enqueue("word"))
    note.enqueue("word")

    run_due()

    assert done == ["word", "word"]


def test_task_for_later_waits_for_its_time(clock):
    note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("word")
    run_due()
    assert (done, only().state) == ([], "waits for its time")

    clock(hours=1)
    run_due()

    assert done == ["word"]


def test_failed_attempt_is_repeated_after_a_wait_that_doubles(clock, broken):
    note.enqueue("word")
    for minutes in (1, 2, 4):
        run_due()
        task = only()
        assert (task.status, task.last_error) == ("READY", "ConnectionError: the server is away")
        assert (task.state, task.run_after) == (
            "waits for its next attempt",
            timezone.now() + timedelta(minutes=minutes),
        )
        clock(minutes=minutes, microseconds=-1)
        run_due()
        assert only().attempts == task.attempts
        clock(microseconds=1)

    broken.pop("word")
    run_due()

    assert done == ["word"]
    assert (only().status, only().attempts, only().last_error) == ("SUCCESSFUL", 4, "")


def test_last_attempt_that_fails_is_the_end_until_somebody_tries_again(clock, broken, caplog):
    note.enqueue("word")
    with caplog.at_level(logging.WARNING):
        for _ in range(running.MOST_ATTEMPTS + 1):
            run_due()
            clock(hours=9)

    assert (only().status, only().attempts, only().state) == ("FAILED", running.MOST_ATTEMPTS, "failed")
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 9 + ["ERROR"]

    broken.pop("word")
    assert BackgroundTask.objects.retry() == 1
    run_due()
    assert only().status == "SUCCESSFUL"


def test_waiting_for_the_next_attempt_is_shortened_by_hand_and_not_by_asking_again(clock, broken):
    note.enqueue("word")
    run_due()
    wait_ends_at = only().run_after

    note.enqueue("word")

    assert only().run_after == wait_ends_at
    BackgroundTask.objects.retry()
    assert BackgroundTask.objects.due().exists()


def test_task_of_another_release_fails_and_others_run(clock):
    note.enqueue("gone")
    BackgroundTask.objects.update(task_path="tests.tasks.kinds.gone")
    note.enqueue("word")

    run_due()

    assert done == ["word"]
    gone = BackgroundTask.objects.get(status="READY")
    assert "ImportError" in gone.last_error
    assert gone.title == "tests.tasks.kinds.gone"


def test_progress_is_stored_in_words():
    seen = []
    when["2"] = lambda: seen.append((only().return_value, only().state))
    count.enqueue(3)

    run_due()

    assert seen == [("2 of 3 numbers", "is running")]


def test_reports_within_a_second_are_not_stored(monkeypatch):
    monkeypatch.setattr(running, "SECONDS_BETWEEN_REPORTS", 60.0)
    seen = []
    when["3"] = lambda: seen.append(only().return_value)
    count.enqueue(3)

    run_due()

    assert seen == ["1 of 3 numbers"]


def test_function_of_a_task_can_be_called_as_any_other():
    assert count.func(2) == "2 numbers counted"


def test_running_task_notices_the_cancel_at_its_next_report():
    when["2"] = BackgroundTask.objects.cancel
    count.enqueue(5)

    run_due()

    assert done == [1, 2]
    assert (only().state, only().return_value) == ("cancelled", "2 of 5 numbers")


def test_waiting_task_that_is_cancelled_does_not_run():
    note.enqueue("word")
    assert BackgroundTask.objects.cancel() == 1

    run_due()

    assert (done, only().state) == ([], "cancelled")


def test_cancelled_task_that_fails_is_not_tried_again(clock):
    def cancel_and_fail():
        BackgroundTask.objects.cancel()
        raise ConnectionError

    when["word"] = cancel_and_fail
    note.enqueue("word")
    run_due()
    clock(days=1)
    run_due()

    assert only().state == "cancelled"
    assert only().attempts == 1


def test_cancelled_task_that_ended_before_it_noticed_is_done():
    when["word"] = BackgroundTask.objects.cancel
    note.enqueue("word")

    run_due()

    assert only().state == "done"


def test_ended_task_cannot_be_cancelled():
    note.enqueue("word")
    run_due()

    assert BackgroundTask.objects.cancel() == 0
    assert only().state == "done"


def test_stopped_worker_leaves_its_task_to_the_next_one_without_counting_the_attempt():
    when["2"] = running.stopping.set
    count.enqueue(4)

    run_due()

    assert (done, only().status, only().attempts) == ([1, 2], "READY", 0)
    running.stopping.clear()
    when.clear()
    run_due()
    assert only().state == "done"


def test_task_of_a_lost_worker_is_taken_over_and_the_lost_one_changes_nothing(clock):
    def lose_and_take_over():
        when.clear()
        clock(seconds=LEASE.total_seconds() - 1)
        run_due()
        assert done == []
        clock(seconds=1)
        assert only().state == "waits for `manage.py run_tasks`"
        run_due()

    when["1"] = lose_and_take_over
    count.enqueue(2)

    run_due()

    assert done == [1, 2, 1]  # the lost one goes on until its next report
    assert (only().status, only().return_value, only().attempts) == ("SUCCESSFUL", "2 numbers counted", 2)


def test_run_that_lost_its_task_does_not_say_how_it_ended(clock):
    def lose_and_fail_elsewhere():
        when["word"] = lambda: 1 / 0
        clock(seconds=LEASE.total_seconds())
        run_due()

    when["word"] = lose_and_fail_elsewhere
    note.enqueue("word")

    run_due()

    assert done == ["word"]
    assert (only().state, only().attempts) == ("waits for its next attempt", 2)


def test_run_that_lost_its_task_stops_at_its_next_report(clock):
    def lose():
        clock(seconds=LEASE.total_seconds())
        assert BackgroundTask.objects.due().claim()

    when["1"] = lose
    count.enqueue(3)

    run_due()

    assert done == [1]
    assert only().status == "RUNNING"


def test_report_renews_the_lease(clock):
    when["1"] = lambda: clock(minutes=4)
    when["2"] = lambda: (clock(minutes=4), run_due())
    count.enqueue(2)

    run_due()

    assert done == [1, 2]


def test_task_that_loses_every_worker_fails(clock):
    note.enqueue("word")
    for _ in range(running.MOST_ATTEMPTS):
        assert BackgroundTask.objects.due().claim()
        assert not BackgroundTask.objects.due().exists()
        clock(seconds=LEASE.total_seconds())

    run_due()

    assert (done, only().status) == ([], "FAILED")
    assert only().last_error == "RuntimeError: The worker was lost in the last attempt, too."


def test_ended_tasks_are_pruned_after_their_time_and_others_are_kept(clock):
    note.enqueue("old")
    run_due()
    clock(seconds=1)
    note.enqueue("newer")
    run_due()
    note.using(run_after=timezone.now() + timedelta(days=60)).enqueue("later")
    clock(seconds=RETENTION.total_seconds())

    note.enqueue("new")
    run_due()

    assert {task.args_kwargs["args"][0] for task in BackgroundTask.objects.all()} == {"newer", "later", "new"}


def test_worker_without_work_asks_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        run_due()


def test_due_tasks_are_found_by_an_index():
    BackgroundTask.objects.bulk_create(
        BackgroundTask(
            **asked_for_now()
            | {"status": "SUCCESSFUL", "queue_name": SHORT, "task_path": "tests.tasks.kinds.note"},
            args_kwargs={"args": [str(n)], "kwargs": {}},
            backend_name="default",
        )
        for n in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_tasks_database_dbtaskresult")

    for tasks in (BackgroundTask.objects.due(), BackgroundTask.objects.due().filter(queue_name=SHORT)):
        assert "articles_task_due" in tasks.explain()


# On real connections


def database_url():
    held = settings.DATABASES["default"] | connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    account = held["USER"] + (f":{quote(held['PASSWORD'])}" if held["PASSWORD"] else "")
    return f"postgres://{account}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


def on_own_connections(number, act):
    def run(n):
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_for_one_task_get_one_row():
    together = Barrier(4)

    def ask(n):
        together.wait(10)
        return note.enqueue("word").id

    assert len(set(on_own_connections(4, ask))) == 1
    run_due()
    assert done == ["word"]


@pytest.mark.django_db(transaction=True)
def test_threads_that_work_run_each_task_once():
    for n in range(12):
        note.enqueue(str(n))

    on_own_connections(3, lambda n: run_due())

    assert sorted(done, key=int) == [str(n) for n in range(12)]


@pytest.mark.django_db(transaction=True)
def test_waiting_task_that_an_open_transaction_asks_for_runs_after_its_commit():
    note.enqueue("word")
    asked, may_commit = Event(), Event()

    def ask(n):
        with transaction.atomic():
            note.enqueue("word")
            asked.set()
            may_commit.wait(10)

    def work(n):
        asked.wait(10)
        if connection.vendor != "sqlite":  # which lets nobody claim meanwhile
            run_due()
            assert done == []
        may_commit.set()
        run_due()

    on_own_connections(2, lambda n: (ask, work)[n](n))
    run_due()

    assert done == ["word"]


@pytest.mark.django_db(transaction=True)
def test_task_of_a_killed_worker_is_picked_up_again(clock):
    hang.enqueue()
    environment = os.environ | {"DATABASE_URL": database_url()}
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_tasks"], cwd=settings.BASE_DIR, env=environment
    )
    deadline = time.monotonic() + 60
    while only().status != "RUNNING" and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    assert only().status == "RUNNING"

    assert BackgroundTask.objects.due().claim() is None
    clock(minutes=15)  # more than the lease and the time that the worker took to start
    task = BackgroundTask.objects.due().claim()

    assert task.attempts == 2
    assert task.worker_ids[0].endswith(f":{worker.pid}")


@pytest.mark.django_db(transaction=True)
def test_command_ends_at_a_signal():
    environment = os.environ | {"DATABASE_URL": database_url()}
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_tasks"], cwd=settings.BASE_DIR, env=environment
    )
    note.enqueue("word")
    deadline = time.monotonic() + 60
    while only().status != "SUCCESSFUL" and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    assert only().status == "SUCCESSFUL"


def test_command_for_cron_ends_when_nothing_is_due(monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    note.enqueue("word")

    call_command("run_tasks", "--until-idle")

    assert done == ["word"]
