"""Tags: which spellings are one tag, and a line of tags as an author types it."""

from __future__ import annotations

from collections.abc import Iterable

import regex
import unicodedata2

MAX_TAG = 50  # code points
MAX_FOLDED = 18 * MAX_TAG  # code points; U+FDFA alone becomes 18

_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")


def fold_tag(tag: str) -> str:
    """Return the form in which equal tags are equal, whatever their case, width and spaces.

    It is NFKC_Casefold (The Unicode Standard, section 3.13, D145) with one space for any white space. Accents and
    look-alikes count. Folding twice changes nothing.

    >>> {fold_tag(tag) for tag in ("Django", "DJANGO ", "\\uff24\\uff4a\\uff41\\uff4e\\uff47\\uff4f")}
    {'django'}
    """
    text = _IGNORABLE.sub("", tag)
    while (folded := str(unicodedata2.normalize("NFKC", text.casefold()))) != text:
        text = folded
    return " ".join(text.split())


def unique_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in their order, of equal ones the first."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(fold_tag(tag), tag)
    return tuple(first.values())


def same_tags(tags: Iterable[str], tag: str) -> list[str]:
    """Return those of the tags that equal a tag, as they are written."""
    return [other for other in tags if fold_tag(other) == fold_tag(tag)]


def split_tags(line: str) -> tuple[str, ...]:
    """Return the tags of a line, which commas part; equal ones once.

    >>> split_tags("Sea, tide mill,, sea")
    ('Sea', 'tide mill')
    """
    return unique_tags(tag for part in line.split(",") if (tag := part.strip()))
