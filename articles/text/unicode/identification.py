"""Identification: the language of a text that is certainly in another language than its author said.

Three things decide, in this order: the script of most words, the most frequent words of sixty languages, and the
letters that only one language of a script has. In doubt the text is in the language that its author said.

Whoever disguises words cannot change the answer. Words of several scripts count against every other language, what
readers don't see counts for none, and words that can be read in the script of the said language prove nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from string import ascii_letters
from typing import NamedTuple

from articles.text.unicode import languages, tables
from articles.text.unicode.confusables import counterpart, latin, prototype
from articles.text.unicode.scripts import EAST_ASIAN, UNSPACED, script_group, script_of_language

LEAST_WORDS = 8
LETTERS_OF_A_WORD = 3  # in scripts without spaces, so many letters count as a word
SAMPLE = 12  # code points that show which scripts a text has
SAMPLE_WORDS = 40  # whose letters tell the languages of a script apart
HEAD = 200  # code points that show at a first look whether a text is in the said language

# Comments, tags, descriptions of pictures, targets, labels and definitions of links, and addresses.
_UNSEEN = re.compile(
    r"(?sm)<!--.*?(?:-->|\Z)|<[^<>]*>|!\[[^\[\]]*\]|\]\([^()]*\)|\]\[[^\[\]]*\]"
    r"|^ {0,3}\[(?!\^)[^\]\n]*\]:[^\n]*$|https?://\S*"
)
_KANA, _HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")


def language_of_text(text: str, said: str) -> str | None:
    """Return the language of a text if that is certainly another one than `said`; None if not.

    A language with several scripts is returned with its script (`sr-Latn`). If only the script is certain, it stands
    alone (`und-Cyrl`). Texts of fewer than eight words are never certain. Linear in the text.

    >>> language_of_text("Das Buch ist von einem Mann, der nicht mehr in der Stadt war.", "en")
    'de'
    """
    if len(text) < LEAST_WORDS * LETTERS_OF_A_WORD:
        return None
    home = _home(said)
    if "://" in text:
        text = _seen(text)
    sample = text[:: len(text) // SAMPLE + 1]
    if len(home.letters.findall(sample)) * 6 <= len(sample):
        return _in_other_script(_seen(text), sample, home)
    return None if _is_as_said(text, home) else _in_same_script(_seen(text), home)


class _Home(NamedTuple):
    """The language that the author said: its script, the letters of the script, and the language's frequent words.

    `others` finds the letters of the script that the language does not have in its own words.
    """

    name: str
    script: str
    letters: re.Pattern[str]
    frequent: frozenset[str]
    others: re.Pattern[str] | None


@lru_cache(maxsize=64)
def _home(said: str) -> _Home:
    script, name = script_of_language(said), tables.list_name(said)
    frequent = tables.frequent_words_of(said)
    others = None
    if frequent and script != "Latin":
        chars = {char for tag in languages.languages_in(script) for char in languages.main_letters(tag)}
        inside = _class(chars - languages.main_letters(said))
        others = re.compile(f"[{inside}]" if inside else r"(?!)")
    return _Home(name, script, re.compile(f"[{_class_of(script)}]"), frequent, others)


@cache
def _class_of(script: str) -> str:
    """Return the inside of a character class of the letters and marks of a script."""
    if script == "East Asian":
        return "".join(f"{first}-{last}" for first, last in tables.ranges_of(EAST_ASIAN))
    return _class(char for char in tables.characters_with(script) if tables.category(char)[0] in "LM")


def _class(chars: Iterable[str]) -> str:
    """Return the inside of a character class, with runs as ranges, which are quicker to compile."""
    runs: list[list[str]] = []
    for char in sorted(chars):
        if runs and ord(char) == ord(runs[-1][1]) + 1:
            runs[-1][1] = char
        else:
            runs.append([char, char])
    return "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in runs)


def _seen(text: str) -> str:
    """Return what readers see of a text, without addresses."""
    return _UNSEEN.sub(" ", text)


def _is_as_said(text: str, home: _Home) -> bool:
    """Return whether a text in the script of the said language seems to be in that language at a first look."""
    if not home.frequent:
        return True  # no other language of the script can be told from it
    if home.others:
        return not home.others.search(text, 0, HEAD)
    pieces = text[:HEAD].split()
    known = sum(map(_languages_by_word().__contains__, pieces))
    return known * 6 < len(pieces) or known < 2 * sum(map(home.frequent.__contains__, pieces)) + 2


def _in_same_script(text: str, home: _Home) -> str | None:
    words = _words(text, home.script)
    if len(words) < LEAST_WORDS or sum(map(len, words)) * 5 < len(home.letters.findall(text)) * 4:
        return None
    if home.others and sum(map(bool, map(home.others.search, words))) * 8 >= len(words):
        tag = _by_words(words, least=0.15)  # the letters show that it is another language
    else:
        tag = _by_words(words, least=0.25, said=home.name)
    return tag if tag and tag != home.name and _has_letters_of(tag, words) else None


def _in_other_script(text: str, sample: str, home: _Home) -> str | None:
    scripts = Counter(map(script_group, sample))
    del scripts[None], scripts[home.script]
    script = max(scripts, key=scripts.__getitem__, default=None)
    if script is None:
        return None
    words = _words(text, script)
    letters = sum(map(len, words))
    number = letters // LETTERS_OF_A_WORD if script in UNSPACED else len(words)
    if number < LEAST_WORDS or letters < 4 * len(home.letters.findall(text)):
        return None
    if script == "East Asian":
        return _east_asian("".join(words))
    # No English sentence can be written with the letters of another language only, even if it may look odd.
    plain = len(_plain(script, home.script).findall(text)) / len(words)
    tag = _by_words(words, least=0.25 if script == "Latin" else 0.15) if plain > 1 / 6 else None
    if tag and _has_letters_of(tag, words):
        return tag
    if plain < 1 / 3:
        return None
    return (None if tag else _by_letters(words, script)) or f"und-{languages.script_code(script)}"


def _words(text: str, script: str) -> list[str]:
    """Return the words of a script in lower case, of two letters or more, without letters of other scripts."""
    return _pattern_of_words(script).findall(text.lower())


@cache
def _pattern_of_words(script: str) -> re.Pattern[str]:
    letters = _class_of(script)
    # It starts with a class of characters, so the search for the next word is quick.
    return re.compile(rf"[{letters}](?<![\w/@.=\\].)[{letters}]++(?![\w/@=(\\]|[.:]\w)")


@cache
def _plain(script: str, home: str) -> re.Pattern[str]:
    """Return a pattern that matches once in each word of a script that cannot be read in the script `home`."""
    chars = ascii_letters if script == "Latin" else tables.characters_with(script)
    plain = _class(char for char in chars if not _is_readable(char, home))
    return re.compile(rf"[{plain}][{_class_of(script)}]*+" if plain else r"(?!)")


def _is_readable(char: str, home: str) -> bool:
    """Return whether a letter can pass for one of `home`. In Latin text, a similar letter is enough."""
    if home == "Latin":
        return latin(char) is not None
    letter = counterpart(char, home)
    return letter is not None and prototype(letter) == prototype(char)


@cache
def _languages_by_word() -> dict[str, list[str]]:
    by_word: dict[str, list[str]] = {}
    for name, words in tables.frequent_words().items():
        for word in words:
            by_word.setdefault(word, []).append(name)
    return by_word


def _by_words(words: list[str], *, least: float, said: str = "") -> str | None:
    """Return the language with the most frequent words among `words`; None if none is certain.

    `least` is the share that it needs. It needs twice as many and two more than the language that the author said.
    """
    by_word = _languages_by_word()
    found = [word for word in words if word in by_word]
    scores = Counter(name for word in found for name in by_word[word])
    best, *others = sorted(scores, key=lambda name: (-scores[name], name)) or [""]
    number = scores[best]
    if number < least * len(words) or (said and number < 2 * scores[said] + 2):
        return None
    own = {word for word in found if best in by_word[word]}
    # Latin words of two letters are words in many languages.
    if len(own) < 3 or sum(len(word) > 2 or not word.isascii() for word in own) < 2:
        return None
    if others and scores[others[0]] == number:
        return None
    return "sr-Latn" if best == "sh" else best


def _has_letters_of(tag: str, words: list[str]) -> bool:
    """Return whether a language has all letters of nearly all words."""
    return sum(map(languages.letters(tag).issuperset, words)) * 20 >= 19 * len(words)


def _by_letters(words: list[str], script: str) -> str | None:
    """Return the only language of a script that has all letters of the words; None without one."""
    if script == "Latin":
        return None  # too many languages, and the same letters
    rare, by_letter = _languages_by_letter(script)
    found = [by_letter[char] for char in set(rare.findall(" ".join(words[:SAMPLE_WORDS])))]
    tags = frozenset(languages.languages_in(script)).intersection(*found)
    return next(iter(tags)) if len(tags) == 1 else None


@cache
def _languages_by_letter(script: str) -> tuple[re.Pattern[str], dict[str, frozenset[str]]]:
    """Return a pattern for letters of a script that not all its languages have, and the languages of each."""
    tags = {tag: languages.letters(tag) for tag in languages.languages_in(script)}
    owners = {
        char: frozenset(tag for tag in tags if char in tags[tag])
        for char in tables.characters_with(script)
        if tables.category(char)[0] in "LM"
    }
    by_letter = {char: having for char, having in owners.items() if len(having) < len(tags)}
    return re.compile(f"[{_class(by_letter)}]" if by_letter else r"(?!)"), by_letter


def _east_asian(text: str) -> str:
    if len(_HANGUL.findall(text)) * 2 > len(text):
        return "ko"
    if len(_KANA.findall(text)) * 10 > len(text):
        return "ja"
    return "zh" if len(text) > 60 else "und-Hani"
