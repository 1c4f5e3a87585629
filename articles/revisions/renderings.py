"""Renderings: the sanitized HTML of a revision, and the findings that it introduced."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.text.checks import Finding, Severity
from articles.text.markdown import Where
from articles.text.messages import Message, message_of
from articles.text.page import Removal, Sanitized, SourceRefused, sanitize, shown_as_text

from .codec import Undecodable, compress, decompress
from .withholding import WithholdingQuerySet, text_of, unread_of

if TYPE_CHECKING:
    from .revisions import Revision


FLAGGED = F("alerts") + F("warnings")
NEWLY_FLAGGED = F("new_alerts") + F("new_warnings")


class RenderingQuerySet(WithholdingQuerySet["Rendering"]):
    def with_revision(self) -> Self:
        """Load what the page of a revision shows, in the same query."""
        rows = self.select_related("revision__article", "revision__publication", *text_of("revision"))
        return rows.defer(*unread_of("revision"))

    def drop_pages(self) -> int:
        """Drop the stored HTML. The counters stay; the HTML is made again when it is read."""
        return self.filter(kept_page__isnull=False).update(kept_page=None, kept_removals=None)

    def with_flagged(self) -> Self:
        """Keep the renderings with a finding at warning or above, by index."""
        return self.annotate(flagged_in_all=FLAGGED).filter(flagged_in_all__gt=0)

    def supersede(self, *, policy: str, agreed: bool) -> int:
        """Drop the HTML stored under a policy, and set whether the sanitizers agreed. Returns the number of rows."""
        return self.filter(policy_version=policy).update(kept_page=None, kept_removals=None, agreed=agreed)


class IntroducedFindingQuerySet(QuerySet["IntroducedFinding"]):
    def first_seen(self, revision: Revision) -> dict[tuple[str, str, str], int]:
        """Return the number of the revision that first introduced each finding, by field, check and characters.

        Reads the findings of the article up to this revision, in one query.
        """
        rows = self.filter(revision__article=revision.article_id, revision__number__lte=revision.number)
        kinds = rows.order_by().values_list("field", "check_id", "text")
        return {tuple(kind): first for *kind, first in kinds.annotate(first=Min("revision__number"))}


logger = logging.getLogger(__name__)


class Rendering(models.Model):
    """The HTML and the counters of a revision, under one policy and one version of the Unicode data.

    The newest rendering of a revision counts. `alerts` and `warnings` count the findings in all that readers get;
    `new_alerts` and `new_warnings` count the introduced ones, those of the summary included. The counters are true
    totals, while at most 1,000 rows of `IntroducedFinding` are stored. The HTML is stored for the newest and the
    live revision; for others it is made again when it is read.
    """

    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="renderings")
    kept_page = models.BinaryField(null=True)  # the HTML, compressed with its source as dictionary
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
        indexes = [models.Index(FLAGGED, "revision", name="rendering_flagged")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.policy_version}"

    @property
    def flagged(self) -> int:
        """The number of findings at warning or above in the whole revision."""
        return self.alerts + self.warnings

    def keep(self, page: Sanitized) -> None:
        """Set the HTML and the removals. Save the row afterwards."""
        self.kept_page = compress(page.html, beside=self.revision.source.encode())
        self.kept_removals = _as_kept(page)

    @cached_property
    def made_again(self) -> Sanitized:
        """The HTML and removals under the present policy; the escaped source if the sanitizer now refuses it."""
        try:
            return sanitize(self.revision.source, max_bytes=None)
        except SourceRefused:
            return Sanitized(shown_as_text(self.revision.source), removals=(), agreed=False)

    @cached_property
    def html(self) -> str:
        """The sanitized HTML, which readers get unchanged. Raises `DamagedText` if the source fails verification.

        HTML that is not stored, or that cannot be decoded, is made again from the source.
        """
        source = self.revision.source
        if self.kept_page is None:
            return self.made_again.html
        try:
            return decompress(bytes(self.kept_page), beside=source.encode())
        except Undecodable as error:
            name = f"{self.revision.article.slug}: version {self.revision.number}"
            logger.error("%s: its stored page cannot be read (%s); run manage.py resanitize", name, error)
            return self.made_again.html

    @property
    def is_agreed(self) -> bool:
        """Whether both sanitizers agree on `html`, stored or made again."""
        return self.agreed if self.kept_page is not None else self.made_again.agreed

    @property
    def removals(self) -> list[dict[str, Any]]:
        """The removals: start and end in the source in code points, what was removed, and the reason."""
        if self.kept_page is None:
            return [asdict(removal) for removal in self.made_again.removals]
        return [
            removal | {"reason": message_of(removal["reason"])} if isinstance(removal, dict) else removal
            for removal in self.kept_removals or []
        ]

    def removals_beyond(self, before: Rendering | None) -> list[Removal]:
        """Return the removals that this page has more often than the one before, by what they quote."""
        old = Counter(removal["what"] for removal in before.removals) if before else Counter()
        new: list[Removal] = []
        for removal in self.removals:
            if not old[removal["what"]]:
                new.append(Removal(*(removal[name] for name in ("start", "end", "what", "reason"))))
            old[removal["what"]] -= old[removal["what"]] > 0
        return new

    def digest_of_page(self) -> str:
        """Return the SHA-256, in hexadecimal, of the stored HTML and removals; empty if the HTML cannot be decoded.

        Only for a rendering that has a page. Raises `DamagedText` if the source fails verification.
        """
        assert self.kept_page is not None
        try:
            html = decompress(bytes(self.kept_page), beside=self.revision.source.encode())
        except Undecodable:
            return ""
        removals = json.dumps(self.kept_removals, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(json.dumps([html, removals]).encode()).hexdigest()

    @property
    def damage(self) -> str:
        """Why the stored HTML cannot be decoded; empty if it can, or if none is stored. Reads the source."""
        if self.kept_page is not None:
            try:
                decompress(bytes(self.kept_page), beside=self.revision.source.encode())
            except Undecodable as error:
                return f"HTML that cannot be read ({error})"
        return ""

    def differences(self, page: Sanitized) -> list[str]:
        """Return the names of what differs from `page`, the present result for the same source.

        Without stored HTML only `agreed` is compared.
        """
        names = []
        if self.kept_page is not None:
            if damage := self.damage:
                names.append(damage)
            elif self.html != page.html:
                names.append("HTML")
            if self.kept_removals != _as_kept(page):
                names.append("removals")
        if self.agreed != page.agreed:
            names.append("whether the sanitizers agree")
        return names


def _as_kept(page: Sanitized) -> list[dict[str, Any]]:
    """Return removals as they are stored, each reason with its template and values, to be translated when shown."""
    return [
        asdict(removal)
        | {"reason": removal.reason.parts if isinstance(removal.reason, Message) else removal.reason}
        for removal in page.removals
    ]


class IntroducedFinding(models.Model):
    """A finding that a revision introduced, at a half-open span of code points in one of its fields."""

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
        """The finding as `scan` returned it, but with `text` cut after 100 code points."""
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
