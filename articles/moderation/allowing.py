"""Allowing: add allowances, and propose, confirm and decline those that take two moderators."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import regex
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.language_names import is_registered
from articles.revisions.revisions import Revision
from articles.revisions.steps import require
from articles.revisions.validation import line_fault, require_short
from articles.text.checks import Severity
from articles.text.content import FieldFinding
from articles.text.content.surroundings import MAX_VALUE, Surroundings

from .allowances import Allowance
from .covering import offers
from .ending import end_at, log_allowance, settle_after
from .errors import AlreadyAllowed
from .refreshing import refresh_allowed
from .reminding import send_proposals

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_AHEAD = timedelta(days=3660)  # of the last day
LEAST_ALONE = 40  # code points of the reason of who confirms their own proposal

_DOMAIN = regex.compile(r"[^\s/\\@:?#]+")


def allowance_of_finding(
    revision: Revision, item: FieldFinding, *, kind: str, scope: str = Allowance.Scope.ARTICLE
) -> Allowance:
    """Return an allowance of the character, the word or the domain of a finding, not stored.

    It covers findings up to this severity; with the scope "here", only while the words around are the same. Raises
    `ValidationError`, by field.
    """
    value = dict(offers(revision, item)).get(kind, "")
    errors = _choice_errors(scope=scope)
    if not value:
        errors["kind"] = _("This finding cannot be allowed that way. Choose another kind.")
    if errors:
        raise ValidationError({field: [message] for field, message in errors.items()})
    is_here = scope == Allowance.Scope.HERE
    return Allowance(
        kind=kind,
        value=value,
        severity=item.finding.severity,
        check_id=item.finding.check,
        scope=scope,
        article=revision.article if is_here or scope == Allowance.Scope.ARTICLE else None,
        language=revision.language.lower() if scope == Allowance.Scope.LANGUAGE else "",
        surroundings=Surroundings(revision.content).checksum(item) if is_here else "",
        revision=revision,
    )


def allowance_of_words(
    value: str,
    *,
    kind: str,
    scope: str = Allowance.Scope.ARTICLE,
    article: Article | None = None,
    language: str = "",
) -> Allowance:
    """Return an allowance of a character, word or domain without a finding, not stored.

    A character or word is allowed up to a warning, a domain up to an alert. Raises `ValidationError`, by field.
    """
    errors = _choice_errors(scope=scope, kind=kind)
    if not value:
        errors["value"] = _("Write the characters, the word or the domain to allow.")
    elif fault := _value_fault(value, kind):
        errors["value"] = fault
    if scope == Allowance.Scope.ARTICLE and article is None:
        errors["article"] = _("Name the article by its address.")
    if scope == Allowance.Scope.LANGUAGE and not is_registered(language):
        errors["language"] = _("Name the language by its tag, such as ru.")
    if scope == Allowance.Scope.HERE:
        errors["scope"] = _("To allow a single place, start from its finding.")
    if errors:
        raise ValidationError({field: [message] for field, message in errors.items()})
    is_domain = kind == Allowance.Kind.DOMAIN
    return Allowance(
        kind=kind,
        value=value.lower() if is_domain else value,
        severity=Severity.ALERT if is_domain else Severity.WARNING,
        scope=scope,
        article=article if scope == Allowance.Scope.ARTICLE else None,
        language=language.lower() if scope == Allowance.Scope.LANGUAGE else "",
    )


def allow_finding(
    revision: Revision,
    item: FieldFinding,
    *,
    by: User,
    kind: str,
    scope: str = Allowance.Scope.ARTICLE,
    reason: str,
    until: date | None = None,
) -> Allowance:
    """Allow what a finding of a revision shows, or propose that if it takes two moderators (`needs_second`).

    Raises what `allowance_of_finding` raises, `AlreadyAllowed`, and `ValidationError` for reason and last day.
    """
    require(permissions.can_moderate(by))
    return _add(
        allowance_of_finding(revision, item, kind=kind, scope=scope), by=by, reason=reason, until=until
    )


def allow(
    value: str,
    *,
    by: User,
    kind: str,
    scope: str = Allowance.Scope.ARTICLE,
    reason: str,
    article: Article | None = None,
    language: str = "",
    until: date | None = None,
) -> Allowance:
    """Allow a character, word or domain without a finding, or propose that if it takes two moderators.

    Raises what `allowance_of_words` raises, `AlreadyAllowed`, and `ValidationError` for reason and last day.
    """
    require(permissions.can_moderate(by))
    allowance = allowance_of_words(value, kind=kind, scope=scope, article=article, language=language)
    return _add(allowance, by=by, reason=reason, until=until)


@transaction.atomic
def confirm_allowance(allowance: Allowance, *, by: User, reason: str = "", sure: bool = False) -> None:
    """Put a proposed allowance into force.

    Who proposed it may do so only where no other account may, with a reason of at least `LEAST_ALONE` code points and
    `sure`; the log marks that. Raises `PermissionDenied` for authors of the text that it was seen in, `WorkflowError`
    if it waits no longer, and `ValidationError`, by field.
    """
    require(permissions.can_moderate(by))
    require_short(reason)
    allowance = _waiting(allowance)
    is_alone = permissions.can_confirm_alone(by, allowance)
    if is_alone:
        _require_written(reason, sure=sure)
    elif by.pk == allowance.allowed_by_id:
        raise PermissionDenied(_("You proposed this. Another moderator has to confirm it."))
    elif not permissions.can_confirm(by, allowance):
        raise PermissionDenied(
            _("You wrote the text that this was seen in. Another moderator has to confirm it.")
        )
    allowance.is_proposed = False
    allowance.confirmed_by = by
    allowance.confirmed_by_name = by.get_username()
    allowance.confirmed_at = timezone.now()
    allowance.save(update_fields=["is_proposed", "confirmed_by", "confirmed_by_name", "confirmed_at"])
    action = Event.Action.CONFIRM_OWN if is_alone else Event.Action.CONFIRM
    log_allowance(action, allowance, by=by, reason=reason)
    refresh_allowed(allowance)


@transaction.atomic
def decline_allowance(allowance: Allowance, *, by: User, reason: str) -> None:
    """Decline a proposed allowance, or withdraw one's own; the row is kept.

    Raises `WorkflowError` if it waits no longer, and `ValidationError` without a reason.
    """
    require(permissions.can_moderate(by))
    require_short(reason)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why, for who proposed it.")]})
    allowance = _waiting(allowance)
    end_at(allowance, by=by, reason=reason)
    log_allowance(Event.Action.DECLINE, allowance, by=by, reason=reason)


def _waiting(allowance: Allowance) -> Allowance:
    """Lock an allowance and return it as stored. Raises `WorkflowError` unless it waits for a second moderator."""
    rows = Allowance.objects.select_related("revision__article__published_revision")
    allowance = rows.select_for_update(of=("self",)).get(pk=allowance.pk)
    if allowance.revoked_at:
        raise WorkflowError(_("%(name)s has declined it already.") % {"name": allowance.revoked_by_name})
    if not allowance.is_proposed:
        name = allowance.confirmed_by_name or allowance.allowed_by_name
        raise WorkflowError(_("%(name)s has confirmed it already.") % {"name": name})
    if not allowance.lasts:
        raise WorkflowError(_("Its last day is over."))
    return allowance


def _require_written(reason: str, *, sure: bool) -> None:
    """Raise `ValidationError` unless the person wrote a sentence and ticked the box."""
    errors = {}
    if len(reason.strip()) < LEAST_ALONE:
        errors["reason"] = _(
            "Nobody else looks at this: write a sentence of at least %(limit)d characters."
        ) % {"limit": LEAST_ALONE}
    if not sure:
        errors["sure"] = _("Tick the box to confirm it alone.")
    if errors:
        raise ValidationError({field: [message] for field, message in errors.items()})


def _choice_errors(*, scope: str, kind: str = Allowance.Kind.WORD) -> dict[str, str]:
    """Return a message for each value that is no choice, whoever sent it."""
    errors = {}
    for name, value, choices in (("kind", kind, Allowance.Kind), ("scope", scope, Allowance.Scope)):
        if value not in choices.values:
            errors[name] = _("Choose one of these: %(choices)s.") % {"choices": ", ".join(choices.values)}
    return errors


def _value_fault(value: str, kind: str) -> str:
    """Return what is wrong with a value that was typed; empty if nothing is.

    A character may be a control character, since those are findings, but NUL and surrogates cannot be stored.
    """
    if kind != Allowance.Kind.CHARACTER:
        if fault := line_fault(value, limit=MAX_VALUE):
            return fault
        if kind == Allowance.Kind.DOMAIN and not _DOMAIN.fullmatch(value):
            return _("Write the name of the host alone, such as example.org.")
        return ""
    for position, char in enumerate(value, start=1):
        if char == "\0" or "\ud800" <= char <= "\udfff":
            return _("Character %(position)d (%(code)s) cannot be stored. Remove it.") % {
                "position": position,
                "code": f"U+{ord(char):04X}",
            }
    if len(value) > MAX_VALUE:
        return _("%(length)d characters; at most %(limit)d fit.") % {"length": len(value), "limit": MAX_VALUE}
    return ""


@transaction.atomic
def _add(allowance: Allowance, *, by: User, reason: str, until: date | None) -> Allowance:
    require_short(reason)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why it is harmless, for the next person who looks at it.")]})
    today = timezone.localdate()
    if until and until < today:
        raise ValidationError({"until": [_("Choose today or a later day.")]})
    if until and until > today + MOST_AHEAD:
        raise ValidationError({"until": [_("This is more than ten years ahead. Choose an earlier day.")]})
    if standing := Allowance.objects.same_as(allowance).first():
        raise AlreadyAllowed(standing)
    allowance.reason, allowance.until = reason, until
    allowance.is_proposed = allowance.needs_second
    allowance.allowed_by = by
    allowance.allowed_by_name = by.get_username()
    allowance.allowed_at = timezone.now()
    allowance.save()
    action = Event.Action.PROPOSE if allowance.is_proposed else Event.Action.ALLOW
    log_allowance(action, allowance, by=by, reason=reason)
    settle_after(until)
    if allowance.is_proposed:
        send_proposals.enqueue()
    else:
        refresh_allowed(allowance)
    return allowance
