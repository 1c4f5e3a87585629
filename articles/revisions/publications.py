"""Publications: when revisions first went live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .write_once import WriteOnce, WriteOnceQuerySet

if TYPE_CHECKING:
    from .revisions import Revision


class PublicationQuerySet(WriteOnceQuerySet["Publication"]):
    def newer_than(self, revision: Revision) -> Self:
        """Keep the publications of newer revisions of the same article, with these, the newest first."""
        newer = self.filter(revision__article=revision.article_id, revision__number__gt=revision.number)
        return newer.select_related("revision").order_by("-revision__number")


class Publication(WriteOnce):
    """The first time a revision went live; since then readers see it while its article is public."""

    revision = models.OneToOneField(
        "articles.Revision", models.PROTECT, primary_key=True, related_name="publication"
    )
    published_at = models.DateTimeField(_("published at"))

    objects: ClassVar[Any] = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.published_at}"
