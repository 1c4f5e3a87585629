import json
import os
import random
import subprocess
import sys
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.diff import Comparison, Kind, Op, align, compare, kind_of, moves, token_runs, tokens
from articles.text.diff import comparing as diff
from articles.text.diff.windows import cut_windows

CASES = json.loads((Path(__file__).parents[2] / "cases" / "diff.json").read_text())

PIECES = [
    *(
        "a",
        "word",
        "quick",
        "\u0435",
        "1",
        "_",
        ".",
        ",",
        "|",
        "'",
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
    ),
    *(
        "\N{NO-BREAK SPACE}",
        "\N{LINE SEPARATOR}",
        "\x85",
        "\x1c",
        "\N{ZERO WIDTH SPACE}",
        "\N{ZERO WIDTH JOINER}",
    ),
    *("\N{COMBINING ACUTE ACCENT}", "\N{VARIATION SELECTOR-16}", "\N{TAG LATIN SMALL LETTER A}"),
    *("\N{MAN}", "\N{WOMAN}", "\N{REGIONAL INDICATOR SYMBOL LETTER D}", "\N{ARABIC NUMBER SIGN}"),
    *("\N{THAI CHARACTER KO KAI}", "\N{THAI CHARACTER SARA AM}"),
    *("\N{DEVANAGARI LETTER KA}", "\N{DEVANAGARI SIGN VIRAMA}", "\N{DEVANAGARI VOWEL SIGN I}"),
    *("\N{HANGUL CHOSEONG KIYEOK}", "\N{HANGUL JUNGSEONG A}", "\N{HANGUL JONGSEONG KIYEOK}", "\uac00"),
    *("\u6f22", "\u304b", "\u3099", "\u3002"),
    *("\u5b66\u6821\u306f", "\u0e42\u0e23\u0e07\u0e40\u0e23\u0e35\u0e22\u0e19", "\U00020000\u4eba"),
    *(
        "\u0e9e\u0eb2\u0eaa\u0eb2",
        "\u1797\u17b6\u179f\u17b6\u1781\u17d2\u1798\u17c2\u179a",
        "\u1019\u103c\u1014\u103a\u1019\u102c",
    ),
    *("The gate by the river is old.\n", "Boats leave when the bell rings.\n"),
]
mixtures = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a text and an edit of it: words changed, and paragraphs moved, deleted and joined."""
    vocabulary = [
        "the",
        "sea",
        "of",
        "harbour",
        "\u6d77",
        "\u6d77\u5cb8",
        "na\u00efve",
        "\u043c\u043e\u0440\u0435",
        "is",
        "10",
    ]
    sentence = st.lists(st.sampled_from(vocabulary), min_size=2, max_size=12).map(
        lambda found: " ".join(found) + "."
    )
    paragraphs = draw(st.lists(sentence, min_size=1, max_size=8))
    edited = [paragraph.split(" ") for paragraph in draw(st.permutations(paragraphs))]
    for paragraph in edited:
        place = draw(st.integers(0, len(paragraph) - 1))
        paragraph[place : place + draw(st.integers(0, 2))] = draw(
            st.lists(st.sampled_from(vocabulary), max_size=2)
        )
    separator = draw(st.sampled_from(["\n", "\n\n", "\r\n", " "]))
    return "\n\n".join(paragraphs) + "\n", separator.join(" ".join(paragraph) for paragraph in edited)


def assert_lawful(old: str, new: str, found: Comparison) -> None:
    for text, side in ((old, "old"), (new, "new")):
        boundaries = {match.start() for match in regex.finditer(r"\X", text)} | {0, len(text)}
        spans = [getattr(change, side) for change in found.changes]
        position = 0
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            assert start == position
            position = end
        assert position == len(text)
        assert boundaries.issuperset(offset for span in spans for offset in span)
    for change in found.changes:
        was, now = old[slice(*change.old)], new[slice(*change.new)]
        assert was or now
        assert (change.op is Op.EQUAL) == (was == now) == (change.kind is None)
        sides = (old, change.old), (new, change.new)
        starts_line = all(start == 0 or text[start - 1] == "\n" for text, (start, _) in sides)
        before_space = all(text[end : end + 1].isspace() for text, (_, end) in sides)
        assert change.kind in (None, kind_of(was, now, starts_line=starts_line, before_space=before_space))


def edits_of(old: str, new: str) -> list[tuple[str, str]]:
    found = [change for change in compare(old, new).changes if change.op is not Op.EQUAL]
    return [(old[slice(*change.old)], new[slice(*change.new)]) for change in found]


def moves_of(found: Comparison) -> set[int | None]:
    return {change.move for change in found.changes} - {None}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict) -> None:
    old, new = case["old"], case["new"]

    found = compare(old, new)

    assert_lawful(old, new, found)
    changed = sorted(
        (change for change in found.changes if change.op is not Op.EQUAL), key=lambda change: change.old
    )
    assert [[old[slice(*change.old)], new[slice(*change.new)]] for change in changed] == case["changed"], (
        case["why"]
    )
    assert [change.kind for change in changed] == case["kinds"]
    moved = "".join(
        old[slice(*change.old)] for change in found.changes if change.move and change.op is Op.EQUAL
    )
    assert all(text in moved for text in case["moved"])


def test_case_names_are_unique() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) > 60


@given(st.one_of(st.tuples(mixtures, mixtures), st.tuples(texts, texts), revisions()))
@settings(max_examples=400, deadline=None)
def test_changes_rebuild_both_texts_and_cut_no_cluster(pair: tuple[str, str]) -> None:
    old, new = pair

    assert_lawful(old, new, compare(old, new))


WORDS = [
    "the",
    "sea",
    "harbour",
    "of",
    "boats",
    "leave",
    "is",
    "two",
    "\u043c\u043e\u0440\u0435",
    "\u05d9\u05dd",
]
BREAKS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\n\n\n", "\n- ", "\n\n- ", "\n> ", "\n1. "])


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_wrapping_splitting_joining_and_blank_lines_are_spacing(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=60))
    old, new = ("".join(word + data.draw(BREAKS) for word in words[:-1]) + words[-1] + "\n" for _ in range(2))

    found = compare(old, new)

    assert {change.kind for change in found.changes} <= {None, Kind.SPACING}
    assert not moves_of(found)


@given(mixtures, st.data())
@settings(max_examples=200, deadline=None)
def test_an_edit_anywhere_is_lawful(old: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    new = old[:start] + data.draw(mixtures) + old[end:]

    assert_lawful(old, new, compare(old, new))


@given(mixtures, mixtures, mixtures)
@settings(max_examples=200, deadline=None)
def test_an_edit_in_a_long_line_is_lawful(around: str, was: str, now: str) -> None:
    margin = (around.replace("\n", " ") + "e") * 120
    old, new = margin + was + margin, margin + now + margin

    assert_lawful(old, new, compare(old, new))


@given(st.one_of(mixtures, texts))
@settings(deadline=None)
def test_tokens_are_whole_clusters(text: str) -> None:
    for line in tokens.split_lines(text):
        found = tokens.tokenize(line)

        assert "".join(found) == line
        assert [cluster for token in found for cluster in regex.findall(r"\X", token)] == regex.findall(
            r"\X", line
        )


@given(st.lists(st.integers(0, 5), max_size=60), st.lists(st.integers(0, 5), max_size=60))
@settings(deadline=None)
def test_runs_are_equal_and_in_order(a: list[int], b: list[int]) -> None:
    found = align.find_runs(a, b, align.Budget(0, 0, 60, 0))

    assert all(a[i : i + n] == b[j : j + n] and n > 0 for i, j, n in found)
    assert all(i + n <= k and j + n <= m for (i, j, n), (k, m, _) in pairwise(found))
    assert sum(n for _, _, n in align.slide_runs(found, a, b, lambda *_: 0, lambda *_: 0)) == sum(
        n for _, _, n in found
    )


@pytest.mark.parametrize("order", ["halves", "reversed", "shuffled"])
@pytest.mark.parametrize("ending", ["\n", ""])
def test_a_list_in_another_order_only_moves(order: str, ending: str) -> None:
    items = [f"{number}. Entry number {number}" for number in range(300)]
    ordered = {"halves": items[150:] + items[:150], "reversed": items[::-1]}.get(order)
    if ordered is None:
        ordered = random.Random(1).sample(items, len(items))
    old, new = "\n".join(items) + ending, "\n".join(ordered) + ending

    found = compare(old, new)

    assert_lawful(old, new, found)
    assert edits_of(old, new) == []
    assert len(moves_of(found)) == 1 or order != "halves"


def test_moved_blocks_are_numbered_from_one_in_order_of_the_new_text() -> None:
    items = [f"Paragraph {word} of the text.\n" for word in "one two three four five six".split()]
    old, new = "".join(items), "".join([items[4], items[0], items[2], items[3], items[5], items[1]])

    numbers = [change.move for change in compare(old, new).changes if change.move is not None]

    assert numbers == [1, 2]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("e\u0301", "\u00e9", Kind.NORMALIZATION),
        (" ", "\u2003", Kind.SPACING),
        ("", "\n", Kind.SPACING),
        ("a", "a\u200d", Kind.INVISIBLE),
        ("", "\u2066", Kind.INVISIBLE),
        (" a", "a\u200b", Kind.INVISIBLE),
        ("a", "\u0430", Kind.LOOK_ALIKE),
        ("1", "l", Kind.WORDING),
        ("", "a", Kind.WORDING),
    ],
)
def test_kind(old: str, new: str, kind: Kind) -> None:
    assert kind_of(old, new) is kind
    assert kind_of(new, old) is kind


def word_soup(letters: str, length: int, seed: int) -> str:
    return " ".join(random.Random(seed).choices(letters, k=length))


COSTLY = {
    "two words": (word_soup("ab", 40_000, 1), word_soup("ab", 40_000, 2)),
    "two lines": (
        word_soup("ab", 60_000, 1).replace(" ", "\n"),
        word_soup("ab", 60_000, 2).replace(" ", "\n"),
    ),
    "one long word": ("a" * 300_000 + "b" + "a" * 300_000, "a" * 300_000 + "c" + "a" * 300_000),
    "all marks": ("a" + "\u0301" * 300_000, "a" + "\u0301" * 299_999 + "\u0300"),
    "blank lines": ("\n" * 100_000, "\n" * 50_000 + "x" + "\n" * 40_000),
    "anchors one at a time": (
        " ".join(f"{number} {number - 1}" for number in range(20_000)),
        " ".join(f"{number} {number - 1}" if number % 5 else f"z{number}" for number in range(20_000)),
    ),
    "all lines rewritten": (
        "".join(f"line {number} of the old text\n" for number in range(4_000)),
        "".join(f"{number * 7} entirely other words {number * 13}\n" for number in range(4_000)),
    ),
    "no spaces": ("\u6f22\u5b57\u3068" * 60_000, "\u6f22\u5b57\u306e" * 60_000),
}


@pytest.mark.parametrize("name", COSTLY)
def test_costly_texts_end(name: str) -> None:
    old, new = COSTLY[name]

    assert_lawful(old, new, compare(old, new))


def test_past_the_budget_the_result_is_coarser_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "".join(f"{n} alpha {n}\n" for n in range(99)), "".join(f"{n} omega {n}\n" for n in range(99))
    assert not compare(old, new).coarse
    monkeypatch.setattr(diff, "MAX_EDITED_LENGTH", 400)

    found = compare(old, new)

    assert found.coarse
    assert_lawful(old, new, found)
    assert any(old[slice(*change.old)] == "alpha" for change in found.changes)
    assert any("\n" in old[slice(*change.old)] for change in found.changes if change.op is Op.REPLACE)


SHORT_LINES = {
    "other letters": ("".join(f"{c}\n" for c in "abcd" * 50), "".join(f"{c}\n" for c in "efgh" * 50)),
    "one in two": ("a\nb\n" * 80, "b\na\nc\n" * 80),
    "line ends": ("a\r\n" * 150, "a\n" * 150),
    "moved": (
        "".join(f"one two {n}\n" for n in range(200)),
        "".join(f"one two {n ^ 1}\n" for n in range(200)),
    ),
    "look-alikes": ("\N{CYRILLIC SMALL LETTER A} " * 200, "a " * 200),
    "blank": ("\n" * 200, " \n" * 200),
    "words": (word_soup("abcdef", 300, 1), word_soup("abcdef", 300, 2)),
    "marks": ("\n\u0301" * 150, "\n\u0300" * 150),
    "edited": ("".join(f"{n}a {n}\n" for n in range(90)), "".join(f"{n}b {n}\n" for n in range(90))),
}


@pytest.mark.parametrize("bound", ["EDIT_LENGTH", "TOKEN_LENGTH"])
@pytest.mark.parametrize("name", SHORT_LINES)
def test_edits_and_tokens_are_bounded(name: str, bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = SHORT_LINES[name]
    monkeypatch.setattr(diff, "MIN_LENGTH", 0)
    monkeypatch.setattr(diff, bound, (len(old) + len(new)) // 20)

    found = compare(old, new)

    assert_lawful(old, new, found)
    assert found.coarse or name in ("moved", "blank")
    if bound == "EDIT_LENGTH" and name != "moved":
        assert len(found.changes) <= 3 * 20


@given(st.one_of(st.tuples(mixtures, mixtures), revisions()), st.integers(0, 20), st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_changes_are_lawful_at_any_budget(pair: tuple[str, str], edits: int, length: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff, "budget_for", lambda _: align.Budget(10_000, length, edits, length))

        assert_lawful(*pair, compare(*pair))


def test_budget_grows_with_texts() -> None:
    short, long = diff.budget_for(1_000), diff.budget_for(5_000_000)

    assert (short.edits, short.tokens) == (20_000, 166_666)
    assert (long.edits, long.tokens) == (200_000, 1_666_666)


def test_too_many_lines_leave_one_replacement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "MAX_LINES", 10)
    old = "".join(f"{n}\n" for n in range(40))
    new = old.replace("\n12\n", "\nx\n").replace("\n30\n", "\ny\n")

    found = compare(old, new)

    assert found.coarse
    assert_lawful(old, new, found)
    assert [change.op for change in found.changes] == [Op.EQUAL, Op.REPLACE, Op.EQUAL]
    assert not compare(old, old.replace("\n12\n", "\nx\n")).coarse


def test_a_stretch_without_anchors_is_aligned_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = word_soup("ab", 200, 1), word_soup("ab", 200, 2)
    assert not compare(old, new).coarse
    monkeypatch.setattr(align, "MYERS_LENGTH", 100)

    found = compare(old, new)

    assert found.coarse
    assert_lawful(old, new, found)


def test_moves_with_edits_are_searched_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"Paragraph {word} of the text.\n" for word in "one two three four five six".split()]
    old, new = "".join(lines), "".join([*lines[1:], lines[0].replace("text", "book")])
    assert moves_of(compare(old, new)) == {1}
    monkeypatch.setattr(diff, "MAX_MOVED_WORDS", 5)

    found = compare(old, new)

    assert found.coarse
    assert moves_of(found) == set()
    assert_lawful(old, new, found)


def test_work_on_words_grows_with_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(line: str) -> list[str]:
        read.append(len(line))
        return tokens.tokenize(line)

    monkeypatch.setattr(token_runs, "split_words", counted)
    monkeypatch.setattr(moves, "tokenize", counted)
    paragraph = "Boats leave the harbour when the bell rings. " * 20
    old = "\n\n".join(f"{number}: {paragraph}" for number in range(200))

    compare(old, old.replace("77: Boats leave", "77: Boats never leave"))

    assert sum(read) < 2_000


def test_one_word_in_a_line_of_a_hundred_kilobytes() -> None:
    old = " ".join(f"word{number % 977}" for number in range(15_000))

    assert edits_of(old, old[:60_000].rstrip("word0123456789") + "other" + old[60_000:]) != []
    assert edits_of(old, old.replace("word500 word501", "word500 new word501", 1)) == [("", "new ")]


def test_flags_are_cut_as_clusters_in_linear_time() -> None:
    flags = "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}" * 100_000

    found = tokens.tokenize(flags + "\N{REGIONAL INDICATOR SYMBOL LETTER F}\N{COMBINING ACUTE ACCENT}.")

    assert len(found) == 100_002
    assert {len(token) for token in found[:-1]} == {2}


@given(mixtures)
def test_tokens_are_the_same_whichever_way_they_are_found(text: str) -> None:
    assert tokens.tokenize(text) == tokens._cluster_tokens(text)


def test_an_edited_line_that_stands_elsewhere_too_is_no_move() -> None:
    page = "A line with some words.\n\nAnother line of it.\n\n" * 5
    edited = page.replace("some words", "few words", 1).replace("line of it", "line about it", 2)

    found = compare(page, edited)

    assert not moves_of(found)
    assert edits_of(page, edited) == [("some", "few"), ("of", "about"), ("of", "about")]


@pytest.mark.parametrize("end", ["\u094d\u0915", "\u200d\U0001f468", "\u0301", "\u0903", "a", ""])
def test_flags_keep_what_joins_them(end: str) -> None:
    flags = "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}" * 2 + end

    assert tokens.tokenize(flags) == regex.findall(r"\X", flags)


@pytest.mark.parametrize(
    ("was", "now", "changed"),
    [
        ("word,", "words", [(",", "s")]),
        ("1.", "1", [(".", "")]),
        ("2023", "2024", [("2023", "2024")]),
        ("modern", "other", [("modern", "other")]),
        ("modern,", "other", [("modern,", "other")]),
        ("modern,", "modem.", [("rn,", "m.")]),
        ("p\N{CYRILLIC SMALL LETTER A}y", "pay", [("\N{CYRILLIC SMALL LETTER A}", "a")]),
    ],
)
@pytest.mark.parametrize("around", ["One two three {} five six.\n", "{} two\n", "one {}\n", "{}\n"])
def test_one_word_for_another_is_marked_alone(
    was: str, now: str, changed: list[tuple[str, str]], around: str
) -> None:
    assert edits_of(around.format(was), around.format(now)) == changed


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(PIECES)), min_size=2, max_size=60), st.data()
)
@settings(max_examples=300, deadline=None)
def test_windows_tile_both_lines_and_start_where_tokens_do(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    parts = [("".join(pair)).replace("\n", "") for pair in pieces]
    changed = [data.draw(st.sampled_from([part, part, part, part + "s", ""])) for part in parts]
    old, new = " ".join(parts), " ".join(changed)

    found = list(cut_windows(old, new))

    for text, first in ((old, 0), (new, 2)):
        starts = {0, len(text), *accumulate(map(len, tokens.tokenize(text)))}
        assert "".join(text[gap[first] : gap[first + 1]] for gap in found) == text
        assert all(gap[first] in starts for gap in found)


def test_words_changed_here_and_there_are_found_without_aligning_all(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(token_runs, "split_words", lambda line: read.append(line) or tokens.tokenize(line))
    old = " ".join(f"word{number}" for number in range(200)) + ".\n"

    found = edits_of(
        old, old.replace("word7 ", "seven ").replace("word99 ", "").replace("word150 ", "(150) ")
    )

    assert found == [("word7", "seven"), ("word99 ", ""), ("word150", "(150)")]
    assert sum(map(len, read)) < len(old) / 4


SIMILAR_LINES = """
import random
from articles.text.diff import compare
for seed in range(150):
    chance = random.Random(seed)
    words = [f"word{k}" for k in range(8)]
    lines = [f"stay {k} here now" for k in range(4)]
    similar = []
    for k in range(7):
        place = chance.randrange(8)
        similar.append(" ".join([*words[:place], f"x{k}", *words[place + 1 :]]))
    place = chance.randrange(5)
    old, new = [" ".join(words), *lines], [*lines[:place], *similar, *lines[place:]]
    print(compare("\\n".join(old), "\\n".join(new)))
"""


def test_every_process_finds_the_same_changes() -> None:
    results = {
        subprocess.run(
            [sys.executable, "-c", SIMILAR_LINES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(results) == 1
