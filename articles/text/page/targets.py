"""The targets of links and pictures in the HTML of a page: each can be written anew; the text stays."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from articles.text.markdown.tags import TAG

_TARGET = re.compile(r'(?<=\s)(href|src|cite)="([^"]*)"')
_SRCSET = re.compile(r'(?<=\s)srcset="([^"]*)"')
_HAS_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def with_targets(page: str, write: Callable[[str], str]) -> str:
    """Return HTML of the sanitizer, or of what draws it, with each target as `write` returns it. Linear in the page.

    >>> with_targets('<a href="/b?c&amp;d">/b</a>', lambda target: f"..{target}")
    '<a href="../b?c&amp;d">/b</a>'
    """

    def written(target: str) -> str:
        return html.escape(write(html.unescape(target)))

    def sizes(match: re.Match[str]) -> str:
        return f'srcset="{", ".join(map(_with_width, match[1].split(", ")))}"'

    def _with_width(candidate: str) -> str:
        target, space, width = candidate.partition(" ")
        return f"{written(target)}{space}{width}"

    def tag(match: re.Match[str]) -> str:
        targets = _TARGET.sub(lambda target: f'{target[1]}="{written(target[2])}"', match[0])
        return _SRCSET.sub(sizes, targets)

    return TAG.sub(tag, page)


def has_scheme(target: str) -> bool:
    """Return whether a target is a whole address, or leads to another host."""
    return bool(_HAS_SCHEME.match(target))
