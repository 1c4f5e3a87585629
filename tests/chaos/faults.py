"""The faults: each spoils one thing, mends it again, and leaves the site to get ready by itself."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass

from django.db import DatabaseError, connection

from articles.operations import verifying

from .jobs import ask_for_job
from .site import Site

HOURS = 3600


def kill_worker(site: Site) -> None:
    site.web.kill_worker()


def kill_server(site: Site) -> None:
    site.web.kill()
    site.web.start()


def kill_database(site: Site) -> None:
    assert site.cluster
    site.cluster.kill()
    time.sleep(random.uniform(0, 0.5))
    site.cluster.start()


def lose_database(site: Site) -> None:
    """PostgreSQL is down for a while; of SQLite, another program holds the lock."""
    seconds = random.uniform(1, 3)
    if site.cluster:
        site.cluster.kill()
        time.sleep(seconds)
        site.cluster.start()
        return
    with closing(sqlite3.connect(site.sqlite, timeout=20, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def freeze_database(site: Site) -> None:
    assert site.cluster
    site.cluster.freeze(random.uniform(0.5, 2))


def replace_database(site: Site) -> None:
    """Back up while people write, and restore that beside them, as after the loss of a machine.

    What was acknowledged after the backup began may be gone, and is not asked for.
    """
    with ExitStack() as turns:
        for writer in site.writers:
            turns.enter_context(writer.turn)
        marks = [len(writer.acknowledged) for writer in site.writers]
        jobs = len(site.jobs)
    if not _succeeds(lambda: site.manage("backup", str(site.backups))):
        return
    backup = max(site.backups.iterdir(), key=lambda path: path.stat().st_mtime)
    site.web.stop()
    site.worker.stop()
    verifying.leave(connection)
    with ExitStack() as turns:
        for writer in site.writers:
            turns.enter_context(writer.turn)
        site.manage("restore_backup", "--into-non-empty", str(backup))
        for writer, mark in zip(site.writers, marks, strict=True):
            del writer.acknowledged[mark:]
        del site.jobs[jobs:]
    backup.unlink()
    site.drop_replaced()
    if site.redis:  # as the command says: it holds pages of the database that was there
        site.web.environment["REDIS_PREFIX"] = f"restored-{time.monotonic_ns()}"
        site.worker.environment["REDIS_PREFIX"] = site.web.environment["REDIS_PREFIX"]
    site.web.start()
    site.worker.start()


def fill_disk(site: Site) -> None:
    with site.disk.full():
        if not site.cluster:
            _cut_journal(site)
        time.sleep(random.uniform(1, 3))


def _cut_journal(site: Site) -> None:
    """Give back the room of SQLite's journal, in which many saves would still fit."""
    with closing(sqlite3.connect(site.sqlite, timeout=5)) as other, suppress(sqlite3.OperationalError):
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def lose_redis(site: Site) -> None:
    assert site.redis
    site.redis.kill()
    time.sleep(random.uniform(0, 3))
    site.redis.start()  # empty


def freeze_redis(site: Site) -> None:
    assert site.redis
    site.redis.freeze(random.uniform(1, 4))


def cut_network(site: Site) -> None:
    proxy = random.choice(site.proxies)
    proxy.cut()
    time.sleep(random.uniform(0.5, 3))
    proxy.mend()


def stall_network(site: Site) -> None:
    random.choice(site.proxies).stall(random.uniform(0.5, 3))


def move_clocks(site: Site) -> None:
    """The web server's and the task worker's clock differ for a while, by minutes or hours, forward or back."""
    for clock in site.clocks:
        clock.put(random.choice([-10 * HOURS, -HOURS, -300, 90, 300, HOURS, 10 * HOURS]))
    time.sleep(random.uniform(0.5, 3))
    for clock in site.clocks:
        clock.put(0)


def kill_task_worker(site: Site) -> None:
    """Kill the worker, and the web process that may do a part of it, in the middle of a decision or a sweep."""
    if not _succeeds(lambda: site.jobs.append(ask_for_job(site.next_job(), by=site.moderator))):
        return
    for _ in range(3):
        time.sleep(random.uniform(0.05, 0.4))
        site.worker.kill()
        site.worker.start()
    site.killed_workers += 3


def _succeeds(act: Callable[[], object]) -> bool:
    """Return whether it could be done: after another fault, the database may not answer yet."""
    try:
        act()
    except DatabaseError:
        connection.close()
        return False
    return True


@dataclass(frozen=True)
class Fault:
    """A kind of fault. `weight` is how often it is chosen, `seconds` how long it takes at most."""

    spoil: Callable[[Site], None]
    words: str
    weight: int = 2
    seconds: float = 5
    can: Callable[[Site], object] = lambda site: True


FAULTS = {
    "worker": Fault(kill_worker, "a web worker killed", 6, 1),
    "server": Fault(kill_server, "the web server killed", 1, 4),
    "database": Fault(kill_database, "the database killed", 2, 4, lambda site: site.cluster),
    "lost": Fault(lose_database, "the database lost or locked for 1 to 3 s", 1),
    "frozen": Fault(freeze_database, "the database frozen", 1, 4, lambda site: site.cluster),
    "replaced": Fault(replace_database, "the database replaced by a backup", 1, 20),
    "disk": Fault(fill_disk, "the disk full for 1 to 3 s", 2, 5, lambda site: site.disk.is_small),
    "redis": Fault(lose_redis, "Redis killed and started empty", 1, 4, lambda site: site.redis),
    "stuck": Fault(freeze_redis, "Redis frozen", 1, 5, lambda site: site.redis),
    "cut": Fault(cut_network, "the network cut", 2, 5, lambda site: site.proxies),
    "stall": Fault(stall_network, "the network stalled", 2, 5, lambda site: site.proxies),
    "clock": Fault(move_clocks, "the clocks moved", 1, 5),
    "tasks": Fault(kill_task_worker, "the task worker killed", 3, 4),
}
