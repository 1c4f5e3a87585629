"""Images, and where revisions show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import (
    Case,
    Count,
    F,
    Max,
    Min,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext

from articles import permissions

from .base import WriteOnceQuerySet, hidden_texts

if TYPE_CHECKING:
    pass


class ImageQuerySet(QuerySet):
    def unused(self) -> Self:
        """Images that no revision ever named."""
        return self.filter(uses__isnull=True)

    def of_article(self, article: int) -> Self:
        """Images that any version of an article names."""
        uses = apps.get_model("articles", "ImageUse")._default_manager
        return self.filter(pk__in=uses.filter(revision__article=article).values("image"))


class ImageUseQuerySet(WriteOnceQuerySet):
    def places(self, user: permissions.Person) -> QuerySet:
        """Each image and article whose versions name it, with the first, the last and the count of these."""
        title = F("revision__article__latest_revision__title")
        is_hidden = hidden_texts("revision__article__latest_revision")
        hidden = When(is_hidden, then=Value(gettext("(hidden)")))
        return (
            self.values(
                "image",
                "revision__article",
                slug=F("revision__article__slug"),
                title=title if permissions.can_hide(user) else Case(hidden, default=title),
            )
            .annotate(first=Min("revision__number"), last=Max("revision__number"), count=Count("pk"))
            .order_by("image", "-last", "revision__article")
        )
