"""The targets of links, in Markdown and in raw HTML."""

import pytest

from articles.text.content import Content, compare_contents
from articles.text.markdown import link_targets


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("[a](b) ![c](d)\n", ("b", "d")),
        ('[a](b) <a href="c">d</a> <https://e.example>\n', ("b", "c", "https://e.example")),
        ("<A HREF=b>c</A> <img alt='' src='d'>\n", ("b", "d")),
        ('<q cite="b&amp;c">d</q>\n', ("b&c",)),
        ('<div>\n<a\n  href="b">c</a>\n</div>\n', ("b",)),
        ('> <div>\n> <a\n> href="b">c</a>\n', ("b",)),
        ('<a title="href=b" href>c</a> `<a href="d">`\n', ()),
        ("</a href=b>\n", ()),
    ],
)
def test_targets_are_read_in_order(source, targets):
    assert link_targets(source) == targets


def test_address_changed_in_raw_html_is_a_changed_link():
    old, new = (
        Content(title="T", slug="t", language="en", source=f'See <a href="https://{host}/">this</a>.\n')
        for host in ("good.example", "evil.example")
    )

    [change] = compare_contents(old, new).links

    assert change.hosts == ("good.example", "evil.example")
