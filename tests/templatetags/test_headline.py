"""The sentence at the head of a comparison, and what stands for a folded stretch of a line."""

import pytest
from django.template import Context, Template

from articles.templatetags.changes import headline
from articles.text.content import Content, compare_contents


def said(old: str, new: str, changes: int, between: int = 0) -> str:
    contents = (Content("Tides", "tides", source) for source in (old, new))
    return headline(compare_contents(*contents), 13, 23, changes, between)


@pytest.mark.parametrize(
    ("old", "new", "changes", "between", "expected"),
    [
        ("a b\n", "a b\n", 0, 0, "0 changes between version 13 and version 23."),
        ("a\n", "a bc\n", 1, 0, "1 change between version 13 and version 23: 3 characters in."),
        (
            "a bc\n",
            "a\n",
            1,
            1,
            "1 change between version 13 and version 23, 1 version between: 3 characters out.",
        ),
        (
            "a b\n",
            "a c\n",
            2,
            9,
            "2 changes between version 13 and version 23, 9 versions between: 1 character in, 1 out.",
        ),
        (
            "pay\n",
            "p\u0430y\n",
            1,
            0,
            "1 change between version 13 and version 23: 1 character in, 1 out,"
            " 1 character replaced by one that looks the same.",
        ),
        (
            "",
            "word " * 500 + "\n",
            1234,
            0,
            "1,234 changes between version 13 and version 23: 2,501 characters in.",
        ),
    ],
)
def test_headline_counts(old, new, changes, between, expected):
    assert said(old, new, changes, between) == expected


def test_folded_stretch_is_drawn_by_its_length_alone():
    line = "word " * 4_000
    old, new = (Content("Tides", "tides", f"{line}{word}\n") for word in ("grey", "white"))
    comparison = compare_contents(old, new)
    (section,) = comparison.sections
    (row,) = section.rows

    template = Template("{% load changes %}{% line comparison 'source' 'new' pieces %}")
    html = template.render(Context({"comparison": comparison, "pieces": row.new}))

    assert 'class="folded" data-says="' in html
    assert "unchanged characters" in html
    assert len(html) < 6_000
