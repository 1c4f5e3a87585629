"""Hosts of the cluster test: network namespaces, each with a cable to the others and perhaps one to readers.

All of it stands in a namespace of networks, mounts and processes of its own, and ends with its first process.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
FRONT, BACK = "10.77.1", "10.77.2"  # the networks of readers and of hosts
RATE = "128kbit"  # what a slow cable lets through in a second
SECONDS_TO_START = 40


DATABASE, REPLICA, REDIS, S3 = 11, 12, 21, 31  # numbers of hosts


def environment() -> dict[str, str]:
    """Return the settings of all web hosts, and of this test."""
    return {
        "DATABASE_URL": f"postgres://palimpsest@{BACK}.{DATABASE}:5432/palimpsest",
        "REPLICA_URLS": f"postgres://palimpsest@{BACK}.{REPLICA}:5432/palimpsest",
        "REDIS_URL": f"redis://{BACK}.{REDIS}:6379/0",
        "S3_BUCKET": "pictures",
        "AWS_ENDPOINT_URL": f"http://{BACK}.{S3}:5000",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "SECRET_KEY": "for this run alone, in a folder that is thrown away afterwards",
        "ALLOWED_HOSTS": f"{FRONT}.1,{FRONT}.2",
        "DJANGO_SETTINGS_MODULE": "cms_site.settings",
        "PALIMPSEST_ENV": "",
        "LIMITS": "0",
        "LOG_LEVEL": "ERROR",
    }


def sh(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def lay_networks() -> None:
    Path("/run/netns").mkdir(exist_ok=True)
    sh("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    sh("ip", "link", "set", "lo", "up")
    for name, network in (("front", FRONT), ("back", BACK)):
        sh("ip", "link", "add", name, "type", "bridge")
        sh("ip", "address", "add", f"{network}.254/24", "dev", name)
        sh("ip", "link", "set", name, "up")


class Host:
    """A host with one program, which a supervisor starts again when it is dead."""

    def __init__(self, name: str, number: int, folder: Path, *, serves_readers: bool = False) -> None:
        self.name = name
        self.folder = folder / name
        self.folder.mkdir()
        self.address = f"{BACK}.{number}"
        self.environment = {**os.environ, "TMPDIR": str(self.folder)}
        self.command: list[object] = []
        self.code = ROOT
        self.is_ready: Callable[[], bool] = lambda: True
        self._log = (self.folder / "log").open("ab")
        sh("ip", "netns", "add", name)
        sh("ip", "-n", name, "link", "set", "lo", "up")
        for network, prefix in [("back", BACK), *([("front", FRONT)] if serves_readers else [])]:
            cable = f"{name}-{network}"
            sh("ip", "link", "add", cable, "type", "veth", "peer", "name", network, "netns", name)
            sh("ip", "link", "set", cable, "master", network, "up")
            sh("ip", "-n", name, "address", "add", f"{prefix}.{number}/24", "dev", network)
            sh("ip", "-n", name, "link", "set", network, "up")

    def start(self) -> None:
        """Start the program, anew if it ends because the one before has not quite gone; return when it is ready."""
        deadline = time.monotonic() + SECONDS_TO_START
        self.open()
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} did not start; see its log:\n{self.log()[-2000:]}")
            if self.process.poll() is not None:
                self.open()
            time.sleep(0.1)

    def open(self) -> None:
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, *map(str, self.command)],
            cwd=self.code,
            env=self.environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def cut_off(self) -> None:
        """Lose whatever goes to other hosts or comes from them."""
        sh("ip", "link", "set", f"{self.name}-back", "nomaster")

    def join(self) -> None:
        sh("ip", "link", "set", f"{self.name}-back", "master", "back")

    def slow_down(self) -> None:
        shape = f"tbf rate {RATE} burst 4kb latency 2s".split()
        sh("tc", "qdisc", "add", "dev", f"{self.name}-back", "root", *shape)
        sh("ip", "netns", "exec", self.name, "tc", "qdisc", "add", "dev", "back", "root", *shape)

    def speed_up(self) -> None:
        sh("tc", "qdisc", "del", "dev", f"{self.name}-back", "root")
        sh("ip", "netns", "exec", self.name, "tc", "qdisc", "del", "dev", "back", "root")

    def answers_at(self, port: int) -> bool:
        try:
            socket.create_connection((self.address, port), timeout=1).close()
        except OSError:
            return False
        return True

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


class Database(Host):
    """PostgreSQL, which refuses to run as root."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        super().__init__(name, number, folder)
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        initdb = debian[-1] if debian else shutil.which("initdb")
        if not initdb:
            sys.exit("PostgreSQL is not installed")
        self.bin = Path(initdb).parent
        self.data = self.folder / "data"
        shutil.chown(self.folder, "postgres", "postgres")
        self.is_ready = self._is_ready

    def make(self) -> None:
        self._run("initdb", "-D", self.data, "-U", "palimpsest", "-A", "trust", "-E", "UTF8", "--locale=C")
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/16 trust\nhost replication all 10.77.0.0/16 trust\n")
        self._serve()
        self._run("createdb", "-h", self.address, "-U", "palimpsest", "palimpsest")

    def follow(self, primary: Database) -> None:
        source = f"host={primary.address} user=palimpsest connect_timeout=2"
        self._run("pg_basebackup", "-d", source, "-D", self.data, "-R", "-X", "stream", "-c", "fast")
        self._serve()

    def _serve(self) -> None:
        settings = {
            "listen_addresses": self.address,
            "unix_socket_directories": "",
            "wal_sender_timeout": "5s",
            "wal_receiver_timeout": "5s",
            "wal_retrieve_retry_interval": "500ms",
            "hot_standby_feedback": "on",
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        self.command = self._as_postgres("postgres", "-D", self.data, *options)
        self.start()

    def _is_ready(self) -> bool:
        probe = [self.bin / "pg_isready", "-q", "-t", "1", "-h", self.address]
        return subprocess.run(probe).returncode == 0

    def _as_postgres(self, program: str, *arguments: object) -> list[object]:
        identity = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        return ["setpriv", *identity, self.bin / program, *arguments]

    def _run(self, program: str, *arguments: object) -> None:
        command = ["ip", "netns", "exec", self.name, *self._as_postgres(program, *arguments)]
        subprocess.run([str(part) for part in command], check=True, stdout=self._log, stderr=self._log)


class Web(Host):
    """The site under gunicorn, from the folder of a release."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        super().__init__(name, number, folder, serves_readers=True)
        self.url = f"http://{FRONT}.{number}:8000"
        self.environment |= {"MEDIA_ROOT": str(self.folder / "media")}
        self.is_ready = self.is_ready_for_readers
        self.command = [
            *(sys.executable, "-m", "gunicorn", "cms_site.wsgi", "--preload", "--log-level", "error"),
            *("--bind", self.url.removeprefix("http://"), "--workers", 2, "--threads", 4),
            *("--worker-tmp-dir", self.folder),
        ]

    def is_ready_for_readers(self) -> bool:
        return self.probe() == 200

    def probe(self) -> int:
        """Return the status of `/readyz`; 0 without an answer."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).status_code
        except requests.RequestException:
            return 0


def redis(folder: Path) -> Host:
    host = Host("redis", REDIS, folder)
    host.command = ["redis-server", "--bind", host.address, "--protected-mode", "no", "--save", ""]
    host.is_ready = lambda: host.answers_at(6379)
    return host


def bucket(folder: Path) -> Host:
    """S3, as moto plays it. It forgets all when it is killed."""
    host = Host("s3", S3, folder)
    host.command = [sys.executable, "-m", "moto.server", "-H", host.address, "-p", 5000]
    host.is_ready = lambda: host.answers_at(5000)
    return host
