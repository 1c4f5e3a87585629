"""Renderings, and the findings in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import (
    Min,
    QuerySet,
)

from .base import WithholdingQuerySet, text_of

if TYPE_CHECKING:
    from articles.models import Revision


class RenderingQuerySet(WithholdingQuerySet):
    def with_revision(self) -> Self:
        """With all that a page of the revision shows."""
        return self.select_related("revision__article", "revision__publication", *text_of("revision"))

    def drop_pages(self) -> int:
        """Let go of the HTML; the counters stay, and the page is made again when asked for."""
        return self.filter(kept_page__isnull=False).update(kept_page=None, kept_removals=None)

    def supersede(self, *, policy: str, agreed: bool) -> int:
        """Drop the pages that were kept under a policy, and correct what the rows say of the sanitizers."""
        return self.filter(policy_version=policy).update(kept_page=None, kept_removals=None, agreed=agreed)


class FindingQuerySet(QuerySet):
    def first_seen(self, revision: Revision) -> dict[tuple[str, str, str], int]:
        """Which version of the article first brought in what stands in this one, by field, check and characters."""
        rows = self.filter(revision__article=revision.article_id, revision__number__lte=revision.number)
        kinds = rows.order_by().values_list("field", "check_id", "text")
        return {tuple(kind): first for *kind, first in kinds.annotate(first=Min("revision__number"))}
