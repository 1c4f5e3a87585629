"""The Nu checker of the W3C finds no error on any kind of page that visitors of the demo reach.

Where VNU_JAR names the checker, which needs Java; `.ci/run` fetches it.
"""

import json
import os
import re
import subprocess
from collections import Counter, deque
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from articles import workflow
from articles.http import limits
from articles.models import Article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("VNU_JAR" not in os.environ, reason="VNU_JAR names no Nu checker"),
]

STARTS = (
    "/",
    "/articles/",
    "/articles/salt-marsh/",
    "/articles/salt-marsh/compare/1..3/",
    "/search/?q=tide",
    "/search/?q=teh",
    "/search/?q=-",
    "/admin/login/",
    "/missing/",
)
MOST_OF_A_KIND = {"article": 100}  # each text is one of its own
MOST = 2


def kind(address: str) -> str:
    """The view and the fields of the query: pages of a kind come from one template."""
    path, _, query = address.partition("?")
    try:
        name = resolve(unquote(path)).url_name or path
    except Resolver404:
        name = "404"
    return "?".join([name, *sorted(re.findall(r"view=\w+|\w+(?==)", query))])


def walk(client: Client, starts: tuple[str, ...]) -> dict[str, bytes]:
    """Return pages by address: those that links lead to from the starts, a few of each kind."""
    pages: dict[str, bytes] = {}
    waiting, seen, counts = deque(starts), set(starts), Counter()
    while waiting:
        address = waiting.popleft()
        name = kind(address)
        if counts[name] >= MOST_OF_A_KIND.get(name, MOST):
            continue
        counts[name] += 1
        response = client.get(address)
        if not response["Content-Type"].startswith("text/html"):
            continue
        links = re.findall(r'<a [^>]*href="([^"#]+)', response.content.decode())
        if response.status_code in (301, 302):
            links = [response["Location"]]
        else:
            pages[address] = response.content
        for link in links:
            other = urljoin(address, unescape(link))
            if other.startswith("/") and other not in seen:
                seen.add(other)
                waiting.append(other)
    return pages


def errors(pages: dict[str, bytes], folder: Path) -> list[str]:
    """Return what the checker finds, in one run of Java."""
    addresses = list(pages)
    for number, address in enumerate(addresses):
        (folder / f"{number}.html").write_bytes(pages[address])
    command = [
        "java",
        "-jar",
        os.environ["VNU_JAR"],
        "--format",
        "json",
        "--errors-only",
        "--exit-zero-always",
    ]
    run = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True)
    return [
        f"{addresses[int(Path(found['url']).stem)]}: {found['message']} {found.get('extract', '')}"
        for found in json.loads(run.stderr)["messages"]
    ]


def test_checker_finds_an_error(tmp_path):
    [error] = errors(
        {"/": b"<!doctype html><html lang=en><title>A page</title><p><a rel=next>On</a>"}, tmp_path
    )

    assert "missing required attribute" in error


def test_pages_of_the_demo_are_valid(client, first_output, db, monkeypatch, tmp_path):
    monkeypatch.setattr("django.conf.settings.LIMITS", False)
    pages = walk(client, STARTS)
    kinds = {kind(address) for address in pages}

    assert len([address for address in pages if kind(address) == "article"]) > 30
    assert kinds > {
        "article-list", "article-index", "article?escape", "article?at?escape", "history", "revision", "authors",
        "compare", "compare?view=page", "compare?view=source", "compare?view=side", "search?q", "tag-list", "tag",
        "language-list", "language", "author-list", "author", "archive", "month",
        "corrections", "404", "/admin/login/",
    }  # fmt: skip
    assert not errors(pages | refusals(client, monkeypatch), tmp_path)


def refusals(client: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Return pages of errors: of a withdrawn article, of too many requests, and those that no address leads to."""
    names = ("400.html", "403.html", "403_csrf.html", "500.html", "503.html", "not_utf8.html")
    request = RequestFactory().get("/")
    pages = {name: render_to_string(name, request=request).encode() for name in names}
    pages["busy.html"] = render_to_string("busy.html", {"seconds": 5}, request=request).encode()
    article = Article.objects.public().order_by("pk")[0]
    workflow.unpublish(article, by=User.objects.get(username="administrator"), reason="Moved to the archive.")
    monkeypatch.setattr("django.conf.settings.LIMITS", True)
    monkeypatch.setattr(limits, "_spent", lambda request, name, cost: 1_000_000)
    for address, status in ((article.get_absolute_url(), 410), ("/search/?q=tide", 429)):
        response = client.get(address)
        assert response.status_code == status
        pages[address] = response.content
    return pages
