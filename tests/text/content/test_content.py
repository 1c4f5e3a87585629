"""Findings that a revision introduced, and inherited ones."""

from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import Severity
from articles.text.content import Content, Field, findings, introduced_findings, severities

PAPER = "The p\u0430per."


def content(source: str = "", **fields: object) -> Content:
    return Content(**({"title": "Tides", "slug": "tides", "source": source} | fields))  # type: ignore[arg-type]


def starts(before: Content | None, after: Content) -> list[tuple[str, int]]:
    return [(item.field.value, item.finding.start) for item in introduced_findings(before, after)]


def test_everything_is_introduced_where_there_was_nothing():
    assert starts(None, content(PAPER)) == [("source", 5)]


def test_what_stayed_is_inherited_wherever_it_moved_to():
    before = content(f"{PAPER}\n\nSecond.\n")

    assert starts(before, content(f"New first line.\n\n{PAPER}\n\nSecond.\n")) == []
    assert starts(before, content(f"Second.\n\n{PAPER}\n")) == []


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
    assert not content("x").says_the_same(content("x", tags=("sea",)))


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
