"""What every page needs, and the health of the site."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from articles import permissions


def site(request: HttpRequest) -> dict[str, object]:
    """Context of every page: the site's name and which doors to show this person."""
    return {
        "site_name": settings.SITE_NAME,
        "may_write": permissions.can_create(request.user),
        "may_moderate": permissions.can_moderate(request.user),
    }


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
