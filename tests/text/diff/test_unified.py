import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.text.diff.unified import unified_diff

from .test_comparing import mixtures, revisions, texts

PAGE = "".join(f"line {k}\n" for k in range(1, 30))
PROGRAMS = {
    "git": ["git", "apply", "--whitespace=nowarn", "-p1"],
    "patch": ["patch", "--silent", "--force", "--no-backup-if-mismatch", "-p1"],
}
PAIRS = {
    "a line changed": (PAGE, PAGE.replace("line 7\n", "seven\n")),
    "far apart": (PAGE, PAGE.replace("line 2\n", "").replace("line 25\n", "25\nand more\n")),
    "close together": (PAGE, PAGE.replace("line 5\n", "5\n").replace("line 12\n", "12\n")),
    "moved": (PAGE, PAGE[70:] + PAGE[:70]),
    "no line end any more": ("a\nb\n", "a\nb"),
    "a line end at last": ("a\nb", "a\nb\n"),
    "no line end in either": ("a\nb", "c\nb"),
    "empty before": ("", "a\nb\n"),
    "empty after": ("a\nb\n", ""),
    "empty before, no line end": ("", "a"),
    "carriage returns": ("a\r\nb\r\nc\rd\n", "a\r\nb\nc\rd\r\n"),
    "other line ends": ("a\u2028b\x85c\x0bd\ne\n", "a\u2028b\x85c\x0bD\ne\u2029\n"),
    "lines like headers": ("-- a\n++ b\n@@ -1 +1 @@\n", "-- b\n++ b\n\\ No newline at end of file\n"),
    "blank lines": ("\n\n\n", "\n\n\n\n"),
    "trailing space": ("a\n b \n", "a\n b\n"),
    "other normal form": ("caf\u00e9\nx\n", "cafe\u0301\nx\n"),
}
NAMES = [
    "page.md",
    "a page with spaces.md",
    "caf\u00e9 \u6d77.md",
    'quoted "one".md',
    "back\\slash.md",
    "deep/er/page.md",
    "tab\there.md",
]


def applied(program: str, folder: Path, name: str, old: str, diff: str) -> str:
    """Return the text that a program makes of the old text and the diff."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    page = folder / name
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(old.encode())
    done = subprocess.run(
        PROGRAMS[program], cwd=folder, input=diff.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, (done.stderr + done.stdout).decode() + diff
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == [page]
    return page.read_bytes().decode()


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_programs_make_the_new_text_of_the_old(program: str, pair: tuple[str, str], tmp_path: Path) -> None:
    old, new = pair

    diff = unified_diff(old, new, old_name="page.md", new_name="page.md")

    assert applied(program, tmp_path, "page.md", old, diff) == new


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", NAMES)
def test_names_are_understood(program: str, name: str, tmp_path: Path) -> None:
    old, new = PAIRS["far apart"]

    diff = unified_diff(old, new, old_name=name, new_name=name)

    assert applied(program, tmp_path, name, old, diff) == new


@pytest.mark.parametrize("program", PROGRAMS)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=revisions() | st.tuples(mixtures, mixtures) | st.tuples(texts, texts), context=st.integers(1, 4))
def test_generated_edits_come_out_exactly(
    program: str, pair: tuple[str, str], context: int, tmp_path: Path
) -> None:
    old, new = (text.replace("\0", "") for text in pair)

    diff = unified_diff(old, new, old_name="page.md", new_name="page.md", context=context)

    if old == new:
        assert diff == ""
    else:
        assert applied(program, tmp_path, "page.md", old, diff) == new


def test_hunks_hold_the_context_that_was_asked_for() -> None:
    old, new = PAIRS["far apart"]

    diff = unified_diff(old, new, old_name="page.md", new_name="page.md", context=1)

    assert diff == (
        "diff --git a/page.md b/page.md\n--- a/page.md\n+++ b/page.md\n"
        "@@ -1,3 +1,2 @@\n line 1\n-line 2\n line 3\n"
        "@@ -24,3 +23,4 @@\n line 24\n-line 25\n+25\n+and more\n line 26\n"
    )


def test_without_context_hunks_name_the_line_before() -> None:
    diff = unified_diff("a\nb\n", "a\nx\nb\n", old_name="page.md", new_name="page.md", context=0)

    assert diff.endswith("@@ -1,0 +2 @@\n+x\n")


def test_equal_texts_make_no_diff() -> None:
    assert unified_diff(PAGE, PAGE, old_name="page.md", new_name="page.md") == ""
