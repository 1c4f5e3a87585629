"""What a finding stands in: its word, its host name, and what is written around it. Verdicts are bound to these."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from functools import cached_property

import regex

from articles.text.checks.findings import WORD_CHARACTERS
from articles.text.content.content import Content, Field, FieldFinding
from articles.text.markdown import Region, Where, regions

MAX_VALUE = (
    253  # code points of a word or a host name that can be remembered; the longest name that DNS knows
)
WORDS_AROUND = 3  # on either side
LENGTH_AROUND = 60  # code points on either side, where words are long or not parted by spaces
_WINDOW = 400  # code points looked at for them

_WORD = regex.compile(f"{WORD_CHARACTERS}*")
_WORD_BEFORE = regex.compile(f"(?r){_WORD.pattern}")
_SPACE = regex.compile(r"\s+")


class Surroundings:
    """Where the findings of a content stand. Each answer costs the same, however long the text is."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def word(self, item: FieldFinding) -> str | None:
        """The word that holds the finding; None for a host name, and where there is no word or it is too long."""
        if item.finding.where is Where.HOST:
            return None
        start, end = self._word_span(item)
        text = self._content.text(item.field)
        word = text[start : item.finding.start] + item.finding.text + text[item.finding.end : end]
        return word if _WORD.fullmatch(word) and len(word) <= MAX_VALUE else None

    def host(self, item: FieldFinding) -> str | None:
        """The host name that holds the finding, in lower case; None elsewhere."""
        if item.finding.where is not Where.HOST:
            return None
        start, end = self._host_span(item)
        host = self._content.text(item.field)[start:end].lower()
        return host if len(host) <= MAX_VALUE else None

    def checksum(self, item: FieldFinding) -> str:
        """SHA-256, in hexadecimal, of the field, the word or host name, and the words around it in its paragraph.

        Runs of white space count as one space, so that a paragraph wrapped anew keeps its checksum.
        """
        text = self._content.text(item.field)
        start, end = self._unit(item)
        before = _SPACE.sub(" ", text[max(0, start - _WINDOW) : start].rpartition("\n\n")[2]).lstrip()
        after = _SPACE.sub(" ", text[end : end + _WINDOW].partition("\n\n")[0]).rstrip()
        around = [
            item.field,
            " ".join(before.split(" ")[-WORDS_AROUND - 1 :])[-LENGTH_AROUND:],
            text[start:end],
            " ".join(after.split(" ")[: WORDS_AROUND + 1])[:LENGTH_AROUND],
        ]
        return hashlib.sha256(json.dumps(around).encode()).hexdigest()

    def _unit(self, item: FieldFinding) -> tuple[int, int]:
        """Whose surroundings count: the host name, the word, or what was found, where no spaces part the words."""
        if item.finding.where is Where.HOST:
            return self._host_span(item)
        start, end = self._word_span(item)
        return (start, end) if end - start <= LENGTH_AROUND else (item.finding.start, item.finding.end)

    def _word_span(self, item: FieldFinding) -> tuple[int, int]:
        text, start, end = self._content.text(item.field), item.finding.start, item.finding.end
        before = _WORD_BEFORE.match(text, max(0, start - MAX_VALUE), start)
        after = _WORD.match(text, end, end + MAX_VALUE)
        return (before.start() if before else start), (after.end() if after else end)

    def _host_span(self, item: FieldFinding) -> tuple[int, int]:
        start, end = item.finding.start, item.finding.end
        if item.field is Field.SOURCE:
            index = bisect_right(self._hosts, start, key=lambda region: region.start) - 1
            if index >= 0 and start < self._hosts[index].end:
                return self._hosts[index].start, self._hosts[index].end
        return start, end

    @cached_property
    def _hosts(self) -> list[Region]:
        return [region for region in regions(self._content.source) if region.where is Where.HOST]
