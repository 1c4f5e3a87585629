"""The tags in use, offered while an author types one."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.http.limits import limited
from articles.models import Tag
from articles.text.content.tags import MAX_TAG

from .answers import refusal

MOST_OFFERED = 10


@require_GET
@limited("tags", per_minute=240)
def find_tags(request: HttpRequest) -> JsonResponse:
    """Return the newest tags in use that begin with `q`, as JSON: `tags`, at most ten, each in its first spelling.

    One query. Errors are JSON with an `error` for people: 401 logged out, 403 without the right to write.
    """
    if refused := refusal(request, logged_out=_("You are logged out.")):
        return refused
    tags = Tag.objects.beginning_with(request.GET.get("q", "")[:MAX_TAG]).to_offer()
    names = list(tags.values_list("name", flat=True)[:MOST_OFFERED])
    return JsonResponse({"tags": names}, json_dumps_params={"ensure_ascii": False})
