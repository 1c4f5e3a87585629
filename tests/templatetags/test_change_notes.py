"""Notes to changes and labels of folds: a sentence for each kind, with every value escaped."""

import re

import pytest

from articles.templatetags.change_notes import WORDS, fold_in_words, note_in_words, notes_in_words
from articles.text.marked import BlockKind, Fold, Letters, Note, NoteKind

MOVES = {NoteKind.MOVED_HERE, NoteKind.MOVED_AWAY, NoteKind.WORDS_MOVED_HERE, NoteKind.WORDS_MOVED_AWAY}
HERE = range(1, 10)


def words(note: Note, shown: range = HERE) -> str:
    """The note as its readers see it."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", note_in_words(note, shown))).strip()


def test_every_kind_of_note_has_words():
    assert WORDS.keys() | MOVES == set(NoteKind)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (Note(NoteKind.MOVED_AWAY, 4, other=7), "Moved further down"),
        (Note(NoteKind.MOVED_AWAY, 7, other=4), "Moved further up"),
        (Note(NoteKind.MOVED_HERE, 7, other=4), "Moved here from above"),
        (Note(NoteKind.MOVED_HERE, 4, other=7), "Moved here from further down"),
        (Note(NoteKind.WORDS_MOVED_HERE, 4, text="the gates", other=None), "Moved here “the gates”"),
        (Note(NoteKind.MOVED_HERE, 4, other=99), "Moved here from further down (change 99)"),
        (Note(NoteKind.FORMAT_ADDED, 1, text="odd", new="strong"), "Formatting. “odd” became bold"),
        (Note(NoteKind.FORMAT_REMOVED, 1, text="odd", old="em"), "Formatting. “odd” is no longer italic"),
        (
            Note(NoteKind.BLOCK, 1, old="paragraph", new="heading-2"),
            "Form. a paragraph became a heading",
        ),
        (
            Note(NoteKind.ALIGNMENT, 1, text="Day", new="right"),
            "Alignment. “Day” stood as the text runs and stands to the right",
        ),
        (
            Note(NoteKind.ATTRIBUTE, 1, text="title", new="x"),
            "What readers do not see. title: “–” became “x”",
        ),
        (
            Note(NoteKind.LOOK_ALIKES, 1, letters=(Letters("\u0430", "a"),)),
            "Looks the same, is another letter."
            " \u0430 Cyrillic small letter a, U+0430 became a Latin small letter a, U+0061.",
        ),
        (
            Note(NoteKind.INVISIBLE, 1, letters=(Letters("", "\u200b"),)),
            "Invisible. zero width space, U+200B came in.",
        ),
        (
            Note(NoteKind.INVISIBLE, 1, letters=(Letters("\u200b", ""),)),
            "Invisible. zero width space, U+200B is gone.",
        ),
        (Note(NoteKind.SPACING, 1), "Spacing."),
    ],
)
def test_notes_in_words(note, expected):
    assert words(note).lower() == expected.lower()


def test_move_within_the_page_is_a_link():
    assert '<a href="#c7">' in note_in_words(Note(NoteKind.MOVED_AWAY, 4, other=7), HERE)
    assert "<a" not in note_in_words(Note(NoteKind.MOVED_AWAY, 4, other=70), HERE)


def test_link_to_another_site_is_called_out():
    note = Note(NoteKind.LINK_CHANGED, 1, text="boats", old="https://a.example/x", new="https://b.example/x")

    assert "leads to b.example" in words(note)
    assert "leads to" not in words(Note(NoteKind.LINK_CHANGED, 1, text="boats", old="/x", new="/y"))


@pytest.mark.parametrize("kind", list(WORDS))
def test_values_of_notes_are_escaped(kind):
    attack = "<script>%(x)s{0}"
    block = attack if kind is not NoteKind.BLOCK else "paragraph"

    html = note_in_words(Note(kind, 1, attack, block, block, (Letters(attack, attack),)), HERE)

    assert "<script>" not in html


def test_folds_count_by_kind():
    def fold(*counts):
        return fold_in_words(Fold(counts, ""))

    assert fold((BlockKind.PARAGRAPH, 1)) == "Unchanged: 1 paragraph"
    assert (
        fold((BlockKind.PARAGRAPH, 2), (BlockKind.HEADING_2, 1), (BlockKind.HEADING_3, 1))
        == "Unchanged: 2 paragraphs and 2 headings"
    )
    assert fold((BlockKind.RULE, 1), (BlockKind.TABLE, 1)) == "Unchanged: 1 other block and 1 table"


def test_letters_of_one_kind_share_a_paragraph():
    a, e = Letters("\u0430", "a"), Letters("\u0435", "e")
    notes = [
        Note(NoteKind.LOOK_ALIKES, 1, letters=(a,)),
        Note(NoteKind.SPACING, 1),
        Note(NoteKind.LOOK_ALIKES, 1, letters=(e, a)),
        Note(NoteKind.INVISIBLE, 1, letters=(Letters("", "\u200b"),)),
    ]

    html = notes_in_words(notes, HERE)

    assert html.count("<p>") == 3
    assert html.count("Looks the same") == 1
    assert html.count("U+0430") == html.count("U+0435") == 1
