"""`textdiff --format html` writes what the site's pages show, which a template draws."""

import re

import pytest
from django.template.loader import render_to_string

from articles.text.cli.table import as_html
from articles.text.content import Content, compare_contents

MOVED = "".join(f"Line {number} of the block that moves away from here.\n" for number in range(4))
STAYING = "".join(f"Sentence {number}, which stays where it was all along.\n" for number in range(12))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("same\n", "same\n"),
        ("", "new <b>\n"),
        ("pay with paypal\n\nend\n", 'pay with p\u0430ypal <b> & "c"\nend'),
        (f"a\n{STAYING}b\n", f"a\u200b\n{STAYING}c\n{STAYING}"),
        (f"{MOVED}{STAYING}", f"{STAYING}{MOVED}"),
        ("cafe\u0301 a b\n", "caf\u00e9 a  b\r\n"),
        (f"one\n{STAYING}", f"{STAYING}"),
    ],
    ids=["same", "new", "look-alike", "folds", "moves", "kinds", "removed"],
)
def test_html_of_the_command_is_that_of_the_page(old: str, new: str) -> None:
    comparison = compare_contents(*(Content(title="", slug="", source=text) for text in (old, new)))

    page = render_to_string("articles/_hunks.html", {"comparison": comparison})

    assert squeezed(as_html(comparison)) == squeezed(page)


def squeezed(html: str) -> str:
    """The HTML without the spaces and line ends that stand between its tags."""
    return re.sub(r">\s+<", "><", html).strip()
