"""Conditions of rules: each field with each comparison, from both sides."""

import pytest

from articles.rules.conditions import (
    FIELDS,
    MAX_CONDITIONS,
    MAX_VALUES,
    Condition,
    Conditions,
    Row,
    ValueFault,
    faults_of,
)
from articles.rules.facts import Author, Found, SaveFacts
from tests.conftest import content


class Save(SaveFacts):
    """A save with facts as they are given."""

    written = source = before = is_new = author = found = sizes = None

    def __init__(self, written=None, before=None, **facts):
        self.written, self.before = written or content(), before
        self.source, self.is_new = self.written.source, before is None
        for name, fact in (FACTS | facts).items():
            setattr(self, name, fact)


FACTS = {
    "author": Author(approved=2, age=10, groups=frozenset({"authors"})),
    "found": Found(frozenset({"foreign-letter"}), alerts=1, warnings=2),
    "sizes": (120, 30),
}
LINKED = "See [it](https://Mill.Example.org/a) and [that](https://shop.example/) and ![a](/media/a.png)\n"
SAVE = Save(
    written=content(
        f"A fine deal today.\n\n{LINKED}",
        title="Buy kites",
        slug="buy-kites",
        tags=("Sea", "tide mill"),
        summary="Fix typos",
        language="pt-BR",
    ),
    before="A dull text was here, with [it](https://Mill.Example.org/a).\n",
)


def met(field_name, comparison, value, save=SAVE):
    return Condition.of(Row(field_name, comparison, value)).met_by(save)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (("approved", "at least", "2"), "2"),
        (("approved", "at least", "3"), None),
        (("approved", "at most", "2"), "2"),
        (("approved", "at most", "1"), None),
        (("age", "at most", "10"), "10"),
        (("age", "at least", "11"), None),
        (("group", "is", "Authors"), "authors"),
        (("group", "is", "editors"), None),
        (("group", "is not", "editors"), "authors"),
        (("group", "is not", "editors\nauthors"), None),
        (("added", "contains", "Deal\npromo"), "Deal"),
        (("added", "contains", "text"), None),
        (("added", "lacks", "promo"), ""),
        (("added", "lacks", "deal"), None),
        (("removed", "contains", "dull text"), "dull text"),
        (("removed", "contains", "deal"), None),
        (("text", "contains", "see"), "see"),
        (("text", "contains", "dull"), None),
        (("title", "contains", "kites"), "kites"),
        (("title", "is", "kites"), None),
        (("title", "is", "buy kites"), "buy kites"),
        (("title", "is not", "kites"), ""),
        (("slug", "contains", "buy"), "buy"),
        (("summary", "is", "fix typos"), "fix typos"),
        (("tags", "is", "TIDE MILL"), "TIDE MILL"),
        (("tags", "is", "mill"), None),
        (("tags", "is not", "sea"), None),
        (("hosts", "under", "shop.example"), "shop.example"),
        (("hosts", "under", "EXAMPLE"), "shop.example"),
        (("hosts", "under", "hop.example"), None),
        (("hosts", "under", "example.org"), None),  # it was linked before
        (("hosts", "elsewhere", "example.org"), "shop.example"),
        (("hosts", "elsewhere", "shop.example"), None),
        (("links", "at least", "1"), "1"),
        (("links", "at least", "2"), None),
        (("grown", "at least", "120"), "120"),
        (("grown", "at least", "121"), None),
        (("shrunk", "at least", "30"), "30"),
        (("shrunk", "at most", "29"), None),
        (("share", "at least", "49"), "49"),
        (("share", "at least", "50"), None),
        (("checks", "is", "foreign-letter"), "foreign-letter"),
        (("checks", "is", "invisible"), None),
        (("alerts", "at least", "1"), "1"),
        (("alerts", "at least", "2"), None),
        (("warnings", "at least", "2"), "2"),
        (("warnings", "at least", "3"), None),
        (("language", "is", "pt"), "pt"),
        (("language", "is", "PT-br"), "pt-br"),
        (("language", "is", "pt-PT"), None),
        (("language", "is not", "en, de"), "pt, pt-br"),
        (("kind", "is", "edit"), "edit"),
        (("kind", "is", "new"), None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_condition_is_met_just_by_what_it_says(row, what):
    assert met(*row) == what


def test_every_field_is_tried_above_and_has_a_comparison():
    rows = [row for row, _ in test_condition_is_met_just_by_what_it_says.pytestmark[0].args[1]]

    assert {row[0] for row in rows} == FIELDS.keys()


def test_host_is_known_by_its_readable_name():
    save = Save(written=content("[a](https://xn--bcher-kva.example)\n"))

    assert met("hosts", "under", "b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example", save)
    assert met("hosts", "under", "*.xn--bcher-kva.example", save)
    assert met("hosts", "under", "bucher.example", save) is None


@pytest.mark.parametrize("field", ["approved", "age", "grown", "shrunk", "share"])
def test_what_is_not_known_meets_nothing(field):
    assert met(field, "at most", "9", Save(author=None, sizes=None)) is None
    assert met("group", "is not", "editors", Save(author=None)) is None


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("", "contains", "a"), "Choose what to look at"),
        (("source", "contains", "a"), "Choose what to look at"),
        (("added", "", "a"), "does not fit"),
        (("added", "at least", "3"), "does not fit"),
        (("approved", "contains", "3"), "does not fit"),
        (("added", "contains", " \n, "), "at least one value"),
        (("added", "contains", "!!!"), "no letter"),
        (("added", "contains", "a" * 101), "longer than 100"),
        (("added", "contains", "a\0b"), "U+0000"),
        (("added", "contains", "a\ud800b"), "U+D800"),
        (("added", "contains", "\n".join(f"w{n}" for n in range(10_000))), "10000 values; at most 500"),
        (("added", "contains", "x" * 70_000), "70000 characters"),
        (("approved", "at most", "many"), "whole number"),
        (("approved", "at most", "-1"), "whole number"),
        (("approved", "at most", "9" * 5000), "whole number"),
        (("approved", "at most", "\N{ARABIC-INDIC DIGIT THREE}"), "whole number"),
        (("hosts", "under", "https://shop.example/x"), "without https"),
        (("checks", "is", "confusable"), "is none of these"),
        (("kind", "is", "copy"), "is none of these"),
    ],
    ids=lambda value: (
        value[:20] if isinstance(value, str) else " ".join(value)[:30].encode("ascii", "replace").decode()
    ),
)
def test_row_that_cannot_be_read_says_why(row, fault):
    with pytest.raises(ValueFault, match=fault.replace("+", r"\+")):
        Condition.of(Row(*row))

    assert faults_of([Row("added", "contains", "fine"), Row(*row)]).keys() == {1}


def test_largest_row_is_read():
    values = [f"word{n}" for n in range(MAX_VALUES)]

    assert met("added", "contains", ",".join(values), Save(written=content("Word499!\n"))) == "word499"
    assert MAX_CONDITIONS == 20


def test_all_or_any_of_the_conditions():
    true, false = Row("kind", "is", "edit"), Row("kind", "is", "new")
    also = Row("approved", "at least", "1")

    def names(*rows, needs_all):
        return [what for _, what in Conditions.of(rows, needs_all=needs_all).met_by(SAVE)]

    assert names(true, also, needs_all=True) == ["edit", "2"]
    assert names(true, false, needs_all=True) == []
    assert names(false, also, needs_all=False) == ["2"]
    assert names(false, needs_all=False) == []


def test_texts_are_not_read_where_a_cheaper_condition_rules_the_save_out():
    class Unread(Save):
        text = property(lambda self: pytest.fail("it was read"))

    dear, cheap = Row("text", "contains", "deal"), Row("kind", "is", "edit")
    both = Conditions.of([dear, cheap], needs_all=True)

    assert both.met_by(Unread()) == []
    assert both.rules_out(Unread())
    assert not both.rules_out(Unread(before="Old"))
    assert not Conditions.of([dear, cheap], needs_all=False).rules_out(Unread())


def test_row_reads_as_a_sentence_with_few_of_its_values():
    assert str(Row("added", "contains", "a\nb")) == "added text contains one of a, b"
    assert (
        str(Row("added", "contains", "a,b,c,d,e,f,g"))
        == "added text contains one of a, b, c, d, e and 2 more"
    )
