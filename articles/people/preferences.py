"""Preferences: which mail a person gets, when, and in which language, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Kind(models.TextChoices):
    """Kinds of mail; each is the name of a column."""

    DECISIONS = "decisions", _("Decisions on my versions")
    REPLIES = "replies", _("Replies to me")
    ANSWERS = "answers", _("Answers to my decisions")
    WATCHED = "watched", _("What went live in articles that I watch")


class When(models.TextChoices):
    AT_ONCE = "at once", _("At once")
    DAILY = "daily", _("Once a day, all in one mail")
    NEVER = "never", _("Not at all")


class MailPreferencesQuerySet(QuerySet["MailPreferences"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the preferences that the person may see: their own, whatever else they may do."""
        return self.filter(account=user.pk)


class MailPreferences(models.Model):
    """The mail that a person gets. Who never chose has no row, and gets what the columns default to."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("account"), related_name="mail_preferences"
    )
    language = models.CharField(_("language"), max_length=35, blank=True)  # empty: that of the site
    decisions = models.CharField(Kind.DECISIONS.label, max_length=10, choices=When, default=When.AT_ONCE)
    replies = models.CharField(Kind.REPLIES.label, max_length=10, choices=When, default=When.DAILY)
    answers = models.CharField(Kind.ANSWERS.label, max_length=10, choices=When, default=When.DAILY)
    watched = models.CharField(Kind.WATCHED.label, max_length=10, choices=When, default=When.DAILY)

    objects = MailPreferencesQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail preferences")
        verbose_name_plural = _("mail preferences")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.language}"

    def when(self, kind: str) -> str:
        """Return when the person gets mail of a kind."""
        chosen: str = getattr(self, kind)
        return chosen

    @property
    def language_of_mail(self) -> str:
        """The language that was chosen, if the site still has it, else the site's own."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def preferences_of(account: User) -> MailPreferences:
    """Return what a person chose, or the defaults. Costs a query unless `mail_preferences` is loaded."""
    return getattr(account, "mail_preferences", None) or MailPreferences(account=account)
