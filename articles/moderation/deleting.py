"""Deleting accounts: what they wrote stays with their names, and what waits of it is counted as nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from articles import permissions
from articles.revisions.steps import require

from .refreshing import refreshing_edits_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def delete_account(account: User, *, by: User) -> None:
    """Delete an account. The admin's own list of changes says who did it, since nothing of an article changes.

    Its edits are held no longer, and its record is gone, so the risk of what waits with an edit of it is counted anew.
    """
    require(permissions.can_delete_accounts(by))
    with refreshing_edits_of(account.pk):
        account.delete()
