"""Edits inside lines that correspond: words, then grapheme clusters inside words that resemble each other."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, compress, count
from operator import not_

from articles.text.diff.align import Budget, Gap, Run, gaps, joined, numbered, runs, settled
from articles.text.diff.tokens import is_word, one_word, resemblance, tokens
from articles.text.diff.windows import windows
from articles.text.unicode.confusables import skeleton
from articles.text.unicode.graphemes import clusters

Line = tuple[int, str]  # where a line, or a part of one, starts in its text; what it reads
Span = tuple[int, int]
Edit = tuple[Span, Span]  # what stands there in the old text became what stands there in the new one

RESEMBLING_PAIRS = 400  # words times words compared for resemblance in one gap
TRIMMED_LENGTH = 400  # longest replacement that is searched for clusters kept at its ends
ISLAND_HALF_WORDS = 10  # what is kept in one piece and longer is never an island
ISLAND_TOKENS = 40  # nor what has so many, spaces included
NEIGHBOUR_HALF_WORDS = 8  # what is replaced on both sides of an island, at least

_BARRIERS = frozenset(("\n", "\r\n", "|"))
_SENTENCE_ENDS = frozenset("\n.!?\u3002\uff01\uff1f\u061f\u06d4\u0964")
_OPENING, _CLOSING = frozenset("([{<\u201c\u00ab\u300c"), frozenset(")]}>\u201d\u00bb\u300d")


class _Tokens:
    """The tokens of some lines, where each starts, and which of them are more than spacing."""

    __slots__ = ("content", "is_one_stretch", "is_space", "starts", "texts")

    def __init__(self, lines: Sequence[Line]) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.is_one_stretch = len(lines) == 1
        for start, line in lines:
            found = tokens(line)
            self.texts += found
            self.starts += accumulate(map(len, found[:-1]), initial=start)
        spacing = {token for token in set(self.texts) if token.isspace() and token[-1] != "\n"}
        self.is_space = list(map(spacing.__contains__, self.texts))
        self.content = list(compress(count(), map(not_, self.is_space)))

    def names(self) -> list[str]:
        """The content, all line ends under one name."""
        texts = self.texts
        return ["\n" if texts[k][-1] == "\n" else texts[k] for k in self.content]

    def place(self, k: int) -> int:
        """Where something that stands before token k would begin."""
        return self.starts[k - 1] + len(self.texts[k - 1]) if k else self.starts[0]

    def spans(self, first: int, last: int) -> list[Span]:
        """Where these tokens stand: in one stretch, or in several around lines that went elsewhere."""
        here, end = self.place(first), self.place(last)
        if first == last:
            return [(here, here)]
        if self.is_one_stretch:
            return [(self.starts[first], end)]
        texts = self.texts[first:last]
        if end - self.starts[first] == sum(map(len, texts)):
            return [(self.starts[first], end)]
        return stretches(zip(self.starts[first:last], texts, strict=True))


def edits(old: Sequence[Line], new: Sequence[Line], budget: Budget) -> Iterator[Edit]:
    """What became of some old lines, in order; the edits tile them and the new ones, and some may be empty."""
    if len(old) > 1 or len(new) > 1:
        yield from _by_words(old, new, budget)
        return
    (start, line), (begin, other) = old[0], new[0]
    for i1, i2, j1, j2 in windows(line, other):
        was, now = line[i1:i2], other[j1:j2]
        if was == now:
            yield (start + i1, start + i2), (begin + j1, begin + j2)
        else:
            found = _one_word(start + i1, begin + j1, was, now)
            yield from found or _by_words([(start + i1, was)], [(begin + j1, now)], budget)


def _one_word(start: int, begin: int, was: str, now: str) -> list[Edit]:
    """One word that became another; nothing where there is more to it, and `_by_words` has to look."""
    old, new = one_word(was), one_word(now)
    if not old or not new or old[3] != new[3] or (old[2] and new[2] and old[2] != new[2]):
        return []
    word, other = old[1], new[1]
    is_akin = (
        word == other
        or resemblance(word, other) > 0
        or (not (word.isascii() and other.isascii()) and _look(word) == _look(other))
    )
    signs, marks = old[2], new[2]
    is_apart = not (is_akin or word.isdigit())  # and shares too little at its ends
    if signs != marks and not is_akin:
        word, other = word + signs, other + marks
        signs, marks, is_apart = "", "", False
    end, stop = start + len(word), begin + len(other)
    found = [((start, end), (begin, stop))]
    if not is_apart:
        found = _trimmed(*found[0], word, other, 0 if is_akin else 3)
    if signs != marks:
        last, final = end + len(signs), stop + len(marks)
        found.append(((end, last), (stop, final)))
        end, stop = last, final
    found.append(((end, start + len(was)), (stop, begin + len(now))))
    return found


def _by_words(old: Sequence[Line], new: Sequence[Line], budget: Budget) -> Iterator[Edit]:
    a, b = _Tokens(old), _Tokens(new)
    kept = _without_islands(_kept(a, b, budget), a, b)
    i = j = 0
    for start_a, start_b, length in [*kept, (len(a.texts), len(b.texts), 0)]:
        if i < start_a or j < start_b:
            yield from _change(a, b, (i, start_a, j, start_b))
        i, j = start_a + length, start_b + length
        yield from _pairs(a, b, (start_a, i, start_b, j))


def equal_tokens(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[tuple[int, int]]:
    """The tokens of two stretches of text that correspond and read the same, by index, rising in both."""
    a, b = _Tokens([(0, "".join(old))]), _Tokens([(0, "".join(new))])
    kept = _without_islands(_kept(a, b, budget), a, b)
    pairs = ((i + k, j + k) for i, j, length in kept for k in range(length))
    return [(i, j) for i, j in pairs if a.texts[i] == b.texts[j]]


@lru_cache(maxsize=65_536)
def _look(token: str) -> str:
    return skeleton(token)


def _kept(a: _Tokens, b: _Tokens, budget: Budget) -> list[Run]:
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

    aligned: list[Run] = []  # in content
    i = j = 0
    found = settled(runs(ids_a, ids_b, budget), ids_a, ids_b, score)
    for start_a, start_b, length in [*found, (len(names_a), len(names_b), 0)]:
        for k, m in _resembling(names_a[i:start_a], names_b[j:start_b]):
            aligned.append((i + k, j + m, 1))
        aligned.append((start_a, start_b, length))
        i, j = start_a + length, start_b + length

    spaced: list[Run] = []
    i = j = 0
    for run in [*_with_spaces_inside(a, b, aligned[:-1]), (len(a.texts), len(b.texts), 0)]:
        if i < run[0] and j < run[1]:
            spaced += _spaces(a, b, (i, run[0], j, run[1]))
        spaced.append(run)
        i, j = run[0] + run[2], run[1] + run[2]
    return joined(spaced[:-1])


def _with_spaces_inside(a: _Tokens, b: _Tokens, aligned: list[Run]) -> Iterator[Run]:
    """Runs of content as runs of tokens: whole where the spacing between them is alike, else one by one."""
    for start_a, start_b, length in aligned:
        first, last = a.content[start_a], a.content[start_a + length - 1] + 1
        begin, end = b.content[start_b], b.content[start_b + length - 1] + 1
        if a.is_space[first:last] == b.is_space[begin:end]:
            yield first, begin, last - first
        else:
            yield from ((a.content[start_a + k], b.content[start_b + k], 1) for k in range(length))


def _resembling(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pairs of words, rising on both sides, that share the most letters together."""
    if not old or not new or len(old) * len(new) > RESEMBLING_PAIRS:
        return []
    shared = [
        [resemblance(word, other) if is_word(word) and is_word(other) else 0 for other in new] for word in old
    ]
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
        # One space stands against two: a word that came or went takes the space after it along, a line the one before.
        is_line = (a.texts[i2 - 2] if i2 - i1 > 1 else b.texts[j2 - 2])[-1] == "\n"
        first, last = not is_line, is_line
    return [(i1, j1, 1)] * first + [(i2 - 1, j2 - 1, 1)] * last


def _size(texts: Sequence[str]) -> tuple[int, int]:
    """Letters and half words; a letter that stands for itself, as Han does, is half a word."""
    words = [token for token in texts if token[0].isalnum() or token[-1].isalnum()]  # is_word, without a call
    single = [token for token in words if len(token) == 1 and not token.isascii()]
    return sum(map(len, words)), 2 * len(words) - len(single)


def _without_islands(kept: list[Run], a: _Tokens, b: _Tokens) -> list[Run]:
    """Drops kept words that stand alone in a rewritten sentence; line ends and cell borders always stay."""
    if len(gaps(kept, len(a.texts), len(b.texts))) < 2:
        return kept
    dropped: set[int] = set()
    changes: list[tuple[int, int]] = []  # sizes; the islands stand between them
    islands: list[tuple[int, int, int]] = []  # sizes, which run it is
    i = j = 0
    for k, (start_a, start_b, length) in enumerate([*kept, (len(a.texts), len(b.texts), 0)]):
        if i < start_a or j < start_b:
            old, new = _size(a.texts[i:start_a]), _size(b.texts[j:start_b])
            changes.append((max(old[0], new[0]), max(old[1], new[1])))
        i, j = start_a + length, start_b + length
        inside = a.texts[start_a : min(i, start_a + ISLAND_TOKENS)]
        letters, words = _size(inside)
        if not 0 < length < ISLAND_TOKENS or words > ISLAND_HALF_WORDS or not _BARRIERS.isdisjoint(inside):
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
            if 2 * letters > min(left[0], right[0]) or left[1] + right[1] < NEIGHBOUR_HALF_WORDS:
                break
            dropped.add(k)
            merged[-2:] = [(left[0] + letters + right[0], left[1] + words + right[1])]
            waiting.pop()
    return dropped


def stretches(lines: Iterable[Line]) -> list[Span]:
    """Where lines stand, those that follow one another as one."""
    found: list[Span] = []
    for start, line in lines:
        end = start + len(line)
        if found and found[-1][1] == start:
            start, _ = found.pop()
        found.append((start, end))
    return found


def replaced(old: Sequence[Span], new: Sequence[Span]) -> Iterator[Edit]:
    """The first stretch of one side for the first of the other; further ones went or came on their own."""
    yield old[0], new[0]
    for span in old[1:]:
        yield span, (new[0][1], new[0][1])
    for span in new[1:]:
        yield (old[-1][1], old[-1][1]), span


def _change(a: _Tokens, b: _Tokens, gap: Gap) -> Iterator[Edit]:
    """One replacement, without the clusters that both sides keep at their ends if those are most of it."""
    i1, i2, j1, j2 = gap
    old, new = a.spans(i1, i2), b.spans(j1, j2)
    if len(old) == len(new) == 1:
        yield from _trimmed(old[0], new[0], "".join(a.texts[i1:i2]), "".join(b.texts[j1:j2]), 3)
    else:
        yield from replaced(old, new)


def _trimmed(old: Span, new: Span, was: str, now: str, fifths: int) -> list[Edit]:
    """The edit parted into what both sides start with, what differs, what both end with.

    It stays whole if they share less than so many fifths of the longer side, and if it is a number.
    """
    head = tail = 0
    if was and now and max(len(was), len(now)) <= TRIMMED_LENGTH and not (was.isdigit() and now.isdigit()):
        whole_old, whole_new = clusters(was), clusters(now)
        shorter = min(len(whole_old), len(whole_new))
        start = 0
        while start < shorter and whole_old[start] == whole_new[start]:
            start += 1
        end = 0
        while end < shorter - start and whole_old[-1 - end] == whole_new[-1 - end]:
            end += 1
        if (start + end) * 5 >= max(len(whole_old), len(whole_new)) * fifths:
            head = len("".join(whole_old[:start]))
            tail = len("".join(whole_old[len(whole_old) - end :]))
    found = [((old[0] + head, old[1] - tail), (new[0] + head, new[1] - tail))]
    if head:
        found.insert(0, ((old[0], old[0] + head), (new[0], new[0] + head)))
    if tail:
        found.append(((old[1] - tail, old[1]), (new[1] - tail, new[1])))
    return found


def _pairs(a: _Tokens, b: _Tokens, run: Gap) -> Iterator[Edit]:
    """Tokens that correspond one to one: the equal ones in stretches, the others each on its own."""
    i1, i2, j1, j2 = run
    if i1 == i2:
        return
    whole_old, whole_new = a.spans(i1, i2), b.spans(j1, j2)
    if len(whole_old) == len(whole_new) == 1 and a.texts[i1:i2] == b.texts[j1:j2]:
        yield whole_old[0], whole_new[0]
        return
    for was, now, start, begin in zip(
        a.texts[i1:i2], b.texts[j1:j2], a.starts[i1:i2], b.starts[j1:j2], strict=True
    ):
        old, new = (start, start + len(was)), (begin, begin + len(now))
        if was == now:
            yield old, new
        else:
            yield from _trimmed(old, new, was, now, 0)
