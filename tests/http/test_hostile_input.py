"""Every address of the site under input that no browser would send: an answer in order, and no draft told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
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
    "/search/",
    "/tags/",
    "/languages/en/",
    "/authors/author/",
    "/archive/2026/11/",
    "/feed/",
    "/feed.json",
    "/sitemap.xml",
    "/llms.txt",
    "/seal/checkpoint",
    "/seal/tile/0/000.p/1",
    "/articles/nowhere/",
    "/articles/tides/",
    "/articles/tides/revisions/1/",
    "/articles/tides/history/",
    "/articles/tides/corrections/",
    "/corrections/",
    "/corrections/feed/",
    "/articles/tides/compare/1..2/",
    "/articles/tides/revisions/1/authors/",
    "/articles/tides/revisions/1/proof",
    "/moderation/",
    "/moderation/compare/1..2/",
    "/moderation/log/",
    "/moderation/log.csv",
    "/moderation/reviews.csv",
    "/admin/articles/article/",
    "/admin/articles/image/find/",
    "/admin/login/",
    "/moderation/changes/",
    "/moderation/changes.atom",
    "/moderation/watched/",
    "/account/mail/",
    "/account/mail/stop/",
]
PARAMETERS = [
    "queue",
    "sha256",
    "quote",
    "elsewhere",
    "version",
    "q",
    "page",
    "after",
    "before",
    "old",
    "new",
    "view",
    "context",
    "at",
    "author",
    "tag",
    "mine",
    "flagged",
    "part",
    "escape",
    "state",
    "language",
    "o",
    "e",
    "first",
    "last",
    "days",
    "since",
    "talk",
    "ids",
    "article",
    "base",
    "copy",
    "revision",
    "field",
    "start",
    "check",
    "token",
    "unseen",
    "watched",
    "size",
    "version",
    "outcome",
    "show",
    "standing",
    "what",
    "steps",
    "person",
    "action",
    "text",
    "order",
    "host",
    "level",
    "kind",
    "claim",
    "age",
    "cause",
    "from",
    "to",
]
TIMES = [
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59.999999+00:00",
    "2020-01-01T00:00:00",  # without an offset
    "2020-01-01",
    "0001-01-01",
    "9999-12-31",
    "\N{ARABIC-INDIC DIGIT TWO}020-01-01",
    "2020-01-01T00:00:00+00:00\0",
]
INTEGERS = [
    "0",
    "-1",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 30,
    "9" * 5000,
    "\N{ARABIC-INDIC DIGIT THREE}",
    "\N{SUPERSCRIPT TWO}",
    "1_0",
    "1\0",
]
EDGES = [
    *TIMES,
    *INTEGERS,
    *(f"{time},{key}" for time, key in zip(TIMES, cycle(("1", INTEGERS[4])), strict=False)),
    *("1,1", f"{INTEGERS[4]},1", f"1,{INTEGERS[4]}", "\N{SUPERSCRIPT TWO},1"),
    "a" * 5000,
]
LISTS = [
    *PAGES,
    "/moderation/log.jsonl",
    "/moderation/report/",
    "/moderation/people/",
    "/moderation/allowances/",
    "/moderation/hidden/",
    "/moderation/rules/",
    "/moderation/rules/1/",
    "/moderation/rules/1/hits/",
    "/articles/tides/compare/",
    "/admin/articles/image/",
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
    if response.streaming:
        assert b"".join(response.streaming_content) is not None, where  # it may break in the middle
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert b"<script>alert" not in response.content, where
    assert "a" not in response.cookies, where


ROLES = ["anonymous", "reader", "author", "moderator", "administrator"]


@pytest.mark.parametrize("site", ROLES, indirect=True)
def test_no_address_breaks_or_tells_of_a_draft(site, request):
    """Each address gets each value from one role, and what is there from those who may not read drafts."""
    role = ROLES.index(request.node.callspec.params["site"])

    for number, route in enumerate(ROUTES):
        values = [*HOSTILE[(role + number) % len(ROLES) :: len(ROLES)]]
        values += [b"tides", b"1", b"2"] if role < 2 else []
        for value in values if re.search("[<(]", route) else [b""]:
            address = fill(route, value)
            form = "&".join(f"{name}={quote_from_bytes(value)}" for name in ("title", "source", "base"))
            posted = site.post(address, form, content_type="application/x-www-form-urlencoded")
            for answer in (site.get(address), posted):
                sound(answer, address)
                if role < 2 and not answer.streaming:  # who may not read drafts
                    assert MARKER.encode() not in answer.content, address


@pytest.mark.parametrize("site", ["anonymous", "moderator"], indirect=True)
def test_no_query_breaks_a_page(site, request):
    """Each page gets each value, the one half from a visitor and the other from a moderator."""
    is_visitor = request.node.callspec.params["site"] == "anonymous"
    for (turn, value), (place, address) in product(enumerate(HOSTILE), enumerate(PAGES)):
        if (turn + place) % 2 == is_visitor:
            query = "&".join(f"{name}={quote_from_bytes(value)}" for name in PARAMETERS)
            sound(site.get(f"{address}?{query}"), f"{address}?{query}")


@pytest.mark.parametrize("site", ["anonymous", "administrator"], indirect=True)
def test_no_parameter_breaks_a_page_at_the_edges_of_its_type(site, request):
    """All parameters get the same value, twice; those that another one keeps from being read get it alone, in turn.

    Each page gets every second value, its neighbours in the list the others.
    """
    is_visitor = request.node.callspec.params["site"] == "anonymous"
    lists = [
        address for address in LISTS if address.startswith(("/moderation/", "/admin/")) is not is_visitor
    ]
    for (turn, edge), (place, address) in product(enumerate(EDGES), enumerate(lists)):
        if (turn + place) % 2:
            continue
        value = quote_from_bytes(edge.encode())
        queries = ["&".join(f"{name}={value}" for name in PARAMETERS * 2)]
        if (turn + place) % 3 == 0:
            names = ("first", "last") if address.startswith("/moderation/log") else ("after",)
            queries += [f"{name}={value}" for name in names]
        for query in queries:
            where = f"{address}?{query}"
            sound(site.get(where), where[:300])


def test_every_parameter_that_a_view_reads_is_tried():
    read = set()
    for path in (
        path
        for door in ("reader", "editor", "moderator", "account", "http")
        for path in Path("articles", door).rglob("*.py")
    ):
        read |= set(re.findall(r"""GET(?:\.get|\.getlist)?[(\[]"(\w+)""", path.read_text(encoding="utf-8")))

    assert len(read) > 8
    assert read <= set(PARAMETERS)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace", "head"])
def test_other_methods_change_nothing(client, published, moderator, method):
    client.force_login(moderator)
    client.raise_request_exception = False
    tables = [name for name in connection.introspection.table_names() if name.startswith("articles_")]
    tables.remove("articles_spending")  # which counts requests

    def rows():
        with connection.cursor() as cursor:
            return [cursor.execute(f"SELECT count(*) FROM {name}") and cursor.fetchone() for name in tables]

    before = rows()
    for route in ROUTES:
        sound(getattr(client, method)(fill(route, b"1")), route)
        sound(getattr(client, method)(fill(route, b"tides")), route)

    assert rows() == before


@pytest.mark.parametrize("codec", ["utf-7", "raw_unicode_escape", "utf-16", "latin-1"])
def test_text_in_another_encoding_is_refused(client, codec):
    for send in (client.get, client.post):
        answer = send("/search/?q=%5Cud800", CONTENT_TYPE=f"multipart/form-data; boundary=x; charset={codec}")
        assert (answer.status_code, answer.content) == (415, b"Send text in UTF-8.\n")


@pytest.mark.parametrize("named", ["UTF-8", "utf8", "no-such-codec"])
def test_text_in_utf8_is_taken_however_that_is_written(client, db, named):
    assert client.get("/?q=a", CONTENT_TYPE=f"text/plain; charset={named}").status_code == 200
