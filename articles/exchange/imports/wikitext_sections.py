"""Wikitext before it is parsed: whether it redirects, its sections, and what the parser would take too long over."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_OPEN = 30  # templates, links, tables or tags that are open at a place
_HEADING = re.compile(r"^(?==)", re.MULTILINE)
_OPENERS = (("{{", "}}"), ("[[", "]]"), ("{|", "\n|}"), ("<!--", "-->"))
_PAIRED = re.compile(
    r"<(/?)(pre|nowiki|ref|div|table|blockquote|syntaxhighlight|source|gallery|includeonly)\b[^<>]*?(/?)>",
    re.I,
)
_BRACKETS = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\[(?=https?:|ftp:|mailto:|//)|\]|<!--|-->|^\{\||^\|\}|</"
    # Not those that end with themselves, or that nobody closes.
    r"|<(?=[a-zA-Z])(?!(?:br|hr|wbr|img|references|li|p|dt|dd|tr|td|th)\b)(?![^<>]*/>)",
    re.MULTILINE | re.IGNORECASE,
)
_KINDS = {
    "{{": ("{", True),
    "}}": ("{", False),
    "[[": ("[", True),
    "]]": ("[", False),
    "[": ("h", True),
    "]": ("h", False),
    "<!--": ("!", True),
    "-->": ("!", False),
    "{|": ("|", True),
    "|}": ("|", False),
    "<": ("<", True),
    "</": ("<", False),
}
_REDIRECT = re.compile(r"\s*#(\w+)\s*:?\s*\[\[([^\[\]|\n]+)")
# The magic word in the languages of the largest wikis.
_REDIRECTS = frozenset(
    "redirect weiterleitung redirection redirección перенаправление перенапр تحويل 重定向 重新導向 リダイレクト 転送"
    " rinvia redirecionamento doorverwijzing patrz przekieruj omdirigering ohjaus přesměruj"
    " yönlendirme đổi 넘겨주기".split()
)


def redirect_of(wikitext: str) -> str:
    """Return the title that a page redirects to; empty if it is no redirect."""
    match = _REDIRECT.match(wikitext)
    return match[2].strip() if match and match[1].lower() in _REDIRECTS else ""


def sections_of(wikitext: str) -> Iterator[str]:
    """Yield the sections of a text, each with all that was opened in it closed."""
    held = ""
    for part in _HEADING.split(wikitext):
        held += part
        if _is_closed(held):
            yield held
            held = ""
    if held:
        yield held


def _is_closed(text: str) -> bool:
    if any(text.count(opener) != text.count(closer) for opener, closer in _OPENERS):
        return False
    depth = 0
    for match in _PAIRED.finditer(text):
        depth += 0 if match[3] else (-1 if match[1] else 1)
    return depth == 0


def is_deep(wikitext: str) -> bool:
    """Return whether more than `MAX_OPEN` parts are open at a place: the parser reads all after each of them again."""
    depths = dict.fromkeys("{[h!|<", 0)
    for match in _BRACKETS.finditer(wikitext):
        kind, is_opening = _KINDS[match[0]]
        depths[kind] = max(depths[kind] + (1 if is_opening else -1), 0)
        if depths[kind] > MAX_OPEN:
            return True
    return False
