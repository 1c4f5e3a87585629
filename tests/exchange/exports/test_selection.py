"""Names of files: safe on every disk, and never the same for two articles."""

from hypothesis import given
from hypothesis import strategies as st

from articles.exchange.exports.selection import MOST_BYTES, FileNames, name_all

SLUGS = st.text(st.sampled_from("aAäÄßsſ_-1\u0308\N{KELVIN SIGN}k"), min_size=1, max_size=3)


def test_name_is_the_slug_and_the_second_gets_its_key():
    names = FileNames()

    assert [names.give(1, "ebb"), names.give(2, "Ebb"), names.give(3, "ebb-3")] == ["ebb", "Ebb.2", "ebb-3"]


def test_name_is_free_when_its_article_moves_or_goes():
    names = FileNames()
    names.give(1, "ebb")
    names.give(2, "ebb")

    names.give(1, "flow")
    assert names.give(2, "ebb") == "ebb"
    assert names.drop(2) == "ebb"
    assert (names[2], names.drop(2)) == (None, None)
    assert names.give(3, "ebb") == "ebb"


def test_letters_that_look_the_same_to_a_disk_are_one_name():
    assert name_all(
        [(1, "stra\N{LATIN SMALL LETTER SHARP S}e"), (2, "STRASSE"), (3, "\u00e4"), (4, "a\u0308")]
    ) == {
        1: "stra\N{LATIN SMALL LETTER SHARP S}e",
        2: "STRASSE.2",
        3: "\u00e4",
        4: "a\u0308.4",
    }


def test_long_slugs_fit_on_a_disk_and_stay_apart():
    names = name_all([(1, "\N{HIRAGANA LETTER A}" * 200), (2, "\N{HIRAGANA LETTER A}" * 199)])

    assert names == {1: "\N{HIRAGANA LETTER A}" * (MOST_BYTES // 3), 2: "\N{HIRAGANA LETTER A}" * 66 + ".2"}


@given(st.lists(st.tuples(st.integers(1, 5), st.none() | SLUGS), max_size=12))
def test_no_two_articles_share_a_name_whatever_happens(moves):
    names, given_names = FileNames(), {}

    for article, slug in moves:
        if slug is None:
            names.drop(article)
            given_names.pop(article, None)
        else:
            given_names[article] = names.give(article, slug)

        folded = [name.casefold() for name in given_names.values()]
        assert len(set(folded)) == len(folded)
        assert all(names[article] == name for article, name in given_names.items())
