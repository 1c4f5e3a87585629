"""The alignment of the tokens of two stretches of lines."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate, compress, count, pairwise
from operator import and_, not_

from articles.text.diff.align import Budget, Gap, Run, Span, find_runs, join_runs, number_elements, slide_runs
from articles.text.diff.segments import split_words
from articles.text.diff.tokens import is_word, match_mark, resemblance
from articles.text.unicode.confusables import skeleton

Line = tuple[int, str]  # where a line, or a part of one, starts in its text; what it reads

END_TOKENS = 3  # that may end an edited line as well as one inserted behind it
RESEMBLING_PAIRS = 400  # old words times new words that are compared for resemblance in one gap

_SENTENCE_ENDS = frozenset(".!?\u3002\uff01\uff1f\u061f\u06d4\u0964")
_OPENING, _CLOSING = frozenset("([{<\u201c\u00ab\u300c"), frozenset(")]}>\u201d\u00bb\u300d")


class TokenizedLines:
    """The tokens of some lines, where each starts, and the indices of those that are not spacing (`content`).

    Spacing is white space, line ends, and the marks of quotes and lists at the start of a line. With `has_marks` the
    lines are whole lines, so that such marks are known.
    """

    __slots__ = ("content", "is_one_stretch", "is_space", "starts", "texts")

    def __init__(self, lines: Sequence[Line], *, has_marks: bool) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.is_one_stretch = len(lines) == 1
        marks: list[int] = []
        for start, line in lines:
            found = split_words(line)
            if has_marks and (mark := match_mark(line)):
                marks += _tokens_within(found, mark.end(), len(self.texts))
            self.texts += found
            self.starts += accumulate(map(len, found[:-1]), initial=start)
        spacing = {token for token in set(self.texts) if token.isspace()}
        self.is_space = list(map(spacing.__contains__, self.texts))
        for k in marks:
            self.is_space[k] = True
        self.content = list(compress(count(), map(not_, self.is_space)))

    def names(self) -> list[str]:
        """Return the tokens that are not spacing."""
        return [self.texts[k] for k in self.content]

    def line_ends(self) -> list[bool]:
        """Return whether a line end, or the end of all lines, follows each token that is not spacing."""
        ends = []
        for k, following in pairwise([*self.content, len(self.texts)]):
            ends.append(
                following == len(self.texts)
                or any(text[-1] == "\n" for text in self.texts[k + 1 : following])
            )
        return ends

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
    ends_a, ends_b = a.line_ends(), b.line_ends()
    is_plain = all(map(str.isascii, names_a)) and all(map(str.isascii, names_b))
    ids_a, ids_b = number_elements(names_a, names_b, None if is_plain else cached_skeleton)
    found = budget.keep_longest(find_runs(ids_a, ids_b, budget))
    found = slide_runs(
        found, ids_a, ids_b, partial(_score, names_a, ends_a), partial(_score, names_b, ends_b)
    )
    found = _at_first_line_ends(found, ids_a, ids_b, ends_a, ends_b)
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
            spaced += _equal_spaces(a, b, (i, run[0], j, run[1]))
        spaced.append(run)
        i, j = run[0] + run[2], run[1] + run[2]
    return budget.keep_longest(join_runs(spaced[:-1]))


def _at_first_line_ends(
    found: Sequence[Run], a: Sequence[int], b: Sequence[int], ends_a: Sequence[bool], ends_b: Sequence[bool]
) -> list[Run]:
    """Return the runs; where a line was edited and lines inserted behind it, the edited line keeps its own end.

    The sign that ends the last inserted line may end the edited one as well, such as the border of a table's row.
    Likewise for deletions.
    """
    placed: list[Run] = []
    i = j = 0
    for start_a, start_b, length in found:
        at = None
        if i < start_a and j < start_b:
            at = _line_end(a, i, start_a, length, ends_a), _line_end(b, j, start_b, length, ends_b)
        match at:
            case (None, (first, size)) if not any(ends_a[i:start_a]):
                placed.append((start_a, first, size))
            case ((first, size), None) if not any(ends_b[j:start_b]):
                placed.append((first, start_b, size))
            case _:
                size = 0
        if size < length:
            placed.append((start_a + size, start_b + size, length - size))
        i, j = start_a + length, start_b + length
    return placed


def _line_end(
    ids: Sequence[int], start: int, end: int, length: int, line_ends: Sequence[bool]
) -> tuple[int, int] | None:
    """Return where in a gap the tokens stand that end a line behind the gap, and how many these are; else None."""
    size = next((k for k in range(1, min(length, END_TOKENS) + 1) if line_ends[end + k - 1]), 0)
    last = next((k for k in range(start, end) if line_ends[k]), None)
    if not size or last is None or (first := last + 1 - size) <= start:
        return None
    return (first, size) if ids[first : last + 1] == ids[end : end + size] else None


@lru_cache(maxsize=65_536)
def cached_skeleton(token: str) -> str:
    """Return the skeleton (UTS #39) of a word, which many words of a text share."""
    return skeleton(token)


def _score(names: Sequence[str], line_ends: Sequence[bool], start: int, end: int) -> int:
    """Return a higher score if a stretch of tokens is whole lines, whole sentences, or in brackets or quotes."""
    if (start == 0 or line_ends[start - 1]) and line_ends[end - 1]:
        return 3
    if (start == 0 or names[start - 1] in _SENTENCE_ENDS) and names[end - 1] in _SENTENCE_ENDS:
        return 2
    return int(names[start] in _OPENING and names[end - 1] in _CLOSING)


def _with_spaces_inside(a: TokenizedLines, b: TokenizedLines, aligned: list[Run]) -> Iterator[Run]:
    """Yield runs of content as runs of tokens: whole if the spacing inside corresponds, else token by token."""
    for start_a, start_b, length in aligned:
        first, last = a.content[start_a], a.content[start_a + length - 1] + 1
        begin, end = b.content[start_b], b.content[start_b + length - 1] + 1
        is_space = a.is_space[first:last]
        if is_space == b.is_space[begin:end] and (
            a.texts[first:last] == b.texts[begin:end] or not any(map(and_, is_space, is_space[1:]))
        ):
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


def _equal_spaces(a: TokenizedLines, b: TokenizedLines, gap: Gap) -> Iterator[Run]:
    """Yield the equal spacing at both ends of a gap, and its line ends if both sides have as many.

    An inserted word takes the spacing after it.
    """
    i1, i2, j1, j2 = gap
    head = tail = 0
    longest = min(i2 - i1, j2 - j1)
    while head < longest and a.is_space[i1 + head] and a.texts[i1 + head] == b.texts[j1 + head]:
        head += 1
    while (
        tail < longest - head
        and a.is_space[i2 - 1 - tail]
        and a.texts[i2 - 1 - tail] == b.texts[j2 - 1 - tail]
    ):
        tail += 1
    if head:
        yield i1, j1, head
    i1, i2, j1, j2 = i1 + head, i2 - tail, j1 + head, j2 - tail
    line_ends_a = [k for k in range(i1, i2) if a.texts[k][-1] == "\n"]
    line_ends_b = [k for k in range(j1, j2) if b.texts[k][-1] == "\n"]
    if len(line_ends_a) == len(line_ends_b):
        yield from ((k, m, 1) for k, m in zip(line_ends_a, line_ends_b, strict=True))
    if tail:
        yield i2, j2, tail


def _tokens_within(tokens: Sequence[str], length: int, first: int) -> Iterator[int]:
    """Yield the indices of the tokens in the first `length` code points, counted from `first`."""
    end = 0
    for k, token in enumerate(tokens, start=first):
        end += len(token)
        if end > length:
            return
        yield k


def join_lines(lines: Iterable[Line]) -> list[Span]:
    """Return the spans of lines; lines that follow one another become one."""
    found: list[Span] = []
    for start, line in lines:
        end = start + len(line)
        if found and found[-1][1] == start:
            start, _ = found.pop()
        found.append((start, end))
    return found
