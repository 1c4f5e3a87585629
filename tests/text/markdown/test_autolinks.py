"""Bare addresses: which of them are links, and where each ends."""

import pytest

from articles.text.markdown import autolinks as module
from articles.text.markdown import masks
from articles.text.markdown.autolinks import find_autolinks

ADDRESSES = {
    "www.a.org": ["http://www.a.org"],
    "Visit www.a.org/b_(c)_d.": ["http://www.a.org/b_(c)_d"],
    "(www.a.org/b)": ["http://www.a.org/b"],
    "www.a.org/b?c=(d)))": ["http://www.a.org/b?c=(d)"],
    "www.a.org/b&hl;": ["http://www.a.org/b"],
    "www.a.org/b&c=d": ["http://www.a.org/b&c=d"],
    "www.a.org/b<c": ["http://www.a.org/b"],
    "https://a.org, HTTP://B.org!": ["https://a.org", "HTTP://B.org"],
    "ftp://a.org/b": ["ftp://a.org/b"],
    "http://localhost:8000/a": ["http://localhost:8000/a"],
    "xhttp://a.org xwww.a.org": [],
    "http:// www. a@ @b": [],
    "www.a_b.org www.a.b_c": [],
    "a@b.org a.b-c_d@e.org. f@g.org_": ["mailto:a@b.org", "mailto:a.b-c_d@e.org"],
    "a@b a@b.c- c@1.0.0": [],
    "\u898bhttp://a.org/b\u3002": ["http://a.org/b"],
    "http://a.org/b\u060c \u0648": ["http://a.org/b"],
    "http://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/\u0430": [
        "http://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/\u0430"
    ],
    "\u201chttp://a.org/b\u201d": ["http://a.org/b"],
    "example.org and a.b": [],
}


@pytest.mark.parametrize(("text", "targets"), ADDRESSES.items())
def test_address_ends_where_a_reader_would_end_it(text: str, targets: list[str]) -> None:
    found = list(find_autolinks(text))

    assert [link.target for link in found] == targets
    for link in found:
        assert link.target.endswith(text[link.start : link.end])


def test_a_name_that_is_no_host_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    web = module._web
    monkeypatch.setattr(module, "_web", lambda text, match: begun.append(match.start()) or web(text, match))

    assert [link.start for link in find_autolinks("www._" * 9 + " www.a.org")] == [46]
    assert begun == [0, 46]


def test_an_address_without_signs_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(masks, "_masked_inside", lambda match, table: read.append(match[0]) or match[0])

    masks.mask("www." * 9 + " _")

    assert read == ["www." * 9]
