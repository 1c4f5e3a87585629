"""Following: where a passage of a text stands in a later text."""

from collections import defaultdict
from collections.abc import Iterable

from articles.text.diff.align import Span
from articles.text.diff.changes import Change, Op


def follow(passage: Span, changes: Iterable[Change]) -> Span | None:
    """Return where a passage of the old text stands in the new one; None if most of it is gone.

    At least half of its code points have to be kept together: where they were, or in one moved block. What was
    inserted between them counts as part of the passage. Linear in the changes.

    >>> from articles.text.diff import compare
    >>> follow((2, 9), compare("a red fox", "once, a red, quick fox").changes)
    (8, 22)
    >>> follow((2, 5), compare("a red fox", "a blue fox").changes) is None
    True
    """
    start, end = passage
    kept: dict[int | None, list[Span]] = defaultdict(list)  # by moved block, in order
    for change in changes:
        first, last = max(start, change.old[0]), min(end, change.old[1])
        if change.op is Op.EQUAL and first < last:
            shift = change.new[0] - change.old[0]
            kept[change.move].append((first + shift, last + shift))
    pieces = max(kept.values(), key=_length, default=[])
    if not pieces or 2 * _length(pieces) < end - start:
        return None
    return min(first for first, _last in pieces), max(last for _first, last in pieces)


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
