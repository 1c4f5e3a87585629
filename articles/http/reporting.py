"""Reports of errors to Sentry, or to what speaks like it. A report is made of what is named here, and of nothing else.

It says where in the code an error was, of which class it is, and in which view. It never has the message of an
exception, which may quote a text, a local variable, an address, a form, a header or an account.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from articles.text.cli import VERSION

from .request_ids import request_id
from .routes import method_of, route_of

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# Of an event, of each of its exceptions, and of each of their frames
_KEPT = (
    "event_id",
    "timestamp",
    "platform",
    "level",
    "logger",
    "release",
    "environment",
    "server_name",
    "sdk",
)
_KEPT_OF_EXCEPTION = ("type", "module", "mechanism")
_KEPT_OF_MECHANISM = ("type", "handled", "exception_id", "parent_id")
_KEPT_OF_FRAME = (
    *("filename", "abs_path", "module", "function", "lineno", "in_app"),
    *("pre_context", "context_line", "post_context"),  # lines of code
)


def report_errors() -> None:
    """Report what is logged as an error, and what ends a command, if `SENTRY_DSN` is set.

    Raises `ImproperlyConfigured` if the package is missing or the address cannot be read.
    """
    if not settings.SENTRY_DSN:
        return
    try:
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.dedupe import DedupeIntegration
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but sentry-sdk is not installed."
            " Run pip install -r requirements-telemetry.txt, or unset it."
        ) from None
    try:
        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            release=f"palimpsest@{VERSION}",
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            # Others would add requests, queries and arguments of commands
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[
                LoggingIntegration(level=None, event_level=logging.ERROR),
                ExcepthookIntegration(),
                DedupeIntegration(),
                AtexitIntegration(callback=lambda pending, timeout: None),
            ],
            before_send=reported,
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN cannot be read: {error}.") from None


def reported(event: Event, hint: Hint) -> Event | None:
    """Return what is reported of an event: the keys that are named above, and what says nothing of a text.

    None if it is not reported, since the error is the client's.
    """
    record = hint.get("log_record")
    if record and record.name.startswith("django.security."):
        return None
    given: dict[str, Any] = dict(event)
    report: dict[str, Any] = _part(given, _KEPT)
    report["tags"] = {"request_id": request_id.get()}
    if exceptions := (given.get("exception") or {}).get("values"):
        report["exception"] = {"values": [_exception(each) for each in exceptions]}
    if record:
        report["logentry"] = {"message": _template(record)}
        if request := getattr(record, "request", None):
            report["transaction"] = route_of(request)
            report["tags"]["method"] = method_of(request)
    return report  # type: ignore[return-value]


def _exception(given: dict[str, Any]) -> dict[str, Any]:
    """Return class and place of an exception."""
    kept = _part(given, _KEPT_OF_EXCEPTION)
    if "mechanism" in kept:
        kept["mechanism"] = _part(kept["mechanism"] or {}, _KEPT_OF_MECHANISM)
    frames = (given.get("stacktrace") or {}).get("frames") or []
    return kept | {"stacktrace": {"frames": [_part(frame, _KEPT_OF_FRAME) for frame in frames]}}


def _template(record: logging.LogRecord) -> str:
    """Return what a line of the log says without its values; empty if a package may have put them in already."""
    is_ours = record.name.startswith("articles.")
    return str(record.msg) if is_ours or record.args else ""


def _part(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
