"""The rows of the log: its entries in order, the tiles of its tree, and its signed checkpoints.

An entry names a row of another table. The rows hold no text and no name: tiles hold hashes, and each hash covers 16
bytes that nobody outside can guess.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.revisions.write_once import DigestField, WriteOnce

SALT_SIZE = 16  # bytes
SECRET_SIZE = 32  # bytes

if TYPE_CHECKING:
    _IndexColumn = models.BigIntegerField[int, int]
else:
    _IndexColumn = models.BigIntegerField


class IndexField(_IndexColumn):
    """The index of an entry as primary key. SQLite takes it as the number of the row, which needs no index."""

    def db_type(self, connection: Any) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class SealedEntry(WriteOnce):
    """An entry of the log: a row of a kind of `articles.seals.kinds`, by its key. Indices begin at 0, without a gap.

    `article` is the key of the article that the row is about, so that a lost row can be named; None if it is about
    none. It refers to nothing: whoever deletes an article must not have to delete entries. `page` is the digest of a
    stored page, with which its hash can be made again after the page was dropped; empty for other kinds.
    """

    index = IndexField(primary_key=True)
    kind = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    article = models.BigIntegerField(null=True)
    page = DigestField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="sealed_once")]

    def __str__(self) -> str:
        return f"{self.index}: {self.kind} {self.key}"


class SealedTile(models.Model):
    """Up to 256 hashes of a level of the tree, as C2SP's tlog-tiles cuts it; the last tile of a level grows."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        verbose_name = _("tile of the log")
        verbose_name_plural = _("tiles of the log")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="sealed_tile_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class SealLog(models.Model):
    """The one row that says how many entries there are; whoever seals locks it. `secret` makes the salts."""

    size = models.BigIntegerField(default=0)
    secret = models.BinaryField()

    class Meta:
        verbose_name = _("log of seals")
        verbose_name_plural = _("logs of seals")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.size}"

    @classmethod
    def stored(cls) -> SealLog | None:
        """Return the row; None if nothing was ever sealed."""
        return cls.objects.filter(pk=1).first()

    @classmethod
    def locked(cls) -> SealLog:
        """Lock the row for this transaction and return it; the first call makes it."""
        cls.objects.get_or_create(pk=1, defaults={"secret": secrets.token_bytes(SECRET_SIZE)})
        return cls.objects.select_for_update().get(pk=1)

    def salt(self, kind: int, key: int) -> bytes:
        """Return the salt of an entry, without which nobody can tell whether a guess of its content is right."""
        return hmac.digest(bytes(self.secret), f"{kind}:{key}".encode(), "sha256")[:SALT_SIZE]


class SealedCheckpoint(models.Model):
    """A signed checkpoint: the note, its key, and the answer of a timestamp authority, None without one."""

    size = models.BigIntegerField()
    note = models.TextField()
    key = models.TextField()
    made_at = models.DateTimeField()
    timestamp = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.size}"

    @classmethod
    def newest(cls) -> SealedCheckpoint | None:
        return cls.objects.order_by("-pk").first()


def keys_of(kind: int, keys: Iterable[int]) -> dict[int, int]:
    """Return the index of each row of a kind that is sealed, by its key. One query."""
    rows = SealedEntry.objects.filter(kind=kind, key__in=keys)
    return dict(rows.values_list("key", "index"))
