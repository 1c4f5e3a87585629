"""The answer to a paste: the HTML of the clipboard as Markdown, and what of it was left out."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.clipboard import Converted, Fate, convert
from articles.http.limits import limited
from articles.templatetags.marks import decoded

from .answers import error_answer, refusal

HTML_BYTES = 4  # of HTML are read for each byte that a text may have
MAX_SHOWN = 5  # texts of one kind that are shown
MAX_NOTE = 100_000  # the number of a first footnote


@require_POST
@limited("paste", per_minute=60)
def convert_pasted(request: HttpRequest) -> JsonResponse:
    """Return the posted `html` as Markdown, in JSON, with what was left out. Footnotes count from `first_note`.

    The fields come as a form or as JSON. Errors are JSON with an `error` for people: 400 without HTML, 401 logged
    out, 403 without the right to write, 413 if the HTML or its Markdown is too long.
    """
    if refused := refusal(request, logged_out=_("You are logged out. The plain text was pasted.")):
        return refused
    fields = _fields(request)
    html = fields.get("html")
    if not isinstance(html, str):
        return error_answer(400, _("Send what was pasted as “html”."))
    if len(html.encode(errors="replace")) > HTML_BYTES * settings.MAX_SOURCE_BYTES:
        return _too_long(HTML_BYTES * settings.MAX_SOURCE_BYTES)
    converted = convert(html, first_note=_number(fields.get("first_note")))
    if len(converted.markdown.encode()) > settings.MAX_SOURCE_BYTES:
        return _too_long(settings.MAX_SOURCE_BYTES)
    return JsonResponse(
        {
            "markdown": converted.markdown,
            "is_inline": converted.is_inline,
            "dropped": _dropped(converted),
        }
    )


def _fields(request: HttpRequest) -> dict[str, Any]:
    """Return the fields of a form or of a JSON object; none if the JSON is not one."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _number(value: object) -> int:
    text = str(value)
    return min(int(text), MAX_NOTE) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else 1


def _too_long(limit: int) -> JsonResponse:
    message = _("What you pasted is longer than %(size)s. The plain text was pasted.")
    return error_answer(413, message % {"size": filesizeformat(limit)})


def _dropped(converted: Converted) -> list[dict[str, Any]]:
    """Return what was left out, for the list: a sentence for each kind, and its first texts as HTML."""
    return [
        {
            "kind": fate,
            "message": _sentence(fate, len(texts)),
            "shown": [decoded(text) for text in texts if text][:MAX_SHOWN],
        }
        for fate, texts in converted.dropped
    ]


def _sentence(fate: Fate, n: int) -> str:
    sentences = {
        Fate.HIDDEN: ngettext("%(n)d hidden text was left out.", "%(n)d hidden texts were left out.", n),
        Fate.COMMENT: ngettext("%(n)d comment was left out.", "%(n)d comments were left out.", n),
        Fate.SCRIPT: ngettext("%(n)d script was left out.", "%(n)d scripts were left out.", n),
        Fate.PICTURE: ngettext(
            "%(n)d picture was left out: upload it.", "%(n)d pictures were left out: upload them.", n
        ),
        Fate.TRACKER: ngettext(
            "%(n)d picture too small to see was left out.",
            "%(n)d pictures too small to see were left out.",
            n,
        ),
        Fate.MEDIA: ngettext(
            "%(n)d video, sound or frame was left out.", "%(n)d videos, sounds or frames were left out.", n
        ),
        Fate.LINK: ngettext(
            "%(n)d link was left out; its text stays.", "%(n)d links were left out; their texts stay.", n
        ),
        Fate.CONTROL: ngettext(
            "%(n)d button or label was left out.", "%(n)d buttons or labels were left out.", n
        ),
        Fate.NOTE: ngettext(
            "%(n)d footnote came without its text: paste that, too.",
            "%(n)d footnotes came without their texts: paste those, too.",
            n,
        ),
    }
    return sentences[fate] % {"n": n}
