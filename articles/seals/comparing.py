"""Comparing what was sealed with what stands now: the tree with checkpoints, then each row with its entry.

Whoever has the database can rewrite the tree as well; the checkpoints, which are kept elsewhere, then give it away.
Where the tree is what a checkpoint signed, each entry tells of its own row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from articles.proofs import tree
from articles.proofs.notes import Checkpoint
from articles.revisions.events import Event
from articles.revisions.renderings import Rendering
from articles.revisions.revisions import DamagedText

from .checkpoints import origin
from .entries import SealedCheckpoint, SealedEntry, SealedTile, SealLog, keys_of
from .faults import ALTERED, BACKDATED, MISSING, REPLACED, UNSEALED, Faults
from .kinds import EVENT, KINDS, PAGE, PUBLICATION, REVISION, Kind, Row, leaf_of
from .tiles import SIZE, WIDTH, bytes_of, nodes_of, read_tile, split

AT_ONCE = 4 * WIDTH  # entries in memory at a time
SLACK = timedelta(hours=1)  # by which transactions and the clocks of hosts may be apart


def seal_faults(checkpoints: Sequence[Checkpoint], *, tell: Callable[[int], None]) -> Iterator[str]:
    """Yield a line for each difference from what the checkpoints sealed; nothing if all is whole.

    `tell` is called with the number of entries that were compared. Reads every sealed row once, in constant memory but
    for a number an article.
    """
    log = SealLog.stored() or SealLog(size=0, secret=b"")
    sizes = set()
    levels = _counted_levels()
    for checkpoint, fault in _tree_faults(checkpoints, log.size, _counted_nodes(levels)):
        if fault:
            yield fault
        else:
            sizes.add(checkpoint.size)
    yield from _level_faults(levels)
    sizes |= set(SealedCheckpoint.objects.values_list("size", flat=True))
    comparison = _Comparison(log, sizes)
    comparison.compare_entries(tell)
    comparison.compare_others()
    yield from comparison.lost
    yield from comparison.faults.lines()


def _tree_faults(
    checkpoints: Sequence[Checkpoint], size: int, node: tree.Node
) -> Iterator[tuple[Checkpoint, str]]:
    """Yield each checkpoint with why the log is not the one that it signed, or an empty string. Smallest first."""
    whole = 0
    for checkpoint in checkpoints:
        told = f"log: the checkpoint of {checkpoint.size:,} entries"
        if checkpoint.size > size:
            yield checkpoint, f"{told} signed more than there are now: {checkpoint.size - size:,} are lost"
            continue
        try:
            is_same = tree.root_at(checkpoint.size, node) == checkpoint.root
        except LookupError:
            is_same = False
        if is_same:
            whole = checkpoint.size
            yield checkpoint, ""
        else:
            named = (
                f"; it is by {checkpoint.origin}, and this is {origin()}"
                if checkpoint.origin != origin()
                else ""
            )
            yield (
                checkpoint,
                f"{told} signed others: the log was rewritten somewhere after entry {whole:,}{named}",
            )


def _counted_levels() -> list[bytes]:
    """Return the hashes of the levels 1, 2 and so on, counted from those of entries; other tiles are not believed."""
    levels = [b""]
    for number, (found, hashes) in enumerate(_leaf_tiles()):
        if found != number or len(hashes) != WIDTH * SIZE:
            break
        levels[0] += tree.root(split(hashes))
    while len(levels[-1]) >= WIDTH * SIZE:
        below = levels[-1]
        full = len(below) // (WIDTH * SIZE)
        tiles = (below[place * WIDTH * SIZE : (place + 1) * WIDTH * SIZE] for place in range(full))
        levels.append(b"".join(tree.root(split(tile)) for tile in tiles))
    return levels


def _level_faults(levels: list[bytes]) -> Iterator[str]:
    """Yield a line for each tile above the entries that is not what they give: readers get proofs from it."""
    for level, counted in enumerate(levels, start=1):
        for start in range(0, len(counted), WIDTH * SIZE):
            number, hashes = start // (WIDTH * SIZE), counted[start : start + WIDTH * SIZE]
            if read_tile(level, number, len(hashes) // SIZE) != hashes:
                yield f"log: tile {number:,} of level {level} is not what the hashes of entries give"


def _counted_nodes(levels: list[bytes]) -> tree.Node:
    """Return the function that answers with nodes counted from the hashes of entries."""

    def read(level: int, number: int) -> bytes:
        if level == 0:
            return _leaves(number, number + 1)
        hashes = levels[level - 1] if level <= len(levels) else b""
        return hashes[number * WIDTH * SIZE : (number + 1) * WIDTH * SIZE]

    return nodes_of(read)


def _leaf_tiles() -> Iterator[tuple[int, bytes]]:
    rows = SealedTile.objects.filter(level=0).order_by("number").values_list("number", "hashes")
    return ((number, bytes_of(hashes)) for number, hashes in rows.iterator(chunk_size=64))


def _leaves(first: int, end: int) -> bytes:
    """Return the hashes of the entries in some tiles; one that is lost, or too short, counts as zeros."""
    rows = SealedTile.objects.filter(level=0, number__gte=first, number__lt=end)
    found = dict(rows.values_list("number", "hashes"))
    tiles = [bytes_of(found.get(number)) for number in range(first, end)]
    return b"".join(tile.ljust(WIDTH * SIZE, b"\0") for tile in tiles)


class _Comparison:
    """One walk over the log. `floor` is the newest date before the last boundary: nothing after it may be older."""

    def __init__(self, log: SealLog, boundaries: Collection[int]) -> None:
        self.log = log
        self.faults = Faults()
        self.lost: list[str] = []
        self._boundaries = sorted(boundaries, reverse=True)
        self._boundary = 0
        self._newest: datetime | None = None
        self._floor: datetime | None = None
        self._versions: Counter[int | None] = Counter()  # sealed so far, an article

    def compare_entries(self, tell: Callable[[int], None]) -> None:
        """Compare every entry with its row, in order."""
        last = SealedEntry.objects.order_by("-index").values_list("index", flat=True).first()
        size = min(self.log.size, 0 if last is None else last + 1)
        if size < self.log.size:
            self.lost.append(f"log: the entries {size:,} to {self.log.size - 1:,} are lost")
        for start in range(0, size, AT_ONCE):
            end = min(start + AT_ONCE, size)
            entries = SealedEntry.objects.filter(index__gte=start, index__lt=end).order_by("index")
            self._compare_some(list(entries), start, end)
            tell(end)
        self._cross(self.log.size)

    def _compare_some(self, entries: list[SealedEntry], start: int, end: int) -> None:
        leaves = _leaves(start // WIDTH, -(-end // WIDTH))
        rows = {number: kind.with_keys(_keys(entries, number)) for number, kind in KINDS.items()}
        rows[PAGE.number] |= _dropped_pages([entry for entry in entries if entry.kind == PAGE.number])
        if len(entries) < end - start:
            self.lost.append(
                f"log: {end - start - len(entries)} of the entries {start:,} to {end - 1:,} are lost"
            )
        for entry in entries:
            self._cross(entry.index)
            kind = KINDS.get(entry.kind)
            if kind is None:
                self.lost.append(f"log: entry {entry.index:,} is of no known kind")
                continue
            place = (entry.index - start) * SIZE
            self._compare(entry, kind, rows[kind.number].get(entry.key), leaves[place : place + SIZE])

    def _compare(self, entry: SealedEntry, kind: Kind, row: Row | None, leaf: bytes) -> None:
        key = entry.key
        if kind is REVISION:
            self._versions[entry.article] += 1
            key = self._versions[entry.article]
        if row is None:
            self.faults.add(kind, entry.article, key, MISSING)
        elif leaf_of(self.log, kind, row) != leaf:
            self.faults.add(kind, entry.article, key, ALTERED)
        elif row.at:
            if self._is_too_old(kind, row):
                self.faults.add(kind, entry.article, key, BACKDATED)
            self._newest = max(self._newest or row.at, row.at)

    def _cross(self, index: int) -> None:
        """Raise the floor at each boundary up to an entry."""
        while self._boundaries and self._boundaries[-1] <= index:
            self._boundary = self._boundaries.pop()
            self._floor = self._newest

    def compare_others(self) -> None:
        """Look at the rows that no entry names: they are new, unless they are dated before what is sealed."""
        for kind in KINDS.values():
            if kind is PAGE:
                continue
            for row in kind.read(kind.unsealed()):
                if self._is_too_old(kind, row):
                    key = row.values[1] if kind is REVISION else row.key
                    self.faults.add(kind, row.article, key, UNSEALED)
        sealed = SealedEntry.objects.filter(kind=REVISION.number, key=OuterRef("revision"))
        pages = Rendering.objects.with_revision().filter(Exists(sealed), pk__in=PAGE.unsealed().values("pk"))
        for rendering in pages.iterator(chunk_size=50):
            if _is_wrong(rendering) and not self._is_copy(rendering):
                self.faults.add(PAGE, rendering.revision.article_id, rendering.pk, REPLACED)

    def _is_copy(self, rendering: Rendering) -> bool:
        """Return whether an earlier row of the revision was sealed with this page, as `rescan` hands one on."""
        digest = rendering.digest_of_page()
        rows = Rendering.objects.filter(revision=rendering.revision_id).exclude(pk=rendering.pk)
        policies = dict(rows.values_list("pk", "policy_version"))
        for key, index in keys_of(PAGE.number, policies).items():
            row = Row(key, None, None, (rendering.revision_id, policies[key], digest))
            place = index % WIDTH * SIZE
            if (
                leaf_of(self.log, PAGE, row)
                == _leaves(index // WIDTH, index // WIDTH + 1)[place : place + SIZE]
            ):
                return True
        return False

    def _is_too_old(self, kind: Kind, row: Row) -> bool:
        """Return whether a row behind a boundary is older than what stands before it, and no schedule explains that."""
        if self._floor is None or row.at is None or row.at >= self._floor - SLACK:
            return False
        return not self._was_scheduled(kind, row)

    def _was_scheduled(self, kind: Kind, row: Row) -> bool:
        """Return whether a schedule that was sealed before let a row come late: it is dated when it was due."""
        if kind is EVENT:
            said = dict(zip(EVENT.columns, row.values, strict=True))
            if said["door"] != Event.Door.CLOCK:
                return False
            of_revision = Event.objects.filter(revision=said["revision"], article=row.article)
            plans = of_revision.filter(action=Event.Action.SCHEDULE, at__lte=row.at)
            sealed = keys_of(EVENT.number, plans.values_list("pk", flat=True))
            return any(index < self._boundary for index in sealed.values())
        if kind is PUBLICATION and row.at:
            of_revision = Event.objects.filter(revision=row.key, article=row.article)
            return of_revision.filter(action=Event.Action.PUBLISH, door=Event.Door.CLOCK, at=row.at).exists()
        return False


def _keys(entries: list[SealedEntry], kind: int) -> list[int]:
    return [entry.key for entry in entries if entry.kind == kind]


def _dropped_pages(entries: Collection[SealedEntry]) -> dict[int, Row]:
    """Return the rows whose page was dropped since, as it may be, with the digests that their entries keep."""
    digests = {entry.key: entry.page for entry in entries}
    rows = Rendering.objects.filter(pk__in=digests, kept_page__isnull=True)
    columns = ("pk", "revision__article", "revision", "policy_version")
    return {
        key: Row(key, article, None, (revision, policy, digests[key]))
        for key, article, revision, policy in rows.values_list(*columns)
    }


def _is_wrong(rendering: Rendering) -> bool:
    """Return whether a page is not what the present policy makes of its source; a damaged text is told elsewhere."""
    try:
        page = {"HTML", "removals"} & set(rendering.differences(rendering.made_again))
        return bool(rendering.damage or page)
    except DamagedText:
        return False
