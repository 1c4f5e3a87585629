"""Kinds of findings: counted, with their first places, the gravest first."""

from articles.text.content import Content, Field, findings
from articles.text.content.kinds import MOST_PLACES, kinds_of


def kinds(source, title="Title"):
    found = findings(Content(title=title, slug="s", source=source))
    return [
        (kind.finding.text, kind.field, kind.total, len(kind.places), kind.more) for kind in kinds_of(found)
    ]


def test_equal_findings_are_one_kind_with_its_first_places():
    assert MOST_PLACES == 3
    assert kinds("p\u0430per " * 5) == [("\u0430", Field.SOURCE, 5, 3, 2)]
    assert kinds("p\u0430per " * 3) == [("\u0430", Field.SOURCE, 3, 3, 0)]


def test_first_place_stands_for_its_kind():
    (kind,) = kinds_of(findings(Content(title="Title", slug="s", source="One p\u0430per, two p\u0430pers")))

    assert [item.finding.start for item in kind.places] == [5, 16]
    assert kind.finding == kind.places[0].finding


def test_gravest_comes_first_then_the_order_of_the_text():
    source = "p\u0430per d\u043eor `np\u0440`"  # the one in code is an alert

    assert [text for text, *_ in kinds(source)] == ["\u0440", "\u0430", "\u043e"]


def test_fields_checks_and_severities_are_told_apart():
    assert [(text, field) for text, field, *_ in kinds("p\u0430per `p\u0430y`", title="P\u0430per")] == [
        ("\u0430", Field.SOURCE),
        ("\u0430", Field.SOURCE),
        ("\u0430", Field.TITLE),
    ]
