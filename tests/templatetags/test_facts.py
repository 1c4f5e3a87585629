"""Facts in words."""

import pytest

from articles.templatetags.facts import CHECKS, GRAVITY, SENTENCES, fact_in_html, fact_in_words, gravity
from articles.text.checks.scanning import CHECKS as ALL_CHECKS
from articles.text.content.facts import Fact, FactKind

RELINKED = Fact(FactKind.RELINKED, "museum.example", "rnuseum.example", 1, 18, "tickets")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (RELINKED, "The link “tickets” now leads to rnuseum.example. It led to museum.example"),
        (
            Fact(FactKind.BLANKED, after="lol", number=97),
            "97 % of the text removed; what is left: “lol”",
        ),
        (Fact(FactKind.REMOVED, number=60), "60 % of the text removed"),
        (Fact(FactKind.HIDDEN, after="buy at x", number=1), "Hidden text: “buy at x”"),
        (Fact(FactKind.LETTERS, "i", "і", 143), "і for i, 143 times"),
        (Fact(FactKind.LETTER, "i", "і", 1), "і for i, once"),
        (
            Fact(FactKind.LETTERS, "i", "і", 1298, 5, "wrіte"),
            "1,298 letters pass for others, such as і for i in “wrіte”",
        ),
        (Fact(FactKind.DISGUISED), "Changed so that readers cannot notice"),
        (
            Fact(FactKind.RETURNS, after="Ask him.", text="eve"),
            "Approving brings back what eve hid: “Ask him.”",
        ),
        (
            Fact(FactKind.OFFLINE, after="By order.", text="eve"),
            "Approving makes public again what eve took offline: “By order.”",
        ),
        (Fact(FactKind.OFFLINE, text="eve"), "Approving makes public again what eve took offline"),
        (Fact(FactKind.WARNING, "odd-space", " ", 3), "Odd spaces, 3 times"),
        (Fact(FactKind.WARNING, "no-such-check", " ", 1), "Odd characters, once"),
        (Fact(FactKind.NEW_TEXT, number=1240), "A new text of 1,240 words; nothing odd"),
        (Fact(FactKind.EDITED, number=3), "3 sentences changed; nothing odd"),
        (Fact(FactKind.FIELD, "", "A thief.", 1, None, "excerpt"), "Excerpt: “A thief.” came in"),
        (Fact(FactKind.FIELD, "ebb", "", 1, None, "tags"), "Tags: “ebb” is gone"),
        (
            Fact(FactKind.FIELD, "en", "de", 1, None, "language"),
            "Language: “English (en)” became “German (de)”",
        ),
        (Fact(FactKind.NEGATION, "not", "", 1, 0, "It is safe."), "“not” is gone from “It is safe.”"),
        (Fact(FactKind.NEGATION, "", "no", 1, 0, "no harm"), "“no” came into “no harm”"),
        (
            Fact(FactKind.NEGATION, "never", "always", 2, 0, "always in"),
            "2 negations changed: “never” became “always” in “always in” …",
        ),
        (Fact(FactKind.MOVED, number=2), "2 parts moved, unchanged; nothing odd"),
        (Fact(FactKind.CODE, after="x \u2067y", number=1), "Code reads otherwise than it runs: x [RLI]y"),
    ],
)
def test_sentence(fact, words):
    assert fact_in_words(fact) == words


def test_html_sets_apart_what_differs():
    drawn = fact_in_html(RELINKED)

    assert '<ins class="host"><b>rn</b>useum.example</ins>' in drawn
    assert '<del class="host"><b>m</b>useum.example</del>' in drawn


def test_html_labels_invisible_characters_and_escapes():
    drawn = fact_in_html(Fact(FactKind.CODE, after="<b>\u2067", number=1))

    assert "&lt;b&gt;" in drawn
    assert "\u2067" not in drawn
    assert 'data-box="RLI"' in drawn


@pytest.mark.parametrize("kind", FactKind)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_kind_has_a_word_and_a_sentence(kind, number):
    fact = Fact(kind, "before %s", "after %", number, None, "text")

    assert gravity(fact) == GRAVITY[kind]
    assert fact_in_words(fact)
    assert "%(" not in fact_in_html(fact)
    assert kind in SENTENCES


def test_every_check_has_words():
    ids = {check.__name__.replace("_", "-") for check in ALL_CHECKS}

    assert set(CHECKS) == ids
