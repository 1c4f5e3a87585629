"""What every request and every page needs, and the health of the site."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse

from articles import permissions, workflow
from articles.models import Event

from .limits import address_of

DOORS = {"/admin/": Event.Door.ADMIN, "/api/": Event.Door.API}


def origin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what a request does is logged with the door it came through."""

    def middleware(request: HttpRequest) -> HttpResponse:
        door = next((d for start, d in DOORS.items() if request.path.startswith(start)), Event.Door.PAGE)
        address = address_of(request) if settings.LOG_ADDRESSES else None
        with workflow.coming_from(door, address=address):
            return get_response(request)

    return middleware


def site_context(request: HttpRequest) -> dict[str, object]:
    """Context of every page: the site's name and which doors to show this person."""
    user = getattr(request, "user", None) or AnonymousUser()  # nobody has asked yet who it is
    return {
        "site_name": settings.SITE_NAME,
        "may_write": permissions.can_create(user),
        "may_moderate": permissions.can_moderate(user),
        "may_hide": permissions.can_hide(user),
    }


def logout(request: HttpRequest) -> HttpResponse:
    """The admin's logout; the browser forgets what it kept of the site, texts not yet saved included."""
    response = admin.site.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing else, so a lost database restarts no web server."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers and has every migration; else 503 and which of the two is missing."""
    try:
        migrations = MigrationLoader(connection)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if waiting := migrations.graph.nodes.keys() - migrations.applied_migrations.keys():
        return HttpResponse(
            f"migrations to be applied: {len(waiting)}\n", content_type="text/plain", status=503
        )
    return HttpResponse("ok\n", content_type="text/plain")
