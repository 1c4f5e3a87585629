"""What is hidden of revisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from django.db.models import (
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    pass


class HidingQuerySet(QuerySet):
    def active(self) -> Self:
        return self.filter(lifted_at=None)

    def of_texts(self) -> Self:
        return self.active().filter(text=True)

    def for_list(self) -> Self:
        """All of them, those in force first."""
        rows = self.annotate(in_force_until=Coalesce("lifted_at", Value(datetime.max.replace(tzinfo=UTC))))
        return rows.select_related("revision__article").order_by("-in_force_until", "-pk")
