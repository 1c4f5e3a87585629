"""Images that imports uploaded, so that an equal file is uploaded once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.revisions.write_once import DigestField


class ImportedImage(models.Model):
    """The image that a file of a source became, by the SHA-256 of the file."""

    digest = DigestField(_("hash of the file"), max_length=32, unique=True)
    image = models.ForeignKey("articles.Image", models.CASCADE, verbose_name=_("image"), related_name="+")

    class Meta:
        verbose_name = _("imported image")
        verbose_name_plural = _("imported images")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.image_id}"
