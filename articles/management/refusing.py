"""Errors of operations on the whole site, as commands report them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from articles.operations.errors import Refused


@contextmanager
def as_command_error() -> Iterator[None]:
    """Raise `CommandError` (status 2) for an operation that is refused, and for a disk or database that fails."""
    try:
        yield
    except (Refused, OSError, DatabaseError) as error:
        raise CommandError(str(error).strip(), returncode=2) from error
