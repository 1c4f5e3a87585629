"""Bodies: the texts of revisions, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .codec import Codec, Stored, decode, encode
from .write_once import RevisionKey, WriteOnce

if TYPE_CHECKING:
    from .revisions import Revision


class Body(WriteOnce):
    """The text of a revision, in a table of its own so that a list of revisions reads no text.

    A keyframe has no `base`; a delta has a keyframe as its `base`, never another delta. Only `repack` may store a
    text in another way: the checksum covers the text, not the stored bytes.
    """

    revision = RevisionKey("articles.Revision", models.PROTECT, primary_key=True, related_name="body")
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    codec = models.PositiveSmallIntegerField(choices=[(codec.value, codec.name) for codec in Codec])
    data = models.BinaryField()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return f"text of {self.revision_id}"

    @classmethod
    def holding(
        cls, text: str, *, revision: Revision, keyframe: Body | None = None, keyframe_number: int = 0
    ) -> Body:
        """Return an unsaved body: a delta from the keyframe if that is small enough, else a new keyframe.

        `keyframe_number` is the number of the keyframe's revision.
        """
        distance = revision.number - keyframe_number
        stored = encode(text, keyframe=keyframe.stored if keyframe else None, distance=distance)
        base = keyframe if stored.codec == Codec.DELTA else None
        return cls(revision=revision, base=base, codec=stored.codec, data=stored.data)

    @property
    def keyframe(self) -> Body:
        """The keyframe for the next text: this body, or the one that it is a delta from. May cost a query."""
        return self.base or self

    @property
    def stored(self) -> Stored:
        """The row as the value that `codec` decodes."""
        return Stored(self.codec, bytes(self.data))

    @cached_property
    def text(self) -> str:
        """The decoded text, not verified. Raises `Undecodable`. Read `Revision.source` instead, which verifies it."""
        return decode(self.stored, keyframe=self.base.stored if self.base else None)


class Repacking(models.Model):
    """A revision whose body the current transaction may rewrite; the triggers refuse to change any other body.

    The transaction deletes its row before it commits, so other transactions see an empty table.
    """

    revision = models.OneToOneField("articles.Revision", models.PROTECT, primary_key=True, related_name="+")

    class Meta:
        verbose_name = _("text being rewritten")
        verbose_name_plural = _("texts being rewritten")

    def __str__(self) -> str:
        return f"{self.revision_id}"
