"""Links that no reader can see."""

from collections.abc import Iterator

import regex

from articles.text.checks.findings import Field, Finding, Severity
from articles.text.markdown import parse
from articles.text.markdown.events import Event
from articles.text.markdown.tags import TAG
from articles.text.messages import gettext_noop as _

_UNSEEN = r"[\s\p{Default_Ignorable_Code_Point}\u2800]"
_NOTHING = rf"(?:{_UNSEEN}|[*_~`\\]|&[#\w]+;|<(?!/?[aA]\b)[^<>\n]*>)*+"
# The box of a task is none: only a target or a label that is not blank makes a link.
_EMPTY_BRACKETS = regex.compile(rf"\[{_NOTHING}\](?:[(\[]|(?<=[^\[\s]\]))")
_EMPTY_ANCHOR = regex.compile(rf"(?i)<a\s[^<>]*>{_NOTHING}</a")
_SHOWS_NOTHING = regex.compile(rf"{_UNSEEN}*+")
_SHOWN = frozenset(("Text", "Code"))


def empty_link(field: Field) -> Iterator[Finding]:
    """Flag links in Markdown and HTML that have no text and no picture."""
    if not field.is_markdown or not _may_hold_empty_link(field.source):
        return
    for start, block in parse(field.source).blocks:
        for first, last, target in _empty(block.events):
            if target:
                place, end = field.in_text(start + first), field.in_text(start + last)
                message = _(
                    "a link without text leads to %(target)s; no reader can see it", target=target[:200]
                )
                yield field.finding("empty-link", place, end, message, severity=Severity.WARNING)


def _may_hold_empty_link(source: str) -> bool:
    """Return whether it is worth a parse; most texts are told apart by the absence of a sign."""
    if "[" in source and _EMPTY_BRACKETS.search(source):
        return True
    return ("<a" in source or "<A" in source) and bool(_EMPTY_ANCHOR.search(source))


def _empty(events: tuple[Event, ...]) -> Iterator[tuple[int, int, str]]:
    """Yield the span and the target of each link that shows nothing."""
    opened: tuple[int, str] | None = None
    for kind, start, end, value in events:
        if kind == "Link":
            opened = start, value.target
        elif kind == "InlineHtml" and (tag := TAG.fullmatch(value)) and tag[2].lower() == "a":
            if not tag[1]:
                opened = start, _target(tag[3])
            elif opened:
                yield opened[0], end, opened[1]
                opened = None
        elif kind == "/Link" and opened:
            yield opened[0], end, opened[1]
            opened = None
        elif kind == "Image" or (kind in _SHOWN and not _SHOWS_NOTHING.fullmatch(value)):
            opened = None


def _target(attributes: str) -> str:
    match = regex.search(r"(?i)\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))", attributes)
    return next(filter(None, match.groups()), "") if match else ""
