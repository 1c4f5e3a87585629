"""Hosts that sanitized HTML leads to."""

import pytest

from articles.text.markdown.links import MAX_HOST
from articles.text.page import linked_hosts, sanitize


@pytest.mark.parametrize(
    ("source", "hosts"),
    [
        ("[a](https://Example.ORG:8080/x) <https://b.example/>", ("example.org", "b.example")),
        ("https://auto.example/path", ("auto.example",)),
        ('<a href="https://raw.example/">raw</a>', ("raw.example",)),
        ("[a](/about) [b](#part) [c](mailto:someone@example.org)", ()),
        ("`https://code.example/` and 1//2", ()),
        ("[a](https://b\u200bank.example/)", ("b\u200bank.example",)),
        ("[a](https://x.example/) [b](https://X.example/2)", ("x.example",)),
        ('<q cite="https://cited.example/">q</q>', ("cited.example",)),
    ],
)
def test_hosts_of_all_links_and_images_once_and_in_order(source, hosts):
    assert linked_hosts(sanitize(source).html) == hosts


def test_images_count_and_what_stands_before_an_at_sign_is_no_host():
    assert linked_hosts('<img src="//img.example/x"><a href="https://bank.example@real.example/">x</a>') == (
        "img.example",
        "real.example",
    )


@pytest.mark.parametrize(
    "html", ['<a href="http://[::1">x</a>', '<a href="//">x</a>', "<a href=//x", '<a href="https:">x</a>']
)
def test_broken_addresses_have_no_host_and_break_nothing(html):
    assert linked_hosts(html) in ((), ("x",))


def test_long_host_is_cut_to_what_is_stored():
    assert linked_hosts(f'<a href="https://{"a" * 300}.example/">x</a>') == ("a" * MAX_HOST,)
