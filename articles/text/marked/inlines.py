"""Inline content as HTML: runs of text inside inline elements, with `ins` and `del` around what changed.

Marks never cross an inline element: they are closed and opened again at its borders, unless they hold all of it.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import regex

from articles.text.marked.elements import repeatable, write_tag
from articles.text.marked.tree import Inline, Leaf, Stack
from articles.text.unicode.boxes import INVISIBLE, box_label

MAX_UNCUT = 60_000  # bytes of HTML; the text of a longer leaf is cut
MAX_PART = 1_000  # code points of text that are written in one go
_LINKING = re.compile(r' (?:aria-label|href|id)="[^"]*"')


class Run(NamedTuple):
    """A stretch of a leaf's text, the inline elements around it, and the class of its mark.

    `element` is `ins` or `del`, or empty without a mark.
    """

    leaf: Leaf
    start: int
    end: int
    stack: Stack
    element: str = ""
    classes: str = ""


def spans_of(leaf: Leaf, start: int, end: int) -> Iterator[tuple[int, int, Stack]]:
    """Yield the parts of a stretch with the same inline elements around them, and these."""
    k = max(0, bisect_right(leaf.spans, start, key=lambda span: span[0]) - 1)
    while start < end:
        stop = min(end, leaf.spans[k + 1][0]) if k + 1 < len(leaf.spans) else end
        if start < stop:
            yield start, stop, leaf.spans[k][1]
        start, k = max(start, stop), k + 1


def write_runs(runs: Sequence[Run], opened: set[Inline]) -> list[str]:
    """Return runs as HTML: one piece, or several of about `MAX_UNCUT` bytes, with no element open at either end.

    Elements `opened` before have no id and no long values; those opened here are added. Linear in the text and in the
    depth of its inline elements.
    """
    if sum(run.end - run.start for run in runs) <= MAX_PART and not any(
        run.stack or run.leaf.places for run in runs
    ):
        return ["".join(map(_plain_run, runs))]
    pieces: list[str] = []
    out: list[str] = []
    open_: Stack = ()
    size = 0
    for run, stack in _with_marks(runs):
        for written in _texts(run):
            if size > MAX_UNCUT:
                out += (f"</{element.tag}>" for element in reversed(open_))
                pieces.append("".join(out))
                out, open_, size = [], (), 0
            if open_ is not stack:
                shared = shared_length(open_, stack)
                out += (f"</{element.tag}>" for element in reversed(open_[shared:]))
                for element in stack[shared:]:
                    is_again = element in opened
                    out.append(
                        write_tag(
                            element.tag, repeatable(element.attributes) if is_again else element.attributes
                        )
                    )
                    opened.add(element)
                    size += len(out[-1]) + len(element.tag) + 3
                open_ = stack
            out.append(written)
            size += len(written) if written.isascii() else 3 * len(written)
    out += (f"</{element.tag}>" for element in reversed(open_))
    return [*pieces, "".join(out)]


def _plain_run(run: Run) -> str:
    """Return a run without inline elements."""
    text = _plain(run.leaf.text[run.start : run.end], is_marked=bool(run.element))
    return f'<{run.element} class="{run.classes}">{text}</{run.element}>' if run.element else text


def _with_marks(runs: Sequence[Run]) -> Iterator[tuple[Run, Stack]]:
    """Yield the runs with their inline elements and marks. Runs in a row with the same mark share it if they can."""
    k = 0
    for (element, classes), group in groupby(runs, key=lambda run: run[4:]):
        inside = list(group)
        k += len(inside)
        if not element:
            yield from ((run, run.stack) for run in inside)
            continue
        before = runs[k - len(inside) - 1].stack if k > len(inside) else ()
        after = runs[k].stack if k < len(runs) else ()
        first, last = inside[0].stack, inside[-1].stack
        depth = min((shared_length(first, run.stack) for run in inside), default=0)
        attributes = {"class": classes}
        if depth >= shared_length(before, first) and depth >= shared_length(last, after):
            mark = Inline(element, attributes)
            yield from ((run, (*run.stack[:depth], mark, *run.stack[depth:])) for run in inside)
        else:
            yield from ((run, (*run.stack, Inline(element, attributes))) for run in inside)


def shared_length(one: Stack, two: Stack) -> int:
    """Return how many elements two stacks share from the outside."""
    if one is two:
        return len(one)
    length = 0
    for element, other in zip(one, two, strict=False):
        if element is not other:
            break
        length += 1
    return length


def _texts(run: Run) -> Iterator[str]:
    """Yield the text of a run, with its atoms, in short parts."""
    leaf, start, end = run.leaf, run.start, run.end
    for place, atom in [*leaf.atoms_between(start, end), (end, None)]:
        for first in range(start, place, MAX_PART):
            yield _plain(leaf.text[first : min(first + MAX_PART, place)], is_marked=bool(run.element))
        if atom is not None:
            yield _unlinked(atom.html) if run.element == "del" else atom.html
        start = place + 1


def _unlinked(written: str) -> str:
    """Return an atom that leads nowhere and has no id, as it is deleted."""
    return _LINKING.sub("", written).replace("<a", "<span").replace("</a>", "</span>")


def _plain(text: str, *, is_marked: bool) -> str:
    """Return text as HTML; in a mark, invisible characters with labels that are never copied."""
    written = html.escape(text, quote=False)
    return str(INVISIBLE.sub(_boxed, written)) if is_marked and not written.isascii() else written


def _boxed(found: regex.Match[str]) -> str:
    """Return an invisible character inside an element with its label."""
    return f'<span class="unseen" data-box="{box_label(found[0])}">{found[0]}</span>'
