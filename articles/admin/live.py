"""What the editor shows beside the text while it is being written."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import permissions, workflow
from articles.text.sanitizer import SourceRefused, sanitize


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The HTML that publishing the posted text would give, from the one function that makes it."""
    if not permissions.can_create(request.user) and not permissions.can_edit(request.user):
        raise PermissionDenied
    if "content" not in request.POST:
        return HttpResponse(_("Send the text as “content”."), status=400, content_type="text/plain")
    return HttpResponse(preview_html(request.POST["content"]))


def preview_html(source: str) -> str:
    try:
        return sanitize(workflow.with_lf(source)).html
    except SourceRefused as refusal:
        return format_html('<p class="errornote">{}</p>', str(refusal))
