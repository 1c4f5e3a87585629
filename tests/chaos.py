"""Kills web workers, the web server and the database while people write, then proves that nothing was lost.

    python -m tests.chaos --seconds 60 --database sqlite
    python -m tests.chaos --seconds 60 --database postgresql

Everything stands in a temporary folder of its own: the database (a PostgreSQL cluster made with `initdb`, never as
root) and the site under gunicorn. Writers edit through the admin as browsers do. A save is acknowledged when the
answer is the redirect; whatever else comes back (an error, a broken connection) may have been kept or not. Ends with
status 0 if every acknowledged save is there, whole and chained, and the site is ready again by itself.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
ARTICLES, WRITERS, WORKERS = 3, 6, 3
READY_WITHIN = 30  # seconds


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Cluster:
    """A PostgreSQL of its own."""

    def __init__(self, folder: Path) -> None:
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        found = debian[-1] if debian else shutil.which("initdb")
        if not found:
            sys.exit("PostgreSQL's initdb is not installed")
        self.bin = Path(found).parent
        self.data = folder / "postgresql"
        self.data.mkdir()
        self.port = free_port()
        self.user = "postgres" if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
        if self.user:
            folder.chmod(0o755)
            shutil.chown(self.data, self.user)
        self._run("initdb", "-D", self.data, "-U", "palimpsest", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "palimpsest", "palimpsest")
        self.url = f"postgres://palimpsest@127.0.0.1:{self.port}/palimpsest"

    def start(self) -> None:
        options = ["-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.data)]
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.data, *options],
            user=self.user,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if not subprocess.run(
                [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            ).returncode:
                return
            time.sleep(0.05)
        sys.exit("PostgreSQL did not come back")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        time.sleep(random.uniform(0, 0.5))
        self.start()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [self.bin / program, *map(str, arguments)], user=self.user, check=True, stdout=subprocess.DEVNULL
        )


class Web:
    """The site under gunicorn; started again when its master dies, as systemd would."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "cms_site.wsgi",
                    "--preload",
                    "--bind",
                    f"127.0.0.1:{self.port}",
                ),
                *("--workers", str(WORKERS), "--threads", "2", "--log-level", "critical"),
            ],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )

    def workers(self) -> list[int]:
        try:
            text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except FileNotFoundError:
            return []
        return [int(pid) for pid in text.split()]

    def kill_worker(self) -> None:
        if workers := self.workers():
            kill(random.choice(workers))

    def kill_all(self) -> None:
        for pid in [self.process.pid, *self.workers()]:
            kill(pid)
        self.process.wait()
        self.start()

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Writer:
    """Raises its own number in its own line of an article that others edit too."""

    web: Web
    session: str
    article: int
    name: str
    stopped: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    outdated: int = 0

    def __post_init__(self) -> None:
        self.open = urllib.request.build_opener(NoRedirect).open
        self.address = f"{self.web.url}/admin/articles/article/{self.article}/change/"
        self.headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={'c' * 32}",
            "X-CSRFToken": "c" * 32,
        }

    def run(self) -> None:
        for count in range(1, 1_000_000):
            if self.stopped.is_set():
                return
            self.write(f"{self.name}: {count:06d}.")

    def write(self, line: str) -> None:
        """Try until it is acknowledged, with a new line for each attempt whose fate is unknown."""
        try:
            page = self.ask(urllib.request.Request(self.address, headers=self.headers))
            form = {name: self.value(page, name) for name in ("title", "slug", "language", "base")}
            source = html.unescape(
                re.search(r"<textarea[^>]*name=\"source\"[^>]*>\n?(.*?)</textarea>", page, re.S)[1]
            )
            source = re.sub(rf"^{self.name}: .*$", line, source, flags=re.M)
            body = urllib.parse.urlencode({**form, "source": source, "_save": "1"}).encode()
        except (OSError, HTTPException):
            time.sleep(0.05)
            return
        try:
            self.ask(urllib.request.Request(self.address, body, self.headers))
            raise AssertionError("a save that was neither kept nor refused")
        except urllib.error.HTTPError as answer:
            if answer.code == 302:
                self.acknowledged.append(line)
            elif answer.code == 409:
                self.outdated += 1
            else:
                self.unknown.append(line)
        except (OSError, HTTPException):
            self.unknown.append(line)
            time.sleep(0.05)

    def ask(self, request: urllib.request.Request) -> str:
        with self.open(request, timeout=30) as answer:
            return str(answer.read().decode())

    def value(self, page: str, name: str) -> str:
        tag = re.search(rf"<(?:input|select)[^>]*name=\"{name}\"[^>]*>", page)[0]
        value = re.search(r'value="([^"]*)"', tag)
        return html.unescape(value[1]) if value else ""


def prepare() -> tuple[list[str], list[int]]:
    """Accounts and articles, in the process that later checks; returns sessions and articles."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from articles import workflow
    from articles.text.content.content import Content

    sessions = []
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
        articles.append(workflow.save_revision(None, by=user, content=content).article_id)
    return sessions, articles


def check(writers: list[Writer]) -> list[str]:
    """What is wrong with what was kept; nothing if all holds."""
    from django.core.management import call_command
    from django.db import connection

    from articles.models import Article, Revision

    connection.close()
    faults = []
    try:
        call_command("verify_history", "--pages")
    except SystemExit as end:
        faults.append(f"verify_history --pages ended with {end.code}")
    for article in Article.objects.all():
        revisions = list(Revision.objects.with_text().filter(article=article).order_by("number"))
        if [revision.number for revision in revisions] != list(range(1, len(revisions) + 1)):
            faults.append(f"{article.slug}: numbers have a gap")
        if article.latest_revision_id != revisions[-1].pk:
            faults.append(f"{article.slug}: the newest version is not the last")
        faults.extend(
            f"{revision}: kept without its rendering or its event in the log"
            for revision in revisions
            if not (revision.renderings.exists() and article.events.filter(revision=revision).exists())
        )
        kept = {line for revision in revisions for line in revision.source.splitlines()}
        for writer in writers:
            if writer.article == article.pk:
                faults += [
                    f"{line} was acknowledged and is gone" for line in writer.acknowledged if line not in kept
                ]
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    random.seed(options.seed)
    folder = Path(tempfile.mkdtemp(prefix="palimpsest-chaos-"))
    cluster = Cluster(folder) if options.database == "postgresql" else None
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "cms_site.settings",
        "DATABASE_URL": cluster.url if cluster else f"sqlite:///{folder / 'db.sqlite3'}",
        "SECRET_KEY": "for this run alone, in a folder that is thrown away afterwards",
        "LIMITS": "0",
        "LOG_LEVEL": "CRITICAL",
    }
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    sessions, articles = prepare()
    web = Web({**os.environ})
    wait_until_ready(web)

    stopped = threading.Event()
    writers = [
        Writer(web, session, articles[n % ARTICLES], f"w{n}", stopped) for n, session in enumerate(sessions)
    ]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    kills = {"worker": 0, "server": 0, "database": 0}
    recoveries = []
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(0.2, 1.5))
        what = random.choices(["worker", "server", "database"], [6, 1, 2 if cluster else 0])[0]
        {"worker": web.kill_worker, "server": web.kill_all, "database": cluster.kill if cluster else None}[
            what
        ]()
        kills[what] += 1
        if what != "worker":
            recoveries.append(wait_until_ready(web))
    stopped.set()
    for thread in threads:
        thread.join()
    last = wait_until_ready(web)
    web.stop()

    faults = check(writers)
    print(f"{options.database}: {options.seconds:.0f} s, {WRITERS} writers on {ARTICLES} articles")
    print("killed: " + ", ".join(f"{name} {count} times" for name, count in kills.items()))
    print(
        f"saves: {sum(len(w.acknowledged) for w in writers)} acknowledged, "
        f"{sum(w.outdated for w in writers)} told of a newer version, {sum(len(w.unknown) for w in writers)} cut off"
    )
    if recoveries:
        print(f"ready again after a kill: median {median(recoveries):.2f} s, longest {max(recoveries):.2f} s")
    print(f"at the end: ready in {last:.2f} s")
    for fault in faults:
        print("LOST:", fault)
    print("every acknowledged save is there, whole and chained" if not faults else f"{len(faults)} faults")
    if cluster:
        cluster.stop()
    shutil.rmtree(folder)
    return 1 if faults else 0


def wait_until_ready(web: Web) -> float:
    """Seconds until the site answers by itself."""
    start = time.monotonic()
    while time.monotonic() < start + READY_WITHIN:
        if web.ready():
            return time.monotonic() - start
        time.sleep(0.02)
    sys.exit(f"the site was not ready within {READY_WITHIN} s")


if __name__ == "__main__":
    sys.exit(main())
