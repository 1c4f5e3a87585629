"""What moderators allowed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from django.db.models import (
    Q,
    QuerySet,
)
from django.utils import timezone

if TYPE_CHECKING:
    from articles.models import Revision


def reach_of(language: str) -> list[str]:
    """The tags under which an allowance holds for a language: its own, and that without region and script."""
    tag = language.lower()
    return [tag, tag.partition("-")[0]]


class AllowanceQuerySet(QuerySet):
    def active(self) -> Self:
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), revoked_at=None)

    def ended(self) -> Self:
        return self.exclude(pk__in=self.active().values("pk"))

    def reaching(self, article: int, language: str) -> Self:
        """Those in force that may silence something in an article of this language."""
        everywhere = Q(scope="language", language__in=reach_of(language)) | Q(scope="site")
        return self.active().filter(Q(article=article) | everywhere)

    def reaching_any(self, revisions: list[Revision]) -> Self:
        everywhere = Q(scope__in=["language", "site"])
        return self.active().filter(Q(article__in={r.article_id for r in revisions}) | everywhere)

    def matching(self, words: str) -> Self:
        """Those whose characters, reason, article or person hold all of the words; U+0430 stands for its character."""
        found = self
        for word in words.split():
            code = re.fullmatch(r"[Uu]\+([0-9A-Fa-f]{4,6})", word)
            if code and 0 < int(code[1], 16) < 0x110000 and not 0xD800 <= int(code[1], 16) < 0xE000:
                found = found.filter(value__contains=chr(int(code[1], 16)))
            else:
                found = found.filter(
                    Q(value__icontains=word)
                    | Q(reason__icontains=word)
                    | Q(article__slug__icontains=word)
                    | Q(allowed_by_name__icontains=word)
                )
        return found
