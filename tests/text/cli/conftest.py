"""The command as people call it, in a folder of its own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from articles.text.cli import main

FLAGGED = "Some p\u0430ge.\n"
ROOT = Path(__file__).parents[3]
# Of a program that runs in any folder and buffers its output, as it does for people.
ENVIRONMENT = os.environ | {"ROOT": str(ROOT), "PYTHONUNBUFFERED": "", "DATABASE_URL": "sqlite://:memory:"}
# Runs the command as the installed program does, where Django and what else is named cannot be imported.
PROGRAM = """
import os, sys
sys.path[0] = os.environ["ROOT"]
for name in ("django", "cms_site", *os.environ.get("BLOCKED", "").split()):
    sys.modules[name] = None
from articles.text.cli import main
sys.exit(main())
"""


class Result(NamedTuple):
    status: int
    out: str
    err: str


Palimpsest = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def palimpsest(folder: Path, capsys: pytest.CaptureFixture[str]) -> Palimpsest:
    """Status, output and errors of a call."""

    def call(*arguments: object) -> Result:
        status = main([str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return call


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """Write a file below the working directory."""

    def write(name: str, text: str = FLAGGED) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return write
