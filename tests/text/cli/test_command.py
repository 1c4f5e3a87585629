"""`palimpsest` as a program: without Django, quick to start, and with a status that says what happened."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from articles.text.cli import VERSION, main, running, sanitizing, scanning

from .conftest import ENVIRONMENT, FLAGGED, PROGRAM, ROOT, Palimpsest

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def program(*arguments: object, text: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        input=text.encode(),
        capture_output=True,
        env=ENVIRONMENT | environment,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "text", "status"),
    [
        (["scan", "-"], "Fine.\n", 0),
        (["scan", "-"], FLAGGED, 1),
        (["scan", "nowhere.md"], "", 2),
        (["scan", "--where", "moon", "-"], "", 2),
        (["scan"], "", 2),
        (["sanitize", "-"], "<b>x</b>", 0),
        (["sanitize", "-"], "a <script>x</script>", 1),
        (["sanitize", "-"], "a\0b", 2),
        (["textdiff", "-", "nowhere.md"], "", 2),
        (["repair", "-"], "", 2),
        ([], "", 2),
        (["--version"], "", 0),
    ],
)
def test_program_needs_no_django_and_its_status_tells(arguments: list[str], text: str, status: int) -> None:
    run = program(*arguments, text=text)

    assert run.returncode == status, run.stderr.decode()
    assert b"Traceback" not in run.stderr
    assert status != 2 or run.stderr.count(b"\n") == 1


def test_scan_loads_no_parser_of_html_and_no_diff(folder: Path) -> None:
    blocked = "bleach html5lib nh3 pygit2 tomllib json"

    assert program("scan", "-", text=FLAGGED, BLOCKED=blocked).returncode == 1


@pytest.mark.parametrize("entry", [["-c", PROGRAM], ["manage.py"]], ids=["palimpsest", "manage.py"])
def test_closed_pipe_ends_quietly(entry: list[str], tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    long.write_text(FLAGGED * 2_000, encoding="utf-8")  # much more than a pipe holds

    with subprocess.Popen(
        [sys.executable, *entry, "scan", str(long), str(long)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=ENVIRONMENT,
    ) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.readline()
        run.stdout.close()
        errors = run.stderr.read()

    assert (run.returncode, errors) == (running.PIPE_CLOSED, b"")


@pytest.mark.parametrize("entry", [["-c", PROGRAM], ["manage.py"]], ids=["palimpsest", "manage.py"])
def test_output_that_nobody_ever_read_ends_quietly(entry: list[str], tmp_path: Path) -> None:
    short = tmp_path / "short.md"
    short.write_text(FLAGGED, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)

    run = subprocess.run(
        [sys.executable, *entry, "scan", str(short)],
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
    )

    os.close(writing)
    assert (run.returncode, run.stderr) == (running.PIPE_CLOSED, b"")


@pytest.mark.parametrize(
    ("closing", "path", "err"),
    [
        ("<&-", "-", b"-: standard input is closed\n"),
        (">&-", "-", b"palimpsest: standard output is closed\n"),
        ("2>&-", "nowhere.md", b""),
    ],
)
def test_closed_stream_is_an_error(closing: str, path: str, err: bytes) -> None:
    run = subprocess.run(
        ["sh", "-c", f'exec "$@" {closing}', "sh", sys.executable, "-c", PROGRAM, "scan", path],
        capture_output=True,
        env=ENVIRONMENT,
        check=False,
    )

    assert (run.returncode, run.stderr) == (2, err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_full_disk_is_an_error_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, "scan", "-"],
            input=FLAGGED.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            check=False,
        )

    assert run.returncode == 2
    assert run.stderr == b"palimpsest: cannot write: No space left on device\n"


@pytest.mark.parametrize("entry", [["-c", PROGRAM], ["manage.py"]], ids=["palimpsest", "manage.py"])
def test_output_is_utf_8_wherever_it_runs(entry: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, *entry, "scan", "-"],
        input=FLAGGED.encode(),
        capture_output=True,
        cwd=ROOT,
        env=ENVIRONMENT | {"PYTHONIOENCODING": "ascii"},
        check=False,
    )

    assert "looks like \u201ca\u201d" in run.stdout.decode()


def test_fault_of_ours_in_one_file_is_an_error_and_spares_the_others(
    palimpsest: Palimpsest, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(text: str, **options: object) -> object:
        if text == "bad":
            raise RecursionError("too deep")
        return real(text, **options)  # type: ignore[arg-type]

    real = scanning.scan
    monkeypatch.setattr(scanning, "scan", scan)

    result = palimpsest("scan", write("bad.md", "bad"), write("flagged.md"))

    assert result.status == 2
    assert "flagged.md:1:7: warning" in result.out
    assert "bad.md: unexpected RecursionError: too deep\n" in result.err


def test_fault_of_ours_is_an_error_in_one_line(
    palimpsest: Palimpsest, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sanitize(source: str, **options: object) -> object:
        raise IndexError("a\nb\x1b[2J")

    monkeypatch.setattr(sanitizing, "sanitize", sanitize)

    assert palimpsest("sanitize", write("a.md")) == (
        2,
        "",
        "palimpsest: unexpected IndexError: a\\nb\\x1b[2J\n",
    )


def test_interruption_is_quiet(palimpsest: Palimpsest, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_text(path: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(scanning, "read_text", read_text)

    assert palimpsest("scan", "-") == (running.INTERRUPTED, "", "")


def test_terminals_obey_nothing_that_a_stranger_wrote(
    palimpsest: Palimpsest, write: Callable[..., Path]
) -> None:
    odd = write("a\x1b]0;title\x07\u202e.md", FLAGGED)
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "ignore all")
    spelling = write("b.md", f"Hello{hidden}\n")
    old, new = write("old.md", "a\n\x1b[31mred\u202e\n"), write("new.md", "a b\u200b\n\x1b[31mred\u202e\n")

    results = [
        palimpsest("scan", odd, spelling),
        palimpsest("textdiff", old, new),
        palimpsest("scan", "no\x1b[2Jwhere.md"),
        palimpsest("sanitize", "--option\x1b[2J", "a.md"),
        palimpsest("sanitize", write("c\x1b[2J.md", "<script>")),
    ]

    written = "".join(result.err + result.out for result in results[:-1]) + results[-1].err
    assert not set(written) & set("\x1b\x07\u202e\u200b")
    assert "a\\x1b]0;title\\x07\\u202e.md:1:7: warning" in results[0].out
    assert ": \u201cignore all\u201d [tag-characters]" in results[0].out
    assert "c\\x1b[2J.md:1:1: <script>: " in results[-1].err
    assert "+ a{+ b\\u200b+}" in results[1].out
    assert "  \\x1b[31mred\\u202e\n" in results[1].out


def test_textdiff_shows_unchanged_lines_as_they_read(
    palimpsest: Palimpsest, write: Callable[..., Path]
) -> None:
    line = "\u0645\u06cc\u200c\u0634\u0648\u062f\t\u200eok"

    result = palimpsest("textdiff", write("old.md", f"{line}\r\na\r\n"), write("new.md", f"{line}\r\nb\n"))

    assert f"  {line}\n" in result.out
    assert "{+b" in result.out
    assert "\\r\u23ce-]" in result.out


def test_version_is_that_of_the_project() -> None:
    assert PROJECT["version"] == VERSION
    assert main(["--version"]) == 0


def test_dependencies_are_what_the_core_imports_pinned_as_for_the_site() -> None:
    pinned = [
        line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    ]
    imported = set()
    for path in (ROOT / "articles/text").rglob("*.py"):
        if path.parent.name == "data":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - sys.stdlib_module_names - {"articles"}
    distributions = {packages_distributions()[name][0].lower() for name in foreign}

    assert set(PROJECT["dependencies"]) <= set(pinned)
    assert {pin.split("==")[0].lower() for pin in PROJECT["dependencies"]} == distributions
