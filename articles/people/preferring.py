"""Choosing mail: on one's page, or by the link in a mail, which needs no account at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from articles import permissions

from .preferences import Kind, MailPreferences, When, preferences_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DIGEST = "digest"  # stands for every kind that comes once a day
_SIGNER = "articles.people.preferring"  # a token of another purpose is none here


def choose_mail(
    preferences: MailPreferences, *, by: User, language: str, when: Mapping[str, str]
) -> MailPreferences:
    """Store the language of a person's mail, and when each kind of it comes.

    Raises `PermissionDenied` to everybody but its owner, `ValidationError` for what the site does not offer.
    """
    if not permissions.can_choose_mail(by, preferences):
        raise PermissionDenied(_("Your account may not do this."))
    errors = {}
    if language not in dict(settings.LANGUAGES):
        errors["language"] = [_("The site is not written in this language.")]
    for kind in Kind.values:
        if when.get(kind) not in When.values:
            errors[kind] = [_("Choose when.")]
    if errors:
        raise ValidationError(errors)
    chosen = {"language": language} | {kind: when[kind] for kind in Kind.values}
    return MailPreferences.objects.update_or_create(account=by, defaults=chosen)[0]


def opt_out_token(account: User, what: str) -> str:
    """Return the token by which whoever holds a mail ends this person's mail of its kind, now or in years."""
    return Signer(salt=_SIGNER).sign_object([account.pk, what])


def named_by(token: str) -> tuple[User, str]:
    """Return whose mail a token ends, and which: a kind, or `DIGEST`. Raises `BadSignature`, also without account."""
    pk, what = Signer(salt=_SIGNER).unsign_object(token)
    account = get_user_model().objects.filter(pk=pk).first()
    if account is None:
        raise BadSignature("No such account")
    return account, what


@transaction.atomic
def opt_out(token: str) -> str:
    """End the mail that a token names, and return which; a second time changes nothing. Raises `BadSignature`."""
    account, what = named_by(token)
    now = preferences_of(account)
    ended = [
        kind for kind in Kind.values if what == kind or (what == DIGEST and now.when(kind) == When.DAILY)
    ]
    if ended:
        MailPreferences.objects.update_or_create(account=account, defaults=dict.fromkeys(ended, When.NEVER))
    return what
