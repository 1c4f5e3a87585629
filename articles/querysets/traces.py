"""What tells that articles resemble each other or link to the same places."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Count,
    QuerySet,
)

if TYPE_CHECKING:
    pass


class SketchQuerySet(QuerySet):
    def resembling(
        self, kind: str, values: Collection[int], *, enough: int, apart_from: int
    ) -> QuerySet[Any, dict[str, Any]]:
        """Revisions of other articles that share so many of these hashes, most shared first, with how many."""
        others = self.filter(kind=kind, value__in=values).exclude(revision__article=apart_from)
        shared = others.order_by().values("revision", "revision__article").annotate(shared=Count("pk"))
        return shared.filter(shared__gte=enough).order_by("-shared", "revision")


class LinkedHostQuerySet(QuerySet):
    def counts(self, hosts: Collection[str]) -> dict[str, int]:
        """How many articles that are public now link to each of these hosts."""
        rows = self.filter(host__in=hosts).order_by()
        return dict(rows.values_list("host").annotate(n=Count("pk")))
