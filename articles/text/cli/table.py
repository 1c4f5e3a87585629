"""Comparisons as HTML tables, the same that the site's pages show and their style sheets expect.

The pages use `templates/articles/_hunks.html` in the reader's language; a test compares both.
"""

import html
from collections.abc import Iterator, Sequence

from articles.text.content import ContentComparison, Field
from articles.text.content.comparison import Section
from articles.text.content.drawing import findings_between, piece_as_html
from articles.text.diff import Kind, Op
from articles.text.diff.hunks import Piece, Row

_KINDS = {
    Kind.LOOK_ALIKE: "looks the same",
    Kind.NORMALIZATION: "same letters, other encoding",
    Kind.SPACING: "spacing",
    Kind.INVISIBLE: "invisible",
    Kind.WORDING: "",
}
_HEAD = """<div class="scroll" tabindex="0" role="region" aria-label="Changes">
<table class="diff">
  <caption class="hidden">Changes: old line number, new line number, sign, text</caption>
  <thead class="hidden"><tr><th scope="col">Old line</th><th scope="col">New line</th>\
<th scope="col">Change</th><th scope="col">Text</th></tr></thead>
"""
_SAME = '  <tbody><tr><td colspan="4">The text is the same.</td></tr></tbody>\n'
_TAIL = "</table>\n</div>\n"


def as_html(comparison: ContentComparison) -> str:
    """Return the changes of the source, line by line, with all characters escaped."""
    table = _Table(comparison)
    return _HEAD + ("".join(map(table.section, comparison.sections)) or _SAME) + _TAIL


class _Table:
    def __init__(self, comparison: ContentComparison) -> None:
        self._comparison = comparison
        self._last_move: dict[str, int] = {}

    def section(self, section: Section) -> str:
        self._last_move = {}
        opening = f' id="change-{section.change}" data-change' if section.change else ""
        fold = ""
        if section.skipped:
            lines = "line" if section.skipped == 1 else "lines"
            fold = f'<tr class="skipped"><td colspan="4">{section.skipped} unchanged {lines}</td></tr>\n'
        rows = "".join(line for row in section.rows for line in self._rows(row))
        return f"  <tbody{opening}>\n{fold}{rows}  </tbody>\n"

    def _rows(self, row: Row) -> Iterator[str]:
        if row.op is Op.EQUAL:
            numbers = _numbers(row.old_number, row.new_number)
            yield f'<tr>{numbers}<td class="sign"></td>\n{self._line("new", row.new)}</tr>\n'
            return
        if row.old:
            yield self._changed(row, "old", "removed", "\N{MINUS SIGN}", _numbers(row.old_number, None))
        if row.new:
            yield self._changed(row, "new", "added", "+", _numbers(None, row.new_number))

    def _changed(self, row: Row, side: str, words: str, sign: str, numbers: str) -> str:
        anchor = move = ""
        if row.move is not None:
            if self._last_move.get(side) != row.move:
                self._last_move[side] = row.move
                anchor = f' id="move-{row.move}-{side}"'
            move = _move(row.move, "new" if side == "old" else "old")
        sign = f'<td class="sign">{sign}<span class="hidden">{words}:</span>{move}</td>'
        pieces = row.old if side == "old" else row.new
        return f'<tr class="{words}"{anchor}>{numbers}{sign}\n{self._line(side, pieces)}</tr>\n'

    def _line(self, side: str, pieces: Sequence[Piece]) -> str:
        comparison, field = self._comparison, Field.SOURCE
        is_old = side == "old" and comparison.old is not None
        text = (comparison.old if is_old and comparison.old else comparison.new).source
        findings = (comparison.old_findings if is_old else comparison.new_findings)[field]
        new = frozenset() if is_old else comparison.introduced_by_field[field]
        findings_in_line = findings_between(findings, pieces[0].start, pieces[-1].end)
        drawn = [
            piece_as_html(
                text,
                findings_in_line,
                piece,
                kinds=_KINDS,
                line_end="line end",
                new=new,
                is_whole_line=len(pieces) == 1,
            )
            for piece in pieces
        ]
        code = " code" if comparison.is_code(side, pieces) else ""
        language = html.escape((comparison.old if is_old and comparison.old else comparison.new).language)
        return f'      <td class="line{code}" lang="{language}" dir="auto">{"".join(drawn)}</td>'


def _numbers(old: int | None, new: int | None) -> str:
    return f'<td class="number">{old or ""}</td><td class="number">{new or ""}</td>'


def _move(move: int, other: str) -> str:
    title, words = ("to", "away") if other == "new" else ("from", "here")
    verb = "moved" if other == "new" else "came"
    return (
        f'<a class="move" href="#move-{move}-{other}" title="Where it {verb} {title}">↕{move}'
        f'<span class="hidden">moved {words}</span></a>'
    )
