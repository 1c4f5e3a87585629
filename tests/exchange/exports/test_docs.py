"""The commands of `docs/exchange.md`, carried out one after the other, and the formats as the page describes them."""

import json
import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from articles.exchange.exports.exporting import Format
from articles.exchange.front_matter import FIELDS
from articles.exchange.trailers import State, message
from tests.exchange.exports.exporting import exported, read
from tests.exchange.test_trailers import SAVED
from tests.management.test_commands import run

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[3] / "docs/exchange.md").read_text()
SCRIPT = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.S))


def test_commands_of_the_page_work(published, tmp_path):
    assert SCRIPT.count("export_articles") > 3
    for line in SCRIPT.replace("/srv/copies", str(tmp_path)).splitlines():
        command = shlex.split(line)
        if command[:2] == ["python", "manage.py"]:
            status, out = run(*command[2:])
            assert status == 0, (line, out)
        else:
            subprocess.run(command, check=True, capture_output=True)

    assert (tmp_path / "work/articles/tides.md").is_file()
    assert (tmp_path / "folder/articles/tides.md").is_file()
    assert (tmp_path / "lines/versions.jsonl").is_file()
    assert (tmp_path / "site/index.html").is_file()


def test_page_names_each_trailer_and_state():
    full = replace(SAVED, summary=" ", claimed_author="Ada", claimed_at=SAVED.written_at, hidden=("text",))
    names = [line.partition(": ")[0] for line in message(full).partition("\n\n")[2].splitlines()]

    assert [name for name in (*names, *State) if f"`{name}`" not in PAGE] == []


def test_page_names_each_field(published, tmp_path):
    exported(tmp_path / "lines", Format.JSONL)
    lines = [json.loads(data.splitlines()[0]) for path, data in read(tmp_path / "lines").items()]

    assert [
        name for name in (*FIELDS, *(name for line in lines for name in line)) if f"`{name}`" not in PAGE
    ] == []
