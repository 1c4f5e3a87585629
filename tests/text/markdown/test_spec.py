"""The examples of CommonMark and of GitHub's extension render as the specifications say.

Where SPEC_EXAMPLES names a folder with `commonmark.txt` and `gfm.txt`; `.ci/run` fetches them. Every difference is
listed in `cases/spec.json` with its reason, and one that is listed has to be there.
"""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from articles.text.page import sanitize

DIFFERENCES = json.loads(Path(__file__).parents[2].joinpath("cases", "spec.json").read_text())
EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)
HEADINGS = {f"h{level}" for level in range(1, 7)}


class Seen(HTMLParser):
    """Elements and text, without what the site adds of its own and without spaces between blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {
            (name, value or "")
            for name, value in attrs
            if name != "rel" and not (name == "id" and tag in HEADINGS)
        }
        self.parts.append((tag, frozenset(kept)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.parts.append(words)

    def handle_comment(self, data: str) -> None:
        self.parts.append(("!", data))

    handle_decl = handle_pi = unknown_decl = handle_comment  # type: ignore[assignment]


def examples(name: str) -> dict[int, tuple[str, str]]:
    text = Path(os.environ["SPEC_EXAMPLES"], f"{name}.txt").read_text().replace("\u2192", "\t")
    return dict(enumerate(EXAMPLE.findall(text), 1))


def differs(markdown: str, html: str) -> bool:
    return Seen(sanitize(markdown).html).parts != Seen(html).parts


@pytest.mark.skipif("SPEC_EXAMPLES" not in os.environ, reason="SPEC_EXAMPLES names no folder")
@pytest.mark.parametrize("name", DIFFERENCES)
def test_examples_render_as_specified_but_for_the_listed_ones(name: str) -> None:
    found = examples(name)
    listed = {int(number): reason for reason, numbers in DIFFERENCES[name].items() for number in numbers}

    assert len(found) > 600
    assert {number for number, example in found.items() if differs(*example)} == listed.keys()


def test_no_example_is_listed_twice() -> None:
    for reasons in DIFFERENCES.values():
        numbers = [number for listed in reasons.values() for number in listed]
        assert len(numbers) == len(set(numbers))
