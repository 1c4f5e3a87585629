"""Remarks: what people of the newsroom say about an article, its versions and passages, and their answers."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.revisions.revisions import Revision
from articles.revisions.withholding import WithholdingQuerySet
from articles.text.diff import Span

MAX_QUOTE = 1000  # code points of a passage that a remark stores


class RemarkQuerySet(WithholdingQuerySet["Remark"]):
    def visible_to(self, user: permissions.Person) -> Self:
        """Keep the remarks for who sees drafts; without the quotes and names that are hidden from the person."""
        rows = self.select_related("revision").withholding_from(user)
        return rows if permissions.can_see_drafts(user) else rows.none()

    def beginning(self) -> Self:
        """Keep the remarks that answer nothing."""
        return self.filter(answers=None, answers_review=None)

    def open(self) -> Self:
        """Keep the remarks that are not settled; an answer is settled with what it answers."""
        return self.beginning().filter(resolved_at=None)


class Remark(models.Model):
    """Something said about a revision, or an answer to a remark or to a decision. Its words never change.

    `start` and `end` are the span of a passage in the revision's source, in code points, and `quoted` is that
    passage, cut after `MAX_QUOTE`; all three are empty if the remark is about the whole revision.
    """

    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("version"), related_name="remarks"
    )
    article = models.ForeignKey(  # that of the revision
        "articles.Article",
        models.PROTECT,
        verbose_name=_("article"),
        related_name="remarks",
        db_index=False,  # an index below begins with it
    )
    answers = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("answers"), null=True, related_name="answered_by"
    )
    answers_review = models.ForeignKey(
        "articles.Review",
        models.PROTECT,
        verbose_name=_("answers the decision"),
        null=True,
        related_name="answered_by",
    )
    start = models.PositiveIntegerField(_("start of the passage"), null=True)
    end = models.PositiveIntegerField(_("end of the passage"), null=True)
    quoted = models.TextField(_("passage"), blank=True)
    text = models.TextField(_("text"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    author_name = models.CharField(_("author's name"), max_length=150)
    created_at = models.DateTimeField(_("written at"))
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("settled by"), null=True, related_name="+"
    )
    resolved_by_name = models.CharField(_("name of who settled it"), max_length=150, blank=True)
    resolved_at = models.DateTimeField(_("settled at"), null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["created_at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["article", "created_at", "id"], name="remark_thread")]

    def __str__(self) -> str:
        return f"{self.revision}: {self.author_name}"

    @property
    def span(self) -> Span | None:
        """The passage in the source of the revision; None if the remark is about the whole revision."""
        return None if self.start is None or self.end is None else (self.start, self.end)

    @property
    def quote(self) -> str:
        """The passage, cut after `MAX_QUOTE`; empty without one, or if the revision's text is withheld."""
        if "text" in self.revision.withheld:
            return ""
        is_cut = self.span is not None and self.span[1] - self.span[0] > MAX_QUOTE
        return f"{self.quoted}…" if is_cut else self.quoted

    @property
    def who(self) -> str:
        """The author's name as the thread shows it: the name of a revision's author may be withheld."""
        return shown_name(self.author_name, self.revision)

    @property
    def who_resolved(self) -> str:
        return shown_name(self.resolved_by_name, self.revision)

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


def shown_name(name: str, revision: Revision) -> str:
    """Return a name as the thread shows it: one that is withheld with a revision is withheld beside it, too."""
    return gettext("(name hidden)") if name in revision.names_withheld else name
