"""Imports: which page and version of a source each revision came from, so that a second run brings in what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from .write_once import DigestField, WriteOnce, WriteOnceQuerySet

if TYPE_CHECKING:
    from .revisions import Revision

MAX_SOURCE = 200  # code points
MAX_PAGE = 500  # code points


class ImportedPage(models.Model):
    """A page of a source, and the article that holds its versions.

    `source` names the source wherever it lies: the first commit of a repository, the name of a wiki. `digest` is the
    SHA-256 of the page's key in it. `is_settled` is false until the last version was published, submitted or left.
    """

    source = models.CharField(_("source"), max_length=MAX_SOURCE)
    digest = DigestField(_("hash of the key"), max_length=32)
    name = models.CharField(_("page"), max_length=MAX_PAGE)
    article = models.ForeignKey(
        "articles.Article", models.PROTECT, verbose_name=_("article"), related_name="imported_pages"
    )
    is_settled = models.BooleanField(_("brought in as asked for"), default=False)

    class Meta:
        verbose_name = _("imported page")
        verbose_name_plural = _("imported pages")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="imported_page_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class ImportedVersionQuerySet(WriteOnceQuerySet["ImportedVersion"]):
    def known(self, page: ImportedPage, digests: list[str]) -> set[str]:
        """Return those of some versions that were brought in before. One query."""
        rows: QuerySet[Any, Any] = self.filter(page=page, digest__in=digests)
        return set(rows.values_list("digest", flat=True))

    def of(self, revision: Revision) -> Self:
        """Keep the row of a revision, if it was brought in."""
        return self.filter(revision=revision.pk)


class ImportedVersion(WriteOnce):
    """A version of a source that was brought in, or left out for good: then it has no revision."""

    page = models.ForeignKey(  # the constraint below begins with it
        ImportedPage, models.PROTECT, related_name="versions", db_index=False
    )
    digest = DigestField(_("hash of the key"), max_length=32)
    revision = models.OneToOneField("articles.Revision", models.PROTECT, null=True, related_name="imported")

    objects: ClassVar[Any] = ImportedVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported version")
        verbose_name_plural = _("imported versions")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "digest"], name="imported_version_once")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.revision_id}"
