"""Attributions: how much each revision added and removed, and by which steps its characters came to stand there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .write_once import WriteOnce


class Attribution(WriteOnce):
    """What a revision did to the text of the revision numbered one less.

    A revision has a row only if all before it have one: `attribute --missing` writes what an older release left out.
    Moves count as neither added nor removed.
    """

    revision = models.OneToOneField(
        "articles.Revision", models.PROTECT, primary_key=True, related_name="attribution"
    )
    added = models.PositiveIntegerField(_("code points added"))
    removed = models.PositiveIntegerField(_("code points removed"))
    digest = models.IntegerField(_("hash of the text"))  # finds earlier revisions with an equal text
    data = models.BinaryField()

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        indexes = [models.Index(fields=["digest"], name="attribution_digest")]

    def __str__(self) -> str:
        return f"{self.revision_id}: +{self.added} -{self.removed}"
