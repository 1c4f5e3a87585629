"""Traces for OpenTelemetry: a span for each request and each of its queries, by the standard's own variables.

A span has method, route, status and request id, or the SQL of a query without its parameters. It has no address, query
string or form, so nothing of a text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse

from articles.text.cli import VERSION

from .request_ids import request_id
from .routes import method_of, route_of

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
PROTOCOL = "http/protobuf"


def is_wanted() -> bool:
    """Return whether a variable names where traces go, and none switches them off."""
    endpoint = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or settings.OTEL_EXPORTER_OTLP_ENDPOINT
    is_off = settings.OTEL_SDK_DISABLED or settings.OTEL_TRACES_EXPORTER == "none"
    return bool(endpoint) and not is_off


def check_tracing() -> None:
    """Raise `ImproperlyConfigured` if traces are wanted and cannot be sent."""
    if not is_wanted():
        return
    if not all(map(_is_installed, NEEDED)):
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed."
            " Run pip install -r requirements-telemetry.txt, or unset it."
        )
    if settings.OTEL_EXPORTER_OTLP_PROTOCOL != PROTOCOL:
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {settings.OTEL_EXPORTER_OTLP_PROTOCOL!r}."
            f" Traces are sent by {PROTOCOL} alone, to port 4318 of most collectors."
        )


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False


def trace_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send a span of each request and of its queries, if a variable says where to. Continues traces of a proxy."""
    if not is_wanted():
        raise MiddlewareNotUsed
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind, StatusCode

    tracer = tracer_of_site()

    def middleware(request: HttpRequest) -> HttpResponse:
        method = method_of(request)
        # What an exception says may quote a text: it is not recorded.
        span_of_request = tracer.start_as_current_span(
            method,
            context=extract(request.headers),
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        )
        with span_of_request as span, connection.execute_wrapper(partial(_trace_query, tracer)):
            response = get_response(request)
            route = route_of(request)
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": response.status_code,
                    "palimpsest.request_id": request_id.get(),
                }
            )
            if response.status_code >= 500:
                span.set_status(StatusCode.ERROR)
        return response

    return middleware


def _trace_query(
    tracer: Tracer, execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any
) -> Any:
    from opentelemetry.trace import SpanKind

    text = str(sql)
    operation = (text.split(maxsplit=1) or ["?"])[0].upper()
    span_of_query = tracer.start_as_current_span(
        operation,
        kind=SpanKind.CLIENT,
        attributes={
            "db.system.name": connection.vendor,
            "db.operation.name": operation,
            "db.query.text": text,
        },
        record_exception=False,
        set_status_on_exception=False,
    )
    with span_of_query:
        return execute(sql, params, many, context)


@cache
def tracer_of_site() -> Tracer:
    """Return what makes spans and sends them. The packages read the variables of the standard, such as the sampler."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # What the variables say of the service comes last, so it wins.
    site = Resource({"service.name": "palimpsest", "service.version": VERSION})
    provider = TracerProvider(resource=site.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("palimpsest", VERSION)
