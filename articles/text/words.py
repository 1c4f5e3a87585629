"""Edits inside lines that correspond: words, then grapheme clusters inside words that resemble each other."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import regex

from .align import Gap, Run, joined, numbered, runs, settled
from .confusables import skeleton
from .graphemes import clusters

Line = tuple[int, str]  # where a line, or a part of one, starts in its text; what it reads
Span = tuple[int, int]
Edit = tuple[int, int, int, int]  # old[i1:i2] became new[j1:j2]; where both read the same, nothing changed

RESEMBLING_PAIRS = 400  # words times words compared for resemblance in one gap
ISLAND_HALF_WORDS = 10  # what is kept in one piece and longer is never an island
CONTEXT = 100  # code points that stay around the first and the last difference of a long line
TRIMMED_LENGTH = 400  # longest replacement that is searched for clusters kept at its ends

BARRIERS = frozenset(("\n", "\r\n", "|"))
_SENTENCE_ENDS = frozenset("\n.!?\u3002\uff01\uff1f\u061f\u06d4\u0964")
_OPENING, _CLOSING = frozenset("([{<\u201c\u00ab\u300c"), frozenset(")]}>\u201d\u00bb\u300d")

# Characters that never join a neighbour into one grapheme cluster; any other sends its line the slower way through \X.
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

_word_begins = re.compile(rf" (?={_WORD})(?=[{_SIMPLE}])").finditer
_cluster_begins = regex.compile(r"\p{GCB=Other}(?=\p{GCB=Other})").finditer

# The same in whole clusters. What is invisible belongs to the word it hides in.
_SINGLY = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u30fc\p{Line_Break=Complex_Context}\p{Javanese}\p{Balinese}"
_JOINING = r"\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}"
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}\p{{Default_Ignorable_Code_Point}}]--[{_SINGLY}]]"
_FIRST = rf"[[\p{{L}}\p{{N}}]--[{_SINGLY}{_JOINING}]]"
_cluster_tokens = regex.compile(
    rf"(?:(?={_LETTER})\X)+(?:(?:['\u2019]|(?<=[0-9])[.,](?=[0-9]))(?={_FIRST})(?:(?={_LETTER})\X)+)*"
    rf"|(?:[[\s\x1c-\x1f]--[\r\n]](?![{_JOINING}]))+|\X",
    regex.VERSION1,
).findall

has_letter = re.compile(r"[^\W_]").search


def tokens(line: str) -> list[str]:
    """Words, runs of white space, and single clusters of anything else; joined, they are the line.

    Words are those of UAX #29 without the underscore, but Han and kana stand one by one, and scripts that put no spaces
    between words (Thai, Lao, Khmer, Burmese) go by cluster. No token ends inside a grapheme cluster.
    """
    found: list[str] = _simple_tokens(line) if _is_simple(line) else _cluster_tokens(line)
    return found


def is_word(token: str) -> bool:
    return token[0].isalnum() or token[-1].isalnum()


@lru_cache(maxsize=65_536)
def _look(token: str) -> str:
    return skeleton(token)


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


def common_ends(old: str, new: str) -> tuple[int, int]:
    """How many code points two texts start with alike, and how many of the rest they end with alike."""
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
    """Less of what two lines start and end with alike: up to where a word, or at least a cluster, surely begins.

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
    head, tail = common_ends(old, new)
    if 2 * (head + tail) >= max(len(old), len(new)):
        return True
    words, others = set(old.split()), set(new.split())
    return 2 * len(words & others) > max(len(words), len(others))


class _Tokens:
    """The tokens of some lines, where each starts, and which of them are more than spacing."""

    __slots__ = ("content", "is_space", "starts", "texts")

    def __init__(self, lines: Sequence[Line]) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        for start, line in lines:
            found = tokens(line)
            self.texts += found
            self.starts += accumulate(map(len, found[:-1]), initial=start)
        self.is_space = [token.isspace() and token[-1] != "\n" for token in self.texts]
        self.content = [k for k, is_space in enumerate(self.is_space) if not is_space]

    def names(self) -> list[str]:
        """The content, all line ends under one name."""
        texts = self.texts
        return ["\n" if texts[k][-1] == "\n" else texts[k] for k in self.content]

    def place(self, k: int) -> int:
        """Where something that stands before token k would begin."""
        return self.starts[k - 1] + len(self.texts[k - 1]) if k else self.starts[0]

    def spans(self, first: int, last: int) -> list[tuple[int, int]]:
        """Where tokens first..last-1 stand: one stretch, or several around lines that went elsewhere; at least one."""
        if first < last and self.place(last) - self.starts[first] == sum(map(len, self.texts[first:last])):
            return [(self.starts[first], self.place(last))]
        here = self.place(first)
        return stretches(list(zip(self.starts[first:last], self.texts[first:last], strict=True))) or [(here, here)]


def edits(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Edit]:
    """What became of some old lines, in order; the edits tile them and the new lines. Neither side is empty."""
    a, b = _Tokens(old), _Tokens(new)
    kept = _without_islands(_kept(a, b), a, b)
    i = j = 0
    for start_a, start_b, length in [*kept, (len(a.texts), len(b.texts), 0)]:
        if i < start_a or j < start_b:
            yield from _change(a, b, (i, start_a, j, start_b))
        i, j = start_a + length, start_b + length
        yield from _pairs(a, b, (start_a, i, start_b, j))


def _kept(a: _Tokens, b: _Tokens) -> list[Run]:
    """Runs of tokens that correspond: equal, look-alike or resembling words, and the spacing around them."""
    names_a, names_b = a.names(), b.names()
    is_plain = all(map(str.isascii, names_a)) and all(map(str.isascii, names_b))
    ids_a, ids_b = numbered(names_a, names_b, None if is_plain else _look)

    def score(inserted: bool, start: int, end: int) -> int:
        names = names_b if inserted else names_a
        before = names[start - 1] if start else "\n"
        if before == names[end - 1] == "\n":
            return 3
        if before in _SENTENCE_ENDS and names[end - 1] in _SENTENCE_ENDS:
            return 2
        return int(names[start] in _OPENING and names[end - 1] in _CLOSING)

    pairs: list[tuple[int, int]] = []
    i = j = 0
    ends = (len(names_a), len(names_b), 0)
    for start_a, start_b, length in [*settled(runs(ids_a, ids_b), ids_a, ids_b, score), ends]:
        for k, m in _resembling(names_a[i:start_a], names_b[j:start_b]):
            pairs.append((a.content[i + k], b.content[j + m]))
        i, j = start_a + length, start_b + length
        pairs += zip(a.content[start_a:i], b.content[start_b:j], strict=True)

    spaced: list[Run] = []
    i = j = 0
    for k, m in [*pairs, (len(a.texts), len(b.texts))]:
        if i < k and j < m:
            spaced += _spaces(a, b, (i, k, j, m))
        spaced.append((k, m, 1))
        i, j = k + 1, m + 1
    return joined(spaced[:-1])


def _resembling(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pairs of words, rising on both sides, that share the most letters together."""
    if not old or not new or len(old) * len(new) > RESEMBLING_PAIRS:
        return []
    shared = [[resemblance(word, other) if is_word(word) and is_word(other) else 0 for other in new] for word in old]
    if not any(map(any, shared)):
        return []
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = shared[i][j] + best[i + 1][j + 1] if shared[i][j] else 0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if shared[i][j] and best[i][j] == shared[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _spaces(a: _Tokens, b: _Tokens, gap: Gap) -> list[Run]:
    """The spacing at the start and at the end of a gap that corresponds."""
    i1, i2, j1, j2 = gap
    first = a.is_space[i1] and b.is_space[j1]
    last = a.is_space[i2 - 1] and b.is_space[j2 - 1]
    if first and last and (i2 - i1 == 1 or j2 - j1 == 1):
        # One space stands against two: what came or went takes the space after it along, or before it a whole line's.
        ends_line = (a.texts[i2 - 2] if i2 - i1 > 1 else b.texts[j2 - 2])[-1] == "\n" if i2 - i1 != j2 - j1 else False
        first, last = not ends_line, ends_line
    return [(i1, j1, 1)] * first + [(i2 - 1, j2 - 1, 1)] * last


def _size(texts: Sequence[str]) -> tuple[int, int]:
    """Letters and words; a letter that stands for itself is half a word."""
    words = [token for token in texts if token[0].isalnum() or token[-1].isalnum()]
    return sum(map(len, words)), 2 * len(words) - sum(len(token) == 1 and not token.isascii() for token in words)


def _without_islands(kept: list[Run], a: _Tokens, b: _Tokens) -> list[Run]:
    """Drops kept words that stand alone in a rewritten sentence; line ends and cell borders always stay."""
    dropped: set[int] = set()
    changes: list[tuple[int, int]] = []  # sizes; the islands stand between them
    islands: list[tuple[int, int, int]] = []  # sizes, which run it is
    i = j = 0
    for k, (start_a, start_b, length) in enumerate([*kept, (len(a.texts), len(b.texts), 0)]):
        if i < start_a or j < start_b:
            changes.append(tuple(map(max, _size(a.texts[i:start_a]), _size(b.texts[j:start_b]))))
        i, j = start_a + length, start_b + length
        inside = a.texts[start_a:i]
        letters, words = _size(inside)
        if not length or words > ISLAND_HALF_WORDS or not BARRIERS.isdisjoint(inside):
            dropped |= _lone(changes, islands)
            changes, islands = [], []
        elif changes:
            islands.append((letters, words, k))
    return [run for k, run in enumerate(kept) if k not in dropped]


def _lone(changes: list[tuple[int, int]], islands: list[tuple[int, int, int]]) -> set[int]:
    """The islands that say too little beside the changes around them."""
    if len(changes) > 2:
        letters = sum(size for size, _ in changes)
        between = islands[: len(changes) - 1]
        if 3 * sum(size for size, _, _ in between) < letters:
            return {k for _, _, k in between}
    dropped: set[int] = set()
    merged: list[tuple[int, int]] = changes[:1]
    waiting: list[tuple[int, int, int]] = []
    for island, change in zip(islands, changes[1:], strict=False):
        waiting.append(island)
        merged.append(change)
        while waiting:
            (letters, words, k), (left, right) = waiting[-1], merged[-2:]
            if 2 * letters > min(left[0], right[0]) or left[1] + right[1] < 8:
                break
            dropped.add(k)
            merged[-2:] = [(left[0] + letters + right[0], left[1] + words + right[1])]
            waiting.pop()
    return dropped


def stretches(lines: Sequence[Line]) -> list[Span]:
    """Where lines stand, those that follow one another as one."""
    found: list[Span] = []
    for start, line in lines:
        end = start + len(line)
        if found and found[-1][1] == start:
            start, _ = found.pop()
        found.append((start, end))
    return found


def replaced(old: Sequence[Span], new: Sequence[Span]) -> Iterator[Edit]:
    """The first stretch of the one side for the first of the other; further ones went or came on their own."""
    yield (*old[0], *new[0])
    for start, end in old[1:]:
        yield start, end, new[0][1], new[0][1]
    for start, end in new[1:]:
        yield old[-1][1], old[-1][1], start, end


def _change(a: _Tokens, b: _Tokens, gap: Gap) -> Iterator[Edit]:
    """One replacement, without the clusters that both sides keep at their ends if those make up most of it."""
    i1, i2, j1, j2 = gap
    old, new = a.spans(i1, i2), b.spans(j1, j2)
    if len(old) == len(new) == 1:
        yield from _trimmed(old[0], new[0], "".join(a.texts[i1:i2]), "".join(b.texts[j1:j2]), 3)
    else:
        yield from replaced(old, new)


def _trimmed(old: Span, new: Span, was: str, now: str, fifths: int) -> Iterator[Edit]:
    """The edit parted into what both sides start with, what differs, what both end with; whole if too little is shared."""
    head = tail = 0
    if was and now and max(len(was), len(now)) <= TRIMMED_LENGTH:
        whole_old, whole_new = clusters(was), clusters(now)
        shorter = min(len(whole_old), len(whole_new))
        start = 0
        while start < shorter and whole_old[start] == whole_new[start]:
            start += 1
        end = 0
        while end < shorter - start and whole_old[-1 - end] == whole_new[-1 - end]:
            end += 1
        if (start + end) * 5 >= max(len(whole_old), len(whole_new)) * fifths:
            head = sum(map(len, whole_old[:start]))
            tail = sum(map(len, whole_old[len(whole_old) - end :]))
    if head:
        yield old[0], old[0] + head, new[0], new[0] + head
    yield old[0] + head, old[1] - tail, new[0] + head, new[1] - tail
    if tail:
        yield old[1] - tail, old[1], new[1] - tail, new[1]


def _pairs(a: _Tokens, b: _Tokens, run: Gap) -> Iterator[Edit]:
    """Tokens that correspond one to one: the equal ones in stretches, the others each on its own."""
    i1, i2, j1, j2 = run
    if i1 == i2:
        return
    whole_old, whole_new = a.spans(i1, i2), b.spans(j1, j2)
    if len(whole_old) == len(whole_new) == 1 and a.texts[i1:i2] == b.texts[j1:j2]:
        yield (*whole_old[0], *whole_new[0])
        return
    for was, now, start, begin in zip(a.texts[i1:i2], b.texts[j1:j2], a.starts[i1:i2], b.starts[j1:j2], strict=True):
        old, new = (start, start + len(was)), (begin, begin + len(now))
        if was == now:
            yield (*old, *new)
        else:
            yield from _trimmed(old, new, was, now, 0)
