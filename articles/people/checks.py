"""The system check of existing accounts, which `manage.py check --database default` runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Warning
from django.db import connections

from articles.text.cli.terminal import escape_invisible

from .names import UnfitAccount, unfit_accounts

MOST_LISTED = 50
ID = "articles.W001"
HINT = "Rename the account in the newsroom, under Users. Its past versions keep the name that they were saved with."


def check_names(*, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """Return a warning for each account with an unfit name, at most `MOST_LISTED` for each database."""
    return [warning for alias in databases or () for warning in _warnings(alias)]


def _warnings(alias: str) -> list[CheckMessage]:
    if get_user_model()._meta.db_table not in connections[alias].introspection.table_names():
        return []  # before the first `migrate`, which runs this check, too
    accounts = unfit_accounts(alias)
    listed: list[CheckMessage] = [
        Warning(_line(account), hint=HINT, id=ID) for account in islice(accounts, MOST_LISTED)
    ]
    if more := sum(1 for _ in accounts):
        listed.append(Warning(f"{more:,} more accounts have such names.", hint=HINT, id=ID))
    return listed


def _line(account: UnfitAccount) -> str:
    """Return a line that is safe on a terminal and shows each letter that is not ASCII as a code point, too."""
    escaped = account.name.encode("unicode_escape").decode()
    code_points = "" if escaped == account.name else f" ({escaped})"
    return (
        f"Account {account.pk}, \u201c{escape_invisible(account.name)}\u201d{code_points}: {account.reason}"
    )
