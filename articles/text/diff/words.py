"""Edits inside lines that correspond: words, then grapheme clusters inside words that resemble each other."""

from collections.abc import Iterator, Sequence

from articles.text.diff.align import Budget, Gap, Span
from articles.text.diff.islands import drop_islands
from articles.text.diff.token_runs import Line, TokenizedLines, align_tokens, cached_skeleton, join_lines
from articles.text.diff.tokens import is_unspaced, match_word, only_adds, resemblance
from articles.text.diff.windows import cut_windows
from articles.text.unicode.graphemes import clusters

Edit = tuple[
    Span, Span
]  # the text at the first span, in the old text, became that at the second, in the new text

TRIMMED_LENGTH = 400  # code points of the longest replacement that is searched for clusters kept at its ends


def find_edits(old: Sequence[Line], new: Sequence[Line], budget: Budget) -> Iterator[Edit]:
    """Yield the edits that turn some lines into others, in order. They tile the lines of both sides; some are empty."""
    if len(old) > 1 or len(new) > 1:
        yield from _by_words(old, new, budget)
        return
    (start, line), (begin, other) = old[0], new[0]
    for i1, i2, j1, j2 in cut_windows(line, other):
        was, now = line[i1:i2], other[j1:j2]
        if was == now:
            yield (start + i1, start + i2), (begin + j1, begin + j2)
        else:
            found = _one_word(start + i1, begin + j1, was, now)
            budget.edits -= 1
            yield from found or _by_words([(start + i1, was)], [(begin + j1, now)], budget)


def _one_word(start: int, begin: int, was: str, now: str) -> list[Edit]:
    """Return the edits of one word that became another; nothing if more changed, so that `_by_words` is needed."""
    old, new = match_word(was), match_word(now)
    if not old or not new or old[3] != new[3] or (old[2] and new[2] and old[2] != new[2]):
        return []
    word, other = old[1], new[1]
    is_akin = (
        word == other
        or resemblance(word, other) > 0
        or only_adds(word, other)
        or (not (word.isascii() and other.isascii()) and cached_skeleton(word) == cached_skeleton(other))
    )
    signs, marks = old[2], new[2]
    is_apart = not (is_akin or word.isdigit())  # they share too little at their ends
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
    """Yield the edits between lines whose words are aligned."""
    has_marks = len(old) > 1 or len(new) > 1
    a, b = TokenizedLines(old, has_marks=has_marks), TokenizedLines(new, has_marks=has_marks)
    budget.edits -= 2  # a short stretch costs as much as two edits
    budget.tokens -= len(a.texts) + len(b.texts)
    if budget.tokens < 0:
        budget.is_coarse = True
        yield from replace_spans(join_lines(old), join_lines(new))
        return
    kept = drop_islands(align_tokens(a, b, budget), a.texts, b.texts)
    i = j = 0
    for start_a, start_b, length in [*kept, (len(a.texts), len(b.texts), 0)]:
        if i < start_a or j < start_b:
            for gap in _apart(a, b, (i, start_a, j, start_b)):
                yield from _replacement(a, b, gap)
        i, j = start_a + length, start_b + length
        yield from _pairs(a, b, (start_a, i, start_b, j), budget)
        budget.edits -= 1


def equal_tokens(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[tuple[int, int]]:
    """Return the indices of equal tokens of two stretches of text that correspond, rising on both sides."""
    a, b = (TokenizedLines([(0, "".join(side))], has_marks=False) for side in (old, new))
    kept = drop_islands(align_tokens(a, b, budget), a.texts, b.texts)
    pairs = ((i + k, j + k) for i, j, length in kept for k in range(length))
    return [(i, j) for i, j in pairs if a.texts[i] == b.texts[j]]


def replace_spans(old: Sequence[Span], new: Sequence[Span]) -> Iterator[Edit]:
    """Yield the first old span replaced by the first new one; further spans are deletions and insertions."""
    yield old[0], new[0]
    for span in old[1:]:
        yield span, (new[0][1], new[0][1])
    for span in new[1:]:
        yield (old[-1][1], old[-1][1]), span


def _apart(a: TokenizedLines, b: TokenizedLines, gap: Gap) -> Iterator[Gap]:
    """Yield a gap cut into spacing at the start, words, and spacing at the end, if both sides have such spacing."""
    i1, i2, j1, j2 = gap
    head_a, head_b = _spaces(a.is_space[i1:i2]), _spaces(b.is_space[j1:j2])
    if not (head_a and head_b):
        head_a = head_b = 0
    tail_a, tail_b = _spaces(a.is_space[i1 + head_a : i2][::-1]), _spaces(b.is_space[j1 + head_b : j2][::-1])
    if not (tail_a and tail_b):
        tail_a = tail_b = 0
    for part in (
        (i1, i1 + head_a, j1, j1 + head_b),
        (i1 + head_a, i2 - tail_a, j1 + head_b, j2 - tail_b),
        (i2 - tail_a, i2, j2 - tail_b, j2),
    ):
        if part[0] < part[1] or part[2] < part[3]:
            yield part


def _spaces(is_space: Sequence[bool]) -> int:
    """Return how many tokens at the start are spacing."""
    return next((k for k, is_spacing in enumerate(is_space) if not is_spacing), len(is_space))


def _replacement(a: TokenizedLines, b: TokenizedLines, gap: Gap) -> Iterator[Edit]:
    """Yield the edits of a gap: a replacement, without the clusters that both ends share if these are most of it."""
    i1, i2, j1, j2 = gap
    old, new = a.spans(i1, i2), b.spans(j1, j2)
    if len(old) == len(new) == 1:
        was, now = "".join(a.texts[i1:i2]), "".join(b.texts[j1:j2])
        are_unspaced = was and now and is_unspaced(was) and is_unspaced(now)
        yield from _trimmed(old[0], new[0], was, now, 0 if are_unspaced else 3)
    else:
        yield from replace_spans(old, new)


def _trimmed(old: Span, new: Span, was: str, now: str, fifths: int) -> list[Edit]:
    """Return an edit cut into a common start, a part that differs, and a common end.

    It stays whole if the sides share under so many `fifths` of the longer one, unless one only adds to the other,
    and if both are numbers.
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
        if only_adds(was, now) or (start + end) * 5 >= max(len(whole_old), len(whole_new)) * fifths:
            head = len("".join(whole_old[:start]))
            tail = len("".join(whole_old[len(whole_old) - end :]))
    found = [((old[0] + head, old[1] - tail), (new[0] + head, new[1] - tail))]
    if head:
        found.insert(0, ((old[0], old[0] + head), (new[0], new[0] + head)))
    if tail:
        found.append(((old[1] - tail, old[1]), (new[1] - tail, new[1])))
    return found


def _pairs(a: TokenizedLines, b: TokenizedLines, run: Gap, budget: Budget) -> Iterator[Edit]:
    """Yield the edits of tokens that correspond one to one: one if all are equal, else one for each token."""
    i1, i2, j1, j2 = run
    if i1 == i2:
        return
    whole_old, whole_new = a.spans(i1, i2), b.spans(j1, j2)
    if len(whole_old) == len(whole_new) == 1 and a.texts[i1:i2] == b.texts[j1:j2]:
        yield whole_old[0], whole_new[0]
        return
    budget.edits -= i2 - i1
    if budget.edits < 0:
        budget.is_coarse = True
        yield from replace_spans(whole_old, whole_new)
        return
    for was, now, start, begin in zip(
        a.texts[i1:i2], b.texts[j1:j2], a.starts[i1:i2], b.starts[j1:j2], strict=True
    ):
        old, new = (start, start + len(was)), (begin, begin + len(now))
        if was == now:
            yield old, new
        else:
            yield from _trimmed(old, new, was, now, 0)
