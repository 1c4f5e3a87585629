"""The targets of links, in Markdown and in raw HTML, and their hosts."""

import pytest

from articles.text.checks import scan
from articles.text.content import Content, compare_contents
from articles.text.markdown import host_of, hosts_of, link_targets
from articles.text.page import linked_hosts, sanitize


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
        ('<!-- <a href="b"> --> <a href="c">d</a>\n', ("c",)),
        ('<div>\n<!--\n<a href="b">\n</div>\n', ()),
        ('<a href="/b?c=1&copy=2">d</a>\n', ("/b?c=1&copy=2",)),
    ],
)
def test_targets_are_read_in_order(source, targets):
    assert link_targets(source) == targets


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://me:secret@Example.ORG:8080/x?y#z", "example.org"),
        ("//example.org/x", "example.org"),
        ("http://ex%61mple.com", "example.com"),
        ("http://ex%41mple.com", "example.com"),
        ("http://p%D0%B0ypal.com/", "p\u0430ypal.com"),
        ("http://[2001:DB8::1]:80/", "2001:db8::1"),
        ("/about", ""),
        ("#part", ""),
        ("mailto:someone@example.org", ""),
        ("http://good.example%2F.evil.example/", ""),
        ("http://good.example%40evil.example/", ""),
        ("http://a%00b.example/", ""),
        ("http://a%ffb.example/", ""),
        ("http://a%zzb.example/", ""),
        ("http://[::1", ""),
    ],
)
def test_host_is_read_as_browsers_do(target, host):
    assert host_of(target) == host


@pytest.mark.parametrize(
    ("source", "hosts"),
    [
        ("[this](http://ex%61mple.com/x)\n", ("example.com",)),
        ('see <a href="http://ex%61mple.com/x">this</a>\n', ("example.com",)),
        ('<div>\n<a\nhref="http://Example.com:80">this</a>\n</div>\n', ("example.com",)),
        ("<http://ex%61mple.com> and [b](https://b.example)\n", ("example.com", "b.example")),
        ('<!-- <a href="http://example.com">this</a> -->\n', ()),
        ('<q cite="http://ex%61mple.com">this</q>\n', ("example.com",)),
    ],
)
def test_source_page_and_comparison_agree_on_hosts(source, hosts):
    old, new = (Content(title="T", slug="t", source=text) for text in ("", source))

    assert hosts_of(link_targets(source)) == hosts
    assert linked_hosts(sanitize(source).html) == hosts
    assert tuple(change.hosts[1] for change in compare_contents(old, new).links) == hosts


@pytest.mark.parametrize(
    "link", ["[www.example.com]({})", '<a href="{}">www.example.com</a>'], ids=["Markdown", "HTML"]
)
def test_text_of_a_link_is_held_against_the_decoded_host(link):
    def meant(target: str) -> list[tuple[str, str | None]]:
        return [(found.text, found.meant) for found in scan(link.format(target)).findings]

    assert meant("http://ex%61mple.com/") == [("ex%61mple", "example")]  # what is encoded, no other host
    assert ("www.example.com", "evil.org") in meant("http://ev%69l.org/")


def test_address_changed_in_raw_html_is_a_changed_link():
    old, new = (
        Content(title="T", slug="t", language="en", source=f'See <a href="https://{host}/">this</a>.\n')
        for host in ("good.example", "evil.example")
    )

    [change] = compare_contents(old, new).links

    assert change.hosts == ("good.example", "evil.example")
