"""Unified diffs by lines, as `git apply` and `patch` read them."""

from collections.abc import Iterator, Sequence

from articles.text.diff.align import Gap, find_gaps, join_runs
from articles.text.diff.comparing import equal_lines
from articles.text.diff.tokens import split_lines

NO_LINE_END = "\n\\ No newline at end of file\n"
_NAMED_ESCAPES = {
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    '"': '"',
    "\\": "\\",
}


def unified_diff(old: str, new: str, *, old_name: str, new_name: str, context: int = 3) -> str:
    """Return the changed lines with `context` lines around them; an empty string if the texts are equal.

    Lines are aligned as in `compare`; only U+000A ends one. The names are paths without `a/` or `b/`, and the diff
    applies with `-p1`. With a context of 0, `git apply` needs `--unidiff-zero`.

    >>> print(unified_diff("red\\n", "blue\\n", old_name="fox.md", new_name="fox.md"), end="")
    diff --git a/fox.md b/fox.md
    --- a/fox.md
    +++ b/fox.md
    @@ -1 +1 @@
    -red
    +blue
    """
    if old == new:
        return ""
    before, after = split_lines(old), split_lines(new)
    names = _quoted(f"a/{old_name}"), _quoted(f"b/{new_name}")
    head = [f"diff --git {names[0]} {names[1]}\n"]
    for sign, name in zip(("---", "+++"), names, strict=True):
        head.append(f"{sign} {name}\t\n" if " " in name and name[0] != '"' else f"{sign} {name}\n")
    return "".join([*head, *_hunks(before, after, context)])


def _hunks(old: Sequence[str], new: Sequence[str], context: int) -> Iterator[str]:
    """Yield all hunks; changes with at most twice the context between them share one."""
    changes = find_gaps(join_runs((i, j, 1) for i, j in equal_lines(old, new)), len(old), len(new))
    first = 0
    while first < len(changes):
        last = first
        while last + 1 < len(changes) and changes[last + 1][0] - changes[last][1] <= 2 * context:
            last += 1
        yield from _hunk(old, new, changes[first : last + 1], context)
        first = last + 1


def _hunk(old: Sequence[str], new: Sequence[str], changes: Sequence[Gap], context: int) -> Iterator[str]:
    """Yield the header and the lines of one hunk."""
    before = min(context, changes[0][0])
    after = min(context, len(old) - changes[-1][1])
    i, j = changes[0][0] - before, changes[0][2] - before
    yield f"@@ -{_range(i, changes[-1][1] + after)} +{_range(j, changes[-1][3] + after)} @@\n"
    for i1, i2, j1, j2 in changes:
        yield from _marked(" ", old[i:i1])
        yield from _marked("-", old[i1:i2])
        yield from _marked("+", new[j1:j2])
        i = i2
    yield from _marked(" ", old[i : i + after])


def _range(start: int, end: int) -> str:
    """Return a range of lines as a header has it: the first line and their count; for none, the line before."""
    if end == start + 1:
        return str(end)
    return f"{start + (end > start)},{end - start}"


def _marked(sign: str, lines: Sequence[str]) -> Iterator[str]:
    """Yield lines behind a sign."""
    for line in lines:
        yield f"{sign}{line}" if line[-1] == "\n" else f"{sign}{line}{NO_LINE_END}"


def _quoted(name: str) -> str:
    """Return a path as git writes it: quoted if it holds a control character, a quotation mark or a backslash."""
    escaped = "".join(
        f"\\{_NAMED_ESCAPES[char]}"
        if char in _NAMED_ESCAPES
        else f"\\{ord(char):03o}"
        if char < " " or char == "\x7f"
        else char
        for char in name
    )
    return name if escaped == name else f'"{escaped}"'
