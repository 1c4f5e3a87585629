"""Which element of a page comes from which place of its source."""

import re
from itertools import pairwise

from articles.text.page.sanitizer import Sanitized

_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_VOID = frozenset(("br", "hr", "img", "input"))


def element_places(page: Sanitized) -> list[tuple[int, int]]:
    """Return pairs of a place in the source, in code points, and the index of the outermost element that begins there.

    Both ascend. A block without an element has no pair; a block with several has one for the first. Linear in the HTML.

    >>> from articles.text.page import sanitize
    >>> element_places(sanitize("# a\\n\\n- b\\n- c\\n\\n<p>d</p><p>e</p>\\n\\nf\\n"))
    [(0, 0), (5, 1), (14, 2), (32, 4)]
    """
    found, index = [], 0
    for (source, start), (_next, end) in pairwise((*page.parts, (0, len(page.html)))):
        if count := _outermost(page.html[start:end]):
            found.append((source, index))
        index += count
    return found


def _outermost(html: str) -> int:
    """Return the number of outermost elements of HTML that closes all it opens."""
    count = depth = 0
    for closing, tag in _TAG.findall(html):
        if closing:
            depth -= 1
            continue
        count += depth == 0
        depth += tag not in _VOID
    return count
