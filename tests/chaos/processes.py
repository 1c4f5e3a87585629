"""The web server, the task worker, PostgreSQL and Redis, each started again as by systemd."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 3, 2
SECONDS_TO_START = 60
APPLICATION = "tests.chaos.hurried"
SERVERS: dict[str, Callable[[int], list[str]]] = {
    "gunicorn": lambda port: [
        *("gunicorn", f"{APPLICATION}:application", "--preload", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "critical"),
    ],
    "granian": lambda port: [
        *("granian", f"{APPLICATION}:application", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        *("--respawn-failed-workers", "--no-ws", "--log-level", "critical"),
    ],
}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


class Process:
    """A program that is started again if it ended by itself."""

    stderr: int | None = None

    def __init__(self, command: list[str], environment: dict[str, str], user: str | None = None) -> None:
        self.command, self.environment, self.user = command, environment, user
        self.starts = 0
        self.is_wanted = False
        self.start()

    def start(self) -> None:
        self.is_wanted = True
        self.starts += 1
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            user=self.user,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=self.stderr,
        )

    def keep(self) -> None:
        """Start it again if it should run and does not."""
        if self.is_wanted and self.process.poll() is not None:
            self.start()

    def children(self) -> list[int]:
        try:
            text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except FileNotFoundError:
            return []
        return [int(pid) for pid in text.split()]

    def kill(self) -> None:
        """Kill it with its children, and leave it so."""
        self.is_wanted = False
        for pid in [self.process.pid, *self.children()]:
            kill(pid)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self.is_wanted = False
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_START)
        except subprocess.TimeoutExpired:
            self.kill()

    def freeze(self, seconds: float) -> None:
        """Stop it and its children for a while."""
        pids = [self.process.pid, *self.children()]
        for pid in pids:
            kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        for pid in pids:
            kill(pid, signal.SIGCONT)


class Web(Process):
    """The site under a web server."""

    def __init__(self, server: str, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__([sys.executable, "-m", *SERVERS[server](self.port)], environment)

    def kill_worker(self) -> None:
        if workers := self.children():
            kill(random.choice(workers))

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, ValueError):
            return False


class TaskWorker(Process):
    """`run_tasks`, with short waits."""

    stderr = subprocess.DEVNULL  # without a database it ends with a traceback

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__([sys.executable, "-m", APPLICATION], environment)


class Redis(Process):
    """A Redis of its own that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        super().__init__(["redis-server", *options, "--loglevel", "warning"], {**os.environ})


class Cluster(Process):
    """A PostgreSQL of its own."""

    def __init__(self, folder: Path) -> None:
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        found = debian[-1] if debian else shutil.which("initdb")
        if not found:
            sys.exit("PostgreSQL's initdb is not installed")
        self.bin = Path(found).parent
        self.port = free_port()
        data = folder / "postgresql"
        data.mkdir()
        user = "postgres" if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
        if user:
            shutil.chown(data, user)
        options = ["-U", "palimpsest", "-A", "trust", "-E", "UTF8", "--locale=C", "--wal-segsize=1"]
        subprocess.run(
            [self.bin / "initdb", "-D", data, *options], user=user, check=True, stdout=subprocess.DEVNULL
        )
        with (data / "postgresql.conf").open("a") as file:
            file.write(
                "max_wal_size = 16MB\nmin_wal_size = 2MB\nlogging_collector = off\nlog_min_messages = panic\n"
            )
        arguments = ["-p", str(self.port), "-h", "127.0.0.1", "-k", str(data), "-c", "log_statement=none"]
        command = [str(self.bin / "postgres"), "-D", str(data), *arguments]
        super().__init__(command, {**os.environ}, user)
        self.wait()
        self.run("createdb", "palimpsest")

    def kill(self) -> None:
        """Kill all processes of the cluster, which are in a session of their own."""
        self.is_wanted = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def is_ready(self) -> bool:
        command = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command).returncode == 0

    def wait(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.is_ready():
            if time.monotonic() > deadline:
                sys.exit("PostgreSQL did not come back")
            self.keep()
            time.sleep(0.05)

    def run(self, program: str, *arguments: str) -> None:
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "palimpsest"]
        subprocess.run([self.bin / program, *place, *arguments], check=True, stdout=subprocess.DEVNULL)
