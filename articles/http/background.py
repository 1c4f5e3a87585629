"""The end of a request: where no worker runs, short tasks are still done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.tasks import SHORT, short_task_enqueued
from articles.tasks.background_tasks import BackgroundTask
from articles.tasks.running import run_next

logger = logging.getLogger(__name__)

MOST_MILLISECONDS = 200
SECONDS_BETWEEN_LOOKS = 10  # of a process that enqueued no short task itself

_next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS


def short_tasks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Run at most one short task once a response is sent: servers close it then.

    Only after requests that may have written and were not refused, so that reading costs no query. The others cost
    one if this process enqueued a short task, or if it has not looked for ten seconds.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or response.status_code >= 400:
            return response
        close = response.close

        def run_and_close() -> None:
            try:
                _run_short_task()
            finally:
                close()  # gives back the database's connection, so it comes last

        response.close = run_and_close  # type: ignore[method-assign]
        return response

    return middleware


def _run_short_task() -> None:
    global _next_look
    if not short_task_enqueued.is_set() and time.monotonic() < _next_look:
        return
    short_task_enqueued.clear()
    _next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
    start = time.perf_counter()
    try:
        task = run_next(BackgroundTask.objects.due().filter(queue_name=SHORT))
    except Exception:
        logger.exception("The end of a request could not run a task")
        return
    if task:
        _next_look = time.monotonic()  # there may be more
    milliseconds = 1000 * (time.perf_counter() - start)
    if task and milliseconds > MOST_MILLISECONDS:
        logger.warning("%s is declared short and took %d milliseconds", task.task_path, milliseconds)
