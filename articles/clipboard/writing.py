"""The Markdown of a clipboard's blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.clipboard.blocks import BREAK, Block, Clip, Container, Item, Kind, Quote, Span
from articles.clipboard.inlines import code_text, fence_for, inline


def write(clip: Clip) -> str:
    """Return the Markdown of a clip, with one line end at its end; empty for a clip without text. Linear."""
    writer = _Writer()
    for block in clip.blocks:
        writer.add(block)
    texts = [writer.text]
    for number, blocks in sorted(clip.notes.items()):
        note = _Writer()
        for block in blocks:
            note.add(block)
        mark = f"[^{number}]: "
        texts.append(mark + note.text.replace("\n", "\n    ").replace("\n    \n", "\n\n"))
    whole = "\n\n".join(text for text in texts if text)
    return whole + "\n" if whole else ""


class _Writer:
    """Writes blocks one after the other. A block begins with what its containers put before their lines."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._path: tuple[Container, ...] = ()
        self._indents: list[str] = []  # of the containers in `_path`
        self._numbers: dict[int, tuple[object, int | None, str]] = {}  # by depth: the newest item there

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def add(self, block: Block) -> None:
        for part in _without_blank_lines(block):
            text = _text(part)
            if text:
                self._put(text, part.path)

    def _put(self, text: str, path: tuple[Container, ...]) -> None:
        shared = 0
        while shared < min(len(path), len(self._path)) and path[shared] is self._path[shared]:
            shared += 1
        indents = self._indents[:shared]
        if self._lines and not self._is_tight(path, shared):
            self._lines.append("".join(indents).rstrip())
        for depth in [
            depth for depth in self._numbers if depth > shared or (depth == shared and not path[shared:])
        ]:
            del self._numbers[depth]
        first = "".join(indents)
        for depth in range(shared, len(path)):
            mark = self._mark(path[depth], depth)
            first += mark
            indents.append("> " if isinstance(path[depth], Quote) else " " * len(mark))
        rest = "".join(indents)
        for number, line in enumerate(text.split("\n")):
            self._lines.append(((first if number == 0 else rest) + line).rstrip(" "))
        self._path, self._indents = path, indents

    def _is_tight(self, path: tuple[Container, ...], shared: int) -> bool:
        """Return whether no empty line is needed: before an item of the same list, and before a list in an item."""
        if shared == len(path) or not isinstance(path[shared], Item):
            return False
        if shared == len(self._path):
            return shared > 0 and isinstance(self._path[-1], Item)
        last = self._path[shared]
        new = path[shared]
        return isinstance(last, Item) and isinstance(new, Item) and last.of == new.of

    def _mark(self, container: Container, depth: int) -> str:
        """Return what stands before the first line in a container. A list beside another one gets another sign."""
        if isinstance(container, Quote):
            self._numbers.pop(depth, None)
            return "> "
        of, number, sign = self._numbers.get(depth, (None, None, ""))
        signs = "-*" if container.number is None else ".)"
        if of == container.of:
            number = number + 1 if number is not None else None
        else:
            number = container.number
            sign = signs[1] if sign == signs[0] else signs[0]
        self._numbers[depth] = (container.of, number, sign)
        return f"{sign} " if number is None else f"{number}{sign} "


def _without_blank_lines(block: Block) -> Iterator[Block]:
    """Yield the block in parts: two line breaks in a paragraph make two paragraphs."""
    if block.kind is not Kind.PARAGRAPH:
        yield block
        return
    part: list[Span] = []
    breaks = 0
    for span in block.spans:
        if span.text.strip(" ") == BREAK and not span.look.code:
            breaks += 1
            if breaks == 2:
                yield Block(Kind.PARAGRAPH, part, block.path)
                part = []
            part.append(span)
            continue
        if not span.is_blank:
            breaks = 0
        part.append(span)
    yield Block(Kind.PARAGRAPH, part, block.path)


def _text(block: Block) -> str:
    if block.kind is Kind.RULE:
        return "---"
    if block.kind is Kind.HEADING:
        text = re.sub(r"(#+)$", r"\\\1", inline(block.spans, line_break=" "))
        return f"{'#' * block.level} {text}" if text else ""
    if block.kind is Kind.CODE:
        text = code_text(block.spans)
        fence = fence_for(text)
        return f"{fence}{block.language}\n{text}\n{fence}"
    if block.kind is Kind.TABLE:
        return _table(block)
    return inline(block.spans)


def _table(block: Block) -> str:
    rows = [f"| {' | '.join(map(_cell, row))} |" for row in block.rows]
    rows.insert(1, f"|{' --- |' * len(block.rows[0])}")
    return "\n".join(rows)


def _cell(blocks: list[Block]) -> str:
    """Return the text of a cell on one line; a bar would end it, even in code."""
    texts = (inline(block.spans, line_break="<br>") for block in blocks)
    return "<br>".join(text for text in texts if text).replace("|", "\\|").replace("\n", " ")
