"""What was made of a revision: its sanitized HTML, and the anomalies that it brought in."""

from __future__ import annotations

import logging
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.text.checks import Finding, Severity
from articles.text.markdown import Where
from articles.text.page import Sanitized, SourceRefused, sanitize, shown_as_text

from .codec import Undecodable, compress, decompress
from .withholding import WithholdingQuerySet, text_of, unread_of

if TYPE_CHECKING:
    from .revisions import Revision


FLAGGED = F("alerts") + F("warnings")
NEWLY_FLAGGED = F("new_alerts") + F("new_warnings")


class RenderingQuerySet(WithholdingQuerySet):
    def with_revision(self) -> Self:
        """With all that a page of the revision shows."""
        rows = self.select_related("revision__article", "revision__publication", *text_of("revision"))
        return rows.defer(*unread_of("revision"))

    def drop_pages(self) -> int:
        """Let go of the HTML; the counters stay, and the page is made again when asked for."""
        return self.filter(kept_page__isnull=False).update(kept_page=None, kept_removals=None)

    def supersede(self, *, policy: str, agreed: bool) -> int:
        """Drop the pages that were kept under a policy, and correct what the rows say of the sanitizers."""
        return self.filter(policy_version=policy).update(kept_page=None, kept_removals=None, agreed=agreed)


class IntroducedFindingQuerySet(QuerySet):
    def first_seen(self, revision: Revision) -> dict[tuple[str, str, str], int]:
        """Which version of the article first brought in what stands in this one, by field, check and characters."""
        rows = self.filter(revision__article=revision.article_id, revision__number__lte=revision.number)
        kinds = rows.order_by().values_list("field", "check_id", "text")
        return {tuple(kind): first for *kind, first in kinds.annotate(first=Min("revision__number"))}


logger = logging.getLogger(__name__)


class Rendering(models.Model):
    """What sanitizing and scanning made of a revision, under one policy and one version of the Unicode data.

    The newest counts. The counters tell the findings in all that readers get, and apart from these what the
    revision brought in, its summary included; they are true totals, while rows of `Finding` stop at a thousand.
    The page itself is kept for the newest and for the published revision; any other is made again when asked for.
    """

    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="renderings")
    kept_page = models.BinaryField(null=True)  # the HTML, stored as what it adds to its source
    kept_removals = models.JSONField(_("removals"), null=True)
    agreed = models.BooleanField(_("both sanitizers agreed"))
    alerts = models.PositiveIntegerField(_("alerts"))
    warnings = models.PositiveIntegerField(_("warnings"))
    new_alerts = models.PositiveIntegerField(_("alerts brought in"))
    new_warnings = models.PositiveIntegerField(_("warnings brought in"))
    policy_version = models.CharField(_("version of the policy"), max_length=20)
    unicode_version = models.CharField(_("version of the Unicode data"), max_length=20)

    objects = RenderingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.policy_version}"

    @property
    def flagged(self) -> int:
        """Findings at warning or above in the whole revision."""
        return self.alerts + self.warnings

    def keep(self, page: Sanitized) -> None:
        """Hold a page of this revision; saving the row is left to the caller."""
        self.kept_page = compress(page.html, beside=self.revision.source.encode())
        self.kept_removals = [asdict(removal) for removal in page.removals]

    @cached_property
    def made_again(self) -> Sanitized:
        """The page under the present policy; the text as it is where that now refuses it."""
        try:
            return sanitize(self.revision.source, max_bytes=None)
        except SourceRefused:
            return Sanitized(shown_as_text(self.revision.source), removals=(), agreed=False)

    @cached_property
    def html(self) -> str:
        """The sanitized HTML, which readers get as it is. Reads the source, and so proves it.

        A page that is not kept, or that cannot be read, is made again.
        """
        source = self.revision.source
        if self.kept_page is None:
            return self.made_again.html
        try:
            return decompress(bytes(self.kept_page), beside=source.encode())
        except Undecodable as error:
            place = f"{self.revision.article.slug}: version {self.revision.number}"
            logger.error("%s: its stored page cannot be read (%s); run manage.py resanitize", place, error)
            return self.made_again.html

    @property
    def is_agreed(self) -> bool:
        """Whether both sanitizers agree on the page that `html` gives: the kept one, else the one made again."""
        return self.agreed if self.kept_page is not None else self.made_again.agreed

    @property
    def removals(self) -> list[dict[str, Any]]:
        """What of the source did not reach the page: start and end in it, what, and the reason."""
        if self.kept_page is None:
            return [asdict(removal) for removal in self.made_again.removals]
        return self.kept_removals or []

    @property
    def damage(self) -> str:
        """Why the kept page cannot be read; empty if it can, or if none is kept. Reads the source."""
        if self.kept_page is not None:
            try:
                decompress(bytes(self.kept_page), beside=self.revision.source.encode())
            except Undecodable as error:
                return f"HTML that cannot be read ({error})"
        return ""

    def differences(self, page: Sanitized) -> list[str]:
        """Name what of this row is not as the given page of its source has it; for the present policy's rows.

        A row that keeps no page has only `agreed` to compare: its page is made when somebody asks for it.
        """
        names = []
        if self.kept_page is not None:
            if damage := self.damage:
                names.append(damage)
            elif self.html != page.html:
                names.append("HTML")
            if self.removals != [asdict(removal) for removal in page.removals]:
                names.append("removals")
        if self.agreed != page.agreed:
            names.append("whether the sanitizers agree")
        return names


class IntroducedFinding(models.Model):
    """An anomaly that a revision brought in, at a half-open span of code points of one of its fields."""

    class Field(models.TextChoices):
        SOURCE = "source", _("text")
        TITLE = "title", _("title")
        SLUG = "slug", _("address")
        SUMMARY = "summary", _("summary")
        TAG = "tag", _("tag")
        EXCERPT = "excerpt", _("excerpt")
        DESCRIPTION = "description", _("description")

    class Severity(models.TextChoices):
        NOTICE = "notice", _("notice")
        WARNING = "warning", _("warning")
        ALERT = "alert", _("alert")

    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="findings")
    field = models.CharField(_("field"), max_length=20, choices=Field)
    check_id = models.CharField(_("check"), max_length=40)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    text = models.CharField(_("characters"), max_length=100)
    meant = models.CharField(_("probably meant"), max_length=100, blank=True)
    payload = models.CharField(_("hidden content"), max_length=500, blank=True)
    where = models.CharField(_("where"), max_length=20)
    message = models.CharField(_("message"), max_length=300)

    objects = IntroducedFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["pk"]
        indexes = [models.Index(fields=["text"], name="finding_text")]

    def __str__(self) -> str:
        return f"{self.field} {self.start}..{self.end}: {self.message}"

    @property
    def finding(self) -> Finding:
        """The row as the value that `scan` gave; `text` is cut after 100 code points."""
        return Finding(
            check=self.check_id,
            severity=Severity(self.severity),
            start=self.start,
            end=self.end,
            text=self.text,
            meant=self.meant or None,
            payload=self.payload or None,
            where=Where(self.where),
            message=self.message,
        )
