"""System checks: of existing accounts, by `manage.py check --database default`, and of `SITE_URL`, with `--deploy`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
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


def check_site_url(**options: Any) -> list[CheckMessage]:
    """Return a warning if links in mail would lead to this machine; for `manage.py check --deploy`."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if host and host != "localhost" and not host.startswith("127."):
        return []
    text = f"SITE_URL is {settings.SITE_URL or 'empty'}, so links in mail lead nowhere for those who get it."
    return [Warning(text, hint="Set SITE_URL to the address that people really use.", id="articles.W002")]


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
