"""Surroundings of a finding, and the edits that end an allowance bound to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content import Content, Field, findings
from articles.text.content.surroundings import LENGTH_AROUND, MAX_VALUE, Surroundings

A = "\N{CYRILLIC SMALL LETTER A}"
ZWSP = "\N{ZERO WIDTH SPACE}"


def content(source, **fields):
    return Content(title="Title", slug="slug", source=source, **fields)


def only(source, **fields):
    """The surroundings and the one finding of a text."""
    text = content(source, **fields)
    (item,) = (item for item in findings(text) if item.finding.check != "host" or "://" in source)
    return Surroundings(text), item


def checksum(source):
    surroundings, item = only(source)
    return surroundings.checksum(item)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (f"The p{A}per is thin.\n", f"p{A}per"),
        (f"(p{A}per)\n", f"p{A}per"),
        ("The p&#1072;per is thin.\n", f"p{A}per"),
        (f"an ho{ZWSP}ur\n", f"ho{ZWSP}ur"),
        (f"p{A}per{'s' * MAX_VALUE}\n", None),
    ],
)
def test_word_is_what_a_reader_takes_for_one(source, word):
    surroundings, item = only(source)

    assert surroundings.word(item) == word
    assert surroundings.host(item) is None


def test_host_is_the_whole_name_in_lower_case_and_no_word():
    surroundings, item = only(f"See [it](https://P{A}yment.example.org/a).\n")

    assert surroundings.host(item) == f"p{A}yment.example.org"
    assert surroundings.word(item) is None


BEFORE, AFTER = "one two three four the", "is thin and white and clean"


@pytest.mark.parametrize(
    "source",
    [
        f"{BEFORE}\np{A}per  {AFTER}\n",
        f"zero {BEFORE} p{A}per {AFTER}\n",
        f"# Heading\n\nA paragraph.\n\n{BEFORE} p{A}per {AFTER}\n\nAnother.\n",
    ],
)
def test_what_stands_farther_away_and_wrapping_keep_the_checksum(source):
    assert checksum(source) == checksum(f"{BEFORE} p{A}per {AFTER}\n")


@pytest.mark.parametrize(
    "source",
    [
        f"one two three five the p{A}per {AFTER}\n",
        f"{BEFORE} p{A}per is thick and white and clean\n",
        f"{BEFORE} p{A}pers {AFTER}\n",
        f"{BEFORE} p {A}per {AFTER}\n",
    ],
)
def test_a_changed_word_beside_it_or_of_its_own_breaks_the_checksum(source):
    texts = content(source)
    sums = {Surroundings(texts).checksum(item) for item in findings(texts)}

    assert checksum(f"{BEFORE} p{A}per {AFTER}\n") not in sums


def test_field_belongs_to_the_checksum():
    in_title = Content(title=f"p{A}per", slug="s", source="")
    in_text = Content(title="T", slug="s", source=f"p{A}per")
    (title,), (text,) = findings(in_title), findings(in_text)

    assert (title.field, text.field) == (Field.TITLE, Field.SOURCE)
    assert Surroundings(in_title).checksum(title) != Surroundings(in_text).checksum(text)


@given(st.text(st.sampled_from(f"ab {A}{ZWSP}.,\n\u00a0\u4e2d&[](/:)"), max_size=80))
def test_every_finding_has_surroundings_whatever_the_text(source):
    text = content(f"{source} https://p{A}y.example/")
    surroundings = Surroundings(text)

    for item in findings(text):
        assert len(surroundings.checksum(item)) == 64
        word, host = surroundings.word(item), surroundings.host(item)
        assert word is None or item.finding.text in word
        assert (host is not None) <= (item.finding.where == "host")


def test_text_without_spaces_looks_at_a_bounded_stretch():
    far = "\u4e2d" * (LENGTH_AROUND + 10)

    assert checksum(f"{far}p{ZWSP}q{far}") == checksum(f"\u6587{far}p{ZWSP}q{far}\u6587")
