"""Link targets of a clipboard: those that an article may have, as Markdown writes them."""

from __future__ import annotations

import re
from urllib.parse import quote

from articles.text.page.safelist import refusal

_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_UNWRITTEN = re.compile(r"[\s<>\\^`{|}\x00-\x20\x7f]")


def target_of(href: str) -> str:
    """Return a target for an article; empty if none may have it, or if it leads nowhere without its page.

    >>> target_of("https://example.org/a (b)")
    'https://example.org/a%20(b)'
    >>> target_of("javascript:alert(1)"), target_of("#top"), target_of("page.html")
    ('', '', '')
    """
    href = href.strip()
    if not href.lower().startswith(_SCHEMES) or refusal("a", "href", href):
        return ""
    return written(href)


def written(address: str) -> str:
    """Return an address as it stands between parentheses in Markdown: without spaces, its parentheses in pairs."""
    address = _UNWRITTEN.sub(lambda match: quote(match[0]), address)
    depth = 0
    for char in address:
        depth += (char == "(") - (char == ")")
        if depth < 0 or depth > 20:
            break
    return address if depth == 0 else address.replace("(", "%28").replace(")", "%29")
