"""Which element of a page comes from which place of its source."""

import re

import pytest

from articles.text.page import element_places, sanitize


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("", []),
        ("One.\n", [(0, 0)]),
        ("One.\n\nTwo.\n", [(0, 0), (6, 1)]),
        ("One.\n\n<!-- none -->\n\nTwo.\n", [(0, 0), (21, 1)]),
        ("<p>a</p><p>b</p>\n\nTwo.\n", [(0, 0), (18, 2)]),
        ("- a\n- b\n\n---\n\n![x](/media/images/a.png)\n", [(0, 0), (9, 1), (14, 2)]),
        ("One[^n].\n\n[^n]: A note.\n\nTwo.\n", [(0, 0), (25, 1)]),
    ],
)
def test_each_outermost_element_has_the_place_where_its_block_begins(source, places):
    assert element_places(sanitize(source)) == places


def test_words_at_a_place_are_those_of_its_element():
    source = "\n\n".join(f"{'#' * (n % 3)} word{n}" if n % 3 else f"> word{n}\n>\n> more" for n in range(200))
    page = sanitize(source)
    elements = re.findall(
        r"^<(?:h1|h2|blockquote).*?</(?:h1|h2|blockquote)>", page.html, re.DOTALL | re.MULTILINE
    )

    for start, index in element_places(page):
        assert re.search(r"word\d+", source[start:])[0] in elements[index]
