"""Visible text of a page, read from its HTML and from the account of its source."""

import html.entities
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pyromark

from articles.text.page import Fate, Piece, safelist

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_DEFINITION_LIST
)
ADDED = {
    "footnote-ref",
    "footnote-backref",
    "markdown-alert-title",
}  # classes of elements that the sanitizer adds


@dataclass(frozen=True)
class Texts:
    """Visible text of a page and of each of its footnotes, with white space between blocks."""

    main: str
    notes: list[str]


# --- What the page shows ----------------------------------------------------------------------------------------


@dataclass
class Element:
    tag: str
    classes: set[str]
    note: int | None  # the footnote that holds it
    is_added: bool


@dataclass
class VisibleText(HTMLParser):
    """Visible text and attribute values of a page, read by the standard library, without the sanitizer's additions."""

    html: str
    main: str = ""
    notes: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("body", set(), None, is_added=False)]
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [value or "" for _name, value in attrs]
        self.put_apart(tag)
        if tag in safelist.VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        parent = self.open[-1]
        note = parent.note
        if tag == "li" and parent.tag == "ol" and "footnotes" in self.open[-2].classes:
            note = len(self.notes)
            self.notes.append("")
        is_added = parent.is_added or not ADDED.isdisjoint(classes)
        self.open.append(Element(tag, classes, note, is_added))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass
        self.put_apart(tag)

    def put_apart(self, tag: str) -> None:
        if tag not in safelist.INLINE or tag == "br":
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        here = self.open[-1]
        if here.is_added:
            return
        if here.note is None:
            self.main += data
        else:
            self.notes[here.note] += data


def page_texts(html: str) -> Texts:
    page = VisibleText(html)
    return Texts(page.main, page.notes)


# --- What the account says that the page shows ------------------------------------------------------------------


def fates(pieces: Sequence[Piece]) -> list[Fate]:
    return [piece.fate for piece in pieces for _ in range(piece.start, piece.end)]


def shown_texts(source: str, pieces: Sequence[Piece]) -> Texts:
    """Concatenate what is shown, footnotes by themselves, with a line end wherever a line or a block ends."""
    notes, breaks = outline(source)
    texts: dict[int | None, str] = dict.fromkeys([None, *notes], "")
    for place, fate in enumerate(fates(pieces)):
        texts[notes[place]] += "\n" * (place in breaks) + source[place] * (fate is Fate.SHOWN)
    main = texts.pop(None)
    return Texts(main, list(texts.values()))


# A colon with no space behind it, which begins no definition here; but not in a row that aligns a table's columns.
_NO_DEFINITION = re.compile(r"^([\s>*+\-0-9.)]*):(?=[^\s:|-]|[:|-](?![ \t:|-]*$))", re.MULTILINE)


def outline(source: str) -> tuple[list[int | None], set[int]]:
    """Return where the innermost footnote around each code point begins, or None; and where lines and blocks end."""
    first = int(source.startswith("\ufeff"))  # no part of the text
    places = [place for place, character in enumerate(source) for _ in character.encode()][3 * first :]
    places.append(len(source))
    notes: list[int | None] = [None] * len(source)
    breaks: set[int] = set()
    markdown = _NO_DEFINITION.sub(r"\1;", re.sub(r"\r(?!\n)", "\n", source))
    for event, span in pyromark.events_with_range(markdown[first:], options=OPTIONS):
        start, end = places[span["start"]], places[span["end"]]
        match event:
            case {"Start": {"FootnoteDefinition": _}}:
                notes[start:end] = [start] * (end - start)
                breaks |= {start, end}
            case {"Start": "Emphasis" | "Strong" | "Strikethrough" | {"Link": _} | {"Image": _}}:
                pass
            case {"Start": _} | "Rule":
                breaks |= {start, end}
            case {"End": "Image"}:  # its text is no text of the page
                breaks -= {*range(start + 1, end)}
            case "SoftBreak" | "HardBreak":
                breaks.add(end)
    return notes, breaks


# --- Both compared ----------------------------------------------------------------------------------------------

_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?|([a-zA-Z][a-zA-Z0-9]*;?))")


def _resolved(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name:
        known = next((name[:end] for end in range(len(name), 1, -1) if name[:end] in html.entities.html5), "")
        return html.entities.html5[known] + name[len(known) :] if known else reference[0]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    is_character = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else "\N{REPLACEMENT CHARACTER}"


def normalized(text: str, *, space: str) -> str:
    """Resolve references until none is left, for a tag that is shown as text keeps them; write white space as `space`.

    Control characters and noncharacters are equal to U+FFFD: a page may show them as that.
    """
    before = None
    while before != text:
        before, text = text, _REFERENCE.sub(_resolved, space.join("".join(map(_allowed, text)).split()))
    return text


def _allowed(character: str) -> str:
    point = ord(character)
    is_control = unicodedata.category(character) == "Cc" and character not in "\t\n\r"
    is_noncharacter = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return "\N{REPLACEMENT CHARACTER}" if is_control or is_noncharacter else character


def without_space(text: str) -> str:
    return normalized(text, space="")


def spaced_once(text: str) -> str:
    return normalized(text, space=" ")
