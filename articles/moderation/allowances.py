"""Allowances: findings that moderators decided are harmless, as rows."""

from __future__ import annotations

import re
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import Revision


def reach_of(language: str) -> list[str]:
    """Return the tags under which an allowance applies to a language: its own, and that without region and script."""
    tag = language.lower()
    return [tag, tag.partition("-")[0]]


class AllowanceQuerySet(QuerySet["Allowance"]):
    def active(self) -> Self:
        """Return allowances that are not revoked and whose last day is not over."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), revoked_at=None)

    def ended(self) -> Self:
        """Return allowances that were revoked or whose last day is over."""
        return self.exclude(pk__in=self.active().values("pk"))

    def reaching(self, article: int, language: str) -> Self:
        """Return the active allowances that may cover a finding in an article of this language."""
        everywhere = Q(scope="language", language__in=reach_of(language)) | Q(scope="site")
        return self.active().filter(Q(article=article) | everywhere)

    def reaching_any(self, revisions: list[Revision]) -> Self:
        """Return the active allowances for the revisions' articles, a language or the site. Check with `reaches`."""
        everywhere = Q(scope__in=["language", "site"])
        return self.active().filter(Q(article__in={r.article_id for r in revisions}) | everywhere)

    def matching(self, words: str) -> Self:
        """Return allowances that contain each of the words in characters, reason, slug or moderator's name.

        A word such as U+0430 stands for its character.
        """
        matching = self
        for word in words.split():
            code = re.fullmatch(r"[Uu]\+([0-9A-Fa-f]{4,6})", word)
            if code and 0 < int(code[1], 16) < 0x110000 and not 0xD800 <= int(code[1], 16) < 0xE000:
                matching = matching.filter(value__contains=chr(int(code[1], 16)))
            else:
                matching = matching.filter(
                    Q(value__icontains=word)
                    | Q(reason__icontains=word)
                    | Q(article__slug__icontains=word)
                    | Q(allowed_by_name__icontains=word)
                )
        return matching


class Allowance(models.Model):
    """A moderator's decision that a character, word or domain is harmless, within a scope.

    An allowance hides findings when they are shown and counted, and changes no scan. It covers findings of `severity`
    and below. Findings in a host name are covered only by an allowance of that domain. A row is never deleted, but
    revoked.
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
    severity = models.CharField(_("up to"), max_length=10, choices=IntroducedFinding.Severity)
    check_id = models.CharField(_("check"), max_length=40, blank=True)
    scope = models.CharField(_("where"), max_length=10, choices=Scope)
    article = models.ForeignKey(
        "articles.Article", models.PROTECT, verbose_name=_("article"), null=True, related_name="allowances"
    )
    language = models.CharField(_("language"), max_length=35, blank=True)
    surroundings = models.CharField(_("checksum of the surroundings"), max_length=64, blank=True)
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("seen in"), null=True, related_name="+"
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
        """Return whether the scope includes an article of this language; `AllowanceQuerySet.reaching` asks the same."""
        if self.article_id:
            return self.article_id == article
        return self.scope == self.Scope.SITE or self.language in reach_of(language)

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and (self.until is None or self.until >= timezone.localdate())
