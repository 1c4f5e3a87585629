"""Stored images, from a folder or a bucket."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from articles.images.images import FOLDER
from articles.text.page.images import Format


@require_safe
def image(request: HttpRequest, file: str) -> FileResponse:
    """Return an image or one of its copies. A name never gets another content, so browsers may keep it for ever."""
    try:
        stored = default_storage.open(f"{FOLDER}/{file}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(stored, content_type=Format(file.rpartition(".")[2]).content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = (
        "cross-origin"  # feed readers show the image on their own pages
    )
    return response
