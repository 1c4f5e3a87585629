"""Allowances: findings that moderators decided are harmless, as rows."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import Revision
from articles.text.checks import Severity


def reach_of(language: str) -> list[str]:
    """Return the tags under which an allowance applies to a language: its own, and that without region and script."""
    tag = language.lower()
    return [tag, tag.partition("-")[0]]


class AllowanceQuerySet(QuerySet["Allowance"]):
    def active(self) -> Self:
        """Return allowances that are in force: not proposed only, not revoked, and their last day is not over."""
        return self._lasting().filter(is_proposed=False)

    def proposed(self) -> Self:
        """Return allowances that wait for a second moderator. They have no effect."""
        return self._lasting().filter(is_proposed=True)

    def ended(self) -> Self:
        """Return allowances that were revoked or declined, or whose last day is over."""
        return self.filter(Q(revoked_at__isnull=False) | Q(until__lt=timezone.localdate()))

    def to_settle(self) -> Self:
        """Return allowances that ended, and under which something may have gone live that is not in the queue yet."""
        return self.ended().filter(is_proposed=False, settled_at=None)

    def same_as(self, allowance: Allowance) -> Self:
        """Return allowances, active or proposed, of the same value up to the same severity within the same reach."""
        names = ("kind", "value", "scope", "article_id", "language", "surroundings", "severity")
        return self._lasting().filter(**{name: getattr(allowance, name) for name in names})

    def _lasting(self) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()), revoked_at=None)

    def reaching(self, article: int, language: str) -> Self:
        """Return the active allowances that may cover a finding in an article of this language."""
        everywhere = Q(scope="language", language__in=reach_of(language)) | Q(scope="site")
        return self.active().filter(Q(article=article) | everywhere)

    def touching(self, article: int, language: str, *, since: datetime) -> Self:
        """Return the allowances of such an article that came into force or ended since a moment."""
        everywhere = Q(scope="language", language__in=reach_of(language)) | Q(scope="site")
        ended = Q(revoked_at__gte=since) | Q(until__gte=since.date(), until__lt=timezone.localdate())
        made = Q(allowed_at__gte=since) | Q(confirmed_at__gte=since)
        reaching = self.filter(Q(article=article) | everywhere, is_proposed=False)
        return reaching.filter(made | ended).order_by("pk")

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

    One that `needs_second` is proposed first, and then confirmed by another moderator, or declined: revoked while it is
    proposed. `settled_at` is when all that went live under it was looked at again after its end.
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
    is_proposed = models.BooleanField(_("waits for a second moderator"), default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("confirmed by"), null=True, related_name="+"
    )
    confirmed_by_name = models.CharField(_("name of who confirmed"), max_length=150, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("revoked by"), null=True, related_name="+"
    )
    revoked_by_name = models.CharField(_("name of who revoked"), max_length=150, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_why = models.TextField(_("why it was revoked"), blank=True)
    settled_at = models.DateTimeField(_("looked at again what went live under it"), null=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        indexes = [
            models.Index(fields=["value"], name="allowance_value"),
            models.Index(fields=["confirmed_at"], name="allowance_confirmed"),
            models.Index(fields=["revoked_at"], name="allowance_revoked"),
            models.Index(fields=["until"], name="allowance_until"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} “{self.value}” {self.get_scope_display()}"

    def get_absolute_url(self) -> str:
        return reverse("allowance", args=[self.pk])

    @property
    def code_points(self) -> list[str]:
        return [f"U+{ord(char):04X}" for char in self.value]

    @property
    def detail(self) -> str:
        """What the log says of it: kind, value and reach."""
        scope = self.language or self.scope
        return f"{self.kind} “{self.value}” ({' '.join(self.code_points[:8])}), {scope}"

    def reaches(self, article: int, language: str) -> bool:
        """Return whether the scope includes an article of this language; `AllowanceQuerySet.reaching` asks the same."""
        if self.article_id:
            return self.article_id == article
        return self.scope == self.Scope.SITE or self.language in reach_of(language)

    @property
    def needs_second(self) -> bool:
        """Whether it takes two moderators: it silences alerts, or reaches further than one article."""
        return self.severity == Severity.ALERT or self.scope in (self.Scope.LANGUAGE, self.Scope.SITE)

    @property
    def is_active(self) -> bool:
        return not self.is_proposed and self.lasts

    @property
    def lasts(self) -> bool:
        """Whether it is neither revoked nor over; one that is proposed only lasts, too."""
        return self.revoked_at is None and (self.until is None or self.until >= timezone.localdate())

    @property
    def began_at(self) -> datetime:
        """When it came into force; of a proposal, when it was proposed."""
        return self.confirmed_at or self.allowed_at

    @property
    def ended_at(self) -> datetime | None:
        """When it was revoked, or when its last day was over in the site's time zone; None without an end."""
        if self.revoked_at or self.until is None:
            return self.revoked_at
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min))

    @property
    def authors(self) -> set[int]:
        """Return who wrote the text that it was seen in, since the live version. Takes one query; none if typed."""
        if self.revision is None:
            return set()
        written = self.revision.authors_since(self.revision.article.published_revision)
        return written | ({self.revision.author_id} if self.revision.author_id else set())
