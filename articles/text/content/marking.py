"""Marks around findings in HTML, which never change what a reader copies.

A mark is an element around the characters themselves. Its attributes describe them, and style sheets draw these, so
nobody copies them: `data-code` has the code points, `data-like` the letter probably meant, and `data-box` a label for
invisible characters. A numbered mark can be gone to, and says what it is by `data-says` instead of `title`.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence
from itertools import islice

from articles.text.checks.findings import Finding
from articles.text.unicode.boxes import box_label

MAX_LABELS = 8  # invisible characters of one finding that are named
MAX_MEANT = 40  # code points meant by one finding that are drawn


Say = Callable[[str], str]  # translates a finding's message into the reader's language


def mark(text: str, finding: Finding, *, is_new: bool = False, number: int = 0, say: Say = str) -> str:
    """Return a part of a finding's characters as HTML with a mark around it.

    `is_new` if a change introduced it; a mark with a `number` has the id `odd-` with it. The attributes are of bounded
    length.
    """
    labels = list(islice(filter(None, map(box_label, text)), MAX_LABELS + 1))
    attributes = {
        "id": f"odd-{number}" if number else "",
        "tabindex": "-1"
        if number
        else "",  # takes the focus when it is gone to, but is no stop of the Tab key
        "class": f"finding {finding.severity}" + (" new" if is_new else ""),
        "data-says" if number else "title": say(finding.message),
        "data-code": " ".join(f"U+{ord(char):04X}" for char in text) if len(text) <= 4 else None,
        "data-like": shortened(finding.meant or "", MAX_MEANT),
        "data-box": " ".join(labels[:MAX_LABELS]) + (" …" if len(labels) > MAX_LABELS else ""),
    }
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items() if value)
    return f"<mark{written}>{html.escape(text, quote=False)}</mark>"


def shortened(text: str, most: int) -> str:
    """Return a text; its first `most` code points and an ellipsis if it is longer."""
    return text if len(text) <= most else f"{text[:most]}\N{HORIZONTAL ELLIPSIS}"


def mark_text(
    text: str,
    findings: Sequence[Finding],
    *,
    start: int = 0,
    new: Collection[Finding] = (),
    number: int = 0,
    say: Say = str,
) -> str:
    """Return plain text as HTML with its findings marked.

    `start` is the offset of the text in the one in which the spans of the findings count. Of findings that overlap, the
    one that begins first is drawn. With the `number` of the first one, the marks are numbered.
    """
    parts = []
    position, end = start, start + len(text)
    for finding in findings:
        first, last = max(finding.start, position), min(finding.end, end)
        if first < last:
            parts.append(html.escape(text[position - start : first - start], quote=False))
            drawn = text[first - start : last - start]
            parts.append(mark(drawn, finding, is_new=finding in new, number=number, say=say))
            position, number = last, number + bool(number)
    parts.append(html.escape(text[position - start :], quote=False))
    return "".join(parts)
