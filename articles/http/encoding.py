"""The encoding of requests: UTF-8, or the request is refused. Django would put U+FFFD for other bytes silently."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParser
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .trouble import sent_fields

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_is_replaced: ContextVar[bool] = ContextVar("_is_replaced", default=False)


def _decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
    """Decode UTF-8 as Django asks for it, with replacements, but note if there were any."""
    try:
        return codecs.utf_8_decode(data, "strict", True)  # noqa: FBT003, takes no keywords
    except UnicodeDecodeError:
        _is_replaced.set(True)
        return codecs.utf_8_decode(data, errors, True)  # noqa: FBT003


# The parser of multipart forms takes the name of a codec, and nothing else tells what it replaced.
_CODEC = codecs.CodecInfo(codecs.utf_8_encode, _decode, name="articles_utf8")
codecs.register({_CODEC.name: _CODEC}.get)


class RequireUtf8:
    """Middleware that refuses addresses, forms and JSON that are not UTF-8, or say that they are something else.

    Who sent a form gets it back. Must stand after the check of a form's token, and before all that reads parameters.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Django would decode by any codec of Python: some make characters that no database takes, some fail.
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            return HttpResponse("Send text in UTF-8.\n", status=415, content_type="text/plain; charset=utf-8")
        if not _is_utf8(unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))):
            return HttpResponse(
                "The address is not UTF-8.\n", status=400, content_type="text/plain; charset=utf-8"
            )
        request.parse_file_upload = lambda *args: _parse(request, *args)  # type: ignore[method-assign]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Answer 400 to a form or JSON with bytes that are not UTF-8."""
        if request.method != "POST":
            return None
        match request.content_type:
            case "multipart/form-data":
                request.POST  # noqa: B018, reads the form
                is_sound = not getattr(request, "has_replacements", False)
            case "application/x-www-form-urlencoded":
                is_sound = _is_utf8(unquote_to_bytes(request.body))
            case "application/json":
                is_sound = _is_utf8(request.body)
            case _other:
                is_sound = True
        return None if is_sound else _refusal(request)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _parse(request: HttpRequest, meta: dict[str, Any], data: Any) -> Any:
    """Parse a multipart form, and note on the request whether anything in it was replaced."""
    _is_replaced.set(False)
    parsed = MultiPartParser(meta, data, request.upload_handlers, _CODEC.name).parse()
    request.has_replacements = _is_replaced.get()  # type: ignore[attr-defined]
    return parsed


def _refusal(request: HttpRequest) -> HttpResponse:
    """Return the answer 400, with what was sent."""
    message = _("What was sent is not text in UTF-8. Nothing of it was saved.")
    if request.content_type == "application/json":
        return JsonResponse({"error": message}, status=400)
    if request.content_type == "application/x-www-form-urlencoded":  # Django read unescaped bytes as Latin-1
        request.POST = QueryDict(request.body.decode(errors="replace"))
    context = {"message": message, "sent": sent_fields(request), "address": request.get_full_path()}
    return HttpResponse(render_to_string("not_utf8.html", context), status=400)
