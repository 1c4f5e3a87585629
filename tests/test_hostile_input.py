"""Every address of the site under input that no browser would send: an answer in order, and no draft told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

MARKER = "sluicekeeper"  # stands in drafts and nowhere else

HOSTILE = [
    b"0",
    b"-1",
    b"9" * 9,
    b"9" * 30,
    b"1e9",
    b"%00",
    b"a\0b",
    b"\xff\xfe",
    b"\xed\xa0\x80",  # a lone surrogate, as UTF-8 must not write it
    "\N{RIGHT-TO-LEFT OVERRIDE}txt".encode(),
    "\N{CYRILLIC SMALL LETTER A}".encode(),
    "\N{TAG LATIN SMALL LETTER A}".encode() * 50,
    b"..",
    b"%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    b"' OR 1=1 --",
    b"{{7*7}}{%debug%}",
    b"<script>alert(1)</script>",
    b"a" * 5000,
    b"x\r\nSet-Cookie: a=b",
]
PAGES = [
    "/",
    "/articles/tides/",
    "/articles/tides/history/",
    "/articles/tides/compare/1..2/",
    "/moderation/",
    "/admin/articles/article/",
    "/admin/login/",
]
PARAMETERS = [
    "q",
    "page",
    "after",
    "before",
    "old",
    "new",
    "view",
    "context",
    "escape",
    "state",
    "language",
    "o",
    "e",
]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The routes of every address, their parameters as `<converter:name>` or `(?P<name>…)`."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def fill(route: str, value: bytes) -> str:
    written = quote_from_bytes(value)
    route = route.removesuffix("$").removeprefix("^").replace("/^", "/").replace("\\Z", "")
    route = re.sub(r"\(\?P<\w+>[^)]*\)", lambda _: written, route)
    route = re.sub(r"<(?:\w+:)?\w+>", lambda _: written, route)
    return "/" + route.replace("?", "").replace("\\", "")


ROUTES = sorted(set(patterns(get_resolver())))


@pytest.fixture
def site(client, published, save, author, moderator, settings, request):
    settings.LIMITS = False  # what is refused unread proves nothing
    save(f"A draft that names the {MARKER}.\n", title=f"The {MARKER}", summary=f"of the {MARKER}")
    client.raise_request_exception = False  # a 500 is an answer, and the one that must not come
    role = request.param
    if role != "anonymous":
        client.force_login(request.getfixturevalue(role))
    return client


def sound(response, where: str) -> None:
    assert response.status_code < 500, where
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert b"<script>alert" not in response.content, where
    assert "a" not in response.cookies, where


@pytest.mark.parametrize(
    "site", ["anonymous", "reader", "author", "moderator", "administrator"], indirect=True
)
def test_no_address_breaks_or_tells_of_a_draft(site, request):
    outsider = request.node.callspec.params["site"] in {"anonymous", "reader"}

    for route in ROUTES:
        for value in [*HOSTILE, b"tides", b"1", b"2"] if re.search("[<(]", route) else [b""]:
            address = fill(route, value)
            form = "&".join(f"{name}={quote_from_bytes(value)}" for name in ("title", "source", "base"))
            posted = site.post(address, form, content_type="application/x-www-form-urlencoded")
            for answer in (site.get(address), posted):
                sound(answer, address)
                if outsider and not answer.streaming:
                    assert MARKER.encode() not in answer.content, address


@pytest.mark.parametrize("site", ["anonymous", "moderator"], indirect=True)
def test_no_query_breaks_a_page(site):
    for value in HOSTILE:
        query = "&".join(f"{name}={quote_from_bytes(value)}" for name in PARAMETERS)
        for address in PAGES:
            sound(site.get(f"{address}?{query}"), f"{address}?{query}")


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace", "head"])
def test_other_methods_change_nothing(client, published, moderator, method):
    client.force_login(moderator)
    client.raise_request_exception = False
    tables = [name for name in connection.introspection.table_names() if name.startswith("articles_")]

    def rows():
        with connection.cursor() as cursor:
            return [cursor.execute(f"SELECT count(*) FROM {name}") and cursor.fetchone() for name in tables]

    before = rows()
    for route in ROUTES:
        sound(getattr(client, method)(fill(route, b"1")), route)
        sound(getattr(client, method)(fill(route, b"tides")), route)

    assert rows() == before
