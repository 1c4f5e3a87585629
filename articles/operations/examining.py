"""The state of a site, as its operator should know it: one finding a line, each problem with what to do."""

from __future__ import annotations

import platform
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks, mail
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus as Status

from articles.models import Review, Revision
from articles.seals.entries import SealedCheckpoint
from articles.seals.sequencing import count_unsealed
from articles.tasks.background_tasks import BackgroundTask
from articles.text.cli import VERSION
from articles.text.unicode.tables import UNICODE_VERSION
from cms_site import environment

from . import kinds

LEAST_FREE_BYTES = 1024**3
LONGEST_WAIT = timedelta(minutes=10)  # of a due task
OLDEST_BACKUP = timedelta(days=7)
OLDEST_SEAL = timedelta(days=2)  # while something is not sealed
MOST_SKEW_SECONDS = 2.0
_DECIDE = (
    "Ask the moderators to decide; notify_moderators writes to them, and QUEUE_AGE_HOURS says after how long."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a topic; `advice` is what to do, empty if all is well."""

    topic: str
    text: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Yield what is found, topic by topic. A topic that cannot be examined is a problem of its own."""
    for topic, check in CHECKS.items():
        try:
            for text, advice in check():
                yield Finding(topic, text, advice)
        except Exception as error:  # whatever it is, the other topics are examined all the same
            yield Finding(
                topic, f"{type(error).__name__}: {error}", "Mend this first, then call doctor again."
            )


Found = Iterator[tuple[str, str]]  # a text, and advice


def _versions() -> Found:
    import icu4py  # 20 MB, only for its version

    yield (
        f"Palimpsest {VERSION}, Python {platform.python_version()}, Django {django.__version__},"
        f" Unicode {UNICODE_VERSION}, ICU {icu4py.icu_version}",
        "",
    )


def _database() -> Found:
    yield f"{environment.describe_database(connection)}, version {kinds.server(connection)}", ""
    if connection.vendor != "postgresql":
        return
    for program in ("pg_dump", "pg_restore"):
        if not shutil.which(program):
            yield f"{program} is not installed, so no backup can be made", "Install postgresql-client."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcreatedb OR rolsuper, clock_timestamp() FROM pg_roles WHERE rolname = current_user"
        )
        may_create, now = cursor.fetchone()
    if not may_create:
        yield "Its account cannot make databases, so no backup can be verified", "ALTER ROLE … CREATEDB."
    skew = abs((now - datetime.now(UTC)).total_seconds())
    advice = "" if skew < MOST_SKEW_SECONDS else "Let both machines keep their clocks by NTP."
    yield f"Its clock differs by {skew:.1f} seconds", advice


_SYSTEM = "SELECT system_identifier FROM pg_control_system()"
_BEHIND = "SELECT pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn()) WHERE pg_is_in_recovery()"


def _hosts() -> Found:
    replicas = [alias for alias in connections if alias != DEFAULT_DB_ALIAS]
    if not replicas:
        yield "There is no replica", ""
        return
    for alias in replicas:
        try:
            yield _replica(alias)
        except Error as error:
            yield f"{alias} does not answer: {str(error).strip()}", "Start it, or correct REPLICA_URLS."
    if not settings.S3_BUCKET:
        yield "Images are in a folder of this host", "Set S3_BUCKET, unless all web hosts share the folder."
    if not settings.REDIS_URL:
        yield "Each process keeps its own pages", "Set REDIS_URL, unless there is one web host."


def _replica(alias: str) -> tuple[str, str]:
    """Return what is found about a replica, and advice."""
    if _row(alias, _SYSTEM) != _row(DEFAULT_DB_ALIAS, _SYSTEM):
        return f"{alias} is another database", "Correct REPLICA_URLS."
    behind = _row(alias, _BEHIND, *_row(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_lsn()"))
    if not behind:
        return f"{alias} follows no primary", "Make it a streaming replica, or take it out of REPLICA_URLS."
    return f"{alias} is {int(behind[0]):,} bytes behind", ""


def _row(alias: str, question: str, *values: Any) -> tuple[Any, ...]:
    """Return the first row that answers a question in SQL; nothing if there is none."""
    with connections[alias].cursor() as cursor:
        cursor.execute(question, values)
        return tuple(cursor.fetchone() or ())


def _migrations() -> Found:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield f"{len(pending)} to be applied", "Run manage.py upgrade." if pending else ""


def _settings() -> Found:
    messages = checks.run_checks(include_deployment_checks=True, databases=["default"])
    told = [message for message in messages if message.level >= checks.WARNING and not message.is_silenced()]
    for message in told:
        yield f"{message.msg} ({message.id})", message.hint or "See manage.py check --deploy."
    if not told:
        yield "The deployment checks report nothing", ""


def _files() -> Found:
    for path in _private():
        mode = stat.S_IMODE(path.stat().st_mode)
        advice = f"chmod -R go= {path}" if mode & 0o077 else ""
        yield f"{path} has mode {mode:03o}", advice


def _private() -> Iterator[Path]:
    """Yield the files and folders that only the account of the site should read."""
    paths = [environment.path(), Path(settings.BACKUP_ROOT)]
    if connection.vendor == "sqlite":
        paths.append(Path(connection.settings_dict["NAME"]))
    if not settings.S3_BUCKET:
        paths.append(Path(settings.MEDIA_ROOT))
    return (path for path in paths if path and path.exists())


def _disk() -> Found:
    for path in {path.stat().st_dev: path for path in [settings.BASE_DIR, *_private()]}.values():
        free = shutil.disk_usage(path).free
        advice = "" if free >= LEAST_FREE_BYTES else "Make room: without it, nothing can be saved."
        yield f"{free // 1024**2:,} MiB free at {path}", advice


def _backups() -> Found:
    made = [path.stat().st_mtime for path in Path(settings.BACKUP_ROOT).glob("palimpsest-*.tar")]
    if not made:
        yield f"None in {settings.BACKUP_ROOT}", "Run manage.py backup, every day by cron."
        return
    age = timedelta(seconds=time.time() - max(made))
    advice = "" if age < OLDEST_BACKUP else "Run manage.py backup, every day by cron."
    yield f"The newest of {len(made)} is {age.days} days old", advice


def _seals() -> Found:
    newest, long_ago = SealedCheckpoint.newest(), timezone.now() - OLDEST_SEAL
    advice = "Run manage.py seal --to DIRECTORY, every day by cron."
    if newest:
        is_old = newest.made_at < long_ago and count_unsealed() > 0
        age = timezone.now() - newest.made_at
        yield (
            f"The last checkpoint, of {newest.size:,} entries, is {age.days} days old",
            advice if is_old else "",
        )
    elif settings.SEAL_KEY:
        first = Revision.objects.order_by("pk").first()
        yield "Nothing is sealed", advice if first and first.created_at < long_ago else ""
    else:
        yield "Nothing is sealed; SEAL_KEY is not set", ""


def _tasks() -> Found:
    oldest = BackgroundTask.objects.due().order_by("run_after").first()
    if oldest and timezone.now() - oldest.run_after > LONGEST_WAIT:
        yield f"One waits since {oldest.run_after:%Y-%m-%d %H:%M} UTC", "Start a worker: manage.py run_tasks."
    failed = BackgroundTask.objects.filter(status=Status.FAILED).count()
    advice = "Look at Background tasks in the admin, and try them again." if failed else ""
    yield f"{failed} failed", advice


def _queue() -> Found:
    oldest = Review.objects.pending().oldest()
    if oldest is None:
        yield "Nothing waits for a moderator", ""
        return
    age = timezone.now() - oldest
    advice = "" if age <= timedelta(hours=settings.QUEUE_AGE_HOURS) else _DECIDE
    yield f"What waits longest was submitted {age // timedelta(hours=1)} hours ago", advice


def _mail() -> Found:
    if not settings.EMAIL_HOST:
        yield "EMAIL_HOST is not set, so no mail is sent", ""
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with mail.get_connection():
            yield f"{server} answers", ""
    except OSError as error:
        yield f"{server} does not take mail: {error}", "Correct EMAIL_HOST, EMAIL_PORT or the account."


def _cache() -> Found:
    if not settings.REDIS_URL:
        yield "Each process has its own; Redis is not set up", ""
        return
    now = str(time.time())
    cache.set("doctor", now, 60)
    answers = cache.get("doctor") == now
    yield (
        f"Redis {'answers' if answers else 'does not answer'}",
        "" if answers else "Start Redis, or correct REDIS_URL.",
    )


def _static() -> Found:
    collected: Any = getattr(staticfiles_storage, "hashed_files", {})
    advice = "" if collected else "Run manage.py collectstatic --noinput."
    yield f"{len(collected)} are collected in {settings.STATIC_ROOT}", advice


CHECKS: dict[str, Callable[[], Found]] = {
    "versions": _versions,
    "database": _database,
    "hosts": _hosts,
    "migrations": _migrations,
    "settings": _settings,
    "files": _files,
    "disk": _disk,
    "backups": _backups,
    "seals": _seals,
    "tasks": _tasks,
    "queue": _queue,
    "mail": _mail,
    "cache": _cache,
    "static files": _static,
}
