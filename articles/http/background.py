"""The end of a request: where no worker runs, short tasks are still done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.tasks import SHORT
from articles.tasks.background_tasks import BackgroundTask
from articles.tasks.running import run_next

logger = logging.getLogger(__name__)

MOST_MILLISECONDS = 200


def short_tasks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Run at most one short task once a response is sent: servers close it then.

    Only after requests that may have written and were not refused, so that reading costs no query. Where nothing is
    due, the others cost one.
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
    start = time.perf_counter()
    try:
        task = run_next(BackgroundTask.objects.due().filter(queue_name=SHORT))
    except Exception:
        logger.exception("The end of a request could not run a task")
        return
    milliseconds = 1000 * (time.perf_counter() - start)
    if task and milliseconds > MOST_MILLISECONDS:
        logger.warning("%s is declared short and took %d milliseconds", task.task_path, milliseconds)
