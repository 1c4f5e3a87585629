"""What moderators remembered as fine."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.querysets.allowance import AllowanceQuerySet, reach_of

from .article import Article, Revision
from .rendering import Finding


class Allowance(models.Model):
    """A moderator's verdict: this character, word or domain is fine here, in an article, a language or on the site.

    It hides findings when they are shown and counted, and changes no scan. It silences findings of `severity` and
    below, and on a host name only where it allows that domain. A row is never deleted: it is revoked.
    """

    class Kind(models.TextChoices):
        CHARACTER = "character", _("character")
        WORD = "word", _("word")
        DOMAIN = "domain", _("domain")

    class Scope(models.TextChoices):
        HERE = "here", _("at this place")
        ARTICLE = "article", _("in this article")
        LANGUAGE = "language", _("in texts of this language")
        SITE = "site", _("on the whole site")

    kind = models.CharField(_("what is allowed"), max_length=10, choices=Kind)
    value = models.CharField(_("characters"), max_length=253)
    severity = models.CharField(_("up to"), max_length=10, choices=Finding.Severity)
    check_id = models.CharField(_("check"), max_length=40, blank=True)
    scope = models.CharField(_("where"), max_length=10, choices=Scope)
    article = models.ForeignKey(
        Article, models.PROTECT, verbose_name=_("article"), null=True, related_name="allowances"
    )
    language = models.CharField(_("language"), max_length=35, blank=True)
    surroundings = models.CharField(_("checksum of the surroundings"), max_length=64, blank=True)
    revision = models.ForeignKey(
        Revision, models.PROTECT, verbose_name=_("seen in"), null=True, related_name="+"
    )
    reason = models.TextField(_("reason"))
    until = models.DateField(_("last day"), null=True)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("allowed by"), null=True, related_name="+"
    )
    allowed_by_name = models.CharField(_("name of who allowed"), max_length=150)
    allowed_at = models.DateTimeField(_("allowed at"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("revoked by"), null=True, related_name="+"
    )
    revoked_by_name = models.CharField(_("name of who revoked"), max_length=150, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        indexes = [
            models.Index(fields=["value"], name="allowance_value"),
            models.Index(fields=["revoked_at"], name="allowance_revoked"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} “{self.value}” {self.get_scope_display()}"

    def get_absolute_url(self) -> str:
        return reverse("allowance", args=[self.pk])

    @property
    def code_points(self) -> list[str]:
        return [f"U+{ord(char):04X}" for char in self.value]

    def reaches(self, article: int, language: str) -> bool:
        """What `AllowanceQuerySet.reaching` says for rows."""
        if self.article_id:
            return self.article_id == article
        return self.scope == self.Scope.SITE or self.language in reach_of(language)

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and (self.until is None or self.until >= timezone.localdate())
