"""People who write and read over HTTP all the while, as browsers do."""

from __future__ import annotations

import html
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException

from .processes import Web

REFUSALS = {429, 503, 507}  # with the text, to be sent again


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Writer:
    """Raises its own number in its own line of an article that others edit too."""

    web: Web
    session: str
    article: int
    name: str
    stopped: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    outdated: int = 0

    def __post_init__(self) -> None:
        self.turn = threading.Lock()  # who holds it knows what is acknowledged
        self.open = urllib.request.build_opener(NoRedirect).open
        self.address = f"{self.web.url}/admin/articles/article/{self.article}/change/"
        self.headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={'c' * 32}",
            "X-CSRFToken": "c" * 32,
        }

    def run(self) -> None:
        for count in range(1, 1_000_000):
            if self.stopped.is_set():
                return
            with self.turn:
                self.write(f"{self.name}: {count:06d}.")
            time.sleep(0.02)

    def write(self, line: str) -> None:
        """Try once, with a line of its own for each attempt, since the fate of one may stay unknown."""
        try:
            page = self.ask(urllib.request.Request(self.address, headers=self.headers))
            form = {name: self.value(page, name) for name in ("title", "slug", "language", "base")}
            source = html.unescape(
                re.search(r"<textarea[^>]*name=\"source\"[^>]*>\n?(.*?)</textarea>", page, re.S)[1]
            )
            source = re.sub(rf"^{self.name}: .*$", line, source, flags=re.M)
            body = urllib.parse.urlencode({**form, "source": source, "_save": "1"}).encode()
        except urllib.error.HTTPError as answer:
            if answer.code >= 500 and answer.code not in REFUSALS:
                self.faults.append(f"{self.name}: the editor answered {answer.code}")
            time.sleep(0.1)
            return
        except (OSError, HTTPException):
            time.sleep(0.1)
            return
        try:
            answer = self.ask(urllib.request.Request(self.address, body, self.headers))
            self.faults.append(f"{line} was neither kept nor refused: {words(answer)}")
        except urllib.error.HTTPError as answer:
            self.take(line, answer)
        except (OSError, HTTPException):
            self.cut_off.append(line)
            time.sleep(0.05)

    def take(self, line: str, answer: urllib.error.HTTPError) -> None:
        """Note what became of a save; whoever is refused has to get the text back."""
        if answer.code == 302:
            if "/login/" in answer.headers["Location"]:
                self.refused[302] += 1
            else:
                self.acknowledged.append(line)
            return
        try:
            page = answer.read().decode()
        except (OSError, HTTPException):
            self.cut_off.append(line)
            return
        if line not in html.unescape(page):
            self.faults.append(f"{line} was refused with {answer.code} and not given back: {words(page)}")
        elif answer.code == 409:
            self.outdated += 1
        elif answer.code in REFUSALS:
            self.refused[answer.code] += 1
            self.cut_off.append(line)
        else:
            self.faults.append(f"{line} was answered with {answer.code}: {words(page)}")

    def ask(self, request: urllib.request.Request) -> str:
        with self.open(request, timeout=30) as answer:
            return str(answer.read().decode())

    def value(self, page: str, name: str) -> str:
        tag = re.search(rf"<(?:input|select)[^>]*name=\"{name}\"[^>]*>", page)[0]
        value = re.search(r'value="([^"]*)"', tag)
        return html.unescape(value[1]) if value else ""


@dataclass
class Reader:
    """Reads the published page and the front page in turns."""

    web: Web
    addresses: tuple[str, ...]
    stopped: threading.Event
    answers: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        while not self.stopped.is_set():
            for address in self.addresses:
                try:
                    with urllib.request.urlopen(self.web.url + address, timeout=30) as answer:
                        answer.read()
                        self.answers[str(answer.status)] += 1
                except urllib.error.HTTPError as error:
                    self.answers[str(error.code)] += 1
                except (OSError, HTTPException):
                    self.answers["no answer"] += 1
                time.sleep(0.1)


def words(page: str) -> str:
    """Return the beginning of a page without its tags, for a line of the report."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.S).split())[:300]
