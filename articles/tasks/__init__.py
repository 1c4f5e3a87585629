"""Work that is done after the response: by `manage.py run_tasks` or, where it is short, at the end of a request.

A task is a function at the top of a module, and `enqueue` asks for it:

    @task(title=gettext_lazy("Sketch an article"), queue_name=SHORT)
    def sketch(article: int) -> None: ...

    sketch.enqueue(article.pk)

Its arguments are JSON, and with its path they are its key: asked for twice, it runs once. Asked for while it runs, it
runs once more. It has to be idempotent, since it runs again after an error and after the loss of its worker. `SHORT`
declares that it takes at most 200 milliseconds and asks no other machine but the database. A longer one calls
`running.report` at least every minute. What it returns is a sentence for administrators.
"""

from collections.abc import Callable
from importlib import import_module
from threading import Event
from typing import Any

import django

__all__ = ["SHORT", "short_task_enqueued", "task"]

SHORT = "short"  # the queue that the ends of requests serve, too
short_task_enqueued = Event()  # set when this process asks for a short task
_framework = import_module("django.tasks" if django.VERSION >= (6, 0) else "django_tasks")
task: Callable[..., Callable[[Callable[..., Any]], Any]] = _framework.task
