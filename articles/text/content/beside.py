"""What stands beside the blocks of a page under review: facts, findings, and how words should read."""

from __future__ import annotations

import html
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from articles.text.checks.fields import WORD_CHARACTERS
from articles.text.checks.findings import Finding, Severity, gravest
from articles.text.content.facts import SWAPS, Fact, FactKind
from articles.text.content.marking import Say, mark
from articles.text.content.placing import NOWHERE, Piece, Placer
from articles.text.diff import Span

MAX_MARKS = 500  # of a page
MAX_WORDS = 8  # of a block, that are told as they should read
FAR = 400  # code points from the beginning of a block to a place that has to be looked for
AROUND = 60  # code points before and behind such a place that are quoted
MAX_LENGTH = 300_000  # code points of a source; in a longer one no finding is marked on the page

# These have no place of their own in the new text: the first changed block is theirs.
_OF_THE_WHOLE = frozenset(
    {
        FactKind.BLANKED,
        FactKind.REMOVED,
        FactKind.REPLACED,
        FactKind.DISGUISED,
        FactKind.EDITED,
        FactKind.MOVED,
        FactKind.NEW_TEXT,
    }
)
_WORD = regex.compile(f"{WORD_CHARACTERS}+")
_WORD_BEFORE = regex.compile(f"(?r){_WORD.pattern}")


@dataclass(frozen=True, slots=True)
class Aside:
    """What is told beside a block: facts, findings, words as they should read, and how many words more.

    `quoted` is the part of the source around the first place, if that is far from the beginning of the block.
    """

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    words: tuple[str, ...] = ()
    more_words: int = 0
    quoted: Span | None = None

    @property
    def severity(self) -> Severity:
        """How grave the worst of it is."""
        found = {*(fact.severity for fact in self.facts), *(finding.severity for finding in self.findings)}
        return gravest(found)

    @property
    def letters(self) -> list[tuple[str, str, int]]:
        """The letters that pass for others, each with the letter meant and how often, most frequent first."""
        pairs = Counter(
            (item.text, item.meant) for item in self.findings if item.check in SWAPS and item.meant
        )
        return [(text, meant, count) for (text, meant), count in pairs.most_common()]

    @property
    def others(self) -> list[tuple[Finding, int]]:
        """The first of each other kind of findings, and how many there are."""
        first: dict[str, Finding] = {}
        counts: Counter[str] = Counter()
        for item in self.findings:
            if item.check not in SWAPS or not item.meant:
                counts[item.check] += 1
                first.setdefault(item.check, item)
        return [(first[check], count) for check, count in counts.items()]


class Annotated(NamedTuple):
    """A block with its findings marked; `aside` is None if there is nothing to tell."""

    html: str
    aside: Aside | None
    is_lead: bool


def annotate(
    blocks: Sequence[tuple[str, bool]],
    source: str,
    findings: Sequence[Finding],
    facts: Sequence[Fact],
    *,
    say: Say,
) -> list[Annotated]:
    """Return the blocks of a page with the findings of its source marked, and what is told beside each.

    A block is HTML, and whether it changed. The lead is the block of the first fact that has one; without any, the
    first that changed or has a finding. At most `MAX_MARKS` findings are marked. Linear in blocks and source.
    """
    found = (
        sorted(findings, key=lambda finding: finding.start)[:MAX_MARKS] if len(source) <= MAX_LENGTH else []
    )
    drawer = _Drawer(source, found, say)
    drawn = [drawer.draw(block) for block, _ in blocks]
    starts = [start for _, start, _ in drawn]
    of_block = _facts_by_block(blocks, starts, facts)
    lead = next((k for fact in facts for k, told in of_block.items() if fact in told), None)
    if lead is None:
        lead = next((k for k, (_, changed) in enumerate(blocks) if changed or drawn[k][2]), 0)
    return [
        Annotated(text, _aside(source, start, of_block.get(k, ()), inside), k == lead)
        for k, (text, start, inside) in enumerate(drawn)
    ]


def _facts_by_block(
    blocks: Sequence[tuple[str, bool]], starts: Sequence[int], facts: Sequence[Fact]
) -> dict[int, tuple[Fact, ...]]:
    """Return the facts of each block that has any: that with its place, or the first that changed."""
    order = [(start, k) for k, start in enumerate(starts) if start != NOWHERE]
    changed = next((k for k, (_, is_changed) in enumerate(blocks) if is_changed), None)
    found: dict[int, tuple[Fact, ...]] = {}
    for fact in facts:
        if fact.kind in _OF_THE_WHOLE:
            block = changed
        elif fact.start is None or not order:
            block = None
        else:
            block = order[max(0, bisect_right(order, (fact.start, len(blocks))) - 1)][1]
        if block is not None:
            found[block] = (*found.get(block, ()), fact)
    return found


def _aside(source: str, start: int, facts: tuple[Fact, ...], findings: Sequence[Finding]) -> Aside | None:
    """Return what is told beside a block whose text begins at `start`; None if that is nothing."""
    if not facts and not findings:
        return None
    words = _readings(source, findings)
    return Aside(
        facts,
        tuple(findings),
        tuple(words[:MAX_WORDS]),
        max(0, len(words) - MAX_WORDS),
        _quoted(source, start, [*(fact.start for fact in facts), *(item.start for item in findings)]),
    )


def _quoted(source: str, start: int, places: Sequence[int | None]) -> Span | None:
    """Return the words around the first place, the gravest first; None if a reader sees it without looking for it."""
    place = next((place for place in places if place is not None), None)
    if place is None or start == NOWHERE or place - start <= FAR:
        return None
    first = source.rfind(" ", place - 2 * AROUND, place - AROUND) + 1 or place - AROUND
    last = source.find(" ", place + AROUND, place + 2 * AROUND)
    return first, last if last > 0 else min(len(source), place + AROUND)


def _readings(source: str, findings: Sequence[Finding]) -> list[str]:
    """Return the words that hold swapped letters as they should read, each once."""
    words: dict[str, None] = {}
    end = 0
    for k, finding in enumerate(findings):
        if finding.check not in SWAPS or not finding.meant or finding.start < end:
            continue
        before = _WORD_BEFORE.match(source, max(0, finding.start - 60), finding.start)
        behind = _WORD.match(source, finding.end, finding.end + 60)
        start, end = before.start() if before else finding.start, behind.end() if behind else finding.end
        word, place = "", start
        for other in findings[k:]:
            if other.start >= end:
                break
            if other.meant and other.start >= place:
                word += source[place : other.start] + other.meant
                place = other.end
        words[word + source[place:end]] = None
    return list(words)


class _Drawer:
    """The drawing of the findings of a source in a page that comes block by block."""

    def __init__(self, source: str, findings: Sequence[Finding], say: Say) -> None:
        self._placer = Placer(source)
        self._starts = [finding.start for finding in findings]
        self._findings = findings
        self._say = say
        self._seen: set[Finding] = set()

    def draw(self, block: str) -> tuple[str, int, list[Finding]]:
        """Return a block with its findings marked, the first place of its text, and the findings that begin in it."""
        out: list[str] = []
        inside: list[Finding] = []
        first, boxed = NOWHERE, False
        for piece in self._placer.place(block):
            if piece.tag:
                out.append(piece.tag)
                boxed = piece.tag.startswith('<span class="unseen"')
                continue
            if first == NOWHERE:
                first = next((place for place in piece.places if place != NOWHERE), NOWHERE)
            out.append(
                html.escape(piece.text, quote=False)
                if boxed or not self._findings
                else self._marked(piece, inside)
            )
        return "".join(out) if inside else block, first, inside

    def _marked(self, piece: Piece, inside: list[Finding]) -> str:
        """Return a text with its findings marked."""
        out: list[str] = []
        done = 0
        for start, end, finding in self._spans(piece):
            out.append(html.escape(piece.text[done:start], quote=False))
            out.append(mark(piece.text[start:end], finding, is_new=True, say=self._say))
            done = end
            if finding not in self._seen:
                self._seen.add(finding)
                inside.append(finding)
        return "".join(out) + html.escape(piece.text[done:], quote=False)

    def _spans(self, piece: Piece) -> list[tuple[int, int, Finding]]:
        """Return the parts of a text that belong to findings."""
        spans: list[tuple[int, int, Finding]] = []
        for k, place in enumerate(piece.places):
            if place == NOWHERE:
                continue
            index = bisect_right(self._starts, place) - 1
            if index < 0 or place >= self._findings[index].end:
                continue
            finding = self._findings[index]
            if spans and spans[-1][1] == k and spans[-1][2] is finding:
                spans[-1] = (spans[-1][0], k + 1, finding)
            else:
                spans.append((k, k + 1, finding))
        return spans
