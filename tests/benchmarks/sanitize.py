"""What sanitizing costs, step by step, and what the worst texts cost: python tests/benchmarks/sanitize.py TEXT [SAVES].

Seconds of this process, so that other work on the machine counts less, with the ratio to finding the words of the
same text. Then the whole path of a save (render, sanitize, scan, compare, store) on TEXT, changed by a word each time,
in a SQLite database that is thrown away; and the attacks of tests/cases/attacks.json, repeated to 128 kB.
"""

import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "cms_site.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER.name}/sanitize.sqlite3",
}

import django

django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command

from articles import workflow
from articles.revisions import validation
from articles.text.checks import scan
from articles.text.content import Content
from articles.text.content import content as contents
from articles.text.markdown.parsing import CACHE
from articles.text.page import MAX_SOURCE_BYTES, SourceRefused, assembly, sanitizer
from tests.benchmarks.figures import ROUNDS, Figure, show, timed

ATTACK_BYTES = 131_072
ATTACKS: dict[str, str] = json.loads((ROOT / "tests/cases/attacks.json").read_text())
SECTION = """## Section {n} of the guide

A paragraph with **bold**, *italic*, `code`, a [link](https://example.org/{n} "title"), ~~struck~~ words and a
note[^{n}]. It goes on for a while, as prose does, with <kbd>Ctrl</kbd>+<kbd>S</kbd>, H<sub>2</sub>O and
www.example.org/{n} as well.

- [ ] an item with *stress*
- [x] another, with `code`
  - and one inside

| name | value | note |
|:-----|------:|------|
| a{n} | {n}   | **x** |
| b{n} | {n}   | [y](/y) |

> A quotation that says something.

```python
print("hello {n}", 1 < 2)
```

[^{n}]: The note, with a [link](/n{n}).

"""


def rich(size: int) -> str:
    """Markdown with every construct in it, denser than people write."""
    sections = []
    while size > 0:
        sections.append(SECTION.format(n=len(sections) + 1))
        size -= len(sections[-1])
    return "".join(sections)


class Shares:
    """Seconds spent in some functions, by name."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def __enter__(self) -> "Shares":
        self._kept: list[tuple[Any, str, Any]] = []
        return self

    def __exit__(self, *error: object) -> None:
        for owner, name, function in self._kept:
            setattr(owner, name, function)

    def watch(self, label: str, owner: Any, name: str) -> None:
        function = getattr(owner, name)
        self._kept.append((owner, name, function))

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.counted(label):
                return function(*arguments, **named)

        setattr(owner, name, timed)

    @contextmanager
    def counted(self, label: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds[label] += time.process_time() - start


def seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def forget() -> None:
    """Empty what is kept of the texts before."""
    CACHE.cache_clear()
    sanitizer._remembered.cache_clear()
    sanitizer._cleaned_structure.cache_clear()


def steps(name: str, text: str) -> None:
    """The steps of sanitizing, the first time and after the change of a word."""
    words = min(seconds(lambda: re.findall(r"\w+", text)) for _ in range(5))
    edited = text[: len(text) // 2] + " edited " + text[len(text) // 2 :]
    forget()
    for when, source in (("first", text), ("a word changed", edited)):
        with Shares() as shares:
            shares.watch("parse", assembly, "parse")
            shares.watch("bleach", sanitizer, "_bleached")
            shares.watch("both parsers", sanitizer, "_parsed_twice")
            shares.watch("parse and write", sanitizer.Assembly, "draft")
            whole = seconds(lambda source=source: sanitizer.sanitize(source))
        parts = ", ".join(f"{part} {100 * spent / whole:.0f} %" for part, spent in shares.seconds.items())
        print(f"{name:<22}{when:<16}{1000 * whole:>8.1f} ms{whole / words:>7.0f} x   {parts}")


def figures(page: str) -> Iterator[Figure]:
    """Rendering and sanitizing, first and after the change of a word, beside finding the words of the text."""
    for what, text, target in (
        ("the page", page, ""),
        ("100 kB of rich Markdown", rich(100_000), "under 0.6 s"),
    ):
        words = timed(lambda text=text: re.findall(r"\w+", text))
        for when in ("first", "a word changed"):
            found = []
            for n in range(ROUNDS):
                if when == "first":
                    forget()
                middle = text.index(" ", len(text) // 2)
                source = text if when == "first" else f"{text[:middle]} word{n}{text[middle:]}"
                found.append(1000 * seconds(lambda source=source: sanitizer.sanitize(source)))
            yield Figure(
                "sanitize", f"{what}, {when}", "ms", tuple(found), "`re.findall` of its words", words, target
            )


def worst_accepted() -> Iterator[Figure]:
    """The attack that takes longest of those that are accepted, at the greatest length: the page and the scan."""
    found: list[tuple[float, str, str]] = []
    for name, shape in ATTACKS.items():
        source = shape * (MAX_SOURCE_BYTES // len(shape.encode()))
        forget()
        with suppress(SourceRefused):
            found.append((seconds(lambda source=source: sanitized_and_scanned(source)), name, source))
    _, name, source = max(found)
    rounds = []
    for _ in range(ROUNDS):
        forget()
        rounds.append(1000 * seconds(lambda: sanitized_and_scanned(source)))
    yield Figure(
        "sanitize", f"the worst 256 kB ({name}), page and scan", "ms", tuple(rounds), target="under 1.5 s"
    )


def sanitized_and_scanned(source: str) -> None:
    sanitizer.sanitize(source)
    scan(source)


def saving(text: str, saves: int) -> None:
    call_command("migrate", verbosity=0)
    person = User.objects.create_superuser("person")
    words = text.split(" ")

    def save(n: int, revision: Any) -> Any:
        words[n % len(words)] = f"word{n}"
        content = Content(title="Article", slug="article", source=" ".join(words))
        article, base = (revision.article, revision.number) if revision else (None, None)
        return workflow.save_revision(article, by=person, content=content, base=base)

    revision = None
    for n in range(5):  # what a process loads once
        revision = save(n, revision)
    with Shares() as shares:
        shares.watch("sanitize", validation, "sanitize")
        shares.watch("scan", contents, "_scanned")
        shares.watch("compare", contents, "compare")
        with shares.counted("all"):
            for n in range(5, saves + 5):
                revision = save(n, revision)
    whole = shares.seconds.pop("all")
    parts = ", ".join(f"{part} {100 * spent / whole:.0f} %" for part, spent in shares.seconds.items())
    print(f"a save of {len(text):,} characters: {1000 * whole / saves:.1f} ms; {parts}, the rest is storing")


def attacks() -> None:
    for name, shape in ATTACKS.items():
        text = shape * (ATTACK_BYTES // len(shape.encode()))
        start = time.process_time()
        try:
            sanitizer.sanitize(text)
            outcome = ""
        except SourceRefused as refused:
            outcome = f"refused: {refused.limit}"
        print(f"{name:<22}{time.process_time() - start:>8.2f} s  {outcome}")


if __name__ == "__main__":
    if sys.argv[1] == "--figures":
        show([*figures(Path(sys.argv[2]).read_text()), *worst_accepted()])
        sys.exit()
    page = Path(sys.argv[1]).read_text()
    steps("the text", page)
    for kilobytes in (12, 100, 250):
        steps(f"rich, {kilobytes} kB", rich(1_000 * kilobytes))
    saving(page, int(sys.argv[2]) if len(sys.argv) > 2 else 60)
    attacks()
