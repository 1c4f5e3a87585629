"""The template context that all pages share, and signing out."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from articles import permissions

from .look import accent_of, licence_url, logo_of


def site_context(request: HttpRequest) -> dict[str, object]:
    """Return the template context of every page: the name and look of the site, and which links this person gets."""
    user = getattr(request, "user", None) or AnonymousUser()  # none if the session middleware was not reached
    return {
        "site_name": settings.SITE_NAME,
        "site_owner": settings.SITE_OWNER,
        "site_licence": settings.SITE_LICENCE,
        "site_licence_url": licence_url(settings.SITE_LICENCE),
        "site_accent": accent_of(settings.SITE_ACCENT),
        "site_logo": logo_of(settings.SITE_LOGO),
        "site_url": settings.SITE_URL,
        "site_description": settings.SITE_DESCRIPTION,
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
