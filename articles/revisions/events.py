"""Events: the log of state changes."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions

from .hidings import Hiding
from .write_once import MomentField, WriteOnce, WriteOnceQuerySet


class EventQuerySet(WriteOnceQuerySet["Event"]):
    def for_log(self, user: permissions.Person) -> Self:
        """Sort the events newest first, and annotate `is_nameless`: whether the actor's name is hidden from the person.

        Sorted by time, not by key: PostgreSQL would walk all later keys to reach a past day.
        """
        of_sweeps = ("sweep", "part_of__sweep")
        events = self.select_related("article", "revision", *of_sweeps).order_by("-at", "-pk")
        if permissions.can_hide(user):
            return events.annotate(is_nameless=Value(value=False))
        hidings = Hiding.objects.active().filter(author=True)
        of_author = hidings.filter(
            revision=OuterRef("revision"), revision__author_name=OuterRef("actor_name")
        )
        return events.annotate(is_nameless=Exists(of_author))

    def matching(
        self,
        *,
        person: str = "",
        action: str = "",
        article: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        text: str = "",
    ) -> Self:
        """Keep the events of `for_log` that match every filter given; `person` finds no hidden name.

        `article` is a slug, `since` is included, `until` is not. Each word of `text` must stand in detail or a
        reason; a code point such as `U+0430` stands for its character, too.
        """
        events = self
        if person:
            events = events.filter(actor_name=person, is_nameless=False)
        if action:
            events = events.filter(action=action)
        if article:  # by its key: the planner knows how many events a key has
            of_article = self.model._default_manager.filter(article__slug=article).order_by()
            pk = of_article.values_list("article", flat=True)[:1]
            events = events.filter(article=pk[0]) if pk else events.none()
        if since:
            events = events.filter(at__gte=since)
        if until:
            events = events.filter(at__lt=until)
        for word in text.split():
            found = _any_text("icontains", word)
            if char := _character(word):
                found |= _any_text("contains", char)
            events = events.filter(found)
        return events


def _any_text(lookup: str, value: str) -> Q:
    """Return the condition that one of the texts of an event meets a lookup."""
    texts = ("reason", "public_reason", "detail")
    return Q(*((f"{text}__{lookup}", value) for text in texts), _connector=Q.OR)


def _character(word: str) -> str:
    """Return the character that `U+0430` names; empty if the word names none, or one that no text holds."""
    if not re.fullmatch(r"[Uu]\+[0-9A-Fa-f]{1,6}", word):
        return ""
    code = int(word[2:], 16)
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code <= sys.maxunicode else ""


class Event(WriteOnce):
    """One state change, never altered.

    `detail` says what was changed where the revision does not: an allowance, hidden parts, an image, a person. `door`
    is empty in events older than the column; `address` is the IP address, recorded only if `LOG_ADDRESSES` is on.
    """

    class Action(models.TextChoices):
        SAVE = "save", _("saved")
        RESTORE = "restore", _("restored")
        IMPORT = "import", _("brought in")
        SUBMIT = "submit", _("submitted")
        WITHDRAW = "withdraw", _("withdrew")
        SUPERSEDE = "supersede", _("superseded")
        APPROVE = "approve", _("approved")
        APPROVE_OWN = "approve own", _("approved their own text")
        FIX = "fix", _("fixed")
        REQUEST_CHANGES = "request changes", _("requested changes")
        REJECT = "reject", _("rejected")
        CARRY_OVER = "carry over", _("carried a decision over")
        UNDO = "undo", _("took a decision back")
        APPEAL = "appeal", _("appealed")
        TAKE_OVER = "take over", _("took a review over")
        NOTE_REVIEW = "note review", _("noted something about")
        ASK_OPINION = "ask opinion", _("asked for a second opinion on")
        REMARK = "remark", _("remarked")
        ANSWER = "answer", _("answered")
        RESOLVE = "resolve", _("settled a remark")
        REOPEN = "reopen", _("opened a remark again")
        PUBLISH = "publish", _("published")
        UNPUBLISH = "unpublish", _("unpublished")
        PATROL = "patrol", _("looked at what went live")
        UNPATROL = "unpatrol", _("took back having looked")
        SCHEDULE = "schedule", _("scheduled")
        UNSCHEDULE = "unschedule", _("cancelled a schedule")
        ARCHIVE = "archive", _("archived")
        UNARCHIVE = "unarchive", _("took out of the archive")
        RESANITIZE = "resanitize", _("made the page anew")
        ALLOW = "allow", _("allowed")
        PROPOSE = "propose", _("proposed an allowance")
        CONFIRM = "confirm", _("confirmed an allowance")
        CONFIRM_OWN = "confirm own", _("confirmed their own allowance, alone")
        DECLINE = "decline", _("declined an allowance")
        REVOKE = "revoke", _("revoked an allowance")
        EXPIRE = "expire", _("ended an allowance whose last day was over")
        HIDE = "hide", _("hid")
        UNHIDE = "unhide", _("showed again")
        HOLD = "hold", _("held all edits of")
        END_HOLD = "end hold", _("no longer holds the edits of")
        MUTE = "mute", _("muted")
        UNMUTE = "unmute", _("lets write in conversations again")
        SUSPEND = "suspend", _("suspended")
        END_SUSPENSION = "end suspension", _("lets sign in again")
        SWEEP = "sweep", _("took back all of a period of")
        CANCEL_SWEEP = "cancel sweep", _("stopped taking back a period of")
        UNDO_SWEEP = "undo sweep", _("undid the taking back of a period of")
        NOTE_AUTHOR = "note author", _("noted something about")
        UPLOAD_IMAGE = "upload image", _("uploaded an image")
        DELETE_IMAGE = "delete image", _("deleted an image")
        WRITE_RULE = "write rule", _("wrote a rule")
        REPLAY_RULE = "replay rule", _("replayed a rule")
        SWITCH_ON = "switch on", _("switched a rule on")
        SWITCH_OFF = "switch off", _("switched a rule off")
        MEET_RULE = "meet rule", _("met a rule")

    class Door(models.TextChoices):
        PAGE = "page", _("page")
        ADMIN = "admin", _("newsroom")
        COMMAND = "command", _("command line")
        API = "api", _("API")
        CLOCK = "clock", _("schedule")

    at = MomentField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("by"),
        null=True,
        related_name="+",
        db_index=False,  # only the deletion of an account searches it; the log filters by name
    )
    actor_name = models.CharField(_("by"), max_length=150)
    action = models.CharField(_("action"), max_length=20, choices=Action)
    article = models.ForeignKey(
        "articles.Article",
        models.PROTECT,
        verbose_name=_("article"),
        null=True,
        related_name="events",
        db_index=False,  # an index below begins with it
    )
    revision = models.ForeignKey(
        "articles.Revision",
        models.PROTECT,
        verbose_name=_("revision"),
        null=True,
        related_name="events",
        db_index=False,  # the log is read by article
    )
    detail = models.CharField(_("what"), max_length=500, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    public_reason = models.TextField(_("what readers are told"), blank=True)
    door = models.CharField(_("from where"), max_length=10, choices=Door)
    address = models.GenericIPAddressField(_("network address"), null=True)

    part_of = models.ForeignKey(  # the operation of which this is a step
        "self", models.PROTECT, verbose_name=_("part of"), null=True, related_name="+", db_index=False
    )

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["article", "action"], name="event_article"),
            models.Index(fields=["at"], name="event_at"),
            models.Index(fields=["actor_name"], name="event_actor"),
            models.Index(fields=["action"], name="event_action"),
        ]

    is_nameless = False  # annotated by `for_log`

    @property
    def who(self) -> str:
        """The actor's name as the log shows it."""
        return gettext("(name hidden)") if self.is_nameless else self.actor_name

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_action_display()} {self.revision or self.detail}"
