"""`palimpsest scan`: which files it reads, and what makes it end with 1."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pygit2
import pytest

from articles.text.checks import MAX_FINDINGS

from .conftest import ENVIRONMENT, FLAGGED, PROGRAM, Palimpsest

Write = Callable[..., Path]
NOTICE = "a e\u0301\n"  # not in NFC
ALERT = "a \u202eb\n"


def scanned(palimpsest: Palimpsest, *arguments: object) -> list[str]:
    return [file["path"] for file in json.loads(palimpsest("scan", "--format", "json", *arguments).out)]


def test_folder_gives_its_markdown_and_text_in_order(palimpsest: Palimpsest, write: Write) -> None:
    for name in ("b.md", "a/z.TXT", "a/y.markdown", "c.py", ".github/x.md", ".git/hidden.md", "d.md/e.md"):
        write(f"docs/{name}")

    assert scanned(palimpsest, "docs", "docs/c.py") == [
        *("docs/.github/x.md", "docs/a/y.markdown", "docs/a/z.TXT", "docs/b.md", "docs/d.md/e.md"),
        "docs/c.py",  # who names a file wants it read
    ]


def test_links_are_not_followed(palimpsest: Palimpsest, write: Write, folder: Path) -> None:
    write("docs/a.md")
    write("elsewhere/b.md")
    (folder / "docs/link.md").symlink_to(folder / "elsewhere/b.md")
    (folder / "docs/loop").symlink_to(folder / "docs")

    assert scanned(palimpsest, "docs") == ["docs/a.md"]


def test_what_git_ignores_is_left_out_unless_tracked_or_named(
    palimpsest: Palimpsest, write: Write, folder: Path
) -> None:
    repository = pygit2.init_repository(folder)
    write(".gitignore", "build/\n/top.md\n*.tmp.md\n")
    write("docs/.gitignore", "drafts\n")
    for name in ("build/a.md", "top.md", "docs/top.md", "docs/drafts/b.md", "c.tmp.md", "d.tmp.md", "e.md"):
        write(name)
    write("build/tracked.md")
    repository.index.add("d.tmp.md")
    repository.index.add("build/tracked.md")
    repository.index.write()

    assert scanned(palimpsest, ".") == [
        *("./build/tracked.md", "./d.tmp.md", "./docs/top.md", "./e.md"),
    ]
    assert scanned(palimpsest, "docs/drafts", "top.md") == ["docs/drafts/b.md", "top.md"]


def test_repository_within_has_rules_of_its_own(palimpsest: Palimpsest, write: Write, folder: Path) -> None:
    pygit2.init_repository(folder)
    write(".gitignore", "a.md\n")
    pygit2.init_repository(folder / "within")
    write("within/.gitignore", "b.md\n")
    for name in ("a.md", "b.md", "within/a.md", "within/b.md"):
        write(name)

    assert scanned(palimpsest, ".") == ["./b.md", "./within/a.md"]


def test_damaged_repository_is_an_error_that_spares_the_rest(
    palimpsest: Palimpsest, write: Write, folder: Path
) -> None:
    pygit2.init_repository(folder / "damaged")
    write("damaged/.git/index", "nonsense")
    write("damaged/a.md")
    write("whole/b.md")

    result = palimpsest("scan", "--format", "json", ".")

    assert result.status == 2
    assert "./damaged: its Git repository cannot be read: " in result.err
    assert [file["path"] for file in json.loads(result.out)] == ["./whole/b.md"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_repository_of_another_account_is_read(palimpsest: Palimpsest, write: Write, folder: Path) -> None:
    pygit2.init_repository(folder)
    write(".gitignore", "a.md\n")
    write("a.md")
    write("b.md")
    for path in (folder, folder / ".git"):
        os.chown(path, 12_345, 12_345)

    assert scanned(palimpsest, ".") == ["./b.md"]


def test_include_and_exclude_choose_within_folders(palimpsest: Palimpsest, write: Write) -> None:
    for name in ("a.rst", "b.md", "old/c.rst", "sub/old/d.rst", "sub/e.rst"):
        write(name)

    assert scanned(palimpsest, ".", "--include", "*.rst") == [
        *("./a.rst", "./old/c.rst", "./sub/e.rst", "./sub/old/d.rst"),
    ]
    assert scanned(palimpsest, ".", "--include", "*.rst", "--exclude", "old") == ["./a.rst", "./sub/e.rst"]
    assert scanned(
        palimpsest, ".", "--include", "*.rst", "--exclude", "sub/old/", "--exclude", "./a.rst"
    ) == [
        *("./old/c.rst", "./sub/e.rst"),
    ]


def test_what_is_skipped_or_empty_is_said(palimpsest: Palimpsest, write: Write) -> None:
    write("drafts/a.md")
    write("code/a.py")

    result = palimpsest("scan", "drafts/a.md", "code", "--exclude", "drafts")

    assert (result.status, result.out) == (0, "")
    assert result.err == (
        "drafts/a.md: this file is excluded\ncode: there is no file to scan; choose files with --include\n"
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (NOTICE, {"notice": 1, "warning": 0, "alert": 0, "never": 0}),
        (FLAGGED, {"notice": 1, "warning": 1, "alert": 0, "never": 0}),
        (ALERT, {"notice": 1, "warning": 1, "alert": 1, "never": 0}),
    ],
)
def test_fail_on_says_what_makes_status_1(
    palimpsest: Palimpsest, write: Write, text: str, status: dict[str, int]
) -> None:
    path = write("a.md", text)

    for severity, expected in status.items():
        assert palimpsest("scan", path, "--fail-on", severity).status == expected
    assert palimpsest("scan", path).status == status["warning"]
    assert palimpsest("scan", path, "nowhere.md", "--fail-on", "never").status == 2


def test_json_of_nothing_is_an_empty_array(palimpsest: Palimpsest) -> None:
    result = palimpsest("scan", "nowhere.md", "--format", "json")

    assert (result.status, json.loads(result.out)) == (2, [])


def test_text_comes_file_by_file(palimpsest: Palimpsest, write: Write, folder: Path) -> None:
    """The first file's lines are there before the second one is read, which is a pipe that waits for them."""
    write("a.md")
    os.mkfifo(folder / "b.md")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "scan", "a.md", "b.md"],
        stdout=subprocess.PIPE,
        cwd=folder,
        env=ENVIRONMENT,
    ) as run:
        assert run.stdout
        watchdog = threading.Timer(60, run.kill)
        watchdog.start()
        assert run.stdout.readline().startswith(b"a.md:1:7: warning")
        (folder / "b.md").write_text("fine\n", encoding="utf-8")
        run.wait()
        watchdog.cancel()

    assert run.returncode == 1


# The configuration


def configure(write: Write, table: str, name: str = "pyproject.toml") -> Path:
    return write(name, f"[tool.palimpsest]\n{table}\n")


def test_configuration_is_that_of_the_nearest_file_and_options_win(
    palimpsest: Palimpsest, write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(write, 'language = "ru"\ninclude = ["*.rst"]\nexclude = ["docs/old"]\nfail-on = "never"')
    write("docs/pyproject.toml", "[tool.other]\n# not about palimpsest\n")
    for name in ("docs/a.rst", "docs/b.md", "docs/old/c.rst", "docs/old/d.md"):
        write(name)
    monkeypatch.chdir(folder / "docs")

    configured = palimpsest("scan", ".", "--format", "json")
    asked = palimpsest(
        *("scan", ".", "--format", "json", "--language", "en", "--include", "*.md"),
        *("--exclude", "b.md", "--fail-on", "warning"),
    )

    assert configured.status == 0
    assert [(file["path"], file["language"]) for file in json.loads(configured.out)] == [("./a.rst", "ru")]
    assert asked.status == 1
    assert [(file["path"], file["language"]) for file in json.loads(asked.out)] == [("./old/d.md", "en")]


def test_configuration_above_the_repository_is_not_read(
    palimpsest: Palimpsest, write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(write, 'fail-on = "never"')
    path = write("project/a.md")
    monkeypatch.chdir(folder / "project")

    assert palimpsest("scan", path).status == 0
    pygit2.init_repository(folder / "project")
    assert palimpsest("scan", path).status == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("langauge = 'ru'", "tool.palimpsest.langauge is unknown"),
        ("language = 3", "tool.palimpsest.language must be a string"),
        ("include = '*.md'", "tool.palimpsest.include must be a list of strings"),
        ("exclude = ['a', 1]", "tool.palimpsest.exclude must be a list of strings"),
        ("fail-on = 'error'", "tool.palimpsest.fail-on must be one of notice, warning, alert, never"),
        ("allow-list = ['a']", "tool.palimpsest.allow-list must be a string"),
        ("language = ", "not TOML: "),
    ],
)
def test_fault_in_the_configuration_is_named(
    palimpsest: Palimpsest, write: Write, table: str, words: str
) -> None:
    path = configure(write, table)

    result = palimpsest("scan", write("a.md", "fine\n"))

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert f"{path}: {words}" in result.err


def test_table_that_is_none_is_named(palimpsest: Palimpsest, write: Write) -> None:
    write("pyproject.toml", "tool.palimpsest = 3\n")

    assert "tool.palimpsest is not a table" in palimpsest("scan", write("a.md", "fine\n")).err


# The allow-list

REASON = 'reason = "an example"'


@pytest.mark.parametrize(
    ("entry", "is_allowed"),
    [
        ('text = "\\u0430"', True),
        ('text = "p\\u0430ge"', True),
        ('text = "Some p\\u0430ge."', True),
        ('text = "p\\u0430g es"', False),
        ('text = "Some"', False),
        ('text = "ge."', False),
        ('check = "foreign-letter"', True),
        ('check = "invisible"', False),
        ('path = "docs/*.md"', True),
        ('path = "a.md"', True),
        ('path = "*.txt"', False),
        ('text = "\\u0430"\ncheck = "foreign-letter"\npath = "docs"', True),
        ('text = "\\u0430"\ncheck = "foreign-letter"\npath = "other"', False),
    ],
)
def test_allowed_is_what_meets_each_condition(
    palimpsest: Palimpsest, write: Write, *, entry: str, is_allowed: bool
) -> None:
    write("docs/a.md")
    write("allowed.toml", f"[[allow]]\n{entry}\n{REASON}\n")
    arguments = ("docs", "--allow-list", "allowed.toml", "--format", "json")

    result = palimpsest("scan", *arguments)

    (file,) = json.loads(result.out)
    assert (result.status, file["total"], len(file["findings"])) == ((0, 0, 0) if is_allowed else (1, 1, 1))
    unused = (
        "" if is_allowed else "allowed.toml:1: the entry allows nothing here; delete it if that remains so\n"
    )
    assert result.err == unused


def test_allowed_text_may_be_named_by_an_entity(palimpsest: Palimpsest, write: Write) -> None:
    write("a.md", "pa&#8203;ge\n")
    write("allowed.toml", f'[[allow]]\ntext = "\\u200b"\n{REASON}\n')

    assert palimpsest("scan", "a.md", "--allow-list", "allowed.toml") == (0, "", "")


def test_findings_that_are_not_allowed_are_counted_beyond_the_first_thousand(
    palimpsest: Palimpsest, write: Write
) -> None:
    write("a.md", FLAGGED * MAX_FINDINGS + "an\u200bd\n")
    write("allowed.toml", f'[[allow]]\ntext = "\\u0430"\n{REASON}\n')

    result = palimpsest("scan", "a.md", "--allow-list", "allowed.toml", "--format", "json")

    (file,) = json.loads(result.out)
    assert (result.status, file["total"]) == (1, 1)
    assert [finding["check"] for finding in file["findings"]] == ["invisible"]


def test_the_first_thousand_of_what_is_not_allowed_are_kept(palimpsest: Palimpsest, write: Write) -> None:
    write("a.md", "an\u200bd\n" + FLAGGED * (MAX_FINDINGS + 5))
    write("allowed.toml", f'[[allow]]\ncheck = "invisible"\n{REASON}\n')

    (file,) = json.loads(palimpsest("scan", "a.md", "--allow-list", "allowed.toml", "--format", "json").out)

    assert (len(file["findings"]), file["total"]) == (MAX_FINDINGS, MAX_FINDINGS + 5)


def test_configured_allow_list_stands_and_counts_from_the_configuration(
    palimpsest: Palimpsest, write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(write, 'allow-list = "lists/allowed.toml"')
    write("lists/allowed.toml", f'[[allow]]\npath = "docs/a.md"\n{REASON}\n')
    write("docs/a.md")
    monkeypatch.chdir(folder / "docs")

    assert palimpsest("scan", "a.md") == (0, "", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'[[allow]]\ntext = "a"\n{REASON}\n\n[[allow]]\ntext = "a"\n', ":5: the entry has no reason"),
        ('[[allow]]\ntext = "a"\nreason = " "\n', ":1: reason must be a string that is not empty"),
        (f"[[allow]]\n{REASON}\n", ":1: the entry allows everything"),
        (
            f"[[allow]]\ncheck = 'homoglyph'\n{REASON}\n",
            ":1: there is no check homoglyph; the checks are bidi-",
        ),
        (f"[[allow]]\ntext = 3\n{REASON}\n", ":1: text must be a string"),
        (f"[[allow]]\nword = 'a'\n{REASON}\n", ":1: word is unknown"),
        ("allow = [{text = 'a'}]\n", ": entry 1: the entry has no reason"),
        ("allow = [3]\n", ": entry 1: entries begin with [[allow]]"),
        ("allow = 3\n", ": allow is not a list"),
        ("[allowed]\n", ": allowed is unknown"),
        ("[[allow\n", ": not TOML: "),
    ],
)
def test_fault_in_an_allow_list_is_named_with_its_place(
    palimpsest: Palimpsest, write: Write, text: str, words: str
) -> None:
    write("allowed.toml", text)

    result = palimpsest("scan", write("a.md", "fine\n"), "--allow-list", "allowed.toml")

    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert f"allowed.toml{words}" in result.err


def test_missing_allow_list_is_an_error(palimpsest: Palimpsest, write: Write) -> None:
    assert palimpsest("scan", write("a.md"), "--allow-list", "none.toml").status == 2
