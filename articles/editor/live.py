"""Answers to the editor while an author types: preview, length, findings, removals, unseen texts and changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.http.limits import limited, refused_turn
from articles.http.parameters import parse_number
from articles.models import Revision
from articles.revisions.forms import ArticleForm
from articles.templatetags.labels import place, sentence, severity_label, unseen_label
from articles.templatetags.languages import language_label
from articles.templatetags.marks import character, decoded, payload
from articles.templatetags.prose import drawn
from articles.text.checks import Finding
from articles.text.content import (
    Content,
    Field,
    FieldFinding,
    Unseen,
    compare_contents,
    findings,
    line_and_column,
    unseen_in,
)
from articles.text.content.defaults import Defaults, covers_in, defaults_of
from articles.text.page import (
    Length,
    Remedy,
    Removal,
    Rewrite,
    SourceRefused,
    element_places,
    length,
    sanitize,
)
from articles.text.unicode import tables
from articles.text.unicode.boxes import box_label
from articles.text.unicode.identification import language_of_text
from articles.text.unicode.languages import direction

from .answers import error_answer, refusal

MAX_NAMED = 4  # code points of one finding that are named
MAX_LISTED = 300  # findings and removals; the editor draws a third of them, and one click may change all
MAX_UNSEEN = 100  # that are listed; the editor draws as many


@dataclass(frozen=True, slots=True)
class Beside:
    """What the editor shows beside a text. If `html` is None, `refusal` says why.

    `other_language` is the tag to offer if the whole text is certainly in another language, else None. `places` says
    which element of the HTML comes from which place of the source, for the preview to follow the caret. `defaults`
    stand for what the author left empty, and `covers` are the names of the pictures in the text.
    """

    content: Content
    html: str | None
    refusal: str
    length: str
    removals: tuple[Removal, ...]
    unseen: tuple[Unseen, ...]
    findings: list[FieldFinding]
    other_language: str | None
    places: list[tuple[int, int]]
    defaults: Defaults
    covers: list[str]

    @classmethod
    def of(cls, content: Content) -> Beside:
        """Return what belongs beside a content, from the functions that a save uses; costs as much as a save."""
        try:
            page = sanitize(content.source, max_bytes=settings.MAX_SOURCE_BYTES)
        except SourceRefused as refusal:
            return cls(
                content,
                None,
                sentence(refusal.message),
                _length(Length(0, 0)),
                (),
                (),
                findings(content),
                None,
                [],
                defaults_of("", excerpt=content.excerpt),
                [],
            )
        return cls(
            content,
            drawn(page.html).whole,
            refusal="",
            length=_length(length(page.html)),
            removals=page.removals,
            unseen=unseen_in(content.source, language=content.language),
            findings=findings(content),
            other_language=_other_language(content),
            places=element_places(page),
            defaults=defaults_of(page.html, excerpt=content.excerpt),
            covers=covers_in(page.html),
        )

    @property
    def to_check(self) -> int:
        """The number of things to look at: findings, removals and unseen texts."""
        return len(self.findings) + len(self.removals) + len(self.unseen)

    @property
    def offer(self) -> str:
        """The sentence that offers the other language; empty without one."""
        if self.other_language is None:
            return ""
        return _("This text looks like %(language)s.") % {"language": language_label(self.other_language)}


def _other_language(content: Content) -> str | None:
    """Return the language of a text if it is certainly another one than its author said."""
    tag = language_of_text(content.source, content.language)
    # Of some texts only the script is certain; and Serbian in Latin letters may be Croatian or Bosnian.
    return None if tag is None or tag.startswith("und-") or tag == "sr-Latn" else tag


@require_POST
@limited("live", per_minute=120)
def answer_while_typing(request: HttpRequest) -> HttpResponse:
    """Return what belongs beside the posted fields, as JSON. Spans are half-open, in code points of a field.

    With `compare`, also the changes since version `base` of `article`. Errors are JSON with an `error` for people:
    400 without a text, 401 logged out, 403 without the right to write, 503 with `Retry-After` while others work on
    long texts.
    """
    if refused := refusal(
        request, logged_out=_("You are logged out. Your text is still here, and not saved.")
    ):
        return refused
    if "source" not in request.POST:
        return error_answer(400, _("Send the text as “source”."))
    content = ArticleForm.typed(request.POST)
    if busy := refused_turn(request, content.source):
        error = _("Not up to date: others work on long texts. It goes on by itself in a moment.")
        later = error_answer(503, error)
        later["Retry-After"] = busy["Retry-After"]
        return later
    beside = Beside.of(content)
    answer = {
        "html": beside.html,
        "places": beside.places,
        "refusal": beside.refusal,
        "language": content.language,
        "direction": direction(content.language),
        "other_language": beside.other_language,
        "offer": beside.offer,
        "length": beside.length,
        "excerpt": beside.defaults.excerpt,
        "description": beside.defaults.description,
        "covers": beside.covers[:MAX_LISTED],
        "findings": [_finding(content, item) for item in beside.findings[:MAX_LISTED]],
        "total": len(beside.findings),
        "removals": [_removal(content.source, removal) for removal in beside.removals[:MAX_LISTED]],
        "removals_total": len(beside.removals),
        "unseen": [_unseen(content.source, item) for item in beside.unseen[:MAX_UNSEEN]],
        "unseen_total": len(beside.unseen),
        "comparison": _comparison(request, content) if "compare" in request.POST else None,
    }
    # As UTF-8: an escape takes three times as many bytes as a letter of most scripts.
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _length(of: Length) -> str:
    words = ngettext("%(n)s word", "%(n)s words", of.words) % {
        "n": number_format(of.words, force_grouping=True)
    }
    minutes = ngettext("%(n)d minute to read", "%(n)d minutes to read", of.minutes) % {"n": of.minutes}
    return f"{words} · {minutes}" if of.words else words


def _finding(content: Content, item: FieldFinding) -> dict[str, Any]:
    """Return a finding for the list. `shown` and `payload_shown` are HTML.

    `written` is the source at the span; for an entity it differs from the character.
    """
    finding = item.finding
    names = [tables.name(char) for char in dict.fromkeys(finding.text[:MAX_NAMED])]
    more = " …" if len(finding.text) > MAX_NAMED else ""
    return {
        "field": item.field if item.field is not Field.TAG else "tags",
        "check": finding.check,
        "severity": finding.severity,
        "severity_label": severity_label(finding.severity),
        "start": finding.start,
        "end": finding.end,
        "written": content.text(item.field)[finding.start : finding.end],
        "shown": character(finding),
        "code_points": " ".join(finding.code_points[:MAX_NAMED]) + more,
        "name": ", ".join(names) + more,
        "meant": finding.meant,
        "put": _replacement(finding),
        "payload": finding.payload,
        "payload_shown": payload(finding),
        "message": sentence(finding.message),
        "place": place(content, item),
    }


def _replacement(finding: Finding) -> str | None:
    """Return the replacement to offer: what was meant, "" for an invisible character, None if there is no offer."""
    if finding.meant is None and all(map(box_label, finding.text)):
        return ""
    return finding.meant


def _removal(source: str, removal: Removal) -> dict[str, Any]:
    return {
        "field": "source",
        "start": removal.start,
        "end": removal.end,
        "written": source[removal.start : removal.end],
        "what": removal.what,
        "reason": sentence(removal.reason),
        "place": _place(source, removal.start),
        "rewrite": _rewrite(source, removal.rewrite) if removal.rewrite else None,
    }


def _unseen(source: str, item: Unseen) -> dict[str, Any]:
    """Return a text that readers do not see, for the list. `shown` is HTML; a long text is cut."""
    return {
        "field": "source",
        "start": item.start,
        "end": item.end,
        "kind": item.kind,
        "kind_label": capfirst(unseen_label(item.kind)),
        "shown": decoded(item.text),
        "place": _place(source, item.start),
    }


def _place(source: str, offset: int) -> str:
    line, column = line_and_column(source, offset)
    return _("line %(line)d, character %(column)d") % {"line": line, "column": column}


def _rewrite(source: str, rewrite: Rewrite) -> dict[str, Any]:
    labels = {
        Remedy.CODE: _("Show it as code"),
        Remedy.REMOVE: _("Take it out"),
        Remedy.TEXT: _("Keep the text alone"),
        Remedy.LINK: _("Link to the picture"),
        Remedy.UPLOAD: _("Upload the picture"),
        Remedy.SUBSCRIPT: _("Write as subscript"),
    }
    return {
        "field": "source",
        "remedy": rewrite.remedy,
        "label": labels[rewrite.remedy],
        "start": rewrite.start,
        "end": rewrite.end,
        "written": source[rewrite.start : rewrite.end],
        "text": rewrite.text,
    }


def _comparison(request: HttpRequest, content: Content) -> str:
    """Return the changes since the base as HTML, drawn as on the comparison page."""
    article, base = (parse_number(request.POST.get(name)) or 0 for name in ("article", "base"))
    revisions = Revision.objects.visible_to(request.user).with_text()
    saved = revisions.filter(article_id=article, number=base).first()
    comparison = compare_contents(saved.content if saved else None, content)
    return render_to_string("articles/_comparison.html", {"comparison": comparison}, request)
