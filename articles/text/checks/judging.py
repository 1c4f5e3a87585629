"""Functions that several checks share: words for messages, common words, and the text around a span."""

from functools import lru_cache

import regex

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
    """Return up to `count` words before a span and as many after it, within 40 code points of its paragraph."""
    first = max(text.rfind("\n\n", max(0, start - 40), start), 0, start - 40)
    last = text.find("\n\n", end, end + 40)
    before = _WORD.findall(text, first, start)
    after = _WORD.findall(text, end, last if last >= 0 else end + 40)
    return [*before[-count:], *after[:count]]
