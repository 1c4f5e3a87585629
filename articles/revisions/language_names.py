"""Names of languages: in the reader's language and in themselves; and which language tags are registered.

Names are those of CLDR, by Babel; tags are those of BCP 47, by langcodes and its copy of the IANA registry. The checks
of texts need neither: articles/text/unicode/languages.py takes whatever tag is stored.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import langcodes
import regex
import unicodedata2
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

_OWN_NAMES = Path(__file__).parent / "data" / "own-names.txt"
_LIKENESS = 0.8  # of a misspelt name to the one that is offered; 1 is equal
_SHAPE = regex.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")  # of BCP 47, section 2.1


class NamedLanguage(NamedTuple):
    """A language tag, with the language's name for the reader and its own one; that is empty if nobody knows it."""

    tag: str
    name: str
    own_name: str

    @property
    def names(self) -> str:
        """Both names, or one if they are equal."""
        return " \N{EN DASH} ".join(dict.fromkeys(filter(None, (self.name, self.own_name))))

    @property
    def tag_and_name(self) -> str:
        """The tag with the name."""
        return f"{self.tag} \N{EN DASH} {self.name}"


def is_registered(tag: str) -> bool:
    """Return whether a tag is well-formed, and all its subtags are registered or meant for private use.

    >>> is_registered("zh-Hant-TW"), is_registered("qaa"), is_registered("x-mine"), is_registered("xx")
    (True, True, True, False)
    """
    return bool(_SHAPE.fullmatch(tag)) and langcodes.tag_is_valid(tag)


def named_languages() -> tuple[NamedLanguage, ...]:
    """Return the languages that have a name in the language of the interface, by name."""
    return _named_languages(get_language() or "en")


def name_of(tag: str) -> str:
    """Return the name of a language in the language of the interface; the tag if nobody knows a name."""
    return _name_of(tag, get_language() or "en")


def names_of(tag: str) -> str:
    """Return the names of a language for the reader and in itself; empty if nobody knows one."""
    language = _named(tag)
    return "" if language.name == tag else language.names


def likely_tag(typed: str) -> NamedLanguage | None:
    """Return the language that somebody meant who typed something else than its tag; None if there is no telling.

    Names count in the language of the interface, in English and in themselves; a slip of the pen is no hindrance.
    """
    tag = typed.strip().replace("_", "-")
    if is_registered(tag):
        tag = str(langcodes.standardize_tag(tag))
    else:
        tags, name = _tags_by_name(get_language() or "en"), _folded(typed)
        close = [name] if name in tags else get_close_matches(name, tags, n=1, cutoff=_LIKENESS)
        if not close:
            return None
        tag = tags[close[0]]
    return _named(tag)


def _named(tag: str) -> NamedLanguage:
    return NamedLanguage(tag, name_of(tag), _own_names().get(tag, ""))


def _folded(name: str) -> str:
    return str(unicodedata2.normalize("NFKC", name)).casefold().strip()


@cache
def _named_languages(interface: str) -> tuple[NamedLanguage, ...]:
    own = _own_names()
    names = _names(interface).items()
    rows = (NamedLanguage(tag, name, own.get(tag, "")) for tag, name in names if tag != "und")
    return tuple(sorted(rows, key=lambda row: (_folded(row.name), row.tag)))


@lru_cache(maxsize=1024)
def _name_of(tag: str, interface: str) -> str:
    names = _names(interface)
    if name := names.get(tag):
        return name
    language, *rest = tag.split("-")
    parts = [_parts(interface).get(part) for part in rest]
    if language in names and rest and all(parts):
        return f"{names[language]} ({', '.join(filter(None, parts))})"
    return tag


@cache
def _names(interface: str) -> dict[str, str]:
    """Return the names of languages by tag."""
    return {tag.replace("_", "-"): name for tag, name in _locale(interface).languages.items()}


@cache
def _parts(interface: str) -> dict[str, str]:
    """Return the names of scripts and regions by subtag."""
    locale = _locale(interface)
    return {**locale.scripts, **locale.territories}


@cache
def _locale(interface: str) -> Locale:
    try:
        return Locale.parse(interface, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@cache
def _own_names() -> dict[str, str]:
    lines = _OWN_NAMES.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


@cache
def _tags_by_name(interface: str) -> dict[str, str]:
    """Return the tags by folded name, in the order in which a name counts."""
    tags: dict[str, str] = {}
    for names in (_names(interface), _own_names(), _names("en")):
        for tag, name in names.items():
            tags.setdefault(_folded(name), tag)
    return tags
