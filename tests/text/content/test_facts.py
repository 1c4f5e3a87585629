"""What an edit does, as facts, the worst first."""

import json
from dataclasses import replace

import pytest

from articles.text.checks import Severity
from articles.text.content import Content, introduced_findings, unseen_in
from articles.text.content.facts import Fact, FactKind, facts_of, is_disguise, read_facts
from articles.text.content.signals import signals
from articles.text.diff import compare
from articles.text.page import sanitize

TEXT = "The keeper reads the tide table before breakfast, and hangs it by the old door. " * 5
MOVING = "\n\nBoats sail north in the evening, and south at noon.\n\n"
LINK = "Buy [tickets](https://{}/) here.\n"
CYRILLIC = str.maketrans("ieoa", "іеоа")


def hidden(words):
    return "".join(chr(0xE0000 + ord(char)) for char in words)


def facts(old, new, *, new_hosts=(), known_hosts=(), **fields):
    before = None if old is None else Content("Tides", "tides", old)
    after = replace(Content("Tides", "tides", new), **fields)
    changes = compare(old or "", new).changes
    return facts_of(
        before,
        after,
        changes=changes,
        found=introduced_findings(before, after, source_changes=changes),
        signals=signals(before, after, source_changes=changes, new_hosts=new_hosts, known_hosts=known_hosts),
        new_hosts=new_hosts,
        unseen=unseen_in(new),
        removals=sanitize(new).removals,
    )


CASES = {
    FactKind.CODE: (TEXT, f"{TEXT}\n\n```\nx = 1 \u2067''' ;return\n```\n"),
    FactKind.HIDDEN: (TEXT, f"{TEXT}So{hidden('buy at x')}"),
    FactKind.BLANKED: (TEXT, "lol"),
    FactKind.RELINKED: (LINK.format("museum.example"), LINK.format("casino.example")),
    FactKind.HOST: (TEXT, f"{TEXT}https://pаypal.com/\n"),
    FactKind.LETTERS: (None, TEXT.translate(CYRILLIC)),
    FactKind.CARD: (TEXT, f"{TEXT} My card 4111 1111 1111 1111."),
    FactKind.PHONE: (TEXT, f"{TEXT} Call +44 20 7946 0018."),
    FactKind.REPLACED: (TEXT, " ".join(f"another{n} word{n}" for n in range(40))),
    FactKind.REMOVED: (TEXT + "Boats sail north. " * 40, TEXT),
    FactKind.PRICE: ("Entry is 40 kr. for all.", "Entry is 140 kr. for all."),
    FactKind.LETTER: (TEXT, TEXT.replace("table", "tаble", 1) + "More."),
    FactKind.MAIL: (TEXT, f"{TEXT} Write to a@mail.example."),
    FactKind.UNSEEN: (TEXT, f"{TEXT}\n\n<!-- buy at x -->\n"),
    FactKind.LOST: (TEXT, f"{TEXT} <iframe src='https://x.example'></iframe>"),
    FactKind.NOISE: (TEXT, f"{TEXT} WAKE UP EVERYBODY HERE"),
    FactKind.NEGATION: ("It is not for children.", "It is for children."),
    FactKind.NUMBER: ("Built in 1852 by hand.", "Built in 1825 by hand."),
    FactKind.NEW_TEXT: (None, TEXT),
    FactKind.EDITED: (TEXT, TEXT.replace("breakfast", "lunch", 1)),
    FactKind.MOVED: (TEXT + MOVING, MOVING + TEXT),
    FactKind.SAME: (TEXT, TEXT),
}


@pytest.mark.parametrize("kind", CASES)
def test_worst_fact(kind):
    assert facts(*CASES[kind])[0].kind is kind


def test_twin_and_new_host_come_from_the_hosts():
    new = LINK.format("rnuseum.example")

    kinds = [
        fact.kind for fact in facts(None, new, new_hosts=["rnuseum.example"], known_hosts=["museum.example"])
    ]

    assert kinds == [FactKind.TWIN, FactKind.NEW_HOST]


def test_worst_comes_first_whatever_the_order_of_the_text():
    old = f"{LINK.format('museum.example')}Entry is 40 kr. for all.\n"
    new = f"{LINK.format('casino.example')}Entry is 140 kr. for аll.{hidden('buy at x')}\n"

    assert [fact.kind for fact in facts(old, new)] == [
        FactKind.HIDDEN,
        FactKind.RELINKED,
        FactKind.PRICE,
        FactKind.LETTER,
    ]


def test_values_say_before_and_after_and_where():
    old, new = LINK.format("museum.example"), LINK.format("casino.example")

    [fact] = facts(old, new)

    assert fact == Fact(
        FactKind.RELINKED, "museum.example", "casino.example", 1, new.index("casino"), "tickets"
    )


def test_hidden_text_is_decoded():
    [fact] = facts(TEXT, f"{TEXT}So{hidden('buy at x')}")

    assert (fact.after, fact.start) == ("buy at x", len(TEXT) + 2)


def test_letters_of_one_pair_are_counted_and_of_several_quoted():
    one = facts(TEXT, TEXT.replace("keeper", "kееper") + "More.")[0]
    several = facts(TEXT, TEXT.translate(CYRILLIC) + "More.")[0]

    assert (one.before, one.after, one.number, one.text) == ("e", "е", 10, "")
    assert several.number > one.number
    assert several.text


@pytest.mark.parametrize(("count", "severity"), [(9, Severity.WARNING), (10, Severity.ALERT)])
def test_many_swapped_letters_are_serious(count, severity):
    text = TEXT * 2

    assert (
        facts(text, text.replace("door", "dооr", count // 2) + "tаble" * (count % 2))[0].severity is severity
    )


def test_edit_that_readers_cannot_notice_says_so():
    kinds = [fact.kind for fact in facts(TEXT, TEXT.replace("keeper", "kеeper"))]

    assert kinds == [FactKind.DISGUISED, FactKind.LETTER]


def test_new_title_and_address_are_facts():
    kinds = [fact.kind for fact in facts(TEXT, TEXT, title="Ebb", slug="ebb")]

    assert kinds == [FactKind.TITLE, FactKind.ADDRESS]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("language", "de", "de"),
        ("tags", ("ebb", "flood"), "ebb, flood"),
        ("excerpt", "The keeper is a thief.", "The keeper is a thief."),
        ("description", "The keeper is a thief.", "The keeper is a thief."),
        ("cover", "a.png", "a.png"),
        ("software_share", "generated", "generated"),
    ],
)
def test_a_changed_field_is_no_unchanged_text(name, value, shown):
    before = "en" if name == "language" else ""

    assert facts(TEXT, TEXT, **{name: value}) == (Fact(FactKind.FIELD, before, shown, 1, None, name),)


def test_parts_that_moved_are_counted_with_the_first_place():
    [fact] = facts(TEXT + MOVING, MOVING + TEXT)

    assert (fact.kind, fact.number, fact.start) == (FactKind.MOVED, 1, len(MOVING))


def test_what_is_left_is_quoted_only_if_short():
    assert facts(TEXT, "lol")[0].after == "lol"
    assert facts(TEXT * 9, TEXT)[0].after == ""


def test_deleted_sentence_counts_as_changed():
    sentence = "Boats sail north in the evening. "

    assert facts(sentence + TEXT + sentence, TEXT)[0] == Fact(FactKind.EDITED, number=2, start=0)


@pytest.mark.parametrize("kind", CASES)
def test_facts_survive_storing(kind):
    found = facts(*CASES[kind])

    assert read_facts(json.loads(json.dumps([fact.as_json() for fact in found]))) == found


def test_stored_fact_of_a_kind_that_is_gone_is_left_out():
    assert read_facts([["gone", "", "", 0, None, ""], [], ["same", "", "", 0, None, ""]]) == (
        Fact(FactKind.SAME),
    )


def test_long_values_are_cut():
    old, new = (f"Buy [{'x' * 500}](https://{host}/)\n" for host in ("a.example", f"{'b' * 200}.example"))

    assert all(len(value) <= 80 for fact in facts(old, new) for value in (fact.before, fact.after, fact.text))


def test_disguise_needs_a_change_and_nothing_else():
    one = Content("Tides", "tides", TEXT)

    assert is_disguise(one, replace(one, source=TEXT.translate(CYRILLIC)))
    assert not is_disguise(one, one)
    assert not is_disguise(one, replace(one, source=TEXT.translate(CYRILLIC), title="Ebb"))
