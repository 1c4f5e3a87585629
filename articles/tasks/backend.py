"""The backend of Django's tasks: one row in the database for each task and its arguments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction
from django_tasks_db import DatabaseBackend
from django_tasks_db.compat import BaseTaskBackend, Task, TaskResultStatus, normalize_json

from . import SHORT, short_task_enqueued
from .background_tasks import BackgroundTask, asked_for_now

if TYPE_CHECKING:
    _Task = Task[..., Any]
else:
    _Task = Task  # not every release of Django lets it be subscripted


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledTask(_Task):
    """A task that administrators know by its title."""

    title: Any = ""  # a string, or one to be translated


class KeyedBackend(DatabaseBackend):
    """A backend that derives the row's id from task and arguments, so the database rejects a second row."""

    task_class = TitledTask
    aenqueue = BaseTaskBackend.aenqueue  # type: ignore[assignment]

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Make the task due, in the caller's transaction. Changes nothing if it waits already."""
        self.validate_task(task)
        arguments = normalize_json({"args": args, "kwargs": kwargs})
        key = uuid5(NAMESPACE_OID, json.dumps([task.module_path, arguments], sort_keys=True))
        asked_for = asked_for_now() | {"queue_name": task.queue_name, "priority": task.priority}
        if task.run_after:
            asked_for["run_after"] = task.run_after
        constant = {"task_path": task.module_path, "args_kwargs": arguments, "backend_name": self.alias}
        with transaction.atomic():
            rows = BackgroundTask.objects.select_for_update()
            row, _ = rows.get_or_create(id=key, defaults=constant | asked_for)
            if row.status == TaskResultStatus.RUNNING:
                row.change(enqueued_at=asked_for["enqueued_at"])  # the end of this run sees it
            elif row.status != TaskResultStatus.READY:
                row.change(**asked_for)
        if task.queue_name == SHORT:
            short_task_enqueued.set()
        return row.task_result
