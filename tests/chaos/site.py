"""The site of a run, with all that belongs to it, in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .processes import ROOT, SECONDS_TO_START, Cluster, Redis, TaskWorker, Web
from .surroundings import Clock, Disk, Mailbox, Proxy
from .writers import Reader, Writer

if TYPE_CHECKING:
    from .jobs import Job

ARTICLES, WRITERS = 3, 6


class Site:
    """A site that runs, and people who use it."""

    def __init__(self, *, database: str, server: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="palimpsest-chaos-"))
        self.folder.chmod(0o755)
        self.backups = self.folder / "backups"
        self.backups.mkdir()
        self.disk = Disk(self.folder / "disk")
        self.sqlite = self.disk.folder / "db.sqlite3"
        self.mailbox = Mailbox()
        self.clocks = [Clock(self.folder / name) for name in ("clock-of-web", "clock-of-tasks")]
        self.cluster = Cluster(self.disk.folder) if database == "postgresql" else None
        self.redis = Redis(self.folder) if shutil.which("redis-server") else None
        targets = [program.port for program in (self.cluster, self.redis) if program]
        self.proxies = [Proxy(port) for port in targets]
        self._set_environment(database)
        self.jobs: list[Job] = []
        self.killed_workers = 0
        self._asked = 0
        self.moderator, sessions, articles = _prepare()
        small = {"TMPDIR": str(self.disk.folder)}
        self.web = Web(server, {**os.environ, **small, **self.clocks[0].environment})
        self.worker = TaskWorker({**os.environ, **small, **self.clocks[1].environment})
        self._stopped = threading.Event()
        self.writers = [
            Writer(self.web, session, articles[n % ARTICLES], f"w{n}", self._stopped)
            for n, session in enumerate(sessions)
        ]
        self.reader = Reader(self.web, ("/articles/lock-0/", "/"), self._stopped)
        self._threads = [threading.Thread(target=one.run) for one in (*self.writers, self.reader)]

    def _set_environment(self, database: str) -> None:
        ports = [str(proxy.port) for proxy in self.proxies]
        media = self.disk.folder / "media"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "cms_site.settings",
            "PALIMPSEST_ENV": "",
            "DATABASE_URL": f"postgres://palimpsest@127.0.0.1:{ports[0]}/palimpsest"
            if database == "postgresql"
            else f"sqlite:///{self.sqlite}",
            "REDIS_URL": f"redis://127.0.0.1:{ports[-1]}/0" if self.redis else "",
            "SECRET_KEY": "for this run alone, in a folder that is thrown away afterwards",
            "MEDIA_ROOT": str(media),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mailbox.port),
            "LOG_LEVEL": "CRITICAL",
        }
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)

    def start(self) -> None:
        self.wait()
        for thread in self._threads:
            thread.start()

    def stop_people(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            if thread.ident:
                thread.join()

    def remove(self) -> None:
        for program in (self.web, self.worker, self.redis, self.cluster):
            if program:
                program.kill()
        self.disk.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self) -> None:
        """Start again what ended by itself."""
        for program in (self.web, self.worker, self.redis, self.cluster):
            if program:
                program.keep()

    def wait(self) -> float:
        """Return the seconds until the site is ready by itself."""
        start = time.monotonic()
        while time.monotonic() < start + SECONDS_TO_START:
            self.keep()
            if self.web.is_ready():
                return time.monotonic() - start
            time.sleep(0.02)
        sys.exit(f"the site was not ready within {SECONDS_TO_START} s")

    def next_job(self) -> int:
        self._asked += 1
        return self._asked

    def manage(self, *command: str) -> None:
        """Run a command of the site. Raises `RuntimeError` with what it says if it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**os.environ},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr}")

    def drop_replaced(self) -> None:
        """Delete the database that a restored one replaced."""
        from django.db import connection

        from articles.operations import kinds

        kind: Any = kinds.of(connection)
        if self.cluster:
            with connection._nodb_cursor() as cursor:
                cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%replaced%'")
                names = [name for (name,) in cursor.fetchall()]
        else:
            names = [path.name for path in self.disk.folder.glob("*replaced*")]
        for name in names:
            kind.drop(connection, name)


def _prepare() -> tuple[Any, list[str], list[int]]:
    """Accounts and articles, in the process that later checks; returns a moderator, sessions and articles."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from articles import workflow
    from articles.text.content import Content

    sessions = []
    moderator = User.objects.create_user("moderator", is_staff=True)
    moderator.groups.add(Group.objects.get(name="moderators"))
    for number in range(WRITERS):
        user = User.objects.create_user(f"writer{number}", is_staff=True)
        user.groups.add(Group.objects.get(name="authors"))
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies["sessionid"].value)
    lines = "\n\n".join(f"w{number}: 000000." for number in range(WRITERS))
    articles = []
    for number in range(ARTICLES):
        content = Content(title=f"Lock {number}", slug=f"lock-{number}", source=f"{lines}\n", language="en")
        revision = workflow.save_revision(None, by=user, content=content)
        workflow.publish(revision, by=moderator)
        articles.append(revision.article_id)
    return moderator, sessions, articles
