"""Touched lines: the lines of a text in which a comparison found changes."""

from collections.abc import Iterable

from articles.text.diff import Change, Kind, Op, Span


def touched_lines(old: str, new: str, changes: Iterable[Change]) -> tuple[str, str]:
    """Return the lines of both texts that changed in more than spacing, joined. Linear in texts and changes.

    What is in the new lines and not in the old ones was brought in. Lines that moved unchanged are in neither.

    >>> from articles.text.diff import compare
    >>> touched_lines("a\\nb c\\n", "a\\nb d\\n", compare("a\\nb c\\n", "a\\nb d\\n").changes)
    ('b c\\n', 'b d\\n')
    """
    changed = [change for change in changes if change.op is not Op.EQUAL and change.kind is not Kind.SPACING]
    return _lines(old, sorted(change.old for change in changed)), _lines(new, [each.new for each in changed])


def _lines(text: str, spans: Iterable[Span]) -> str:
    """Return the lines that hold some spans, each line once. The spans rise."""
    parts: list[str] = []
    last = 0  # end of the lines taken
    for start, end in spans:
        if end < last or (start < last and end == last):
            continue
        begin = max(last, text.rfind("\n", last, start) + 1)
        stop = text.find("\n", max(end - 1, begin))
        stop = len(text) if stop < 0 else stop + 1
        if begin < stop:
            parts.append(text[begin:stop])
            last = stop
    return "".join(parts)
