"""Two versions side by side, and two edits of one version in one."""

from dataclasses import replace

import pytest

from articles.text.content import Content, Field, as_json, compare_contents, merge_contents
from articles.text.content.comparison import LinkChange
from articles.text.diff import Op, compare

BASE = Content("Tides", "tides", "One.\n", "en", ("sea",))
LINES = "".join(f"Line {number} stays.\n" for number in range(12))


def text(source: str) -> Content:
    return replace(BASE, source=source)


def links(old: str, new: str) -> list[tuple[str | None, str | None]]:
    return [(change.old, change.new) for change in compare_contents(text(old), text(new)).links]


def test_only_short_fields_that_changed_are_compared():
    changed = replace(BASE, title="Ebb", tags=("sea", "moon"), summary="Why.")

    assert [field.field for field in compare_contents(BASE, changed).fields] == [Field.TITLE, Field.TAG]
    assert [field.field for field in compare_contents(BASE, replace(BASE, slug="ebb")).fields] == [Field.SLUG]
    assert compare_contents(BASE, BASE).fields == ()


def test_first_version_is_an_insertion_in_every_field():
    comparison = compare_contents(None, BASE)
    rows = [
        row
        for part in (*comparison.sections, *(h for f in comparison.fields for h in f.hunks))
        for row in part.rows
    ]

    assert comparison.old is None
    assert [field.field for field in comparison.fields] == [Field.TITLE, Field.SLUG, Field.TAG]
    assert {(row.op, row.old) for row in rows} == {(Op.INSERT, ())}
    assert not any(comparison.old_findings.values())
    assert comparison.values == []


def test_changed_values_are_told_one_by_one():
    changed = replace(BASE, language="de", cover="a.png", software_share="none", change_kind="typo")

    assert [(change.name, change.old, change.new) for change in compare_contents(BASE, changed).values] == [
        ("language", "en", "de"),
        ("cover", "", "a.png"),
        ("software_share", "", "none"),
    ]
    assert [change.name for change in compare_contents(None, changed).values] == ["cover", "software_share"]
    assert compare_contents(BASE, text("Two.\n")).values == []


@pytest.mark.parametrize("name", ["excerpt", "description"])
def test_every_short_field_is_compared(name):
    (field,) = compare_contents(BASE, replace(BASE, **{name: "New."})).fields

    assert field.field == name


def test_inherited_findings_are_counted_by_kind_the_most_frequent_first():
    old = text("x\u200by. p\u0430y. p\u0430y.\n")
    comparison = compare_contents(old, text(old.source + "\nA new p\u0430y.\n"))

    counted = [(finding.text, finding.start, count) for finding, count in comparison.inherited]

    assert counted == [("\u0430", 6, 2), ("\u200b", 1, 1)]
    assert [item.finding.start for item in comparison.introduced] == [23]
    assert {field: len(found) for field, found in comparison.introduced_by_field.items() if found} == {
        Field.SOURCE: 1
    }
    assert len(comparison.old_findings[Field.SOURCE]) == 3
    assert len(comparison.new_findings[Field.SOURCE]) == 4


def sections(old: str, new: str, **options: bool) -> list[tuple[int, int, int | None, bool]]:
    found = compare_contents(text(old), text(new), **options).sections
    return [(len(each.rows), each.skipped, each.change, each.is_last) for each in found]


def test_changes_are_numbered_and_unchanged_lines_are_folded():
    old, new = f"{LINES}One.\n{LINES}Two.\n{LINES}", f"{LINES}Won.\n{LINES}Too.\n{LINES}"

    assert sections(old, new) == [(7, 9, 1, False), (7, 6, 2, True), (0, 9, None, False)]


def test_opened_lines_stand_between_the_same_changes():
    old, new = f"{LINES}One.\n{LINES}Two.\n{LINES}", f"{LINES}Won.\n{LINES}Too.\n{LINES}"
    opened = compare_contents(text(old), text(new), opened=True).sections

    assert sections(old, new, opened=True) == [
        (9, 0, None, False),
        (7, 0, 1, False),
        (6, 0, None, False),
        (7, 0, 2, True),
        (9, 0, None, False),
    ]
    assert [row.new_number for section in opened for row in section.rows] == list(range(1, 39))


def test_sections_of_a_change_at_either_end():
    assert sections("One.\n", "Two.\n") == sections("One.\n", "Two.\n", opened=True) == [(1, 0, 1, True)]
    assert sections("One.\n", "One.\n") == []


def test_links_are_paired_in_their_order():
    assert links("[a](/a) [b](/b) [c](/c)", "[a](/a) [x](/x) [c](/c)") == [("/b", "/x")]
    assert links("[a](/a) [b](/b)", "[a](/a)") == [("/b", None)]
    assert links("[a](/a)", "[x](/x) [y](/y)") == [("/a", "/x"), (None, "/y")]


def test_link_that_moved_is_no_change():
    assert links("[a](/a) [b](/b) [c](/c)", "[c](/c) [a](/a) [b](/b)") == []
    assert links("[a](/a) [b](/b) [c](/c)", "[c](/c) [x](/x) [b](/b)") == [("/a", None), (None, "/x")]
    assert links("[a](/a) [b](/b)", "[b](/b) [a](/a) [a](/a)") == [(None, "/a")]


def test_one_link_among_many_equal_ones_is_one_change():
    many = "[a](/a) " * 150

    assert links(many * 2, f"{many}[b](/b) {many}") == [(None, "/b")]


def test_the_first_two_thousand_links_are_compared():
    many = "".join(f"[a](/{number}) " for number in range(1_999))

    assert links(f"{many}[b](/b)", f"{many}[c](/c)") == [("/b", "/c")]
    assert links(f"{many}[a](/a) [b](/b)", f"{many}[a](/a) [c](/c)") == []


def test_links_behind_many_signs_are_not_compared():
    lines = "a\n" * 20_000

    assert links(f"[a](/a)\n{lines}", f"[a](/b)\n{lines}") == [("/a", "/b")]
    assert links(f"{lines}[a](/a)\n", f"{lines}[a](/b)\n") == []


def test_lines_of_code_are_told_from_prose():
    old = text("Prose.\n\n```\na = 1\n```\n\nMore `code` within.\n\n    indented\n")
    new = text(old.source.replace("1", "2"))
    comparison = compare_contents(old, new)
    rows = [row for section in comparison.sections for row in section.rows]

    lines = new.source.splitlines()
    code = [lines[row.new_number - 1] for row in rows if row.new and comparison.is_code("new", row.new)]
    assert code == ["```", "a = 2", "```"]
    assert [row.old_number for row in rows if row.old and comparison.is_code("old", row.old)] == [3, 4, 5]
    opened = compare_contents(old, new, opened=True)
    last = opened.sections[-1].rows[-1]
    assert opened.is_code("new", last.new)


def test_hosts_of_a_changed_link():
    assert LinkChange("https://a.example/x", "/y").hosts == ("a.example", "")
    assert LinkChange("/y", "https://a.example/x").hosts == ("", "a.example")
    assert LinkChange(None, "http://[").hosts == LinkChange("http://[", None).hosts == ("", "")


def test_changes_are_given_as_json():
    assert as_json(compare("a b", "a c")) == {
        "changes": [
            {"op": "equal", "old": (0, 2), "new": (0, 2), "kind": None, "move": None},
            {"op": "replace", "old": (2, 3), "new": (2, 3), "kind": "wording", "move": None},
        ]
    }


FIELDS = {
    "title": ("Ebb", "Flood"),
    "slug": ("ebb", "flood"),
    "language": ("de", "fr"),
    "tags": (("moon",), ()),
    "excerpt": ("One.", "Two."),
    "description": ("One.", "Two."),
    "cover": ("a.png", "b.png"),
    "software_share": ("none", "generated"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_field_that_one_side_changed_is_as_that_side_has_it(name):
    one, other = FIELDS[name]
    changed = replace(BASE, **{name: one})

    for mine, theirs in ((changed, BASE), (BASE, changed), (changed, changed)):
        merge = merge_contents(BASE, mine, theirs)
        assert (merge.fields[name], merge.clashes) == (one, {})
        assert merge.content == changed
    merge = merge_contents(BASE, changed, replace(BASE, **{name: other}))
    assert merge.clashes == {name: (one, other)}
    assert name not in merge.fields
    assert merge.content is None


def test_both_edits_of_the_text_are_in_the_merge_and_the_summary_is_mine():
    base = text(f"One.\n{LINES}Two.\n")
    mine, theirs = (
        replace(base, source=base.source.replace(*pair)) for pair in (("One", "Won"), ("Two", "Too"))
    )

    merge = merge_contents(base, replace(mine, summary="Mine."), replace(theirs, summary="Theirs."))

    assert merge.content == replace(base, source=f"Won.\n{LINES}Too.\n", summary="Mine.")


def test_two_edits_of_one_word_have_to_be_settled():
    merge = merge_contents(text("One.\n"), text("Won.\n"), text("Own.\n"))

    assert merge.content is None
    assert [(passage.mine, passage.theirs) for passage in merge.passages] == [("Won.\n", "Own.\n")]
