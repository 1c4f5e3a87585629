"""What Obsidian writes beyond Markdown, as Markdown; comments are removed, since nobody but the writer saw them."""

from __future__ import annotations

import re
from collections.abc import Callable

from articles.text.markdown import parse

_CALLOUT = re.compile(r"^((?:>[ \t]*)+)\[!([\w-]{1,30})\][+-]?[ \t]*(.*)$", re.MULTILINE)
_COMMENT = re.compile(r"%%.*?(?:%%|\Z)", re.DOTALL)
_MARKED = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]+?)(?<=[^\s=])==(?!=)")
_BLOCK_ID = re.compile(r"[ \t]+\^[A-Za-z0-9-]{1,60}[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"(?<![\w#&/])#[^\W\d][\w/-]*")
_INLINE_NOTE = re.compile(r"\^\[[^\]\n]+\]")


def as_markdown(source: str) -> tuple[str, list[str]]:
    """Return a note as Markdown, and what is to be said of it. Code stays as it is."""
    notes: list[str] = []

    def comment(_match: re.Match[str]) -> str:
        notes.append("a comment (%%…%%) is removed")
        return ""

    def callout(match: re.Match[str]) -> str:
        title = match[3].strip() or match[2].replace("-", " ").capitalize()
        return f"{match[1]}**{title}**\n{match[1].rstrip()}"

    source = _outside_code(source, lambda text: _COMMENT.sub(comment, text))
    source = _outside_code(source, lambda text: _CALLOUT.sub(callout, text))
    source = _outside_code(source, lambda text: _MARKED.sub(r"<mark>\1</mark>", text))
    if _outside_code(source, lambda text: _BLOCK_ID.sub("", text)) != source:
        source = _outside_code(source, lambda text: _BLOCK_ID.sub("", text))
        notes.append("names of blocks (^name) are removed")
    plain = _outside_code(source, lambda text: text, code="")
    if _INLINE_NOTE.search(plain):
        notes.append("a footnote in the line (^[…]) stays as it is")
    if tag := _TAG.search(plain):
        notes.append(f"{tag[0][:40]} in the text stays text; tags come from the front matter")
    return source, list(dict.fromkeys(notes))


def _outside_code(source: str, change: Callable[[str], str], *, code: str | None = None) -> str:
    """Return a source with the stretches between its code changed. `code` replaces each piece of code, if given.

    A pattern that spans code is not seen there, except one that is open at the code's start.
    """
    spans = sorted(
        (first + event.start, first + event.end)
        for first, block in parse(source).blocks
        for event in block.events
        if event.kind in ("CodeBlock", "Code")
    )
    held: list[str] = []
    # A control character that no text may have stands for each piece of code while the rest is changed.
    parts: list[str] = []
    place = 0
    for start, end in spans:
        if start >= place:
            parts += source[place:start], "\0"
            held.append(source[start:end])
            place = end
    changed = change("".join([*parts, source[place:]]))
    pieces = iter(held)
    return re.sub("\0", lambda _: next(pieces, "") if code is None else code, changed)
