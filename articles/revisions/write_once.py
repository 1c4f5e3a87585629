"""Write-once rows, and the column for checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.models import QuerySet

if TYPE_CHECKING:
    _DigestColumn = models.Field[str, str]
else:
    _DigestColumn = models.Field  # takes no type arguments at runtime

_Row = TypeVar("_Row", bound=models.Model, covariant=True)


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
