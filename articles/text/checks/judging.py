"""Functions that several checks share: words for messages, common words, and the text around a span."""

import re
from functools import lru_cache

import regex

from articles.text.checks.fields import Token
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.scripts import script_of_language

_WORD = regex.compile(r"[\p{L}\p{M}]++")


@lru_cache(maxsize=4096)
def describe(char: str) -> str:
    """Return the name and code point of a character: `Cyrillic small letter a (U+0430)`."""
    name = tables.name(char)
    return f"{name[0].upper()}{name[1:]} (U+{ord(char):04X})"


def looking_like(meant: str | None, fault: Message) -> Message:
    """Return the message `fault`, with what the characters look like if that is known."""
    return _("%(fault)s; it looks like \u201c%(meant)s\u201d", fault=fault, meant=meant) if meant else fault


def known_words(language: str, script: str = "Latin") -> frozenset[str]:
    """Return the commonest words of a language; none if it is not written in `script`."""
    return tables.common_words(language) if script_of_language(language) == script else frozenset()


def neighbours(text: str, start: int, end: int, *, count: int = 1) -> list[str]:
    """Return up to `count` words before a span and as many after it, within 40 code points."""
    before = _WORD.findall(text, max(0, start - 40), start)
    after = _WORD.findall(text, end, end + 40)
    return [*before[-count:], *after[:count]]


_STRESS = re.compile("[\u02c8\u02cc\u02d0\u02d1\u0361\u035c]")
_PLAIN_WORD = regex.compile(r"(?<![^\s])[A-Za-z]{4,}(?![^\s])|[A-Z]{2}")
_DELIMITERS = (("/", "/"), ("[", "]"), ("\u27e8", "\u27e9"))


def is_transcription(text: str, token: Token) -> bool:
    """Return whether a word is phonetic: it has stress or length marks, or stands between slashes or brackets."""
    if len(token.text) > 60:
        return False
    if _STRESS.search(token.text):
        return True
    start, end = token.start, token.start + len(token.text)
    left, right = text[max(0, start - 60) : start], text[end : end + 60]
    for opening, closing in _DELIMITERS:
        if (first := left.rfind(opening)) < 0 or (last := right.find(closing)) < 0:
            continue
        inside = left[first + 1 :] + token.text + right[:last]
        outside = left[first - 1 : first] if first else ""
        behind = right[last + 1 : last + 2]
        if (
            not outside.isalnum()
            and outside not in ("/", ":")
            and not behind.isalnum()
            and behind not in ("/", "(", ":")
            and "\n" not in inside
            and inside == inside.strip()
            and len(inside.split()) < 4
            and not _PLAIN_WORD.search(inside)
        ):
            return True
    return False
