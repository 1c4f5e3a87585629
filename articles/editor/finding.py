"""The library of images in the editor: all images of the site, newest first, found by their words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from articles.http.limits import limited
from articles.http.parameters import parse_number
from articles.models import Image

from .answers import refusal

IMAGES_A_PAGE = 24
MAX_QUERY = 200  # characters; more are cut off


@require_GET
@limited("find", per_minute=120)
def find_images(request: HttpRequest) -> JsonResponse:
    """Return a page of images with all words of `q`, or of all if it is empty, as JSON: `images` and `next`.

    The newest come first. `next` is the `before` of the next page, or null. One query. Errors are JSON with an
    `error` for people: 401 logged out, 403 without the right to write.
    """
    if refused := refusal(request, logged_out=_("You are logged out.")):
        return refused
    images = Image.objects.found_by(request.GET.get("q", "")[:MAX_QUERY]).order_by("-pk")
    if before := parse_number(request.GET.get("before")):
        images = images.filter(pk__lt=before)
    found = list(images[: IMAGES_A_PAGE + 1])
    page = found[:IMAGES_A_PAGE]
    return JsonResponse(
        {
            "images": [_as_json(image) for image in page],
            "next": page[-1].pk if len(found) > len(page) else None,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _as_json(image: Image) -> dict[str, Any]:
    return {
        "address": image.name.address,
        "thumbnail": image.name.thumbnail,
        "alt": image.alt,
        "file_name": image.file_name,
        "uploaded_by": image.uploaded_by_name,
        "uploaded_on": date_format(localtime(image.uploaded_at), "SHORT_DATE_FORMAT"),
    }
