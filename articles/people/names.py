"""Names of accounts: which are refused, and which existing accounts have such a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext_lazy as _

from articles.text.checks.judging import describe
from articles.text.cli.terminal import escape_invisible
from articles.text.unicode.identifiers import Unfitness, find_fault, find_hidden, look_alike_keys

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

REASONS = {
    Unfitness.UNSEEN: _(
        "Character %(place)d of the name is not seen by readers: %(character)s. Type the name again without it."
    ),
    Unfitness.MIXED_SCRIPTS: _(
        "The name mixes scripts: character %(place)d, %(character)s, is foreign to the rest. Write the whole name"
        " in one script. Only Chinese, Japanese and Korean may stand beside Latin letters."
    ),
    Unfitness.MIXED_DIGITS: _(
        "The name mixes digits of two kinds: character %(place)d, %(character)s, is of another kind than the first"
        " digit. Use one kind."
    ),
}


@dataclass(frozen=True, slots=True)
class UnfitAccount:
    """An account with a name that no new account gets, and the reason."""

    pk: int
    name: str
    reason: str


def validate_name(name: str, *, account: User | None = None, using: str = DEFAULT_DB_ALIAS) -> None:
    """Raise `ValidationError` if a name is unfit, or looks like the name of an account other than `account`.

    A name equal to another one is left to the unique column. Linear in the number of accounts: computes the keys of
    all names, in one query. Two accounts made in the same moment can still get names that look alike; the system
    check lists them.
    """
    _refuse_fault(name)
    keys = look_alike_keys(name)
    for pk, other in _accounts(using).exclude(username=name).values_list("pk", "username").iterator():
        if keys & look_alike_keys(other) and not (account and account.pk == pk):
            raise _look_alike(other)


def validate_full_name(name: str) -> None:
    """Raise `ValidationError` if a first or last name holds an invisible character without effect."""
    if (place := find_hidden(name)) is not None:
        raise _unfit(Unfitness.UNSEEN, name, place)


def unfit_accounts(using: str) -> Iterator[UnfitAccount]:
    """Yield the accounts whose names `validate_name` refuses, oldest first; of those that look alike all but one.

    Linear in the number of accounts; keeps the keys of all names in memory.
    """
    first_with: dict[str, tuple[int, str]] = {}
    for pk, name in _accounts(using).values_list("pk", "username").iterator():
        keys = look_alike_keys(name)
        older = [first_with[key] for key in keys if key in first_with]
        for key in keys:
            first_with.setdefault(key, (pk, name))
        try:
            _refuse_fault(name)
            if older:
                raise _look_alike(min(older)[1])
        except ValidationError as error:
            yield UnfitAccount(pk, name, error.messages[0])


def _accounts(using: str) -> QuerySet[User]:
    return get_user_model()._base_manager.using(using).order_by("pk")


def _refuse_fault(name: str) -> None:
    if fault := find_fault(name):
        raise _unfit(fault.kind, name, fault.place)


def _unfit(kind: Unfitness, name: str, place: int) -> ValidationError:
    params = {"place": place + 1, "character": describe(name[place])}
    return ValidationError(REASONS[kind], params=params)


def _look_alike(other: str) -> ValidationError:
    return ValidationError(
        _("The name looks like \u201c%(other)s\u201d, the name of another account. Choose a different name."),
        params={"other": escape_invisible(other)},
    )
