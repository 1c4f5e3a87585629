"""Names of pages and files as titles and addresses, and texts of a source as single lines."""

from __future__ import annotations

from hashlib import sha256

import regex
import unicodedata2

MAX_TITLE = 200  # code points
MAX_SLUG = 190  # code points: a number still fits behind
_UNFIT = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s]+")
_BIDI = regex.compile(
    "[\N{LEFT-TO-RIGHT EMBEDDING}-\N{RIGHT-TO-LEFT OVERRIDE}"
    "\N{LEFT-TO-RIGHT ISOLATE}-\N{POP DIRECTIONAL ISOLATE}]"
)
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{N}_]+")
_MARK_FIRST = regex.compile(r"^\p{M}+")


def one_line(text: str, limit: int) -> str:
    """Return a text as one line of at most `limit` code points; what is cut off is marked by an ellipsis.

    >>> one_line("Sidebar\\n\\nand footer", 12)
    'Sidebar and…'
    """
    line: str = _UNFIT.sub(" ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def title_of(name: str) -> str:
    """Return a name as a title: composed, on one line, without signs that turn the direction of writing."""
    return one_line(_BIDI.sub("", unicodedata2.normalize("NFC", name)), MAX_TITLE)


def has_hidden_order(name: str) -> bool:
    """Return whether a name has signs that turn the direction of writing, or controls."""
    return bool(_BIDI.search(name)) or any(unicodedata2.category(sign) == "Cc" for sign in name)


def is_encoding(name: str) -> bool:
    """Return whether a name is that of an encoding of text.

    >>> is_encoding("cp1252"), is_encoding("zip"), is_encoding("morse")
    (True, False, False)
    """
    try:
        b" ".decode(name, "replace")  # no bytes are decoded without a look at the name
    except (LookupError, ValueError):
        return False
    return True


def slug_of(name: str) -> str:
    """Return an address made from a name: its letters and digits in lower case, with hyphens between.

    A name that is longer than `MAX_SLUG` keeps its beginning, and gets a hash of all of it.

    >>> slug_of("Why “now”?"), slug_of("../../admin"), slug_of("…")
    ('why-now', 'admin', 'page')
    """
    folded = unicodedata2.normalize("NFC", unicodedata2.normalize("NFC", name).lower())
    slug: str = _MARK_FIRST.sub("", _NO_LETTER.sub("-", folded).strip("-")) or "page"
    if len(slug) > MAX_SLUG:
        slug = f"{slug[: MAX_SLUG - 9]}-{sha256(slug.encode()).hexdigest()[:8]}"
    return slug
