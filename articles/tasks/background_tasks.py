"""Background tasks as rows of `django-tasks-db`: which one is due, who runs it, and how it ended."""

from __future__ import annotations

import os
import platform
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.compat import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from . import SHORT

LEASE = timedelta(minutes=5)  # how long a worker may be silent before another one takes its task
RETENTION = timedelta(days=14)  # how long a task that ended stays in the list
CANCELLED = "cancelled"  # stands where the class of an error would


def asked_for_now() -> dict[str, Any]:
    """Return the columns of a task that waits for its first attempt."""
    now = timezone.now()
    return {
        "status": Status.READY,
        "enqueued_at": now,
        "run_after": now,
        "started_at": None,
        "finished_at": None,
        "worker_ids": [],
        "return_value": None,
        "exception_class_path": "",
        "traceback": "",
    }


class BackgroundTaskQuerySet(QuerySet["BackgroundTask"]):
    def due(self) -> Self:
        """Return the tasks whose time has come, and those whose worker was lost."""
        return self.unfinished().filter(run_after__lte=timezone.now())

    def unfinished(self) -> Self:
        """Return the tasks that wait or run."""
        return self.filter(status__in=[Status.READY, Status.RUNNING])

    def claim(self) -> BackgroundTask | None:
        """Take the first of these tasks for this process and return it; None if none is free."""
        if not self.exists():  # a transaction of SQLite would block other writers
            return None
        with transaction.atomic():
            task = self.select_for_update(skip_locked=True).first()
            if task is None:
                return None
            now = timezone.now()
            worker_ids = [*task.worker_ids, f"{platform.node()}:{os.getpid()}"]
            task.change(status=Status.RUNNING, started_at=now, run_after=now + LEASE, worker_ids=worker_ids)
        return task

    def cancel(self) -> int:
        """Cancel tasks that wait or run, and return their number. One that runs stops at its next report."""
        now = timezone.now()
        return self.unfinished().update(
            status=Status.FAILED, finished_at=now, exception_class_path=CANCELLED, traceback=""
        )

    def retry(self) -> int:
        """Make tasks due that failed, were cancelled or wait for their next attempt; return their number."""
        return self.filter(status__in=[Status.READY, Status.FAILED]).update(**asked_for_now())

    def prune(self) -> None:
        """Delete the tasks that ended longer than `RETENTION` ago."""
        self.filter(finished_at__lt=timezone.now() - RETENTION).delete()


class BackgroundTask(DBTaskResult[..., Any]):
    """A task with its arguments, one row for both.

    While the task runs, `started_at` tells this run from others, and `run_after` is when its worker counts as lost.
    `return_value` is a sentence: how far the task has come, then what it did.
    `worker_ids` has an item for each attempt.
    """

    reported_at = 0.0  # of the monotonic clock, in the process that runs the task

    objects = BackgroundTaskQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        proxy = True
        default_permissions = ()
        permissions = [("manage_tasks", "Can see, cancel and repeat background tasks")]
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")

    def __str__(self) -> str:
        return self.title

    # What the list shows; the names are those of its columns

    @property
    @admin.display(description=_("task"))
    def title(self) -> str:
        """What the task does, or its path if this release does not know it."""
        try:
            return str(self.task.title)  # type: ignore[attr-defined]
        except ImportError:
            return self.task_path

    @property
    @admin.display(description=_("arguments"))
    def arguments(self) -> str:
        named = (f"{name}={value!r}" for name, value in self.args_kwargs["kwargs"].items())
        return ", ".join([*map(repr, self.args_kwargs["args"]), *named])

    @property
    @admin.display(description=_("state"), ordering="status")
    def state(self) -> str:
        """The state in words, with what the task waits for."""
        is_due = self.run_after <= timezone.now()
        if self.exception_class_path == CANCELLED:
            return gettext("cancelled")
        if self.status == Status.SUCCESSFUL:
            return gettext("done")
        if self.status == Status.FAILED:
            return gettext("failed")
        if self.status == Status.RUNNING and not is_due:
            return gettext("is running")
        if not is_due:
            return gettext("waits for its next attempt") if self.attempts else gettext("waits for its time")
        if self.queue_name == SHORT:
            return gettext("waits for the end of a request")
        return gettext("waits for `manage.py run_tasks`")

    @property
    @admin.display(description=_("progress"))
    def progress(self) -> str:
        return self.return_value or ""

    @property
    @admin.display(description=_("attempts"))
    def attempts(self) -> int:
        return len(self.worker_ids)

    @property
    @admin.display(description=_("next attempt"), ordering="run_after")
    def next_attempt(self) -> datetime | None:
        return self.run_after if self.status == Status.READY else None

    @property
    @admin.display(description=_("last error"))
    def last_error(self) -> str:
        """The last line of the traceback: class and message."""
        return self.traceback.strip().rpartition("\n")[2]

    # What a run changes

    def change(self, **columns: Any) -> None:
        """Set columns and save only these."""
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=columns)

    def finish(self, **columns: Any) -> None:
        """Store how this run ended, unless another one has begun. A cancelled task does not become due again."""
        with transaction.atomic():
            this_run = BackgroundTask.objects.filter(pk=self.pk, started_at=self.started_at)
            task = this_run.select_for_update().first()
            if task and task.enqueued_at != self.enqueued_at:  # asked for again while it ran
                task.change(**asked_for_now())
            elif task and (task.status == Status.RUNNING or columns["status"] == Status.SUCCESSFUL):
                task.change(**columns)
        for name, value in columns.items():
            setattr(self, name, value)
        BackgroundTask.objects.prune()
