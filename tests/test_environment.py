"""The environment file, and commands that name their database or refuse to guess one."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms_site import environment
from tests.test_settings import ROOT


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Loads an environment file with this text, as a command does first."""
    monkeypatch.setattr(os, "environ", {"PALIMPSEST_ENV": str(tmp_path / "site.env"), "LOG_LEVEL": "INFO"})

    def load(text: str) -> None:
        (tmp_path / "site.env").write_text(text)
        environment.load()

    return load


def manage(*arguments, **variables):
    """A command in an environment that holds only these variables."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PALIMPSEST_ENV": "", **variables},
        capture_output=True,
        text=True,
    )


def test_file_completes_what_is_set(load):
    load("# who\n\nSITE_NAME=The Daily Tide # by ebb = flow\nLOG_LEVEL=DEBUG\nSITE_OWNER=\n")

    assert os.environ["SITE_NAME"] == "The Daily Tide # by ebb = flow"
    assert os.environ["LOG_LEVEL"] == "INFO"
    assert os.environ["SITE_OWNER"] == ""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("SITE_NAME = Tide", "line 2: write NAME=value"),
        ('SITE_NAME="Tide"', "line 2: .*SITE_NAME without quotes"),
    ],
)
def test_line_that_others_would_read_differently_is_refused(load, line, fault):
    with pytest.raises(ImproperlyConfigured, match=fault):
        load(f"SITE_OWNER=Ada\n{line}\n")


def test_file_that_is_named_has_to_be_there(tmp_path, monkeypatch):
    monkeypatch.setenv("PALIMPSEST_ENV", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        environment.load()


def test_database_is_described_without_its_password():
    settings = {"NAME": "tide", "HOST": "db", "PORT": 5432, "USER": "u", "PASSWORD": "p"}
    connection = SimpleNamespace(vendor="postgresql", settings_dict=settings)

    assert environment.describe_database(connection) == "PostgreSQL, tide at db:5432"


def test_command_that_finds_an_empty_database_says_so_and_leaves_none(tmp_path):
    database = tmp_path / "site.sqlite3"

    verified = manage("verify_history", DATABASE_URL=f"sqlite:///{database}")

    assert (verified.returncode, verified.stdout) == (2, "")
    assert f"SQLite, {database} is empty" in verified.stderr
    assert not database.exists()


def test_command_names_the_database_of_the_file_first(tmp_path):
    (tmp_path / "site.env").write_text(f"DATABASE_URL=sqlite:///{tmp_path}/site.sqlite3\n")

    done = manage("showmigrations", PALIMPSEST_ENV=str(tmp_path / "site.env"))

    assert (done.returncode, done.stderr) == (0, f"Database: SQLite, {tmp_path}/site.sqlite3\n")
