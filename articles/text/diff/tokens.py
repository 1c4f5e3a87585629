"""Lines, the words and other tokens in them, and how far two lines or words agree."""

import re
from collections.abc import Sequence
from operator import eq

import regex

CONTEXT = 100  # code points kept around the first and the last difference of a long line

# Characters that never join a neighbour into one grapheme cluster. Lines with any other are cut by \X, which is slower.
_KANA_HAN = r"\u3005-\u3007\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uff66-\uff9d"
_SIMPLE = (
    r"\x00-\x0c\x0e-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0587\u05be\u05d0-\u05ea\u0620-\u064a\u0660-\u066f"
    r"\u0671-\u06d3\u1e00-\u1eff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u3000-\u3029\u309b-\u30ff\u4e00-\u9fff"
    r"\u3030-\u3096\uac00-\ud7a3\uff01-\uff9d"
)
_is_simple = re.compile(f"[{_SIMPLE}]*").fullmatch
_WORD = f"[^\\W_{_KANA_HAN}]"
_simple_tokens = re.compile(
    rf"{_WORD}+(?:(?:['\u2019]|(?<=[0-9])[.,](?=[0-9])){_WORD}+)*|[^\S\n]+|.", re.DOTALL
).findall

starts_token = re.compile(rf"(?=[{_SIMPLE}])\S").match  # of a text behind a space
_word_and_signs = re.compile(rf"({_WORD}+)([!-&(-/:-@\[-`{{-~]*)( ?|\n)").fullmatch

_WORD_BEGIN = rf"(?={_WORD})(?=[{_SIMPLE}])"
_word_begins = re.compile(f" {_WORD_BEGIN}").finditer
# Stretches of simple characters, as long as possible, and others, as short as possible. Each is followed by a word.
_stretches = re.compile(
    rf"([{_SIMPLE}]+(?:\Z|(?<= ){_WORD_BEGIN}))|(.+?(?: {_WORD_BEGIN}|\Z))", re.DOTALL
).findall
_cluster_begins = regex.compile(r"\p{GCB=Other}(?=\p{GCB=Other})").finditer

# The same tokens in whole clusters. An invisible character belongs to the word that it stands in.
_SINGLY = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u30fc\p{Line_Break=Complex_Context}\p{Javanese}\p{Balinese}"
)
_JOINING = r"\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}"
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}\p{{Default_Ignorable_Code_Point}}]--[{_SINGLY}]]"
_FIRST = rf"[[\p{{L}}\p{{N}}]--[{_SINGLY}{_JOINING}]]"
_cluster_tokens = regex.compile(
    rf"(?:(?={_LETTER})\X)+(?:(?:['\u2019]|(?<=[0-9])[.,](?=[0-9]))(?={_FIRST})(?:(?={_LETTER})\X)+)*"
    rf"|(?:[[\s\x1c-\x1f]--[\r\n]](?![{_JOINING}]))+"
    rf"|\p{{Regional_Indicator}}{{2}}(?![{_JOINING}])|\X",  # to cut a flag, \X would go through all before it
    regex.VERSION1,
).findall

has_letter = re.compile(r"[^\W_]").search
_lines = re.compile(r"[^\n]*\n|[^\n]+").findall


def split_lines(text: str) -> list[str]:
    """Split a text after each U+000A; other line ends split nothing. Joined, the lines are the text."""
    return _lines(text)


def tokenize(line: str) -> list[str]:
    """Split a line into words, runs of white space, and single clusters of anything else.

    Joined, the tokens are the line, and none ends inside a grapheme cluster. Words are those of UAX #29 without the
    underscore. Han, kana and scripts without spaces between words (Thai, Lao, Khmer, Burmese) are split by cluster.
    """
    if _is_simple(line):
        return _simple_tokens(line)
    found: list[str] = []
    for simple, other in _stretches(line):
        found += _simple_tokens(simple) if simple else _cluster_tokens(other)
    return found


def match_word(piece: str) -> re.Match[str] | None:
    """Match a piece that is one word of simple characters, signs after it, and a space or a line end, as groups."""
    return _word_and_signs(piece) if _is_simple(piece) else None


# The marks of quotes and list items at the start of a line, with the spacing around them.
match_mark = re.compile(r"[ \t]*+(?:(?:>[ \t]*+|(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]++|(?=\n|\Z))))++").match


def is_word(token: str) -> bool:
    """Return whether a token begins or ends with a letter or digit."""
    return token[0].isalnum() or token[-1].isalnum()


# A letter of a script without spaces between words.
_unspaced = regex.compile(rf"[{_SINGLY}]", regex.VERSION1)
is_unspaced, has_unspaced = _unspaced.match, _unspaced.search


def count_half_words(tokens: Sequence[str]) -> int:
    """Return the length of some tokens in half words: a single letter beyond ASCII, such as Han, is one."""
    return sum(1 if len(token) == 1 and not token.isascii() else 2 for token in tokens if is_word(token))


def resemblance(old: str, new: str) -> int:
    """Return how many letters two words share at their ends; 0 if these are under three fifths of the longer word."""
    longer, shorter = max(len(old), len(new)), min(len(old), len(new))
    if shorter * 5 < longer * 3 or (old[0] != new[0] and old[-1] != new[-1]):
        return 0
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    shared = head + tail
    return shared if shared > 1 and shared * 5 >= longer * 3 and not old.isdigit() else 0


def only_adds(old: str, new: str) -> bool:
    """Return whether one word begins or ends with the other, which is half of it or has four letters."""
    longer, shorter = (old, new) if len(old) > len(new) else (new, old)
    if len(longer) == len(shorter) or old.isdigit() or new.isdigit():
        return False
    is_much = 2 * len(shorter) >= len(longer) or len(shorter) >= 4
    return is_much and (longer.startswith(shorter) or longer.endswith(shorter))


def common_ends(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """Return how many elements two sequences share at their start, and how many of the others at their end."""
    shorter = min(len(old), len(new))
    low, high = 0, shorter  # old[:low] is common
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    head, low, high = low, 0, shorter - low
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return head, low


def safe_ends(text: str, head: int, tail: int) -> tuple[int, int]:
    """Return a shorter common start and end of two lines, cut where a word or at least a cluster begins.

    Some context is left outside, so that an insertion can slide to a better place. Lengths are code points.
    """
    start, end = max(head - 3 * CONTEXT, 0), max(head - CONTEXT, 0)
    places = [*_word_begins(text, start, end)] or [*_cluster_begins(text, start, end)]
    head = places[-1].end() if places else 0
    start = len(text) - tail + CONTEXT
    end = start + 2 * CONTEXT
    place = next(_word_begins(text, start, end), None) or next(_cluster_begins(text, start, end), None)
    return head, len(text) - place.end() if place else 0


def are_alike(old: str, new: str) -> bool:
    """Return whether a line is surely an edit of the line that stood at its place."""
    words, others = old.split(), new.split()
    if 2 * sum(map(eq, words, others)) > max(len(words), len(others)):
        return True
    head, tail = common_ends(old, new)
    if 2 * (head + tail) >= max(len(old), len(new)):
        return True
    once, other = set(words), set(others)
    return 2 * len(once & other) > max(len(once), len(other))
