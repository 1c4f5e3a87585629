"""The Markdown twin of a published page: front matter, and of the source only what readers of the page see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape

from articles.clipboard import convert
from articles.models import Revision
from articles.moderation.reviewed import Reviewed
from articles.text.checks import Finding, Severity
from articles.text.content import Content, Field, UnseenKind, findings_in, unseen_in, without
from articles.text.page import Fate, SourceRefused, account, sanitize, visible_text
from articles.text.unicode.boxes import INVISIBLE

# What is cut out of a source. Readers hear alternative texts and see titles under a pointer, so those stay.
_HIDING = frozenset(
    {
        UnseenKind.COMMENT,
        UnseenKind.DEFINITION,
        UnseenKind.ADDRESS,
        UnseenKind.ATTRIBUTE,
        UnseenKind.PAYLOAD,
    }
)
_SPACE = re.compile(r"\s+")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]+")


def twin(revision: Revision, html: str, *, url: str, reviewed: Reviewed | None) -> str:
    """Return the twin of a revision that was published, whose page is `html`, with its address and its review.

    Linear in the text.
    """
    head = "".join(_front_matter(revision, url, reviewed))
    return f"---\n{head}---\n\n{readable(revision.source, html, revision.language)}"


def wants_twin(request: HttpRequest) -> bool:
    """Return whether a request for a page asks for Markdown rather than HTML."""
    return request.get_preferred_type(["text/html", "text/markdown"]) == "text/markdown"


def readable(source: str, html: str, language: str) -> str:
    """Return of a source only what readers see of its page `html`, as Markdown.

    As it was written, without what does not reach the page and what nobody sees there; but written anew from the
    page if that changed what readers see, or if labels of references could hold a message. Only the words of the page
    if one of these has more tags than the sanitizer takes.
    """
    try:
        return _formatted(source, html, language)
    except SourceRefused:
        lines = visible_text(html).split("\n")
        words = convert("".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())).markdown
        return without(words, _hidden_characters(words, language))


def _formatted(source: str, html: str, language: str) -> str:
    """Return what readers see of a source with its formatting. Raises `SourceRefused` for too many tags."""
    written = without(source, _unseen(source, language))
    is_whole = written == source or _seen(sanitize(written, max_bytes=None).html) == _seen(html)
    if is_whole and not _has_wordy_labels(written, language):
        return written
    anew = convert(html).markdown
    return without(anew, _unseen(anew, language))


def plain(text: str, language: str) -> str:
    """Return a text of one line without its hidden characters."""
    return _SPACE.sub(" ", without(text, _hidden_characters(text, language))).strip()


def _front_matter(revision: Revision, url: str, reviewed: Reviewed | None) -> Iterator[str]:
    """Yield the lines of the front matter: YAML, with values as JSON writes them, which YAML reads as well."""
    publication = revision.publication
    values = {
        "title": plain(revision.title, revision.language),
        "language": revision.language,
        "author": plain(revision.author_name, ""),
        "published": _day(revision.article.first_published_at or publication.published_at),
        "updated": _day(publication.published_at),
        "tags": [plain(tag, revision.language) for tag in revision.tags],
        "ai-disclosure": revision.ai_disclosure,
        "version": revision.number,
        "sha256": revision.sha256,
        **_review(reviewed),
        "url": url,
        "licence": settings.SITE_LICENCE,
    }
    for name, value in values.items():
        if value not in ("", []):
            yield f"{name}: {_as_yaml(value)}\n"


def _review(reviewed: Reviewed | None) -> dict[str, str]:
    """Return who reviewed the version and when, by role if the site names nobody; empty without a review."""
    if reviewed is None or not reviewed.is_review or reviewed.at is None:
        return {}
    return {"reviewed": _day(reviewed.at), "reviewed-by": plain(reviewed.name, "") or "moderator"}


def _as_yaml(value: object) -> str:
    """Return a value in YAML, which takes some characters only as escapes."""
    return str(INVISIBLE.sub(_escape, json.dumps(value, ensure_ascii=False)))


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1] if match[0] != "\x7f" else "\\u007f"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _unseen(source: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a source that readers do not see, in any order."""
    pieces = account(source, max_bytes=None)
    yield from ((piece.start, piece.end) for piece in pieces if piece.fate is Fate.REMOVED)
    for item in unseen_in(source, language=language):
        if item.kind is UnseenKind.INFO:  # the first word names the language of the code
            yield item.start + len(source[item.start : item.end].split(maxsplit=1)[0]), item.end
        elif item.kind in _HIDING:
            yield item.start, item.end
    yield from _hidden_characters(source, language)


def _hidden_characters(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of invisible characters that are flagged and do nothing that readers see.

    Where a mark of direction is flagged, all of its line go: one that closes has no meaning without its partner.
    """
    for finding in findings_in(Content(title="", slug="", source=text, language=language), Field.SOURCE):
        if INVISIBLE.sub("", finding.text) or _is_seen(finding):
            continue
        yield finding.start, finding.end
        if finding.check == "bidi-control":
            first, last = text.rfind("\n", 0, finding.start) + 1, text.find("\n", finding.end)
            marks = _DIRECTIONS.finditer(text, first, last if last >= 0 else len(text))
            yield from (mark.span() for mark in marks)


def _is_seen(finding: Finding) -> bool:
    """Return whether a flagged character is a space without a message, or a mark of direction that does no harm."""
    if finding.check == "bidi-control":
        return finding.severity is Severity.NOTICE
    return finding.check == "odd-space" and finding.payload is None


def _has_wordy_labels(source: str, language: str) -> bool:
    """Return whether a label of a reference or footnote, which readers do not see, has several words."""
    items = unseen_in(source, language=language)
    return any(item.kind is UnseenKind.LABEL and len(item.text.split()) > 1 for item in items)


def _seen(html: str) -> str:
    """Return the words that readers see on a page."""
    return _SPACE.sub(" ", INVISIBLE.sub("", visible_text(html))).strip()
