"""Lines cut into words and other tokens, and how far two lines or words agree."""

import re
from collections.abc import Sequence
from operator import eq

import regex

CONTEXT = 100  # code points that stay around the first and the last difference of a long line

# Characters that never join a neighbour into one grapheme cluster; any other sends its line the slower way, by \X.
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

starts_token = re.compile(rf"(?=[{_SIMPLE}])\S").match  # after a space
_word_and_signs = re.compile(rf"({_WORD}+)([!-&(-/:-@\[-`{{-~]*)( ?|\n)").fullmatch

_WORD_BEGIN = rf"(?={_WORD})(?=[{_SIMPLE}])"
_word_begins = re.compile(f" {_WORD_BEGIN}").finditer
# Stretches of simple characters, as long as can be, and others, as short; the next one begins with a word.
_stretches = re.compile(
    rf"([{_SIMPLE}]+(?:\Z|(?<= ){_WORD_BEGIN}))|(.+?(?: {_WORD_BEGIN}|\Z))", re.DOTALL
).findall
_cluster_begins = regex.compile(r"\p{GCB=Other}(?=\p{GCB=Other})").finditer

# The same in whole clusters. What is invisible belongs to the word it hides in.
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


def tokens(line: str) -> list[str]:
    """Words, runs of white space, and single clusters of anything else; joined, they are the line.

    Words are those of UAX #29 without the underscore, but Han and kana stand one by one, and scripts that put no
    spaces between words (Thai, Lao, Khmer, Burmese) go by cluster. No token ends inside a grapheme cluster.
    """
    if _is_simple(line):
        return _simple_tokens(line)
    found: list[str] = []
    for simple, other in _stretches(line):
        found += _simple_tokens(simple) if simple else _cluster_tokens(other)
    return found


def one_word(piece: str) -> re.Match[str] | None:
    """A word of simple characters, the signs after it, and a space or a line end, as groups."""
    return _word_and_signs(piece) if _is_simple(piece) else None


def is_word(token: str) -> bool:
    return token[0].isalnum() or token[-1].isalnum()


def resemblance(old: str, new: str) -> int:
    """How many letters two words share at their ends; 0 if that is less than three fifths of the longer."""
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


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many code points (or lines) two texts start with alike, and how many of the rest they end with alike."""
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
    """Less of what two lines start and end with alike: cut where a word, or at least a cluster, surely begins.

    Some context stays, so that an insertion can settle at a better place.
    """
    start, end = max(head - 3 * CONTEXT, 0), max(head - CONTEXT, 0)
    places = [*_word_begins(text, start, end)] or [*_cluster_begins(text, start, end)]
    head = places[-1].end() if places else 0
    start = len(text) - tail + CONTEXT
    end = start + 2 * CONTEXT
    place = next(_word_begins(text, start, end), None) or next(_cluster_begins(text, start, end), None)
    return head, len(text) - place.end() if place else 0


def are_alike(old: str, new: str) -> bool:
    """Whether a line that stands where another stood is surely an edit of it."""
    words, others = old.split(), new.split()
    if 2 * sum(map(eq, words, others)) > max(len(words), len(others)):
        return True
    head, tail = common_ends(old, new)
    if 2 * (head + tail) >= max(len(old), len(new)):
        return True
    once, other = set(words), set(others)
    return 2 * len(once & other) > max(len(once), len(other))
