from articles.text.unicode.bidi import bidi_stretches


def test_bidi_stretches_pair_and_end_with_the_paragraph() -> None:
    openings, stray = bidi_stretches("\u2067a\u2069 \u202bb\n\u202c \u2066\u202ac\u2069")

    assert [(opening.place, opening.end) for opening in openings] == [(0, 2), (4, None), (9, 12), (10, None)]
    assert stray == [7]
