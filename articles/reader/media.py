"""Stored images, from whichever storage holds them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from articles.images.images import FOLDER
from articles.text.page.images import Format


@require_safe
def image(request: HttpRequest, file: str) -> FileResponse:
    """An image or one of its copies. Its name never stands for anything else, so it may be kept for good."""
    try:
        stored = default_storage.open(f"{FOLDER}/{file}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stored, content_type=Format(file.rpartition(".")[2]).content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = (
        "cross-origin"  # readers of feeds show it on pages of their own
    )
    return response
