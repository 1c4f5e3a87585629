"""Signing in: an account that is suspended has no session, and no rights while it acts elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef

from articles import permissions
from articles.moderation.standings import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AccountBackend(ModelBackend):
    """Django's backend. Each request asks for the account, so the sessions of a suspended one end at once.

    The password of a suspended account is still checked: the form for signing in says why it is refused.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session; None if it is inactive or suspended. Takes one query."""
        suspensions = Standing.objects.in_force(Standing.Kind.SUSPENDED).filter(account=OuterRef("pk"))
        user = get_user_model().objects.filter(~Exists(suspensions), pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user._is_suspended = False  # type: ignore[attr-defined]  # spares `_get_permissions` the query
        return user

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        """Return no permission for a suspended account, which a command may name as the author."""
        if user_obj.is_authenticated and not hasattr(user_obj, "_is_suspended"):
            user_obj._is_suspended = permissions.is_suspended(user_obj)
        if getattr(user_obj, "_is_suspended", False):
            return set()
        return super()._get_permissions(user_obj, obj, from_name)  # type: ignore[misc,no-any-return]
