"""Surroundings of a finding: its word, its host, and the words beside it. Allowances are bound to these."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from functools import cached_property

import regex

from articles.text.checks.fields import WORD_CHARACTERS
from articles.text.content.content import Content, Field, FieldFinding
from articles.text.markdown import Region, Where, regions

MAX_VALUE = 253  # code points of a word or host that can be allowed; the longest name that DNS knows
WORDS_AROUND = 3  # on each side
LENGTH_AROUND = 60  # code points on each side, if words are long or without spaces between them
_WINDOW = 400  # code points that are searched for these words

_WORD = regex.compile(f"{WORD_CHARACTERS}*")
_WORD_BEFORE = regex.compile(f"(?r){_WORD.pattern}")
_SPACE = regex.compile(r"\s+")


class Surroundings:
    """The surroundings of a content's findings. Each takes constant time, except that the source is parsed once."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def word(self, item: FieldFinding) -> str | None:
        """Return the word that holds the finding; None for a host, and if there is no word or a too long one."""
        if item.finding.where is Where.HOST:
            return None
        start, end = self._word_span(item)
        text = self._content.text(item.field)
        word = text[start : item.finding.start] + item.finding.text + text[item.finding.end : end]
        return word if _WORD.fullmatch(word) and len(word) <= MAX_VALUE else None

    def host(self, item: FieldFinding) -> str | None:
        """Return the host that holds the finding, as written, in lower case; None outside of a host."""
        if item.finding.where is not Where.HOST:
            return None
        start, end = self._host_span(item)
        host = self._content.text(item.field)[start:end].lower()
        return host if len(host) <= MAX_VALUE else None

    def checksum(self, item: FieldFinding) -> str:
        """Return the SHA-256, in hexadecimal, of the field, the word or host, and the words around it in its paragraph.

        Runs of white space count as one space, so that a paragraph with new line breaks keeps its checksum.
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
        """Return the span whose surroundings count: the host, the word, or the finding if its word is very long."""
        if item.finding.where is Where.HOST:
            return self._host_span(item)
        start, end = self._word_span(item)
        return (start, end) if end - start <= LENGTH_AROUND else (item.finding.start, item.finding.end)

    def _word_span(self, item: FieldFinding) -> tuple[int, int]:
        """Return the span of the word that holds the finding."""
        text, start, end = self._content.text(item.field), item.finding.start, item.finding.end
        before = _WORD_BEFORE.match(text, max(0, start - MAX_VALUE), start)
        after = _WORD.match(text, end, end + MAX_VALUE)
        return before.start(), after.end()  # each may be empty

    def _host_span(self, item: FieldFinding) -> tuple[int, int]:
        """Return the span of the host that holds the finding, or that of the finding."""
        start, end = item.finding.start, item.finding.end
        if item.field is Field.SOURCE:
            index = bisect_right(self._hosts, start, key=lambda region: region.start) - 1
            if index >= 0 and start < self._hosts[index].end:
                return self._hosts[index].start, self._hosts[index].end
        return start, end

    @cached_property
    def _hosts(self) -> list[Region]:
        return [region for region in regions(self._content.source) if region.where is Where.HOST]
