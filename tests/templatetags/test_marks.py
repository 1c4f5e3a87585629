"""Words and lines that templates draw."""

import pytest
from django.utils import translation

from articles.templatetags import labels, marks
from articles.templatetags.changes import line, side_of, summary_in_words
from articles.templatetags.labels import sentence
from articles.templatetags.languages import direction, language_label
from articles.templatetags.marks import with_marks
from articles.text.checks import scan
from articles.text.content import Content, Field, compare_contents


def compared(old, new, **fields):
    def content(source, title):
        return Content(title=title, slug="s", source=source, **fields)

    return compare_contents(None if old is None else content(old, "Old"), content(new, "New"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "rtl"),
        ("fa-IR", "rtl"),
        ("he", "rtl"),
        ("en", "ltr"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("", "ltr"),
    ],
)
def test_direction_of_a_language(language, expected):
    assert direction(language) == expected


def test_language_has_its_name_for_people():
    assert language_label("uk") == "Ukrainian (uk)"
    assert language_label("zz") == "zz"
    with translation.override("fr"):
        assert language_label("de") == "allemand (de)"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (None, "a\n", "All of it is new."),
        ("a\n", "a\n", "The text is the same."),
        (
            "the paper\n",
            "the p\u0430per\n",
            "It looks the same, but: 1 character replaced by one that looks the same.",
        ),
        ("the paper here\n", "the letter here\n", "1 word edited."),
        ("the old paper here\n", "the paper here\n", "1 word removed."),
        ("one two three four five\n", "lol\n", "4 words removed, 1 word edited."),
        ("the paper here\n", "the thin old paper here\n", "2 words added."),
        ("10 km\n", "10\u00a0km\n", "It looks the same, but: 1 change of spacing."),
        ("admin\n", "ad\u200bmin\n", "It looks the same, but: 1 invisible character."),
        ("cafe\u0301\n", "caf\u00e9\n", "It looks the same, but: 1 change of encoding only."),
    ],
)
def test_summary_says_in_words_what_changed(old, new, words):
    assert summary_in_words(compared(old, new)) == words


def test_line_draws_changes_and_flags_and_escapes_all_text():
    comparison = compared("<i>the paper</i>\n", "<i>the p\u0430per</i>\n")
    (row,) = comparison.sections[0].rows

    old, new = line(comparison, "source", "old", row.old), line(comparison, "source", "new", row.new)

    assert (
        old == '&lt;i&gt;the p<del class="change look-alike" data-kind="looks the same">a</del>per&lt;/i&gt;'
    )
    assert new.startswith(
        '&lt;i&gt;the p<ins class="change look-alike" data-kind="looks the same"><mark class='
    )
    assert 'data-like="a">\u0430</mark></ins>per&lt;/i&gt;' in new


def test_lost_line_end_is_said_and_an_empty_line_is_not_marked():
    comparison = compared("a\nlast\n", "a\n\nlast")
    rows = [row for section in comparison.sections for row in section.rows]
    drawn = [line(comparison, "source", side, getattr(row, side)) for row in rows for side in ("old", "new")]

    assert any('data-kind="line end"' in text for text in drawn)
    assert "" in drawn


def test_short_field_is_drawn_as_one_line():
    comparison = compared("x", "x")
    (title,) = (field for field in comparison.fields if field.field is Field.TITLE)

    assert "<del" in side_of(comparison, title, "old")
    assert "<ins" in side_of(comparison, title, "new")


def test_field_is_marked():
    assert '<mark class="finding' in with_marks(Content(title="P\u0430per", slug="s", source=""), "title")


def test_sentence_of_a_finding_is_said_in_the_readers_language(monkeypatch):
    words = {"%(character)s does not belong in a text": "%(character)s geh\u00f6rt nicht in einen Text"}
    monkeypatch.setattr(labels, "_", lambda template: words.get(template, template))
    (finding,) = scan("a\x08b").findings

    assert sentence(finding.message) == "Control character backspace (U+0008) geh\u00f6rt nicht in einen Text"
    assert sentence("Stored as it was") == "Stored as it was"


def hiding(data: bytes):
    run = "".join(chr(0xFE00 + byte if byte < 16 else 0xE00F0 + byte) for byte in data)
    (finding,) = scan(f"a{run}b").findings
    return finding


def test_hidden_text_is_labelled_escaped_and_shows_what_would_not_show():
    drawn = marks.hidden_text(hiding("<b>obey\u202e me</b>".encode()))

    assert drawn == (
        'hidden text: <bdi class="char">&lt;b&gt;obey<span class="unseen" data-box="RLO"></span> me&lt;/b&gt;</bdi>'
    )
    assert (
        marks.hidden_text(hiding(b"\x89PNG")) == 'hidden text: <bdi class="char">4 bytes: 89 50 4e 47</bdi>'
    )


def test_hidden_text_is_cut_on_pages():
    assert marks.payload(hiding(b"x" * 401)) == f'<bdi class="char">{"x" * 400}…</bdi>'
    assert marks.payload(hiding(b"x" * 400)) == f'<bdi class="char">{"x" * 400}</bdi>'


def test_finding_that_hides_nothing_has_no_label():
    (finding,) = scan("p\u0430ypal").findings

    assert marks.hidden_text(finding) == marks.payload(finding) == ""


def test_kinds_of_findings_tell_what_is_hidden():
    assert 'hidden text: <bdi class="char">obey</bdi>' in marks.kinds_of_findings([(hiding(b"obey"), 1)])


def test_hidden_text_ends_after_so_many_labels():
    many, few = "a" + "\u200b" * 9 + "b", "a" + "\u200b" * 8 + "b"

    assert marks.decoded(many).count("data-box") == 8
    assert marks.decoded(many).endswith("…</bdi>")
    assert marks.decoded(few).endswith("b</bdi>")
    assert marks.decoded("a" * 401) == f'<bdi class="char">{"a" * 400}…</bdi>'


def test_long_message_is_cut():
    assert sentence("m" * 301) == "m" * 300 + "…"
    assert sentence("m" * 300) == "m" * 300
