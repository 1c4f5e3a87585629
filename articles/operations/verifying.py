"""What is damaged in a database: breaks in the chains of articles, and images whose files are lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from articles.models import Article, Image

CHUNK = 20  # revisions in memory at a time, each with its delta and the keyframe of the delta


class Fault(NamedTuple):
    """A break in the chain of an article."""

    number: int  # of the revision
    text: str
    is_damage: bool = True  # False if this release does not know the format of the checksum


def history_faults(article: Article) -> Iterator[Fault]:
    """Yield every break in an article's chain, in order. Reads the article's texts, `CHUNK` at a time."""
    expected, previous = 1, ""
    revisions = article.revisions.with_text().order_by("number")
    latest = None
    for latest in revisions.iterator(chunk_size=CHUNK):
        if expected < latest.number:
            gap = latest.number - expected
            yield Fault(expected, f"is missing, with {gap - 1:,} after it" if gap > 1 else "is missing")
        if fault := latest.fault(previous):
            yield Fault(latest.number, fault, is_damage=latest.has_known_format)
        expected, previous = latest.number + 1, latest.sha256
    if article.head_sha256 != previous:
        yield Fault(
            expected, "is missing: the article's head is the checksum of a version that does not exist"
        )
    elif latest is not None and article.latest_revision_id != latest.pk:
        yield Fault(latest.number, "is the last version, but the article points to another as its latest")


def database_faults(connection: Any, *, files: Collection[str]) -> Iterator[str]:
    """Yield a line for each fault of a database. `files` are the paths of the uploaded files that there are.

    Migrates the database first, which may be of an earlier release.
    """
    alias = connection.alias
    call_command("migrate", database=alias, verbosity=0, interactive=False, skip_checks=True)
    for article in Article.objects.using(alias).order_by("slug").iterator():
        for number, fault, _is_damage in history_faults(article):
            yield f"{article.slug}: version {number}: {fault}"
    for image in Image.objects.using(alias).order_by("pk").iterator():
        for path in image.paths:
            if path not in files:
                yield f"{path}: the file of an image is missing"


@contextmanager
def pointed_at(connection: Any, name: str) -> Iterator[None]:
    """Let a connection reach another database on the same server or in the same folder, for a while.

    All code then works on that one. For commands only: other threads would, too.
    """
    present = connection.settings_dict["NAME"]
    leave(connection)
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        leave(connection)
        connection.settings_dict["NAME"] = present


def leave(connection: Any) -> None:
    """Close the connection, and those of its pool."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def applied(connection: Any) -> list[str]:
    """Return the migrations that a database has, as "app.name"."""
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
