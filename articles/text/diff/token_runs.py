"""The alignment of the tokens of two stretches of lines."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate, compress, count
from operator import not_

from articles.text.diff.align import Budget, Gap, Run, Span, find_runs, join_runs, number_elements, slide_runs
from articles.text.diff.tokens import is_word, resemblance, tokenize
from articles.text.unicode.confusables import skeleton

Line = tuple[int, str]  # where a line, or a part of one, starts in its text; what it reads

RESEMBLING_PAIRS = 400  # old words times new words that are compared for resemblance in one gap

_SENTENCE_ENDS = frozenset("\n.!?\u3002\uff01\uff1f\u061f\u06d4\u0964")
_OPENING, _CLOSING = frozenset("([{<\u201c\u00ab\u300c"), frozenset(")]}>\u201d\u00bb\u300d")


class TokenizedLines:
    """The tokens of some lines, where each starts, and the indices of those that are not spacing (`content`)."""

    __slots__ = ("content", "is_one_stretch", "is_space", "starts", "texts")

    def __init__(self, lines: Sequence[Line]) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.is_one_stretch = len(lines) == 1
        for start, line in lines:
            found = tokenize(line)
            self.texts += found
            self.starts += accumulate(map(len, found[:-1]), initial=start)
        spacing = {token for token in set(self.texts) if token.isspace() and token[-1] != "\n"}
        self.is_space = list(map(spacing.__contains__, self.texts))
        self.content = list(compress(count(), map(not_, self.is_space)))

    def names(self) -> list[str]:
        """Return the tokens that are not spacing, with U+000A for any line end."""
        texts = self.texts
        return ["\n" if texts[k][-1] == "\n" else texts[k] for k in self.content]

    def place(self, k: int) -> int:
        """Return where the token before token k ends, or where the first one starts."""
        return self.starts[k - 1] + len(self.texts[k - 1]) if k else self.starts[0]

    def spans(self, first: int, last: int) -> list[Span]:
        """Return the spans of these tokens: one, or several if lines between them moved away."""
        here, end = self.place(first), self.place(last)
        if first == last:
            return [(here, here)]
        if self.is_one_stretch:
            return [(self.starts[first], end)]
        texts = self.texts[first:last]
        if end - self.starts[first] == sum(map(len, texts)):
            return [(self.starts[first], end)]
        return join_lines(zip(self.starts[first:last], texts, strict=True))


def align_tokens(a: TokenizedLines, b: TokenizedLines, budget: Budget) -> list[Run]:
    """Return runs of tokens that correspond: equal, look-alike or resembling words, and the spacing around them."""
    names_a, names_b = a.names(), b.names()
    is_plain = all(map(str.isascii, names_a)) and all(map(str.isascii, names_b))
    ids_a, ids_b = number_elements(names_a, names_b, None if is_plain else cached_skeleton)
    found = find_runs(ids_a, ids_b, budget)
    found = slide_runs(found, ids_a, ids_b, partial(_score, names_a), partial(_score, names_b))
    aligned: list[Run] = []  # by index in the content
    i = j = 0
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
    return join_runs(spaced[:-1])


@lru_cache(maxsize=65_536)
def cached_skeleton(token: str) -> str:
    """Return the skeleton (UTS #39) of a word, which many words of a text share."""
    return skeleton(token)


def _score(names: Sequence[str], start: int, end: int) -> int:
    """Return a higher score if a stretch of tokens is whole lines, whole sentences, or in brackets or quotes."""
    before = names[start - 1] if start else "\n"
    if before == names[end - 1] == "\n":
        return 3
    if before in _SENTENCE_ENDS and names[end - 1] in _SENTENCE_ENDS:
        return 2
    return int(names[start] in _OPENING and names[end - 1] in _CLOSING)


def _with_spaces_inside(a: TokenizedLines, b: TokenizedLines, aligned: list[Run]) -> Iterator[Run]:
    """Yield runs of content as runs of tokens: whole if the spacing inside is alike, else token by token."""
    for start_a, start_b, length in aligned:
        first, last = a.content[start_a], a.content[start_a + length - 1] + 1
        begin, end = b.content[start_b], b.content[start_b + length - 1] + 1
        if a.is_space[first:last] == b.is_space[begin:end]:
            yield first, begin, last - first
        else:
            yield from ((a.content[start_a + k], b.content[start_b + k], 1) for k in range(length))


def _resembling(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return the pairs of words, rising on both sides, that share most letters in total. Quadratic, so bounded."""
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


def _spaces(a: TokenizedLines, b: TokenizedLines, gap: Gap) -> list[Run]:
    """Return the spacing at the start and the end of a gap that corresponds."""
    i1, i2, j1, j2 = gap
    first = a.is_space[i1] and b.is_space[j1]
    last = a.is_space[i2 - 1] and b.is_space[j2 - 1]
    if first and last and (i2 - i1 == 1 or j2 - j1 == 1):
        # One space stands against two: an inserted or deleted word takes the space after it, a line the one before.
        is_line = (a.texts[i2 - 2] if i2 - i1 > 1 else b.texts[j2 - 2])[-1] == "\n"
        first, last = not is_line, is_line
    return [(i1, j1, 1)] * first + [(i2 - 1, j2 - 1, 1)] * last


def join_lines(lines: Iterable[Line]) -> list[Span]:
    """Return the spans of lines; lines that follow one another become one."""
    found: list[Span] = []
    for start, line in lines:
        end = start + len(line)
        if found and found[-1][1] == start:
            start, _ = found.pop()
        found.append((start, end))
    return found
