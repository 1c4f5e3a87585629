"""`docs/seals.md`: its blocks, run to the letter with a work tree of git as witness."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/seals.md").read_text()
BLOCKS = re.findall(r"```sh seal\n(.*?)```", PAGE, re.S)


def database_url():
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    account = f"{named['USER']}:{named['PASSWORD']}" if named["PASSWORD"] else named["USER"]
    return f"postgres://{account}@{named['HOST']}:{named['PORT']}/{named['NAME']}"


@pytest.fixture
def witness(tmp_path):
    """A work tree of git, whose remote belongs to somebody else."""

    def git(*arguments):
        subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True)

    git("init", "--bare", "--quiet", tmp_path / "remote")
    git("clone", "--quiet", tmp_path / "remote", tmp_path / "witness")
    for name, value in {"name": "seal", "email": "seal@localhost"}.items():
        git("-C", tmp_path / "witness", "config", f"user.{name}", value)
    return tmp_path / "witness"


@pytest.mark.django_db(transaction=True)
def test_blocks_seal_publish_and_verify(history, witness, settings):
    script = "set -e\n" + "".join(BLOCKS).replace(".venv/bin/python", sys.executable)
    variables = {"WITNESS": str(witness), "DATABASE_URL": database_url(), "SEAL_KEY": settings.SEAL_KEY}
    environment = {**os.environ, **variables, "PALIMPSEST_ENV": ""}

    run = subprocess.run(["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert len(BLOCKS) == 4
    assert "All that was sealed is there, unaltered and in order." in run.stdout
    log = ["git", "-C", witness.parent / "remote", "ls-tree", "-r", "--name-only", "HEAD"]
    kept = subprocess.run(log, check=True, capture_output=True, text=True).stdout.split()
    assert len(kept) == 2
    assert kept[1] == "keys"
