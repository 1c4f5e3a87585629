"""What supervises the site asks for: is the process alive, can it serve readers, and its metrics."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives. Takes no query: a lost database must not restart web servers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers and has every migration, else 503 with what is missing."""
    try:
        migrations = MigrationLoader(connection)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if unapplied := migrations.graph.nodes.keys() - migrations.applied_migrations.keys():
        return HttpResponse(
            f"migrations to be applied: {len(unapplied)}\n", content_type="text/plain", status=503
        )
    return HttpResponse("ok\n", content_type="text/plain")


PROBES = {"/healthz": healthz, "/readyz": readyz}


def answer_probes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer health checks whatever `Host` they send, over plain HTTP too: who probes a process knows no domain.

    If `METRICS_TOKEN` is set, `/metrics` is answered as well.
    """
    probes = dict(PROBES)
    if settings.METRICS_TOKEN:
        from . import metrics  # here, since the import opens files

        probes["/metrics"] = metrics.answer

    def middleware(request: HttpRequest) -> HttpResponse:
        return probes.get(request.path_info, get_response)(request)

    return middleware
