"""Names of the accounts that commands make."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from articles.people.names import validate_name


def refuse_unfit_name(name: str) -> None:
    """Raise `CommandError` if a new account may not have the name."""
    try:
        validate_name(name)
    except ValidationError as error:
        raise CommandError(f"No account {name!r} is made. {error.messages[0]}", returncode=2) from None
