"""Fields: a text as the checks read it, with its entities resolved and the context of each place."""

import html
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import NamedTuple

import regex

from articles.text.checks.carriers import Carrier, find_carriers
from articles.text.checks.findings import STRICT, Finding, Severity, severity_in
from articles.text.checks.sentences import LONGEST_LINE, prose_span
from articles.text.markdown import Region, Where, regions
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode.identification import language_of_text
from articles.text.unicode.ordinary import APOSTROPHES, Alphabet, build_alphabet, main_script, odd_places
from articles.text.unicode.scripts import script_of_language

# A heading, or the line end before a blank line, a list item or a table row.
_PARAGRAPH = re.compile(r"\n(?:#[^\n]*|(?=[ \t]*\n|[ \t>]*(?:\||(?:[-+*]|\d{1,9}[.)])[ \t])))")
_MAY_CARRY = regex.compile(r"[\p{Default_Ignorable_Code_Point}\u2800]")
_ENTITY = regex.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
# Letters, marks and digits; circled, squared and APL letters; a Thai sign with the shape of an o; invisible characters.
WORD_CHARACTERS = (
    rf"[\p{{L}}\p{{M}}\p{{N}}\p{{Default_Ignorable_Code_Point}}{APOSTROPHES}"
    r"\u0e4f\u2373-\u237a\u212e\u249c-\u24e9\U0001F110-\U0001F189]"
)
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_PIECE = re.compile(f"[^{APOSTROPHES}]+")
_TOKEN = regex.compile(f"{WORD_CHARACTERS}+")
_BEFORE = regex.compile(rf"(?r){_TOKEN.pattern}")
# What stands before a block of code in its first line: the marks of lists and quotations, and the indent.
_BLOCK_START = re.compile(r"[ \t>*+.)\d-]*")


class Token(NamedTuple):
    """A word with characters beyond ASCII; invisible characters and apostrophes belong to it."""

    start: int
    text: str

    @property
    def pieces(self) -> list[tuple[int, str]]:
        """The parts of the word between apostrophes, each with its place in the text."""
        if not _APOSTROPHE.search(self.text):
            return [(self.start, self.text)]
        return [(self.start + piece.start(), piece[0]) for piece in _PIECE.finditer(self.text)]


def _character(entity: str) -> str | None:
    """Return the character of an entity as CommonMark reads it; None for ordinary ASCII and unknown names."""
    if entity[1] != "#":
        char = html.unescape(entity)
        return None if char.isascii() else char
    number = int(entity[3:-1], 16) if entity[2] in "xX" else int(entity[2:-1])
    if not 0 < number < 0x110000:
        return "\N{REPLACEMENT CHARACTER}"
    char = chr(number)
    return None if char.isascii() and (char.isprintable() or char in "\t\n\r") else char


class Field:
    """A text to be scanned. Spans count code points of `text`, in which entities are resolved.

    `source` is the text as written. With Where.PROSE it is Markdown, unless `given_regions` has its contexts.
    """

    def __init__(
        self,
        source: str,
        language: str,
        where: Where,
        *,
        given_regions: tuple[Region, ...] | None = None,
    ) -> None:
        self.source, self.language, self.where = source, language, where
        self._given_regions = given_regions
        # Start and end in the text, start and end in the source.
        self._entities: list[tuple[int, int, int, int]] = []
        self.is_markdown = where is Where.PROSE and given_regions is None
        self._prose_in_code: dict[int, tuple[int, int]] = {}  # spans, by the starts of their lines
        self._languages: dict[int, str] = {}  # of paragraphs, by their number from one
        self._paragraph = (0, 0, language)  # the last one that was asked for
        self._messages: dict[
            tuple[str, str], Message
        ] = {}  # one of each, since thousands of findings may say the same
        self.text = self._resolve() if self.is_markdown and "&" in source else source
        self.is_ascii = self.text.isascii()

    def _resolve(self) -> str:
        """Return the source with entities outside of code replaced by their characters; note their places."""
        pieces, last, length = [], 0, 0
        for match in _ENTITY.finditer(self.source):
            char = _character(match[0])
            if char is None or self._region_at(match.start()).where is Where.CODE:
                continue
            plain = self.source[last : match.start()]
            length += len(plain)
            self._entities.append((length, length + len(char), match.start(), match.end()))
            pieces += [plain, char]
            length += len(char)
            last = match.end()
        return "".join([*pieces, self.source[last:]])

    @cached_property
    def _regions(self) -> tuple[list[int], tuple[Region, ...]]:
        all_regions = regions(self.source) if self._given_regions is None else self._given_regions
        return [region.start for region in all_regions], all_regions

    def _region_at(self, place: int) -> Region:
        """Return the region of a place in the source, as Markdown has it."""
        if self.where is not Where.PROSE:
            return Region(0, len(self.source), self.where)
        starts, all_regions = self._regions
        index = bisect_right(starts, place) - 1
        return all_regions[index] if index >= 0 else Region(0, 0, Where.PROSE)

    def _where_in_source(self, place: int) -> Where:
        """Return the context of a place in the source. Comments and sentences in code are prose."""
        region = self._region_at(place)
        if region.where is not Where.CODE:
            return region.where
        low, high = max(region.start, place - LONGEST_LINE), min(region.end, place + LONGEST_LINE + 1)
        start = self.source.rfind("\n", low, place) + 1 or low
        if start not in self._prose_in_code:
            end = self.source.find("\n", place, high)
            line = self.source[start : high if end < 0 else end]
            is_code_span = start == region.start and self._is_in_line(start)
            first, last = prose_span(line, is_code_span=is_code_span)
            self._prose_in_code[start] = start + first, start + last
        first, last = self._prose_in_code[start]
        return Where.PROSE if first <= place < last else Where.CODE

    def _is_in_line(self, start: int) -> bool:
        """Return whether code that begins at `start` follows other text in its line."""
        before = self.source[max(0, start - LONGEST_LINE) : start].rpartition("\n")[2]
        return not _BLOCK_START.fullmatch(before)

    @cached_property
    def _entity_starts(self) -> list[int]:
        return [entity[0] for entity in self._entities]

    def _entity_at(self, place: int) -> tuple[int, int, int, int] | None:
        index = bisect_right(self._entity_starts, place) - 1
        return self._entities[index] if index >= 0 else None

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source that a span of the text stands for."""
        if not self._entities:
            return start, end
        first, last = self._entity_at(start), self._entity_at(end - 1)
        if first is not None:
            start = first[2] if start < first[1] else start - first[1] + first[3]
        if last is not None:
            end = last[3] if end - 1 < last[1] else end - last[1] + last[3]
        return start, end

    def where_at(self, place: int) -> Where:
        """Return the context of a place in the text."""
        return self._where_in_source(self.in_source(place, place + 1)[0])

    def is_code_at(self, place: int) -> bool:
        """Return whether a place in the text is in code, also if it is prose there."""
        return self._region_at(self.in_source(place, place + 1)[0]).where is Where.CODE

    def language_at(self, place: int) -> str:
        """Return the language by which a place in the text is judged (BCP 47).

        It is the article's, unless the paragraph is certainly in another one.
        """
        start, end, language = self._paragraph
        if start <= place < end:
            return language
        number = bisect_right(self._paragraphs, place)
        start, end = self._paragraphs[number - 1], self._paragraphs[number]
        if number not in self._languages:
            other = language_of_text(self.text[start:end], self.language)
            self._languages[number] = self.language if other is None else other
        self._paragraph = start, end, self._languages[number]
        return self._languages[number]

    def paragraph_at(self, place: int) -> tuple[int, int]:
        """Return the span of the paragraph at a place in the text: the part that is judged by one language."""
        number = bisect_right(self._paragraphs, place)
        return self._paragraphs[number - 1], self._paragraphs[number]

    def other_languages(self) -> Counter[str]:
        """Return the number of paragraphs in each language other than the article's."""
        found = Counter(map(self.language_at, dict.fromkeys(self._paragraphs[:-1])))
        del found[self.language]
        return found

    @cached_property
    def _paragraphs(self) -> list[int]:
        """The starts of the paragraphs, and the end of the text. Headings, list items and table rows count as such."""
        if self.where in STRICT:  # no prose, so no paragraphs
            self._languages[1] = self.language
            return [0, len(self.text) + 1]
        bounds = [bound for match in _PARAGRAPH.finditer(self.text) for bound in match.span()]
        first = [self.text.find("\n")] if self.text.startswith("#") and "\n" in self.text else []
        return [0, *first, *bounds, len(self.text) + 1]

    def spans(self, where: Where) -> list[tuple[int, int]]:
        """Return the spans of the text in a context, which is not that of most prose, such as host names."""
        if self.where is not Where.PROSE:
            return [(0, len(self.text))] if self.where is where else []
        return [
            (self.in_text(region.start), self.in_text(region.end))
            for region in self._regions[1]
            if region.where is where
        ]

    def in_text(self, place: int) -> int:
        """Return the place in the text of a place in the source."""
        index = bisect_left(self._entities, place, key=itemgetter(2)) - 1
        if index < 0:
            return place
        _start, end, _source_start, source_end = self._entities[index]
        return place - source_end + end

    @cached_property
    def alphabet(self) -> Alphabet:
        """The ordinary characters of this text."""
        home = script_of_language(self.language)
        return build_alphabet(main_script(self.text, home), home)

    @cached_property
    def odd(self) -> str:
        """The characters of the text that are not ordinary, each once."""
        return "" if self.is_ascii else "".join(set(self.alphabet.odd.findall(self.text)))

    @cached_property
    def carriers(self) -> tuple[Carrier, ...]:
        """The carriers of the text, in order."""
        return find_carriers(self.text) if _MAY_CARRY.search(self.odd) else ()

    def carrier_at(self, place: int) -> Carrier | None:
        """Return the carrier that a place in the text belongs to; None if there is none."""
        index = bisect_right(self.carriers, place, key=attrgetter("start")) - 1
        return self.carriers[index] if index >= 0 and place < self.carriers[index].end else None

    @cached_property
    def tokens(self) -> list[Token]:
        """The words that may have something odd, in order."""
        text, end = self.text, 0
        tokens: list[Token] = []
        for place in () if self.is_ascii else odd_places(text, self.alphabet, is_odd=bool(self.odd)):
            if place >= end and (match := _TOKEN.match(text, place)):
                before = _BEFORE.match(text, end, place)
                start, end = before.start() if before else place, match.end()
                word = text[start:end]
                if not word.isascii():
                    tokens.append(Token(start, word))
        return tokens

    @cached_property
    def token_characters(self) -> frozenset[str]:
        """The characters of the tokens, each once."""
        return frozenset("".join(token.text for token in self.tokens))

    def finding(
        self,
        check: str,
        start: int,
        end: int,
        message: Message,
        *,
        severity: Severity | None = None,
        meant: str | None = None,
        payload: str | None = None,
    ) -> Finding:
        """Return a finding on a span of the text, with its span in the source.

        Without `severity`, the context decides. The message adds the entity that stands in the source.
        """
        source_start, source_end = self.in_source(start, end)
        if self._entities and source_end - source_start != end - start:
            written = self.source[source_start:source_end]
            message = _("%(fault)s; it is written as %(entity)s", fault=message, entity=written)
        where = self._where_in_source(source_start)
        severity = severity or severity_in(where)
        message = self._messages.setdefault((message.template, message), message)
        return Finding(
            check, severity, source_start, source_end, self.text[start:end], meant, payload, where, message
        )
