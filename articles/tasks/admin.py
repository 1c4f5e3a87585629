"""The admin page of background tasks: administrators see them, cancel them and try them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_tasks_db.admin  # noqa: F401 - registers the page that this one replaces
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from articles import permissions

from .background_tasks import BackgroundTask, BackgroundTaskQuerySet

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[BackgroundTask]
else:
    _ModelAdmin = admin.ModelAdmin  # cannot be subscripted

admin.site.unregister(DBTaskResult)


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(_ModelAdmin):
    list_display = (
        *("title", "arguments", "state", "progress", "attempts", "next_attempt", "last_error"),
        "enqueued_at",
    )
    fields = (
        *("title", "arguments", "state", "progress", "attempts", "enqueued_at", "started_at", "run_after"),
        *("finished_at", "task_path", "worker_ids", "whole_traceback"),
    )
    list_filter = ("status",)
    ordering = ("-enqueued_at",)
    show_full_result_count = False
    actions = ("cancel", "retry")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_manage_tasks(request.user)

    def has_view_permission(self, request: HttpRequest, obj: BackgroundTask | None = None) -> bool:
        return permissions.can_manage_tasks(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: BackgroundTask | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: BackgroundTask | None = None) -> bool:
        return False

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, tasks: BackgroundTaskQuerySet) -> None:
        count = tasks.cancel()
        message = ngettext(
            "%(count)d task is cancelled. If it runs, it stops at its next report.",
            "%(count)d tasks are cancelled. Those that run stop at their next report.",
            count,
        )
        self.message_user(request, message % {"count": count})

    @admin.action(description=_("Try again now"))
    def retry(self, request: HttpRequest, tasks: BackgroundTaskQuerySet) -> None:
        count = tasks.retry()
        message = ngettext("%(count)d task is due now.", "%(count)d tasks are due now.", count)
        self.message_user(request, message % {"count": count})

    @admin.display(description=_("traceback"))
    def whole_traceback(self, task: BackgroundTask) -> str:
        return format_html("<pre>{}</pre>", task.traceback)
