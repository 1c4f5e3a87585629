"""Rows that are added and never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from articles.querysets import WriteOnceError, WriteOnceQuerySet


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
