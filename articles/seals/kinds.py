"""What is sealed: the kinds of rows, which of their columns an entry covers, and the data that its hash is made of.

A row is sealed as soon as it says something that stays: a hiding when it is made, and once more when it is lifted.
Keys of accounts are left out, since accounts can be deleted; the recorded names are covered. A decision is sealed as
its line in the log, since its review can go back into the queue; `articles.seals.agreement` compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from articles.moderation.allowances import Allowance
from articles.proofs.tree import leaf_hash
from articles.proofs.versions import entry
from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.publications import Publication
from articles.revisions.renderings import Rendering
from articles.revisions.revisions import DamagedText, Revision
from articles.revisions.withholding import text_of, unread_of

from .entries import SealedEntry, SealLog


class Row(NamedTuple):
    """A row to be sealed: key, article, when it came about (None if it says nothing of that), and what it says."""

    key: int
    article: int | None
    at: datetime | None
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows. `number` and `name` stand in entries for ever."""

    number: int
    name: str
    label: str  # of one row, in messages
    rows: QuerySet[Any]  # those that are sealed
    columns: tuple[str, ...]
    article: str
    at: str = ""
    of_version: bool = False  # whether messages name a row by the number of its revision

    def unsealed(self, *, after: int = 0) -> QuerySet[Any]:
        """Return the rows that no entry names, by key. Reads one index entry for each row that one names."""
        entries = SealedEntry.objects.filter(kind=self.number, key=OuterRef("pk"))
        return self.rows.filter(~Exists(entries), pk__gt=after).order_by("pk")

    def with_keys(self, keys: Collection[int]) -> dict[int, Row]:
        """Return the rows with these keys as they are now, by key; without those that say no more what was sealed."""
        return {row.key: row for row in self.read(self.rows.filter(pk__in=keys))}

    def read(self, rows: QuerySet[Any]) -> Iterator[Row]:
        """Yield rows as they are sealed. One query."""
        if self is PAGE:
            yield from _pages(rows)
            return
        for key, article, at, *values in rows.values_list("pk", self.article, self.at, *self.columns):
            yield Row(key, article, at, tuple(values))


def leaf_data(log: SealLog, kind: Kind, row: Row) -> bytes:
    """Return the data of an entry, with times and days as texts."""
    return entry(kind.name, log.salt(kind.number, row.key).hex(), row.key, list(map(_plain, row.values)))


def leaf_of(log: SealLog, kind: Kind, row: Row) -> bytes:
    """Return the hash of an entry, which is a leaf of the tree."""
    return leaf_hash(leaf_data(log, kind, row))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _pages(rows: QuerySet[Any]) -> Iterator[Row]:
    """Yield stored pages with their digests; a page that cannot be read has an empty one."""
    with_texts = rows.select_related("revision__article", *text_of("revision"))
    for rendering in with_texts.defer(*unread_of("revision")).iterator(chunk_size=50):
        try:
            digest = rendering.digest_of_page()
        except DamagedText:
            digest = ""
        values = (rendering.revision_id, rendering.policy_version, digest)
        yield Row(rendering.pk, rendering.revision.article_id, None, values)


REVISION = Kind(
    number=0,
    name="revision",
    label="version",
    rows=Revision.objects.all(),
    columns=("article", "number", "format", "sha256"),
    article="article",
    at="created_at",
)
EVENT = Kind(
    number=1,
    name="event",
    label="log entry",
    rows=Event.objects.all(),
    columns=(
        *("at", "actor_name", "action", "article", "revision", "detail", "reason", "public_reason"),
        *("door", "address", "part_of"),
    ),
    article="article",
    at="at",
)
PUBLICATION = Kind(
    number=2,
    name="publication",
    label="publication of version",
    rows=Publication.objects.all(),
    columns=("published_at", "beginning", "cover"),
    article="revision__article",
    at="published_at",
    of_version=True,
)
HIDING = Kind(
    number=3,
    name="hiding",
    label="hiding of version",
    rows=Hiding.objects.all(),
    columns=("revision", "text", "summary", "author", "reason", "hidden_by_name", "hidden_at"),
    article="revision__article",
    at="hidden_at",
    of_version=True,
)
UNHIDING = Kind(
    number=4,
    name="end of hiding",
    label="end of the hiding of version",
    rows=Hiding.objects.filter(unhidden_at__isnull=False),
    columns=("unhidden_by_name", "unhidden_at"),
    article="revision__article",
    at="unhidden_at",
    of_version=True,
)
ALLOWANCE = Kind(
    number=5,
    name="allowance",
    label="allowance",
    rows=Allowance.objects.all(),
    columns=(
        *(
            "kind",
            "value",
            "severity",
            "check_id",
            "scope",
            "article",
            "language",
            "surroundings",
            "revision",
        ),
        *("reason", "until", "allowed_by_name", "allowed_at"),
    ),
    article="article",
    at="allowed_at",
)
CONFIRMATION = Kind(
    number=6,
    name="confirmation",
    label="confirmation of an allowance",
    rows=Allowance.objects.filter(confirmed_at__isnull=False),
    columns=("is_proposed", "confirmed_by_name", "confirmed_at"),
    article="article",
    at="confirmed_at",
)
REVOCATION = Kind(
    number=7,
    name="revocation",
    label="end of an allowance",
    rows=Allowance.objects.filter(revoked_at__isnull=False),
    columns=("revoked_by_name", "revoked_at", "revoked_why"),
    article="article",
    at="revoked_at",
)
PAGE = Kind(
    number=8,
    name="page",
    label="stored page of version",
    rows=Rendering.objects.filter(kept_page__isnull=False),
    columns=(),  # `_pages` says what is covered
    article="revision__article",
    of_version=True,
)
_ALL = (REVISION, EVENT, PUBLICATION, HIDING, UNHIDING, ALLOWANCE, CONFIRMATION, REVOCATION, PAGE)
KINDS = {kind.number: kind for kind in _ALL}
