"""The backup and restore of `docs/deploy.md`, done with the commands that stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
BLOCKS = dict(re.findall(r"```sh ([a-z ]+)\n(.*?)```", (ROOT / "docs/deploy.md").read_text(), re.S))
TAMPER = "from articles.models import Body; Body.objects.update(text='x')"


class Site:
    """A database of its own, reached as an operator does: by commands."""

    def __init__(self, **variables: str) -> None:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = {
            **os.environ,
            "PATH": path,
            "DJANGO_SETTINGS_MODULE": "cms_site.settings",
            **variables,
        }

    def sh(self, script: str) -> subprocess.CompletedProcess:
        run = ["bash", "-euo", "pipefail", "-c", script]
        return subprocess.run(run, cwd=ROOT, env=self.environment, capture_output=True, text=True)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def sites(tmp_path, db):
    """The site that is lost and the empty database that it comes back in."""
    backup = str(tmp_path / "backup")
    if connection.vendor == "sqlite":
        files = [tmp_path / "lost.sqlite3", tmp_path / "restored.sqlite3"]
        yield [Site(DATABASE=str(file), DATABASE_URL=f"sqlite:///{file}", BACKUP=backup) for file in files]
        return
    names = [f"drill_{os.getpid()}_{name}" for name in ("lost", "restored")]
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    admin = f"{server}/postgres"
    for name in names:
        subprocess.run(["psql", "-qd", admin, "-c", f"CREATE DATABASE {name}"], check=True)
    yield [Site(DATABASE_URL=f"{server}/{name}", BACKUP=backup) for name in names]
    for name in names:
        subprocess.run(["psql", "-qd", admin, "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=True)


def test_a_lost_site_comes_back_whole_and_as_well_guarded(sites, tmp_path):
    lost, restored = sites
    text = tmp_path / "tides.md"
    assert lost.manage("migrate", "--verbosity", "0").returncode == 0
    lost.manage(
        "shell", "-c", "from django.contrib.auth.models import User; User.objects.create_superuser('ada')"
    )
    for version in ("One.\n", "Two \N{CYRILLIC SMALL LETTER A}nd more.\n"):
        text.write_text(version)
        arguments = ["--slug", "tides", "--title", "Tides", "--author", "ada"]
        base = [] if version.startswith("One") else ["--base", "1"]
        done = lost.manage("save_article", str(text), *arguments, *base)
        assert done.returncode == 0, done.stderr

    vendor = connection.vendor
    for site, step in ((lost, f"backup {vendor}"), (restored, f"restore {vendor}"), (restored, "prove")):
        done = site.sh(BLOCKS[step])
        assert done.returncode == 0, (step, done.stderr)

    assert "Every version is whole and in its place" in done.stdout
    number = restored.manage(
        "shell", "-c", "from articles.models import Revision as R; print(R.objects.count())"
    )
    assert number.stdout.split()[-1] == "2"
    assert "written once" in restored.manage("shell", "-c", TAMPER).stderr
