"""Readers, writers and moderators of the cluster test, each a thread that goes on whatever fails."""

from __future__ import annotations

import html
import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, connections

from articles import workflow
from articles.models import Article, Revision
from articles.workflow import WorkflowError

from .hosts import Web

TIMEOUT = 12  # seconds that a reader waits
stopped = threading.Event()


@dataclass(frozen=True, slots=True)
class Answer:
    host: str
    path: str
    sent: float
    seconds: float
    status: int  # 0 without an answer
    text: str


@dataclass
class Reader:
    """Asks one host for its addresses, again and again."""

    web: Web
    paths: list[str]
    answers: list[Answer] = field(default_factory=list)

    def run(self) -> None:
        while not stopped.is_set():
            for path in self.paths:
                self.answers.append(ask(self.web, path))
                time.sleep(0.04)


def ask(web: Web, path: str) -> Answer:
    sent = time.monotonic()
    try:
        response = requests.get(f"{web.url}{path}", timeout=TIMEOUT, allow_redirects=False)
        status, text = (
            response.status_code,
            response.text if "image" not in response.headers["Content-Type"] else "",
        )
    except requests.RequestException:
        status, text = 0, ""
        time.sleep(0.2)
    return Answer(web.name, path, sent, time.monotonic() - sent, status, text)


@dataclass
class Writer:
    """Raises its number in its own line of an article that others edit too, at another host each time."""

    webs: list[Web]
    session: str
    article: int
    name: str
    acknowledged: list[tuple[float, str]] = field(default_factory=list)
    unknown: int = 0

    def run(self) -> None:
        for count in range(1, 1_000_000):
            if stopped.is_set():
                return
            try:
                self.write(self.webs[count % len(self.webs)], f"{self.name}: {count:06d}.")
            except requests.RequestException:
                self.unknown += 1
            time.sleep(0.1)

    def write(self, web: Web, line: str) -> None:
        url = f"{web.url}/admin/articles/article/{self.article}/change/"
        cookies = {"sessionid": self.session, "csrftoken": "c" * 32}
        page = requests.get(url, cookies=cookies, timeout=TIMEOUT, allow_redirects=False)
        if page.status_code != 200:
            return
        form = {name: _value(page.text, name) for name in ("title", "slug", "language", "base")}
        source = re.search(r'<textarea[^>]*name="source"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
        assert source
        form["source"] = re.sub(rf"^{self.name}: .*$", line, html.unescape(source[1]), flags=re.MULTILINE)
        headers = {"X-CSRFToken": "c" * 32}
        answer = requests.post(
            url,
            {**form, "_save": "1"},
            cookies=cookies,
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        if answer.status_code == 302:
            self.acknowledged.append((time.monotonic(), line))
        elif answer.status_code != 409:
            self.unknown += 1


def _value(page: str, name: str) -> str:
    tag = re.search(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', page)
    value = tag and re.search(r'value="([^"]*)"', tag[0])
    return html.unescape(value[1]) if value else ""


@dataclass
class Moderator:
    """Takes something from readers and gives it back, in turns; notes since when it is gone, and until when."""

    marker: str  # what pages show unless it is taken
    take: Callable[[], object]
    give: Callable[[], object]
    _changes: list[float] = field(default_factory=list)  # taken, given back, taken …

    def run(self) -> None:
        while not stopped.is_set():
            if not self._does(self.take):
                continue
            self._changes.append(time.monotonic())  # acknowledged
            stopped.wait(2.5)
            self._changes.append(time.monotonic())  # begun: whether a failed attempt did it, nobody knows
            while not self._does(self.give) and not stopped.is_set():
                pass
            stopped.wait(1)

    def intervals(self) -> list[tuple[float, float]]:
        """Return since when and until when it was gone, the last time perhaps until now."""
        changes = [*self._changes, math.inf]
        return list(zip(changes[::2], changes[1::2], strict=False))

    def _does(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except WorkflowError:  # done already by an attempt whose answer was lost
            return True
        except (DatabaseError, InterfaceError):
            time.sleep(0.2)
            return False
        finally:
            connections.close_all()
        return True


def unpublisher(slug: str, marker: str, by: User) -> Moderator:
    def article() -> Article:
        return Article.objects.get(slug=slug)

    def give() -> None:
        revision = article().latest_revision
        assert revision
        workflow.publish(revision, by=by)

    return Moderator(marker, lambda: workflow.unpublish(article(), by=by), give)


def hider(slug: str, marker: str, by: User) -> Moderator:
    def revision() -> Revision:
        revision = Article.objects.get(slug=slug).published_revision
        assert revision
        return revision

    def give() -> None:
        if hiding := revision().hidings.active().first():
            workflow.unhide(hiding, by=by)

    return Moderator(
        marker, lambda: workflow.hide(revision(), by=by, parts=["author"], reason="A private name."), give
    )
