"""The commands as other programs call them: exit status, JSON, messages that name the file."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from articles.models import Article, Review, Revision
from articles.text.cli import comparing, main, sanitizing, scanning
from articles.text.unicode.tables import UNICODE_VERSION
from tests.conftest import CLEAN, FLAGGED

ROOT = Path(__file__).parents[2]


def run(command, *args):
    """Exit status and standard output of a command."""
    out = StringIO()
    try:
        call_command(command, *map(str, args), stdout=out, stderr=StringIO())
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.fixture
def file(tmp_path):
    def file(data, name="text.md"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return file


# scan


def test_scan_reports_one_object_a_file_in_order(file):
    flagged, clean = file(FLAGGED, "flagged.md"), file(CLEAN, "clean.md")

    status, out = run("scan", flagged, clean, "--format", "json")

    first, second = json.loads(out)
    assert status == 1
    assert (first["path"], first["language"], first["unicode_version"]) == (
        str(flagged),
        "en",
        UNICODE_VERSION,
    )
    assert (second["path"], second["findings"], second["total"]) == (str(clean), [], 0)
    (finding,) = first["findings"]
    assert finding.keys() == {
        *("check", "severity", "start", "end", "text", "code_points", "meant", "payload", "where", "message")
    }
    assert (finding["start"], finding["end"], finding["text"], finding["code_points"]) == (
        5,
        6,
        "\u0430",
        ["U+0430"],
    )
    assert (finding["severity"], finding["meant"], finding["where"]) == ("warning", "a", "prose")


def test_scan_ends_with_0_on_clean_text_and_1_on_flagged(file):
    assert run("scan", file(CLEAN)) == (0, "")
    status, out = run("scan", file(FLAGGED))
    assert status == 1
    assert "text.md:1:6: warning: " in out


def test_scan_counts_a_byte_order_mark_and_every_line_end(file):
    _, out = run("scan", file("\ufeffone\r\np\u0430y\r\n"), "--format", "json")

    assert [f["start"] for f in json.loads(out)[0]["findings"] if f["severity"] == "warning"] == [7]


def test_scan_judges_by_where_the_text_stands(file):
    path = file("a\u00a0b")

    assert run("scan", path)[0] == 0
    assert run("scan", path, "--where", "code")[0] == 1


def test_scan_names_the_file_it_cannot_read_and_goes_on(file, tmp_path, capsys):
    bad = file(b"ok\nbad \xff byte", "bad.md")

    out = StringIO()
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(
            "scan",
            str(bad),
            str(tmp_path / "none.md"),
            str(file(CLEAN)),
            "--format",
            "json",
            stdout=out,
            stderr=err,
        )

    assert end.value.code == 2
    assert len(json.loads(out.getvalue())) == 1
    assert "bad.md: not UTF-8: byte 0xFF at offset 7 (line 2)" in err.getvalue()
    assert "none.md: No such file" in err.getvalue()


def test_scan_writes_sarif(file):
    status, out = run("scan", file("x\n" + FLAGGED), "--format", "sarif")

    report = json.loads(out)
    (result,) = report["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (report["version"], status) == ("2.1.0", 1)
    assert (region["startLine"], region["startColumn"], region["charOffset"], region["charLength"]) == (
        2,
        6,
        7,
        1,
    )


@pytest.mark.parametrize("format", ["text", "sarif", "json"])
def test_scan_tells_hidden_text_in_every_format(file, format):
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "obey\n\x1b[2J me")

    status, out = run("scan", file(f"One{hidden} word\n"), "--format", format)

    assert status == 1
    if format == "sarif":
        out = json.loads(out)["runs"][0]["results"][0]["message"]["text"]
    if format == "json":
        assert json.loads(out)[0]["findings"][0]["payload"] == "obey\n\x1b[2J me"
    else:
        assert "spell a hidden text (12): \u201cobey\\n\\x1b[2J me\u201d" in out


# sanitize


def test_sanitize_prints_html_and_lists_removals_with_their_place(file):
    source = "a *b*\n\n[x](javascript:alert(1))\n"

    status, out = run("sanitize", file(source), "--format", "json")

    result = json.loads(out)
    assert status == 1
    assert "<em>b</em>" in result["html"]
    assert "javascript" not in result["html"]
    (removal,) = result["removals"]
    assert removal.keys() == {"start", "end", "what", "reason"}
    assert "javascript" in source[removal["start"] : removal["end"]]


def test_sanitize_ends_with_0_when_nothing_was_removed(file):
    assert run("sanitize", file("a *b*\n")) == (0, "<p>a <em>b</em></p>\n")


def test_sanitize_refuses_what_is_too_large_and_says_so(file):
    status, out = run("sanitize", file("x" * 262_145))

    assert status == 2
    assert "text.md: " in out
    assert "262" in out


# textdiff


def test_textdiff_tiles_both_texts(file):
    old, new = "The quick brown fox.\n", "The quick red fox.\n"

    status, out = run("textdiff", file(old, "old.md"), file(new, "new.md"), "--format", "json")

    changes = json.loads(out)["changes"]
    assert status == 1
    assert "".join(old[slice(*c["old"])] for c in changes) == old
    assert "".join(new[slice(*c["new"])] for c in changes) == new
    assert [(c["kind"], c["move"]) for c in changes if c["op"] != "equal"] == [("wording", None)]


def test_textdiff_of_equal_files_ends_with_0(file):
    assert run("textdiff", file(CLEAN, "a"), file(CLEAN, "b"), "--format", "json")[0] == 0


def test_textdiff_as_text_and_html_shows_the_change(file):
    paths = file("pay with paypal\n", "a"), file("pay with p\u0430ypal <b>\n", "b")

    text, html = (run("textdiff", *paths, "--format", form)[1] for form in ("text", "html"))

    assert text.splitlines()[0] == "- pay with p[-a-]ypal"
    assert "&lt;b&gt;" in html
    assert 'data-code="U+0430"' in html


def test_textdiff_of_a_missing_file_ends_with_2(file):
    assert run("textdiff", file(CLEAN), "nowhere.md") == (2, "nowhere.md: No such file or directory")


def test_fault_of_ours_ends_with_2_in_one_line(file, monkeypatch):
    def broken(*args, **options):
        raise IndexError("out of\nrange")

    monkeypatch.setattr("articles.text.cli.sanitizing.sanitize", broken)
    monkeypatch.setattr("articles.text.cli.comparing.compare", broken)

    assert run("sanitize", file("x")) == (2, "unexpected IndexError: out of\\nrange")
    assert run("textdiff", file("x"), file("y")) == (2, "unexpected IndexError: out of\\nrange")


@pytest.mark.parametrize(
    "args",
    [
        ["scan", "--format", "json", "a.md", "b.md"],
        ["scan", "--format", "sarif", "a.md"],
        ["scan", "--explain", "a.md"],
        ["sanitize", "b.md"],
        ["sanitize", "a.md", "--format", "json"],
        ["textdiff", "a.md", "b.md"],
        ["textdiff", "a.md", "b.md", "--format", "html"],
    ],
    ids=" ".join,
)
def test_commands_of_the_site_write_what_those_of_the_core_write(file, args, tmp_path, monkeypatch, capsys):
    file(FLAGGED, "a.md")
    file("", "b.md")
    monkeypatch.chdir(tmp_path)

    status, out = run(*args)

    assert main(args) == status
    assert capsys.readouterr().out == out


def test_commands_of_the_site_and_of_the_core_have_the_same_options(capsys):
    for name, module in (("scan", scanning), ("sanitize", sanitizing), ("textdiff", comparing)):
        parser = ArgumentParser()
        module.add_arguments(parser)
        with pytest.raises(SystemExit):
            execute_from_command_line(["manage.py", name, "--help"])
        shown = capsys.readouterr().out
        options = [
            option for action in parser._actions for option in action.option_strings or [action.metavar]
        ]

        assert all(option in shown for option in options)


# save_article

ARGS = ["--slug", "tides", "--title", "Tides", "--author", "author"]


def test_save_article_makes_and_continues_an_article(file, author):
    assert run("save_article", file(CLEAN), *ARGS)[0] == 0
    assert "nothing changed" in run("save_article", file(CLEAN), *ARGS)[1]
    status, out = run("save_article", file(FLAGGED), *ARGS, "--summary", "A paper", "--submit")

    revision = Revision.objects.first()
    assert (status, revision.number, revision.summary) == (0, 2, "A paper")
    assert "tides: saved version 2; 1 character flagged, 0 things removed\n" in out
    assert Review.objects.pending().get().revision == revision


def test_save_article_publishes_or_says_why_not(file, author, moderator):
    assert "waiting for a moderator" in run("save_article", file(CLEAN), *ARGS, "--publish")[1]
    args = [*ARGS[:-1], "moderator", "--publish"]
    assert "tides: published" in run("save_article", file("New.\n"), *args)[1]
    assert Article.objects.get().published_revision.number == 2


def test_save_article_says_what_the_change_is(file, author):
    run("save_article", file(CLEAN), *ARGS, "--kind", "update")

    assert Revision.objects.get().change_kind == "update"
    assert run("save_article", file("New.\n"), *ARGS, "--kind", "whim")[0] != 0


def test_save_article_offers_the_likely_language(file, author):
    status, out = run("save_article", file(CLEAN), *ARGS, "--language", "Russian")

    assert (status, "Probably meant: ru" in out) == (2, True)


def test_save_article_on_an_outdated_base_saves_nothing_and_ends_with_1(file, author, save):
    save()
    save("Newer.\n")

    status, out = run("save_article", file("Mine.\n"), *ARGS, "--base", 1)

    assert status == 1
    assert "version 2" in out
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([*ARGS, "--base", "7"], "no article at tides"),
        ([*ARGS[:-1], "nobody"], "no account named 'nobody'"),
        (["--slug", "a b", *ARGS[2:]], "text.md: slug: "),
        ([*ARGS, "--language", "?"], "text.md: language: "),
    ],
)
def test_save_article_names_what_is_wrong_and_ends_with_2(file, author, args, words):
    status, out = run("save_article", file(CLEAN), *args)

    assert status == 2
    assert words in out
    assert not Article.objects.exists()


def test_save_article_needs_the_right(file, reader):
    status, _ = run("save_article", file(CLEAN), *ARGS[:-1], "reader")

    assert (status, Article.objects.exists()) == (2, False)


# As a program


@pytest.mark.parametrize(
    ("args", "text", "status"),
    [
        (["scan", "-"], CLEAN, 0),
        (["scan", "-"], FLAGGED, 1),
        (["scan", "nowhere.md"], "", 2),
        (["scan", "--where", "moon", "-"], "", 2),
        (["sanitize", "-"], "<b>x</b>", 0),
        (["sanitize", "-"], "a <script>x</script>", 1),
        (["sanitize", "-"], "a\0b", 2),
        (["textdiff", "-", "nowhere.md"], "", 2),
    ],
)
def test_exit_status_of_the_program(args, text, status):
    run = subprocess.run(
        [sys.executable, "manage.py", *args],
        input=text.encode(),
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "sqlite://:memory:"},
        check=False,
    )
    assert run.returncode == status, run.stderr.decode()
    assert b"Traceback" not in run.stderr
