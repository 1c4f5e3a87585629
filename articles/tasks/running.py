"""Running tasks: attempts, waits between them, progress, and the loop of a worker."""

from __future__ import annotations

import logging
import time
from contextvars import ContextVar
from datetime import timedelta
from threading import Event
from traceback import format_exception
from typing import Any

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus as Status

from .background_tasks import LEASE, BackgroundTask, BackgroundTaskQuerySet

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)  # after the first attempt; each further one is twice as long
SECONDS_BETWEEN_REPORTS = 1.0  # reports that come sooner are not stored
SECONDS_BETWEEN_LOOKS = 1.0  # of a worker without work

stopping = Event()  # set when a worker has to end
current: ContextVar[BackgroundTask | None] = ContextVar("current", default=None)


class Cancelled(BaseException):
    """The task was cancelled, or another worker has it. A task lets it pass."""


class Stopped(BaseException):
    """The worker has to end; the task waits for the next one. A task lets it pass."""


def report(progress: str) -> None:
    """Store how far the running task has come, as a sentence, and renew its lease. Raises `Cancelled` and `Stopped`.

    Nothing happens outside of tasks, and within a second of the last report.
    """
    task = current.get()
    if task is None:
        return
    if stopping.is_set():
        raise Stopped
    now = time.monotonic()
    if now - task.reported_at < SECONDS_BETWEEN_REPORTS:
        return
    task.reported_at = now
    this_run = BackgroundTask.objects.filter(pk=task.pk, status=Status.RUNNING, started_at=task.started_at)
    if not this_run.update(return_value=progress, run_after=timezone.now() + LEASE):
        raise Cancelled


def run(task: BackgroundTask) -> None:
    """Run a claimed task and store how it ended. What the task raises is stored and logged, not raised."""
    token = current.set(task)
    try:
        outcome = _call(task)
    except Cancelled:
        return
    except Stopped:
        task.finish(status=Status.READY, run_after=timezone.now(), worker_ids=task.worker_ids[:-1])
    except Exception as error:
        task.finish(**_failure(task, error))
    else:
        task.finish(
            status=Status.SUCCESSFUL,
            finished_at=timezone.now(),
            return_value=outcome,
            exception_class_path="",
            traceback="",
        )
    finally:
        current.reset(token)


def run_next(tasks: BackgroundTaskQuerySet) -> BackgroundTask | None:
    """Run the first of these tasks and return it as this run left it; None if there is none to take."""
    task = tasks.claim()
    if task is not None:
        run(task)
    return task


def run_now(task: Any, *args: Any) -> BackgroundTask | None:
    """Enqueue a task and run it here, also if it waits for a later attempt; None if another process runs it."""
    row = BackgroundTask.objects.filter(pk=task.enqueue(*args).id)
    return run_next(row.filter(status=Status.READY) | row.due())


def work(*, until_idle: bool) -> None:
    """Run due tasks one after another until `stopping` is set or, with `until_idle`, none is due."""
    while not stopping.is_set():
        if run_next(BackgroundTask.objects.due()) is None:
            if until_idle:
                return
            stopping.wait(SECONDS_BETWEEN_LOOKS)


def _call(task: BackgroundTask) -> str | None:
    """Call the task's function and return its result as text. Raises `RuntimeError` after too many lost workers."""
    if task.attempts > MOST_ATTEMPTS:
        raise RuntimeError("The worker was lost in the last attempt, too.")
    result = task.task_result
    outcome = result.task.call(*result.args, **result.kwargs)
    return None if outcome is None else str(outcome)


def _failure(task: BackgroundTask, error: Exception) -> dict[str, Any]:
    """Log a failed attempt and return its columns: another attempt after a wait, or the end."""
    now = timezone.now()
    columns = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error)),
    }
    if task.attempts < MOST_ATTEMPTS:
        logger.warning("%s failed, attempt %d: %s", task.task_path, task.attempts, error)
        next_attempt = now + FIRST_WAIT * 2 ** (task.attempts - 1)
        return columns | {"status": Status.READY, "run_after": next_attempt}
    logger.error("%s failed for good", task.task_path, exc_info=error)
    return columns | {"status": Status.FAILED, "finished_at": now}
