"""Rows that are added and never changed, and the column of their checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import QuerySet

if TYPE_CHECKING:
    pass


class DigestField(models.Field):
    """A SHA-256 in hexadecimal, or "" for none; its row holds the 32 bytes."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else bytes(value).hex()

    def get_prep_value(self, value: Any) -> Any:
        return bytes.fromhex(value) if isinstance(value, str) else value

    def get_default(self) -> str:
        return ""


class WriteOnceError(TypeError):
    """An attempt to change or delete what is written once."""


class WriteOnceQuerySet(QuerySet):
    """Rows that are added and read, never changed and never deleted."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self.model._meta.verbose_name_plural} are written once; add a new one")

    update = delete = bulk_update = update_or_create = _refuse


class WriteOnce(models.Model):
    """A row that is added and never changed. A database trigger says the same to everybody else."""

    objects: ClassVar[models.Manager[Any]] = WriteOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WriteOnceError(f"{self._meta.verbose_name} {self.pk} is written once; add a new one")
        super().save(*args, force_insert=True, **{k: v for k, v in kwargs.items() if k == "using"})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self._meta.verbose_name} {self.pk} is kept; it cannot be deleted")
