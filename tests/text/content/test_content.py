"""Findings that a revision introduced, and inherited ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import Finding, Severity
from articles.text.content import (
    Content,
    Field,
    findings,
    findings_in,
    introduced,
    introduced_findings,
    severities,
    severities_for_readers,
)
from articles.text.content import content as contents
from articles.text.diff import Change, Op, compare
from articles.text.markdown import Where

PAPER = "The p\u0430per."


def content(source: str = "", **fields: object) -> Content:
    return Content(**({"title": "Tides", "slug": "tides", "source": source} | fields))  # type: ignore[arg-type]


def starts(before: Content | None, after: Content) -> list[tuple[str, int]]:
    return [(item.field.value, item.finding.start) for item in introduced_findings(before, after)]


def test_everything_is_introduced_where_there_was_nothing():
    assert starts(None, content(PAPER)) == [("source", 5)]


def test_what_stayed_is_inherited_wherever_it_moved_to():
    paper = f"Here is it. {PAPER}"
    before = content(f"{paper}\n\nSecond.\n")

    assert starts(before, content(f"New first line.\n\n{paper}\n\nSecond.\n")) == []
    assert starts(before, content(f"Second.\n\n{paper}\n")) == []


def test_second_look_alike_is_introduced_and_the_first_inherited():
    assert starts(content(PAPER), content(f"{PAPER} And p\u0430per.")) == [("source", 16)]


def test_character_that_new_surroundings_make_odd_is_introduced():
    before = content("\u0430 b")  # a word of its own says nothing

    assert starts(before, content("p\u0430b")) == [("source", 1)]


def test_new_language_brings_in_what_the_old_one_explained():
    turkish = content("Diyarbak\u0131r ve \u0131\u015f\u0131k", language="tr")

    assert starts(None, turkish) == []
    assert starts(turkish, turkish) == []


def test_every_field_counts_and_a_summary_never_inherits():
    flagged = content("", title="P\u0430per", slug="p\u0430per", tags=("p\u0430per",), summary="p\u0430per")

    assert {field for field, _ in starts(None, flagged)} == {"title", "slug", "tag", "summary"}
    assert starts(flagged, flagged) == [("summary", 1)]


def test_severities_are_counted():
    assert severities(findings(content(f"{PAPER} a\u202eb")))[Severity.ALERT] == 1


def test_tags_stand_joined():
    assert content(tags=("sea", "harbour")).text(Field.TAG) == "sea, harbour"


def test_summary_alone_says_the_same():
    assert content("x", summary="a").says_the_same(content("x", summary="b"))
    assert content("x", change_kind="typo").says_the_same(content("x"))
    assert content("x").says_the_same(content("x", change_kind="typo"))
    assert not content("x").says_the_same(content("x", tags=("sea",)))


def test_spacing_and_encoding_read_the_same():
    text = content("Caf\u00e9  au lait\n", title="A  day", summary="one")

    assert text.reads_the_same(content("Cafe\u0301 au\nlait", title="A day", summary="two"))


@pytest.mark.parametrize(
    "change",
    [
        {"source": "Caf\u00e9aulait"},
        {"title": "B"},
        {"slug": "b"},
        {"language": "fr"},
        {"tags": ("b",)},
        {"excerpt": "b"},
        {"cover": "b.png"},
        {"software_share": "none"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_word_or_language_does_not_read_the_same(change):
    fields = {"source": "Caf\u00e9 au lait", "title": "A", "language": "en"}

    assert not content(**fields).reads_the_same(content(**fields | change))


def test_findings_depend_on_the_language_and_on_the_field():
    assert findings(content("p\u0131zza", language="tr")) == []
    assert [item.finding.check for item in findings(content("p\u0131zza"))] == ["rare-letter"]
    (in_slug,) = findings(content(slug="a\u00adb"))
    assert in_slug.finding.where is Where.SLUG


def test_every_finding_counts_however_many_there_are():
    assert len(findings(content("p\u0430y " * 1_001))) == 1_001


def test_readers_get_all_fields_but_the_summary():
    flagged = content(PAPER, title="P\u0430per", summary="p\u0430per")

    assert severities_for_readers(flagged) == {Severity.WARNING: 2}


def test_known_changes_are_those_of_the_source_alone():
    before = content("One.\n\n" + PAPER, title="The p\u0430per")
    after = content(PAPER, title="The p\u0430per")
    changes = compare(before.source, after.source).changes

    assert list(introduced_findings(before, after, source_changes=changes)) == []
    assert [item.field for item in introduced_findings(before, after, source_changes=[])] == [Field.SOURCE]


def spotted(start: int, end: int) -> Finding:
    return Finding("c", Severity.ALERT, start, end, "<", None, None, Where.PROSE, "m")


def equal(old: tuple[int, int], new: tuple[int, int]) -> Change:
    return Change(Op.EQUAL, old, new, None, None)


@pytest.mark.parametrize("edge", [(2, 3), (4, 5)], ids=["first", "last"])
def test_finding_at_either_edge_of_an_unchanged_stretch_was_there_before(edge):
    was, now = spotted(*edge), spotted(edge[0] + 1, edge[1] + 1)
    changes = [Change(Op.INSERT, (2, 2), (2, 3), None, None), equal((2, 5), (3, 6))]

    assert list(introduced([was], [now], changes)) == []


@pytest.mark.parametrize("edge", [(1, 3), (4, 6)], ids=["first", "last"])
def test_finding_that_reaches_beyond_an_unchanged_stretch_is_brought_in(edge):
    found = spotted(*edge)

    assert list(introduced([found], [found], [equal((2, 5), (2, 5))])) == [found]


def test_each_finding_is_looked_for_in_the_stretch_that_holds_it():
    stretches = [equal((0, 2), (0, 2)), equal((4, 6), (2, 4)), equal((9, 12), (6, 9))]
    before = [spotted(1, 2), spotted(5, 6), spotted(9, 10)]
    after = [spotted(1, 2), spotted(3, 4), spotted(6, 7), spotted(8, 9)]

    assert list(introduced(before, after, stretches)) == [spotted(8, 9)]


def test_finding_where_none_was_is_brought_in_though_its_characters_stood_there():
    assert list(introduced([spotted(0, 1)], [spotted(1, 2)], [equal((0, 3), (0, 3))])) == [spotted(1, 2)]


SPOILT = st.lists(
    st.sampled_from(["paper", "p\u0430per", "in\u200bk", "\n\n", " ", "a\u202eb"]), max_size=12
).map(" ".join)


@given(SPOILT)
def test_nothing_is_introduced_by_the_same_text(source):
    assert starts(content(source), content(source)) == []


@given(SPOILT, SPOILT)
def test_what_is_introduced_is_a_part_of_all_findings(old, new):
    introduced = list(introduced_findings(content(old), content(new)))

    assert set(introduced) <= set(findings(content(new)))
    if not findings(content(old)):
        assert introduced == findings(content(new))


def test_findings_are_remembered_by_what_they_weigh(monkeypatch):
    kept = contents._found.results
    monkeypatch.setattr(kept, "max_bytes", 10_000)
    kept.cache_clear()

    for n in range(20):
        findings_in(content(f"The p\u0430per {n}.\n" * 5), Field.SOURCE)

    assert 0 < kept.bytes <= 10_000
    assert (
        len(kept.latest()) == 10_000 // (5 * contents.BYTES_A_FINDING + 2 * len("The paper 10.\nen") * 5) - 0
    )
