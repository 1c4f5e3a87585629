"""Write-once rows, and the columns that keep them small: for checksums, times, and keys that are a revision's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.models import QuerySet

_Row = TypeVar("_Row", bound=models.Model, covariant=True)

if TYPE_CHECKING:
    _DigestColumn = models.Field[str, str]
    _TimeColumn = models.DateTimeField[datetime, datetime]
else:
    _DigestColumn = models.Field  # takes no type arguments at runtime
    _TimeColumn = models.DateTimeField


class DigestField(_DigestColumn):
    """A column for a SHA-256: hexadecimal in Python, "" for none, and 32 bytes in the database."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else bytes(value).hex()

    def get_prep_value(self, value: Any) -> Any:
        return bytes.fromhex(value) if isinstance(value, str) else value

    def get_default(self) -> str:
        return ""


if TYPE_CHECKING:
    RevisionKey = models.OneToOneField  # whose types the plugin of mypy knows
else:

    class RevisionKey(models.OneToOneField):
        """The revision as primary key. SQLite takes it as the number of the row, which needs no index."""

        def db_type(self, connection):
            return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class MomentField(_TimeColumn):
    """A time that SQLite keeps as microseconds since 1970, in 8 bytes instead of 26, as PostgreSQL does anyway.

    Compare the column with values and with itself only: other columns for times are text there.
    """

    def get_internal_type(self) -> str:
        return "MomentField"  # else Django reads the number as text

    def db_type(self, connection: Any) -> str:
        return "bigint" if connection.vendor == "sqlite" else "timestamp with time zone"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if connection.vendor != "sqlite":
            return super().get_db_prep_value(value, connection, prepared)
        value = value if prepared else self.get_prep_value(value)
        return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> datetime | None:
        return _EPOCH + value * _MICROSECOND if isinstance(value, int) else value


class WriteOnceError(TypeError):
    """An attempt to change or delete a write-once row."""


class WriteOnceQuerySet(QuerySet[_Row]):
    """Write-once rows: every change or deletion raises `WriteOnceError`."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self.model._meta.verbose_name_plural} are written once; add a new one")

    update = delete = bulk_update = update_or_create = _refuse


class WriteOnce(models.Model):
    """A row that is never changed or deleted. A database trigger refuses other programs, too."""

    objects: ClassVar[models.Manager[Any]] = WriteOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WriteOnceError(f"{self._meta.verbose_name} {self.pk} is written once; add a new one")
        super().save(*args, force_insert=True, **{k: v for k, v in kwargs.items() if k == "using"})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self._meta.verbose_name} {self.pk} is kept; it cannot be deleted")
