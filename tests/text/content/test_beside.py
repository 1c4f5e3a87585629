"""What stands beside the blocks of a page under review."""

from articles.text.checks import Severity
from articles.text.content import Content, Field, findings_in
from articles.text.content import beside as module
from articles.text.content.beside import annotate
from articles.text.content.facts import Fact, FactKind

SOURCE = "The first one.\n\nThe kееper and the dооr.\n\nThe last one.\n"
BLOCKS = [
    ("<p>The first one.</p>", False),
    ("<p>The kееper and the dооr.</p>", True),
    ("<p>The last one.</p>", False),
]


def annotated(blocks=BLOCKS, source=SOURCE, facts=()):
    found = findings_in(Content("Tides", "tides", source), Field.SOURCE)
    return annotate(blocks, source, found, facts, say=str)


def test_findings_are_marked_in_their_block_and_words_read_as_meant():
    first, second, last = annotated()

    assert (first.html, first.aside) == (BLOCKS[0][0], None)
    assert second.html.count("<mark") == 4
    assert second.aside.letters == [("е", "e", 2), ("о", "o", 2)]
    assert second.aside.words == ("keeper", "door")
    assert last.aside is None


def test_lead_is_the_block_of_the_first_fact_with_a_place():
    facts = [
        Fact(FactKind.TITLE),
        Fact(FactKind.PHONE, start=SOURCE.index("last")),
        Fact(FactKind.MAIL, start=0),
    ]

    blocks = annotated(facts=facts)

    assert [block.is_lead for block in blocks] == [False, False, True]
    assert blocks[2].aside.facts == (facts[1],)
    assert blocks[0].aside.facts == (facts[2],)


def test_place_far_down_in_a_block_is_quoted():
    before, odd = "The miller sleeps. " * 30, "Then the dооr falls shut."
    source = f"Short: a dооr.\n\n{before}{odd} {before}\n"
    blocks = [("<p>Short: a dооr.</p>", True), (f"<p>{before}{odd} {before}</p>", True)]

    near, far = annotated(blocks, source)

    start, end = far.aside.quoted
    assert near.aside.quoted is None
    assert "dооr" in source[start:end]
    assert source[start - 1] == source[end] == " "
    assert end - start <= 250


def test_without_a_place_the_lead_is_the_first_block_that_changed():
    assert [block.is_lead for block in annotated(facts=[Fact(FactKind.TITLE)])] == [False, True, False]


def test_removed_text_is_told_beside_the_first_block_that_changed():
    fact = Fact(FactKind.REMOVED, number=60, start=len(SOURCE))

    assert annotated(facts=[fact])[1].aside.facts == (fact,)


def test_deleted_text_has_no_place_and_no_marks():
    block = '<p>The <del class="change">kееper</del> kееper and the dооr.</p>'

    [_, drawn, _] = annotated([BLOCKS[0], (block, True), BLOCKS[2]])

    assert '<del class="change">kееper</del>' in drawn.html
    assert drawn.html.count("<mark") == 4


def test_severity_is_that_of_the_worst():
    code = Fact(FactKind.CODE, start=SOURCE.index("kе"))

    assert annotated()[1].aside.severity is Severity.WARNING
    assert annotated(facts=[code])[1].aside.severity is Severity.ALERT


def test_number_of_marks_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_MARKS", 3)

    assert sum(block.html.count("<mark") for block in annotated()) == 3


def test_long_source_has_no_marks(monkeypatch):
    monkeypatch.setattr(module, "MAX_LENGTH", len(SOURCE) - 1)

    assert "".join(block.html for block in annotated()) == "".join(html for html, _ in BLOCKS)
