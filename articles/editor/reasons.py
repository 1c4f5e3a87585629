"""Ready-made reasons in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from articles import permissions
from articles.models import ReasonTemplate

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[ReasonTemplate]
else:  # only the type stubs know a generic class
    ModelAdmin = admin.ModelAdmin


@admin.register(ReasonTemplate)
class ReasonTemplateAdmin(ModelAdmin):
    """The list of ready-made reasons. Whoever may review may edit it."""

    list_display = ("name", "text")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_moderate(request.user)

    def has_view_permission(self, request: HttpRequest, obj: ReasonTemplate | None = None) -> bool:
        return permissions.can_moderate(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.can_moderate(request.user)

    def has_change_permission(self, request: HttpRequest, obj: ReasonTemplate | None = None) -> bool:
        return permissions.can_moderate(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: ReasonTemplate | None = None) -> bool:
        return permissions.can_moderate(request.user)
