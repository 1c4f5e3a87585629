"""Tidying a clipboard that was read: what can be judged only when the whole is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from articles.clipboard.blocks import BREAK, Block, Clip, Code, Fate, Kind, Look, Span

_MOST = 0.6  # of all letters; a look that more of them share means nothing
_LONGEST_HEADING = 120  # characters
_LARGER = 1.15  # than the usual size, if the line is bold, too
_MUCH_LARGER = 1.4
_MARK = re.compile(r"\[?(?:[0-9]{1,3}|[ivx]{1,5}|[*†‡])\]?")
_SENTENCE_END = re.compile(r"[.,;:!?)\]\"'\u2019\u201d\u00bb]\s*$")


def tidied(clip: Clip) -> Clip:
    """Return the clip with looks that mean something, its code in blocks, and no text that nobody can see."""
    everything = [*clip.blocks, *(block for note in clip.notes.values() for block in note)]
    _leave_pale(clip, everything)
    if _share(everything, lambda span: span.look.code is Code.FONT) > _MOST:
        for block in _all(everything):
            block.spans = [_without_font(span) for span in block.spans]
    if not any(block.kind is Kind.HEADING for block in everything):
        _guess_headings(clip.blocks)
    for block in everything:
        if block.kind is Kind.HEADING:
            block.spans = [replace(span, look=replace(span.look, bold=False)) for span in block.spans]
    for block in _all(everything):
        _tell_missing_notes(clip, block)
    clip.blocks = _with_code(clip.blocks)
    while clip.notes and clip.blocks and clip.blocks[-1].kind is Kind.RULE:
        clip.blocks.pop()  # it stood between the text and its notes
    return clip


def _all(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks, and those in the cells of tables."""
    for block in blocks:
        yield block
        for row in block.rows:
            for cell in row:
                yield from cell


def _share(blocks: list[Block], is_so: Callable[[Span], bool]) -> float:
    """Return which part of the letters outside code blocks is so."""
    total = so = 0
    for block in _all(blocks):
        if block.kind is not Kind.CODE:
            for span in block.spans:
                length = len(span.text.strip())
                total += length
                so += length if is_so(span) else 0
    return so / total if total else 0.0


def _leave_pale(clip: Clip, blocks: list[Block]) -> None:
    """Leave out nearly white text, unless most of the text is: then it was copied from a dark page."""
    share = _share(blocks, lambda span: span.is_pale)
    if not 0 < share <= _MOST:
        return
    for block in _all(blocks):
        pale = "".join(span.text for span in block.spans if span.is_pale)
        if pale.strip():
            clip.dropped.add(Fate.HIDDEN, pale)
            block.spans = [span for span in block.spans if not span.is_pale]


def _without_font(span: Span) -> Span:
    return replace(span, look=replace(span.look, code=Code.NONE)) if span.look.code is Code.FONT else span


def _guess_headings(blocks: list[Block]) -> None:
    """Make headings of short lines in a larger font, in a clipboard that has no others; larger is higher."""
    letters: Counter[float] = Counter()
    for block in blocks:
        for span in block.spans:
            letters[span.size] += len(span.text)
    usual = max(letters, key=lambda size: letters[size], default=0.0)
    lines = {}
    for number, block in enumerate(blocks):
        spans = [span for span in block.spans if not span.is_blank]
        is_line = block.kind is Kind.PARAGRAPH and not block.path and len(block.text) < _LONGEST_HEADING
        if not is_line or not spans or any(span.picture or span.look.code for span in spans):
            continue
        size = min(span.size for span in spans)
        is_bold = all(span.look.bold for span in spans)
        if (
            usual
            and size >= usual * (_LARGER if is_bold else _MUCH_LARGER)
            and BREAK not in block.text.strip()
        ):
            lines[number] = size
    ranks = sorted(set(lines.values()), reverse=True)
    for number, size in lines.items():
        blocks[number].kind, blocks[number].level = Kind.HEADING, min(ranks.index(size) + 1, 6)


def _tell_missing_notes(clip: Clip, block: Block) -> None:
    """List the marks of footnotes, raised after a sentence, whose text is not in the clipboard."""
    before = ""
    for span in block.spans:
        if span.look.raised == "sup" and _MARK.fullmatch(span.text.strip()) and _SENTENCE_END.search(before):
            clip.dropped.add(Fate.NOTE, span.text)
        before = span.text or before


def _with_code(blocks: list[Block]) -> list[Block]:
    """Make code blocks of paragraphs in a font for code, one of those that follow each other."""
    made: list[Block] = []
    for block in blocks:
        if block.kind is not Kind.PARAGRAPH or not _is_in_code_font(block):
            made.append(block)
            continue
        spans = [
            Span(span.text.replace("\N{NO-BREAK SPACE}", " "), Look(code=Code.FONT)) for span in block.spans
        ]
        last = made[-1] if made else None
        if (
            last
            and last.kind is Kind.CODE
            and last.path == block.path
            and last.spans[0].look.code is Code.FONT
        ):
            last.spans += [Span(BREAK), *spans]
        else:
            made.append(Block(Kind.CODE, spans, block.path))
    return made


def _is_in_code_font(block: Block) -> bool:
    spans = [span for span in block.spans if not span.is_blank]
    return bool(spans) and all(span.look.code is Code.FONT and not span.look.link for span in spans)
