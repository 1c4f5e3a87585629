"""Bounds of a part, whatever the pages."""

from collections.abc import Callable
from random import Random

import pytest

from articles.text.marked import Block, Fold, mark_page
from articles.text.marked.page import MAX_BYTES, MAX_CHANGES, MAX_FOLDED_BYTES, MAX_NOTES
from tests.text.marked.sides import new_text, visible_text

_RANDOM = Random(7)
_WORDS = ["".join(_RANDOM.choices("abcdefghijklmnop", k=6)) for _ in range(2_000)]


def _words(count: int) -> str:
    return " ".join(_RANDOM.choices(_WORDS, k=count))


def _item(word: str) -> str:
    return f"<li>{word}</li>\n"


def _table(rows: int, cell: Callable[[int], str]) -> str:
    head = "<table>\n<thead>\n<tr>\n<th>Day</th>\n<th>High</th>\n</tr>\n</thead>\n<tbody>\n"
    body = "".join(f"<tr>\n<td>{k}</td>\n<td>{cell(k)}</td>\n</tr>\n" for k in range(rows))
    return f"{head}{body}</tbody>\n</table>\n"


def _deep(word: Callable[[], str]) -> str:
    return ("".join(f"<blockquote>\n<p>{word()}</p>\n" for _ in range(60)) + "</blockquote>\n" * 60) * 15


def _inline(tags: str) -> str:
    return f"<p>{' '.join(f'<{tag}>w</{tag}>' for tag in _RANDOM.choices(tags.split(), k=3_000))}</p>\n"


_LONG = "x" * 20_000
SHAPES = {
    "a paragraph changed all over": lambda: (f"<p>{_words(12_000)}</p>\n", f"<p>{_words(12_000)}</p>\n"),
    "one-letter lines": lambda: tuple(
        "<p>" + "\n".join(_RANDOM.choices("abc", k=30_000)) + "</p>\n" for _ in range(2)
    ),
    "items, all changed": lambda: (
        f"<ul>\n{_item('a') * 3_000}</ul>\n",
        f"<ul>\n{_item('b') * 3_000}</ul>\n",
    ),
    "items, few changed": lambda: tuple(
        f"<ol>\n{''.join(_item(f'{k} {k % step == 0}') for k in range(3_000))}</ol>\n" for step in (700, 900)
    ),
    "a table": lambda: (_table(2_500, str), _table(2_500, lambda k: str(k + (k % 3 == 0)))),
    "a table, opened columns": lambda: (_table(1_500, str), _table(1_500, str).replace("<td>", "<td>a ")),
    "nesting": lambda: (_deep(lambda: _RANDOM.choice(_WORDS)), _deep(lambda: _RANDOM.choice(_WORDS))),
    "inline elements": lambda: (_inline("b i"), _inline("b i code")),
    "invisible characters": lambda: (
        f"<p>{'a' + chr(0x200B)}</p>\n",
        f"<p>{('a' + chr(0x200C)) * 15_000}</p>\n",
    ),
    "long values": lambda: (
        f'<p><span title="{_LONG}">{_words(3_000)}</span></p>\n',
        f'<p><span title="{_LONG}">{_words(3_000)}</span></p>\n',
    ),
    "a long value around blocks": lambda: (
        "",
        f'<span title="{_LONG}">{"".join(f"<p>{word}</p>" for word in _WORDS)}</span>\n',
    ),
    "a long value around a cut list": lambda: (
        "",
        f'<ul title="{_LONG}">\n{"".join(_item(_words(20)) for _ in range(600))}</ul>\n',
    ),
    "gone from deep quotations": lambda: (
        "<blockquote>\n" * 60
        + "".join(f"<p>{k} {word}</p>\n" for k, word in enumerate(_WORDS))
        + "</blockquote>\n" * 60,
        "".join(f"<p>{k} {word}</p>\n" for k, word in enumerate(_WORDS) if k % 2),
    ),
    "everything gone": lambda: ("".join(f"<p>{_words(60)}</p>\n" for _ in range(600)), ""),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("opened", [False, True])
def test_parts_are_bounded(shape: str, opened: bool) -> None:  # noqa: FBT001
    old, new = SHAPES[shape]()

    first = mark_page(old, new, opened=opened)
    last = mark_page(old, new, part=first.parts, opened=opened)

    for page in (first, last):
        blocks = [piece for piece in page.pieces if isinstance(piece, Block)]
        folds = [piece for piece in page.pieces if isinstance(piece, Fold)]
        changes = [change for block in blocks for change in block.changes]
        assert [change.number for change in changes] == list(page.numbers)
        assert len(changes) <= MAX_CHANGES
        assert sum(len(block.html.encode()) for block in blocks) <= MAX_BYTES
        assert sum(len(fold.html.encode()) for fold in folds) <= MAX_FOLDED_BYTES
        assert all(len(change.notes) <= MAX_NOTES for change in changes)
    assert first.numbers.start == 1
    assert last.numbers.stop == first.changes + 1
    assert first.parts <= 3 + (len(old) + len(new)) * 30 // MAX_BYTES + first.changes // (MAX_CHANGES // 2)


def test_parts_together_are_the_page() -> None:
    old, new = SHAPES["a table"]()

    pages = [mark_page(old, new, opened=True)]
    pages += (mark_page(old, new, opened=True, part=part) for part in range(2, pages[0].parts + 1))

    html = "".join(piece.html for page in pages for piece in page.pieces)
    head = "<thead><tr><th>Day</th><th>High</th></tr></thead>"
    assert pages[0].parts > 1
    assert all(piece.html.startswith(f"<table>{head}") for page in pages for piece in page.pieces)
    assert new_text(html.replace(head, "")) == visible_text(new).removeprefix("DayHigh")
    assert [number for page in pages for number in page.numbers] == list(range(1, pages[0].changes + 1))


def test_later_parts_of_a_list_go_on_counting() -> None:
    old, new = SHAPES["items, few changed"]()

    page = mark_page(old, new)

    assert [(type(piece), piece.html.split(">")[0]) for piece in page.pieces[:4]] == [
        (Fold, "<ol"),
        (Block, '<ol start="699"'),
        (Fold, '<ol start="704"'),
        (Block, '<ol start="899"'),
    ]


def test_part_beyond_the_last_is_the_last() -> None:
    assert mark_page("<p>a</p>\n", "<p>b</p>\n", part=9) == mark_page("<p>a</p>\n", "<p>b</p>\n", part=0)
