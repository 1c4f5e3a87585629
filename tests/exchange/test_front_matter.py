"""Front matter gives every text back exactly, means the same to other programs, and refuses what could do harm."""

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from articles.exchange.front_matter import FIELDS, FrontMatterFault, as_yaml, read, split, values, written
from articles.text.content import Content

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
ODD = st.sampled_from(
    [
        "---",
        "---\n",
        "---\ntitle: no\n---\n",
        "\n\n---",
        "a\rb",
        "\r",
        "\n",
        "no end",
        "\ufefftext",
        "\x85",
        "\u2028",
        "…\n",
    ]
)
CONTENTS = st.builds(
    Content,
    title=TEXT,
    slug=TEXT,
    source=st.one_of(ODD, TEXT, st.builds("{}{}".format, ODD, TEXT)),
    language=TEXT,
    tags=st.lists(TEXT, max_size=3).map(tuple),
    excerpt=TEXT,
    description=TEXT,
    cover=TEXT,
    change_kind=TEXT,
    software_share=TEXT,
)


@given(CONTENTS)
def test_every_content_comes_back_exactly(content: Content):
    file = written(content).encode()

    assert read(file.decode()) == content


@given(CONTENTS)
def test_another_program_reads_the_same_values(content: Content):
    found = frontmatter.loads(written(content)).metadata

    assert found == {name: value for name in FIELDS if (value := _as_list(getattr(content, name)))}


def _as_list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_file_is_what_a_person_would_write():
    content = Content(
        title="The “tides”: a table", slug="tides", source="High water.\n", tags=("sea", "Ebbe & Flut")
    )

    assert written(content, version=3) == (
        "---\n"
        'title: "The “tides”: a table"\n'
        'slug: "tides"\n'
        'language: "en"\n'
        'tags: ["sea", "Ebbe & Flut"]\n'
        "version: 3\n"
        "---\n"
        "\n"
        "High water.\n"
    )


@pytest.mark.parametrize(
    "char", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}", "\N{TAG SPACE}", "\x1b"]
)
def test_nothing_invisible_stands_in_front_matter(char: str):
    line = as_yaml(f"a{char}b")

    assert char not in line
    assert yaml.safe_load(line) == f"a{char}b"


def test_text_without_front_matter_is_all_source():
    for text in (
        "",
        "words",
        "--- \nwords",
        "----\na: b\n---\n",
        " ---\na: b\n---\n",
        "words\n---\na: b\n---\n",
    ):
        assert split(text) == (None, text)


def test_front_matter_of_others_may_lack_the_empty_line():
    assert split("---\na: b\n---\nwords\n") == ("a: b", "words\n")
    assert split("---\na: b\n---\n\nwords\n") == ("a: b", "words\n")
    assert split("---\n---\nwords") == ("", "words")
    assert split("---\na: b\n---") == ("a: b", "")


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("a: &x [1]\nb: *x", "anchor or alias"),
        ("a: " + "[" * 30 + "]" * 30, "levels deep"),
        ("a: b\nc: ]\nd: e", "in line 3"),
        ("date: 2020-02-30", "no YAML"),
        ("!!python/object/apply:os.system ['true']", "no YAML"),
        ("- a\n- b", "names with values"),
        ("1: b", "names with values"),
        ("a: " + "x" * 64_000, "at most 64,000"),
        ("a: " + "1" * 6_000, "no YAML"),
    ],
)
def test_what_could_do_harm_is_refused(block: str, told: str):
    with pytest.raises(FrontMatterFault, match=told):
        values(block)


@pytest.mark.parametrize("field", ["title: 3", "tags: sea", "tags: [3]", "slug: [a]"])
def test_field_of_another_type_is_refused(field: str):
    with pytest.raises(FrontMatterFault, match=field.split(":")[0]):
        read(f"---\n{field}\n---\n\nwords")


def test_file_without_front_matter_is_no_content():
    with pytest.raises(FrontMatterFault, match="does not begin with front matter"):
        read("words")
