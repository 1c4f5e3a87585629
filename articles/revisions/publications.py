"""Publications: when revisions first went live."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Min, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.text.content.defaults import MAX_EXCERPT

from .write_once import WriteOnce, WriteOnceQuerySet

if TYPE_CHECKING:
    from .revisions import Revision


class PublicationQuerySet(WriteOnceQuerySet["Publication"]):
    def newer_than(self, revision: Revision) -> Self:
        """Keep the publications of newer revisions of the same article, with these, the newest first."""
        newer = self.filter(revision__article=revision.article_id, revision__number__gt=revision.number)
        return newer.select_related("revision").order_by("-revision__number")

    def of_last_change(self, revision: Revision) -> datetime | None:
        """Return when readers first got the last change up to a revision that corrects more than typos.

        That is when the first revision went live that contains the change. None if none did. One query.
        """
        until = self.filter(revision__article=revision.article_id, revision__number__lte=revision.number)
        changes = revision.article.revisions.filter(number__lte=revision.number).exclude(change_kind="typo")
        newest = changes.order_by("-number").values("number")[:1]
        since = until.filter(revision__number__gte=Coalesce(Subquery(newest), 0))
        first: datetime | None = since.aggregate(first=Min("published_at"))["first"]
        return first


class Publication(WriteOnce):
    """The first time a revision went live; since then readers see it while its article is public."""

    revision = models.OneToOneField(
        "articles.Revision", models.PROTECT, primary_key=True, related_name="publication"
    )
    published_at = models.DateTimeField(_("published at"))
    beginning = (
        models.CharField(  # in lists, for want of an excerpt; a text is never altered, so neither is this
            _("beginning of the text"), max_length=MAX_EXCERPT, blank=True
        )
    )

    cover = models.CharField(  # in lists, for want of one that the author chose: the first image of the text
        _("first image"), max_length=100, blank=True
    )

    objects: ClassVar[Any] = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.published_at}"
