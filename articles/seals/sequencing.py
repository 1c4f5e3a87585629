"""The sequencer: gives an index to every row that has none, one lock at a time.

Whoever saves or decides writes nothing for it and waits for nothing. A row without an entry is found by its key, not by
the highest key so far: on PostgreSQL a transaction may commit a lower key later than a higher one. Each part is one
transaction, so what stops it loses nothing, and the next call goes on.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from .entries import SealedEntry, SealLog, keys_of
from .kinds import KINDS, PAGE, Kind, Row, leaf_of
from .tiles import append

AT_ONCE = 1024  # entries a transaction: on SQLite, writers wait for some hundredths of a second


def seal_new() -> Iterator[int]:
    """Add an entry for each row that has none; yield how many, part by part. Several callers take turns."""
    for kind in KINDS.values():
        after = 0
        while True:
            count, after = _seal_some(kind, after=after)
            if count:
                yield count
            if after < 0:
                break


def _seal_some(kind: Kind, *, after: int) -> tuple[int, int]:
    """Seal the next rows of a kind with higher keys; return how many, and the last key looked at, -1 at the end.

    Rows are read before the lock is taken, since decoding pages takes time: whoever seals beside may seal some of them
    first. A row that was committed stays what it says, and a page that is dropped meanwhile was there.
    """
    rows = list(kind.read(kind.unsealed(after=after)[:AT_ONCE]))
    last = max((row.key for row in rows), default=-1) if len(rows) == AT_ONCE else -1
    if kind is PAGE:
        rows = [row for row in rows if row.values[-1]]  # what cannot be read is told by `verify_history`
    with transaction.atomic():
        log = SealLog.locked()
        sealed = keys_of(kind.number, [row.key for row in rows])
        count = _add(log, kind, [row for row in rows if row.key not in sealed])
    return count, last


def _add(log: SealLog, kind: Kind, rows: list[Row]) -> int:
    """Give the next indices to rows of a kind, with the log locked; return how many."""
    entries = [
        SealedEntry(
            index=index,
            kind=kind.number,
            key=row.key,
            article=row.article,
            page=row.values[-1] if kind is PAGE else "",
        )
        for index, row in enumerate(rows, start=log.size)
    ]
    SealedEntry.objects.bulk_create(entries)
    append([leaf_of(log, kind, row) for row in rows], size=log.size)
    log.size += len(rows)
    log.save(update_fields=["size"])
    return len(rows)


def count_unsealed() -> int:
    """Return how many rows have no entry. Reads an index entry for each row that has one."""
    return sum(kind.unsealed().count() for kind in KINDS.values())
