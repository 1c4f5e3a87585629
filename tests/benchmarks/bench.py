"""Every benchmark in one table, which also goes into docs/performance.md with the date and the machine.

    python tests/benchmarks/bench.py [--text TEXT.md] [--wagtail PYTHON]

Takes about fifteen minutes; says on standard error what it is at. The text is a page with look-alikes, made up here
unless named. Peers are measured where they are: Wagtail with an interpreter that has it (and gunicorn), wikidiff2 with
Debian's php-wikidiff2, `wrk` for the rate of requests. Leave the machine alone meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import django

from tests.benchmarks.figures import Figure, table

PAGE = ROOT / "docs/performance.md"
START, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"


def made_up() -> str:
    """A page of 12 kB whose every seventh word holds a letter of another script."""
    words = (
        "The tide table hangs by the gate, and the keeper reads it to whoever asks for it. " * 150
    ).split(" ")
    swap = str.maketrans("aeo", "\u0430\u0435\u043e")
    words[::7] = [word.translate(swap) for word in words[::7]]
    return "# Tides\n\n" + "\n\n".join(" ".join(words[n : n + 60]) for n in range(0, len(words), 60))


def commands(text: str, wagtail: str | None) -> Iterator[list[str]]:
    peer = ["--wagtail", wagtail] if wagtail else []
    yield ["scan.py", "--figures", text]
    yield ["sanitize.py", "--figures", text]
    yield ["diff.py", "--figures", text]
    yield ["pages.py", text, *peer]
    yield ["storage.py", text]
    yield ["attribution.py", text]
    if shutil.which("wrk"):
        yield ["server.py", text, *peer]
    if shutil.which("chromedriver"):
        yield ["editor.py"]
    yield ["hostile.py"]
    yield ["drawn.py"]
    yield ["moderation.py"]
    yield ["changes.py"]
    yield ["rules.py"]
    yield ["growth.py"]
    yield ["finding.py"]
    yield ["exchange.py"]


def figures(command: list[str]) -> Iterator[Figure]:
    script, *arguments = command
    run = subprocess.run(
        [sys.executable, str(Path(__file__).parent / script), *arguments],
        env=os.environ | {"FIGURES": "json"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for line in run.stdout.splitlines():
        yield Figure(**json.loads(line))


def machine() -> str:
    versions = f"Python {platform.python_version()}, Django {django.__version__}"
    return f"{os.cpu_count()} shared virtual processors ({platform.machine()}), {versions}"


def write(lines: str) -> None:
    before, _, rest = PAGE.read_text().partition(START)
    _, _, after = rest.partition(END)
    PAGE.write_text(
        f"{before}{START}\n\n{datetime.now(UTC):%-d %B %Y}; {machine()}.\n\n{lines}\n\n{END}{after}"
    )


def main(text: str | None, wagtail: str | None) -> None:
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        path = text or str(Path(folder) / "page.md")
        if not text:
            Path(path).write_text(made_up())
        for command in commands(path, wagtail):
            print(f"{datetime.now(UTC):%H:%M:%S} {command[0]}", file=sys.stderr, flush=True)
            found += figures(command)
            write("\n".join(table(found)))  # each time, for whoever has to stop it
    print("\n".join(table(found)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text")
    parser.add_argument("--wagtail", metavar="PYTHON")
    options = parser.parse_args()
    main(options.text, options.wagtail)
