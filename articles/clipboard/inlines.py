"""Spans as Markdown: marks around texts, and what in a text would be taken for marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from articles.clipboard.blocks import BREAK, Code, Look, Picture, Span

_SPACES = re.compile(r"[ \t\n]*[ \t][ \t\n]*|\n{2,}")
_WIDE = re.compile("[ \t\u00a0]{2,}")
_ESCAPED = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~\n]|$)      # a backslash before punctuation
    | `
    | (?<![ \n])\*|\*(?![ \n])         # stars and underscores, unless spaces surround them
    | (?<![^\W_])_|_(?![^\W_])         # and underscores between letters
    | ~(?![ \n0-9])|(?<=[^ \n])~       # and tildes, but not the one of "~5"
    | <(?=[a-zA-Z/!?])                 # a tag
    | &(?=\#?[0-9a-zA-Z]{1,32};)       # a character reference
    | \[(?=\^|!|[ xX]\]|[^\[\]\n]{0,999}\][\[(:])  # a footnote, an alert, a box to check, a link
    """,
    re.VERBOSE,
)
# What at the start of a line would make it something else than a line of a paragraph.
_START = re.compile(r"(#{1,6}(?=\s|$)|[-+>|:](?=\s|$)|>|[-=|:]+(?=[-=|:\s]*$)|\d{1,9}(?=[.)](?:\s|$)))")
_BREAK = re.compile(r" *\n *")
_ADDRESS = re.compile(r"https?://[^\s<>\"`\\]*[^\s<>\"`\\.,;:!?')\]*~]")
_BRACKETS = re.compile(r"(?s)(\\.)|[\[\]]")
_TICKS = re.compile("`+")
_TAGS = {"**": "strong", "*": "em", "~~": "del"}


@dataclass(slots=True)
class _Piece:
    """A piece of a line: Markdown as it stands, or the opening or closing mark `mark` of a pair."""

    text: str
    mark: str = ""
    is_closing: bool = False
    partner: int = -1


def inline(spans: list[Span], *, line_break: str = "\\\n") -> str:
    """Return the Markdown of a paragraph's spans, without white space at its ends. Linear in the spans."""
    pieces = list(_pieces(_joined(_apart(spans)), line_break))
    _choose_tags(pieces)
    return "".join(piece.text for piece in pieces)


def code_text(spans: list[Span]) -> str:
    """Return the text of a code block, without empty lines at its ends."""
    return re.sub(r"\A(?:[ \t]*\n)+|\s+\Z", "", "".join(span.text for span in spans))


def fence_for(text: str) -> str:
    """Return the fence for a code block: three backticks, or one more than the longest run in it."""
    return "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))


def _apart(spans: list[Span]) -> list[Span]:
    """Split spans so that white space at an end is a span of its own, and trim the paragraph."""
    apart: list[Span] = []
    for span in spans:
        if span.picture or span.footnote:
            apart.append(span)
            continue
        text = span.text if span.look.code else _SPACES.sub(_space, span.text)
        core = text.strip(" \t\n")
        head = text[: len(text) - len(text.lstrip(" \t\n"))] if core else text
        tail = text[len(text.rstrip(" \t\n")) :] if core else ""
        apart += [replace(span, text=part) for part in (head, core, tail) if part]
    blank = (" ", "\t", "\n", "\N{NO-BREAK SPACE}", "")
    while apart and _is_space(apart[-1]):
        apart.pop()
    first = next((index for index, span in enumerate(apart) if not _is_space(span)), 0)
    apart = apart[first:]
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if apart and not apart[end].picture and not apart[end].footnote:
            apart[end] = replace(apart[end], text=strip(apart[end].text, "".join(blank)))
    return apart


def _space(match: re.Match[str]) -> str:
    return BREAK if BREAK in match[0] else " "


def _is_space(span: Span) -> bool:
    return not (span.picture or span.footnote or span.text.strip())


def _joined(spans: list[Span]) -> list[Span]:
    """Join neighbours of one look; white space looks as what is on both sides of it."""
    joined: list[Span] = []
    texts: list[list[str]] = []  # of the spans in `joined`; adding to a string copies it
    looks_after = _looks_after(spans)
    for index, span in enumerate(spans):
        look = span.look
        if _is_space(span):
            look = _common(joined[-1].look if joined else Look(), looks_after[index])
        last = joined[-1] if joined else None
        if (
            last
            and not (span.picture or span.footnote or last.picture or last.footnote)
            and last.look == look
        ):
            texts[-1].append(span.text)
        else:
            joined.append(replace(span, look=look))
            texts.append([span.text])
    return [replace(span, text="".join(parts)) for span, parts in zip(joined, texts, strict=True)]


def _looks_after(spans: list[Span]) -> list[Look]:
    """Return for each span the look of the next one that is not white space."""
    looks: list[Look] = []
    look = Look()
    for span in reversed(spans):
        looks.append(look)
        look = look if _is_space(span) else span.look
    return looks[::-1]


def _common(one: Look, other: Look) -> Look:
    same = one.code if one.code is other.code else Code.NONE
    return Look(
        bold=one.bold and other.bold,
        italic=one.italic and other.italic,
        struck=one.struck and other.struck,
        raised=one.raised if one.raised == other.raised else "",
        link=one.link if one.link == other.link else "",
        code=same,
    )


def _marks(look: Look) -> tuple[str, ...]:
    """Return the marks around a text, the outermost first: a link stands outside of all others."""
    marks = [f"]({look.link})"] if look.link else []
    marks += [mark for mark, has in (("~~", look.struck), ("**", look.bold), ("*", look.italic)) if has]
    return (*marks, f"<{look.raised}>") if look.raised else tuple(marks)


def _pieces(spans: list[Span], line_break: str) -> Iterator[_Piece]:
    """Yield the pieces of a line. A mark that lasts longer is opened first, so that pairs lie in each other."""
    ends = _ends(spans)
    opened: list[tuple[str, int]] = []  # the marks and the numbers of their opening pieces
    number = 0
    at_start = True
    for index, span in enumerate(spans):
        marks = _marks(span.look)
        keep = 0
        while keep < len(opened) and opened[keep][0] in marks:
            keep += 1
        for mark, partner in reversed(opened[keep:]):
            yield _Piece(_closing(mark), mark, is_closing=True, partner=partner)
            number += 1
        del opened[keep:]
        fresh = [mark for mark in marks if mark not in [one for one, _ in opened]]
        for mark in sorted(fresh, key=lambda mark: (not mark.startswith("]"), -ends[index][mark])):
            opened.append((mark, number))
            yield _Piece("[" if mark.startswith("]") else mark, mark)
            number += 1
        written = _written(span, line_break, at_start=at_start)
        yield _Piece(written)
        number += 1
        at_start = written.endswith("\n")
    for mark, partner in reversed(opened):
        yield _Piece(_closing(mark), mark, is_closing=True, partner=partner)


def _ends(spans: list[Span]) -> list[dict[str, int]]:
    """Return for each span and each of its marks the index of the span where the mark ends."""
    ends: list[dict[str, int]] = [{} for _ in spans]
    for index in range(len(spans) - 1, -1, -1):
        later = ends[index + 1] if index + 1 < len(spans) else {}
        ends[index] = {mark: later.get(mark, index + 1) for mark in _marks(spans[index].look)}
    return ends


def _closing(mark: str) -> str:
    return mark.replace("<", "</")


def _choose_tags(pieces: list[_Piece]) -> None:
    """Write a pair as tags where its stars or tildes would not be taken for marks, as between letters and signs."""
    for index, piece in enumerate(pieces):
        if (
            piece.mark.startswith("]")
            and not piece.is_closing
            and index
            and pieces[index - 1].text.endswith("!")
        ):
            pieces[index - 1].text = pieces[index - 1].text[:-1] + "\\!"  # or the link would be a picture
        if not piece.is_closing or piece.mark not in _TAGS:
            continue
        start = piece.partner
        opens = _stands(outside=_char(pieces, start, -1), inside=_char(pieces, start, 1))
        closes = _stands(outside=_char(pieces, index, 1), inside=_char(pieces, index, -1))
        touches = (
            index + 1 < len(pieces) and pieces[index + 1].mark in _TAGS and not pieces[index + 1].is_closing
        )
        if not (opens and closes) or touches:
            tag = _TAGS[piece.mark]
            pieces[start].text, piece.text = f"<{tag}>", f"</{tag}>"


def _char(pieces: list[_Piece], index: int, step: int) -> str:
    """Return the character beside a piece, before or after it; marks that may become tags are passed over."""
    index += step
    while 0 <= index < len(pieces) and (not pieces[index].text or pieces[index].text in _TAGS):
        index += step
    if not 0 <= index < len(pieces):
        return ""
    return pieces[index].text[-1 if step < 0 else 0]


def _stands(*, outside: str, inside: str) -> bool:
    """Return whether a mark between two characters can only open or only close, whichever is meant."""
    return not outside or outside.isspace() or (inside.isalnum() and not outside.isalnum())


def _written(span: Span, line_break: str, *, at_start: bool) -> str:
    if span.footnote:
        return f"[^{span.footnote}]"
    if span.picture:
        return _picture(span.picture)
    if span.look.code:
        return _code(span.text)
    text = _WIDE.sub(_narrow, span.text)
    if span.look.link:
        text = _BRACKETS.sub(lambda match: match[1] or f"\\{match[0]}", escaped(text, at_start=at_start))
    else:
        text = _with_addresses(text, at_start=at_start)
    return _BREAK.sub(lambda _match: line_break, text)


def _with_addresses(text: str, *, at_start: bool) -> str:
    """Return the text, escaped; an address in it cannot be, and stands in angle brackets where it would have to."""
    parts: list[str] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        if _ESCAPED.search(match[0]):
            parts += [escaped(text[end : match.start()], at_start=at_start and not parts), f"<{match[0]}>"]
            end = match.end()
    return "".join([*parts, escaped(text[end:], at_start=at_start and not parts)])


def _narrow(match: re.Match[str]) -> str:
    """Make one space of several; no-break spaces alone are kept."""
    return " " if " " in match[0] or "\t" in match[0] else match[0]


def _picture(picture: Picture) -> str:
    alt = re.sub(r"[\[\]\\`*_<&]", r"\\\g<0>", picture.alt)
    return f"![{alt}]({picture.address})"


def _code(text: str) -> str:
    """Return a text between backticks, of which there are as many as it needs."""
    text = text.replace(BREAK, " ")
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    pad = (
        " " if text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip()) else ""
    )
    return f"{ticks}{pad}{text}{pad}{ticks}"


def escaped(text: str, *, at_start: bool = True) -> str:
    """Return a text so that Markdown shows it as it stands; `at_start` is for one that starts a paragraph.

    >>> print(escaped("1. snake_case *is* [1] <b> & 2 * 3"))
    1\\. snake_case \\*is\\* [1] \\<b> & 2 * 3
    """
    text = _ESCAPED.sub(r"\\\g<0>", text)
    lines = text.split(BREAK)
    first = 0 if at_start else 1
    lines[first:] = [
        _START.sub(_escaped_start, line, count=1) if _START.match(line) else line for line in lines[first:]
    ]
    return BREAK.join(lines)


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdecimal() else f"\\{match[0]}"
