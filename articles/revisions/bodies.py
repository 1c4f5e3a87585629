"""The texts of revisions, and how they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .codec import Codec, Stored, decode, encode
from .write_once import WriteOnce

if TYPE_CHECKING:
    from .revisions import Revision


class Body(WriteOnce):
    """The text of a revision, apart from it so that a list of revisions reads no text.

    How it is stored is between this model, `codec` and the command `repack`, which alone may rewrite it: the
    checksum covers the text. A body leans on one other at most, and on none that leans itself.
    """

    revision = models.OneToOneField(
        "articles.Revision", models.PROTECT, primary_key=True, related_name="body"
    )
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    codec = models.PositiveSmallIntegerField(choices=[(codec.value, codec.name) for codec in Codec])
    data = models.BinaryField()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return f"text of {self.revision_id}"

    @classmethod
    def holding(cls, text: str, *, revision: Revision, keyframe: Body | None) -> Body:
        """The body of a revision, not saved yet; it leans on the given one where that is worth it."""
        distance = revision.number - keyframe.revision.number if keyframe else 1
        stored = encode(text, keyframe=keyframe.stored if keyframe else None, distance=distance)
        base = keyframe if stored.codec == Codec.DELTA else None
        return cls(revision=revision, base=base, codec=stored.codec, data=stored.data)

    @property
    def keyframe(self) -> Body:
        """What the next version's text may lean on."""
        return self.base or self

    @property
    def stored(self) -> Stored:
        return Stored(self.codec, bytes(self.data))

    @cached_property
    def text(self) -> str:
        """The text as it was written, or `Undecodable`; to be read through `Revision.source`, which proves it."""
        return decode(self.stored, keyframe=self.base.stored if self.base else None)


class Repacking(models.Model):
    """Names the bodies that are being rewritten, from the first to the last statement of a transaction.

    To everybody but this transaction the table is empty. The triggers let nothing else touch a body.
    """

    revision = models.OneToOneField("articles.Revision", models.PROTECT, primary_key=True, related_name="+")

    class Meta:
        verbose_name = _("text being rewritten")
        verbose_name_plural = _("texts being rewritten")

    def __str__(self) -> str:
        return f"{self.revision_id}"
