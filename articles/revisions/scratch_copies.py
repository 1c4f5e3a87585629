"""Scratch copies: what people are writing and have not saved, outside the chain of revisions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from .articles import Article


class ScratchCopyQuerySet(QuerySet["ScratchCopy"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the copies that the person may see: their own, whatever else they may do."""
        return self.filter(owner=user.pk)

    def about(self, article: Article | None) -> Self:
        """Return the copies of an article; with None those of articles that were never saved."""
        return self.filter(article=article)

    def current(self) -> Self:
        """Return the copies that their owner has not answered, nor replaced by writing on in another page."""
        return self.filter(replaced_at=None)

    def replaced(self) -> Self:
        """Return the copies that were discarded or replaced, the last one first."""
        return self.exclude(replaced_at=None).order_by("-replaced_at", "-pk")

    def for_lists(self) -> Self:
        """Leave the texts in the database."""
        return self.defer("data")


class ScratchCopy(models.Model):
    """The fields of one editor page as its owner typed them last; only the owner ever sees them.

    A page writes to the copy with its own token and to no other. `replaced_at` is None while the copy is current.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("owner"), related_name="scratch_copies"
    )
    article = models.ForeignKey(
        "articles.Article",
        models.CASCADE,
        verbose_name=_("article"),
        null=True,  # an article that was never saved
        related_name="scratch_copies",
    )
    token = models.CharField(_("token of the page"), max_length=32)
    data = models.TextField(_("fields, as JSON"))
    title = models.CharField(_("title"), max_length=200)  # for lists, as is the length
    length = models.PositiveIntegerField(_("length of the text in code points"))
    edits = models.PositiveIntegerField(
        _("number of edits in its page")
    )  # one that arrives late changes nothing
    written_at = models.DateTimeField(_("written at"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True)

    objects = ScratchCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        ordering = ["-written_at", "-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "token"], name="scratch_copy_once")]
        indexes = [models.Index(fields=["replaced_at"], name="scratch_copy_replaced")]

    def __str__(self) -> str:
        return self.title

    @property
    def fields(self) -> dict[str, str]:
        """The values of the editor's form by name."""
        fields: dict[str, str] = json.loads(self.data)
        return fields

    @fields.setter
    def fields(self, fields: dict[str, str]) -> None:
        # JSON escapes NUL, which PostgreSQL keeps in no text.
        self.data = json.dumps(fields, ensure_ascii=False)
        self.title = fields.get("title", "").replace("\0", "")
        self.length = len(fields.get("source", ""))
