"""Text for terminals: control and invisible characters are written as escapes.

File names, texts and payloads come from strangers. A control sequence in them could move the cursor, change the
title of the window or hide text.
"""

from functools import cache

import regex


def escape_invisible(text: str) -> str:
    """Return the text on one line, with controls, separators and invisible characters as Python escapes.

    >>> escape_invisible("a\\x1b[2Jb\\u200b")
    'a\\\\x1b[2Jb\\\\u200b'
    """
    return text if text.isascii() and text.isprintable() else _unseen().sub(_escaped, text)


def escape_controls(text: str) -> str:
    """Return the text with characters that terminals obey as escapes. Tabs and joiners stay as they are."""
    return text if text.isascii() and text.isprintable() else _obeyed().sub(_escaped, text)


@cache
def _unseen() -> regex.Pattern[str]:
    return regex.compile(r"[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ ]]", regex.V1)


@cache
def _obeyed() -> regex.Pattern[str]:
    return regex.compile(r"[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]--[\t]]", regex.V1)


def _escaped(match: regex.Match[str]) -> str:
    char: str = match[0]
    return char.encode("unicode_escape").decode("ascii")
