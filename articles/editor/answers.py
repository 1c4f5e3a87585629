"""Answers to scripts: errors as JSON, and who gets more than an error."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from articles import permissions


def error_answer(status: int, message: str) -> JsonResponse:
    """Return an error for people, as JSON."""
    return JsonResponse({"error": message}, status=status)


def refusal(request: HttpRequest, *, logged_out: str) -> JsonResponse | None:
    """Return the answer to somebody who may write no article; None if they may. `logged_out` is said to nobody."""
    if not request.user.is_authenticated:
        return error_answer(401, logged_out)
    may_write = permissions.can_create(request.user) or permissions.can_edit(request.user)
    if not (admin.site.has_permission(request) and may_write):
        return error_answer(403, _("Your account may not write articles."))
    return None
