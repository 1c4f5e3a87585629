"""Tags in use: one row for each, whatever its spellings, so that the editor can offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import connections, models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles.text.content.tags import MAX_FOLDED, MAX_TAG, fold_tag, unique_tags

from .withholding import hidden_texts

if TYPE_CHECKING:
    from .revisions import Revision

_LAST = chr(0x10FFFF)  # follows whatever a tag may go on with


class TagQuerySet(QuerySet["Tag"]):
    def beginning_with(self, text: str) -> Self:
        """Keep the tags that begin with a text, whatever its spelling, by the index."""
        folded = fold_tag(text.replace("\0", ""))
        if connections[self.db].vendor == "sqlite":  # its LIKE uses no index
            return self.filter(folded__gte=folded, folded__lt=folded + _LAST)
        return self.filter(folded__startswith=folded)

    def to_offer(self) -> Self:
        """Keep the tags whose last version is not hidden, the newest first."""
        return self.exclude(hidden_texts("revision")).order_by("-revision_id")


class Tag(models.Model):
    """A tag by its folded form, with its first spelling, and the last revision that brought it in."""

    folded = models.CharField(_("folded"), max_length=MAX_FOLDED, unique=True)
    name = models.CharField(_("tag"), max_length=MAX_TAG)
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("last revision"), related_name="+"
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


def record_tags(revision: Revision, latest: Revision | None) -> None:
    """Record the tags that a revision brought in since the latest one; spellings of known tags stay.

    One statement, or none without a new tag.
    """
    known = set(map(fold_tag, latest.tags)) if latest else set()
    new = {fold_tag(tag): tag for tag in unique_tags(revision.tags)}
    rows = [
        Tag(folded=key, name=name, revision=revision) for key, name in sorted(new.items()) if key not in known
    ]
    if rows:  # in order, so that two saves never wait for each other
        Tag.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["folded"], update_fields=["revision"]
        )
