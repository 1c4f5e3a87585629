"""Originals: the bytes that an import made a revision's source from, where these differ from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from .codec import shrink, unshrink
from .write_once import RevisionKey, WriteOnce

if TYPE_CHECKING:
    from .revisions import Revision

MAX_FORMAT = 30  # code points


class Original(WriteOnce):
    """The text of an imported version as its source had it: wikitext, another encoding, other line ends or links.

    Only who sees drafts may read it: it may hold comments, or front matter with names. It is hidden with any part.
    """

    revision = RevisionKey("articles.Revision", models.PROTECT, primary_key=True, related_name="original")
    format = models.CharField(_("format"), max_length=MAX_FORMAT)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.format}"

    @classmethod
    def holding(cls, data: bytes, *, format: str, revision: Revision) -> Original:
        """Return an unsaved original."""
        return cls(revision=revision, format=format, data=shrink(data))

    @property
    def bytes(self) -> bytes:
        """The bytes as the source had them. Raises `Undecodable`."""
        return unshrink(bytes(self.data))
