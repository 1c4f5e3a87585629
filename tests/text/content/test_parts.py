"""Parts of a comparison: each holds about as much as a page may draw, and together they hold everything."""

import itertools

from articles.text.content import Content, compare_contents
from articles.text.content.comparison import ContentComparison
from articles.text.content.parts import MAX_COST
from articles.text.diff.layout import MAX_COST as MAX_BLOCK

UNCHANGED = "".join(f"Line {number} stays.\n" for number in range(12))
OLD = "".join(f"{UNCHANGED}Old {number}.\n" for number in range(600))
NEW = OLD.replace("Old", "New")


def part(number: int | None = 1, **options: int) -> ContentComparison:
    old, new = (Content("Tides", "tides", source) for source in (OLD, NEW))
    return compare_contents(old, new, part=number, **options)


def test_parts_tile_the_changes():
    first = part().part
    parts = [part(number).part for number in range(1, first.total + 1)]

    assert first.total > 2
    assert (first.first, parts[-1].last, parts[-1].changes) == (1, 600, 600)
    assert [each.number for each in parts] == list(range(1, first.total + 1))
    assert all(before.end == after.start for before, after in itertools.pairwise(parts))
    assert all(before.last + 1 == after.first for before, after in itertools.pairwise(parts))


def test_sections_are_those_of_the_part_with_the_numbers_of_all():
    second = part(2)

    changes = [section.change for section in second.sections if section.change]
    assert changes == list(range(second.part.first, second.part.last + 1))
    assert not any(section.is_last for section in second.sections)
    assert part(99).sections[-1].is_last


def test_a_change_is_found_in_its_part():
    for number in (2, part().part.total):
        chosen = part(number).part
        assert part(at=chosen.first).part == part(at=chosen.last).part == chosen
    assert part(at=1).part == part(at=0).part == part(0).part == part(1).part
    assert part(at=10**9).part == part(10**9).part == part(part().part.total).part


def test_all_of_it_is_one_part():
    whole = part(None)

    assert (whole.part.total, whole.part.first, whole.part.last) == (1, 1, 600)
    assert sum(section.change is not None for section in whole.sections) == 600


def test_a_part_holds_what_a_page_may_draw():
    for options in ({}, {"opened": True}):
        rows = [row for section in part(**options).sections for row in section.rows]
        assert 100 < len(rows) < (MAX_COST + MAX_BLOCK) / 400


def test_equal_texts_have_one_empty_part():
    content = Content("Tides", "tides", OLD)

    found = compare_contents(content, content)

    assert found.sections == ()
    assert (found.part.total, found.part.changes, found.part.last) == (1, 0, 0)


def test_source_that_is_not_drawn_has_no_sections_but_a_summary():
    found = part(is_drawn=False)

    assert found.sections == ()
    assert found.summary == part().summary
    assert found.summary.words_edited == 600
