"""The template context that all pages share, and signing out."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from articles import permissions


def site_context(request: HttpRequest) -> dict[str, object]:
    """Return the template context of every page: the site's name, and which links to show this person."""
    user = getattr(request, "user", None) or AnonymousUser()  # none if the session middleware was not reached
    return {
        "site_name": settings.SITE_NAME,
        "may_write": permissions.can_create(user),
        "may_moderate": permissions.can_moderate(user),
        "may_hide": permissions.can_hide(user),
    }


def logout(request: HttpRequest) -> HttpResponse:
    """Sign out as the admin does, and make the browser delete the pages that it stored.

    Text that the server does not have yet stays in the browser, for the account that typed it.
    """
    response = admin.site.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response
