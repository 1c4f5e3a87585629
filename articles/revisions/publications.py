"""Publications: when revisions first went live."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .write_once import WriteOnce


class Publication(WriteOnce):
    """The first time a revision went live; since then readers see it while its article is public."""

    revision = models.OneToOneField(
        "articles.Revision", models.PROTECT, primary_key=True, related_name="publication"
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.published_at}"
