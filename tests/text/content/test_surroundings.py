"""Surroundings of a finding, and the edits that end an allowance bound to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import Finding, Severity
from articles.text.content import Content, Field, FieldFinding, findings
from articles.text.content.surroundings import LENGTH_AROUND, MAX_VALUE, Surroundings
from articles.text.markdown import Where

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
        (f"p{A}per{'s' * 248}\n", f"p{A}per{'s' * 248}"),  # 253 code points
        (f"p{A}per{'s' * 249}\n", None),
        (f"p{A}per{'s' * MAX_VALUE}\n", None),
        ("see\u2003this\n", None),  # a space is no word
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


@pytest.mark.parametrize(("length", "is_given"), [(253, True), (254, False)])
def test_host_is_given_up_to_the_longest_name_that_there_is(length, is_given):
    name = f"p{A}y." + "a" * (length - len("pay..example")) + ".example"

    surroundings, item = only(f"See [it](https://{name}/).\n")

    assert surroundings.host(item) == (name if is_given else None)


@pytest.mark.parametrize(
    ("source", "start"),
    [("no address", 1), ("x https://b.example", 0), ("https://b.example x", 17), ("https://b.example x", 18)],
    ids=["none", "before", "right behind", "behind"],
)
def test_host_outside_of_every_address_is_the_characters_alone(source, start):
    finding = Finding("c", Severity.ALERT, start, start + 1, source[start], None, None, Where.HOST, "m")

    assert Surroundings(content(source)).host(FieldFinding(Field.SOURCE, finding)) == source[start]


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        (
            f"one two three four the p{A}per is thin and white and clean\n",
            "a9ec5b3e31b6756d1b958655a1b1007f61601f3162c9cebc5ae9e08fe2ab6ea8",
        ),
        (
            f"See [it](https://p{A}yment.example.org/a).\n",
            "eb2446efacc77b610552c0918f95b11145e4d8e07babbcef6708dfc2b6bab991",
        ),
    ],
    ids=["word", "host"],
)
def test_checksums_that_are_stored_stay_valid(source, kept):
    assert checksum(source) == kept


BEFORE, AFTER = "one two three four the", "is thin and white and clean"


@pytest.mark.parametrize(
    "source",
    [
        f"{BEFORE}\np{A}per  {AFTER}\n",
        f"zero {BEFORE} p{A}per {AFTER}\n",
        f"# Heading\n\nA paragraph.\n\n{BEFORE} p{A}per {AFTER}\n\nAnother.\n",
        f"one other three four the p{A}per is thin and black and clean\n",
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


@pytest.mark.parametrize(
    "source",
    [
        f"p{A}per is",
        f" p{A}per is\n",
        f"Another.\n\np{A}per is\n\nAnother.\n",
        f"x{' ' * 400}p{A}per is\n",  # farther than is looked at
        f"p{A}per is{' ' * 400}x\n",
    ],
)
def test_beginning_and_end_of_a_paragraph_say_nothing(source):
    assert checksum(source) == checksum(f"p{A}per is\n")


def test_first_character_of_a_text_belongs_to_the_checksum():
    assert checksum(f"a p{A}per\n") != checksum(f"b p{A}per\n")


def test_word_of_up_to_sixty_code_points_is_bound_to_the_words_around_it():
    def bound_to(word, length):
        return checksum(f"{word} two three {'s' * (length - 5)}p{A}per\n")

    assert bound_to("one", 60) != bound_to("other", 60)
    assert bound_to("one", 61) == bound_to("other", 61)


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


@pytest.mark.parametrize(("characters", "is_seen"), [(58, True), (59, False)])
def test_sixty_code_points_on_either_side_are_looked_at(characters, is_seen):
    near = "\u4e2d" * characters
    one, before, after = (
        f"\u4e2d{near}p{ZWSP}q{near}\u4e2d",
        f"\u6587{near}p{ZWSP}q{near}\u4e2d",
        f"\u4e2d{near}p{ZWSP}q{near}\u6587",
    )

    assert (checksum(one) != checksum(before)) is is_seen
    assert (checksum(one) != checksum(after)) is is_seen
