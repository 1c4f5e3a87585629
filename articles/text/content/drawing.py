"""Lines of a comparison as HTML: changes in `ins` and `del`, findings in `mark`."""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

import regex

from articles.text.checks.findings import Finding
from articles.text.content.marking import Say, mark_text
from articles.text.diff import Kind, Op
from articles.text.diff.hunks import Piece
from articles.text.unicode.boxes import box_label

# A mark as `mark_text` writes it, or an invisible character outside of a mark.
_UNMARKED_INVISIBLE = regex.compile(
    r"<mark[^>]*>.*?</mark>|[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]--[ \n\t]]", regex.V1
)


def findings_between(found: Sequence[Finding], start: int, end: int) -> Sequence[Finding]:
    """Return those of the findings, which are sorted by their starts, that touch a span."""
    first = bisect_left(found, start, key=lambda item: item.start)
    while first and found[first - 1].end > start:
        first -= 1
    return found[first : bisect_left(found, end, key=lambda item: item.start)]


def piece_as_html(
    text: str,
    found: Sequence[Finding],
    piece: Piece,
    *,
    kinds: Mapping[Kind, object],
    line_end: str,
    new: Collection[Finding] = (),
    is_whole_line: bool = False,
    say: Say = str,
) -> str:
    """Return a piece of a line as HTML, with its findings marked.

    The line end is not drawn; if only that changed, `line_end` is the label of the change. `kinds` has the labels for
    each kind of change. `new` are the findings that the change introduced.
    """
    shown = text[piece.start : piece.end].removesuffix("\n")
    drawn = mark_text(shown, found, start=piece.start, new=new, say=say)
    if piece.op is Op.EQUAL or piece.kind is None:
        return drawn
    drawn = str(_UNMARKED_INVISIBLE.sub(_boxed, drawn))
    if not shown and is_whole_line:  # an empty line: the sign in the margin is enough
        return drawn
    element = "del" if piece.op is Op.DELETE else "ins"
    words = html.escape(str(kinds[piece.kind] if shown else line_end))
    return f'<{element} class="change {piece.kind}" data-kind="{words}">{drawn}</{element}>'


def _boxed(found: regex.Match[str]) -> str:
    """Return an invisible character that changed and is no finding, with a label that is never copied."""
    written = str(found[0])
    if len(written) > 1:
        return written
    return f'<span class="unseen" data-box="{box_label(written)}">{written}</span>'
