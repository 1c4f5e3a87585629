"""What reaches Sentry and a collector of traces: where something happened, and nothing that anybody wrote."""

import gzip
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import brotli
import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from articles import workflow
from articles.http import reporting, tracing
from articles.http.reporting import report_errors
from articles.http.tracing import check_tracing, trace_requests
from articles.text.cli import VERSION
from tests.conftest import content
from tests.test_settings import ROOT

SECRET, NAME = "sluice", "a-name-of-nobody-else"
TEXT = f"The key of the {SECRET} hangs behind the clock.\n"


class Receiver(HTTPServer):
    """A server on this machine that keeps what is sent to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[bytes] = []
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
            self.headers["Content-Encoding"], bytes
        )
        self.server.received.append(unpack(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


# Sentry


@pytest.fixture
def sentry(settings, receiver):
    """A site that reports to the receiver; returns the events, and all that was sent."""
    settings.SENTRY_DSN = f"http://key@127.0.0.1:{receiver.server_port}/1"
    report_errors()

    def sent():
        sentry_sdk.flush(10)
        lines = [line for envelope in receiver.received for line in envelope.splitlines()]
        values = [json.loads(line) for line in lines if line.startswith(b"{")]
        return [value for value in values if "event_id" in value and "level" in value], b"\n".join(lines)

    yield sent
    sentry_sdk.get_client().close()
    sentry_sdk.init(default_integrations=False)


def test_error_in_the_middle_of_a_save_is_reported_without_what_was_written(author, sentry, monkeypatch):
    def fail(article, latest, *, content, **_):
        local = content.source  # a variable of a frame that is reported
        try:
            raise KeyError(local)
        except KeyError as error:
            error.add_note(local)
            raise ValueError(f"cannot store {content.source} at {content.slug}") from error

    monkeypatch.setattr("articles.workflow.saving.add_version", fail)
    author.username = NAME
    author.save()
    client = Client(raise_request_exception=False)
    client.force_login(author)
    form = {"title": f"A {SECRET}", "slug": SECRET, "source": TEXT, "language": "en", "tags": SECRET}

    response = client.post(
        f"/admin/articles/article/add/?q={SECRET}",
        {**form, "summary": SECRET, "base": ""},
        headers={"X-Request-ID": "a" * 16, "User-Agent": SECRET, "Cookie2": SECRET},
    )

    assert response.status_code == 500
    (event,), sent = sentry()
    assert event["transaction"] == "admin:articles_article_add"
    assert event["tags"] == {"request_id": "a" * 16, "method": "POST"}
    assert event["release"] == f"palimpsest@{VERSION}"
    assert [each["type"] for each in event["exception"]["values"]] == ["KeyError", "ValueError"]
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "fail"
    assert any(frame["module"] == "articles.workflow.saving" for frame in frames)
    assert SECRET.encode() not in sent
    assert NAME.encode() not in sent
    assert b"127.0.0.1" not in json.dumps(event).encode()


def test_line_of_the_log_is_reported_without_its_values(db, sentry):
    ours = logging.getLogger("articles.http.trouble")
    ours.error("The database or the disk fails: %s", SECRET, extra={"text": SECRET})
    logging.getLogger("package").error(f"{SECRET} was put in already")
    logging.getLogger("articles.tasks").warning("Only a warning")

    events, sent = sentry()

    assert [event["logentry"]["message"] for event in events] == ["The database or the disk fails: %s", ""]
    assert [event["level"] for event in events] == ["error", "error"]
    assert SECRET.encode() not in sent


def test_failing_database_is_reported_with_the_route(published, sentry, monkeypatch):
    def fail(*_, **__):
        raise OperationalError(f"no such table: {SECRET}")

    monkeypatch.setattr("articles.reader.history.get_object_or_404", fail)

    assert Client().get("/articles/tides/history/").status_code == 503

    events, sent = sentry()
    assert {event["transaction"] for event in events} == {"history"}
    assert events[0]["logentry"]["message"] == "The database or the disk fails: %s"
    assert SECRET.encode() not in sent


def test_nothing_is_sent_of_requests_that_go_well_or_are_refused(published, sentry):
    Client().get(f"/search/?q={SECRET}")
    Client().get(f"/articles/{SECRET}/")
    Client().get("/", headers={"host": SECRET})  # which Django logs as an error

    events, sent = sentry()
    assert events == []
    assert SECRET.encode() not in sent  # the package says how many it did not send


def test_missing_package_and_unreadable_address_are_named(settings, monkeypatch):
    settings.SENTRY_DSN = "no-address"
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN cannot be read"):
        report_errors()

    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="sentry-sdk is not installed"):
        report_errors()


def test_report_has_only_keys_that_are_named():
    event = {
        "level": "error",
        "request": {"url": SECRET},
        "user": {"id": 1},
        "extra": {"sys.argv": [SECRET]},
        "breadcrumbs": {"values": [{"message": SECRET}]},
        "contexts": {"trace": {"data": SECRET}},
        "exception": {
            "values": [
                {
                    "type": "E",
                    "value": SECRET,
                    "stacktrace": {"frames": [{"lineno": 1, "vars": {"a": SECRET}}]},
                }
            ]
        },
    }

    report = reporting.reported(event, {})

    assert SECRET not in json.dumps(report)
    assert report["exception"] == {"values": [{"type": "E", "stacktrace": {"frames": [{"lineno": 1}]}}]}


# OpenTelemetry


@pytest.fixture
def traces(settings, receiver, monkeypatch):
    """A site that sends its traces to the receiver; returns the spans, what made them, and all that was sent."""
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = f"http://127.0.0.1:{receiver.server_port}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", settings.OTEL_EXPORTER_OTLP_ENDPOINT)
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
    tracing.tracer_of_site.cache_clear()

    def sent():
        tracing.tracer_of_site().span_processor.force_flush()
        messages = [ExportTraceServiceRequest.FromString(body) for body in receiver.received]
        resources = [each for message in messages for each in message.resource_spans]
        spans = [span for each in resources for scope in each.scope_spans for span in scope.spans]
        made_by = {each.key: each.value.string_value for each in resources[0].resource.attributes}
        return spans, made_by, b"".join(receiver.received)

    yield sent
    tracing.tracer_of_site().span_processor.shutdown()
    tracing.tracer_of_site.cache_clear()


def attributes(span):
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_request_and_its_queries_are_one_trace_that_goes_on_from_the_proxy(published, traces):
    trace = "0af7651916cd43dd8448eb211c80319c"

    Client().get(
        f"/search/?q={SECRET}",
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01", "X-Request-ID": "a" * 16},
    )

    spans, made_by, sent = traces()
    (request,) = [span for span in spans if span.name == "GET search"]
    assert request.trace_id.hex() == trace
    assert request.parent_span_id.hex() == "b7ad6b7169203331"
    assert attributes(request) == {
        "http.request.method": "GET",
        "http.route": "search",
        "http.response.status_code": 200,
        "palimpsest.request_id": "a" * 16,
    }
    queries = [span for span in spans if span.parent_span_id == request.span_id]
    assert len(queries) == len(spans) - 1 > 0
    assert {attributes(span)["db.operation.name"] for span in queries} <= {"SELECT", "WITH", "INSERT"}
    assert made_by["service.name"] == "palimpsest"
    assert made_by["deployment.environment.name"] == "test"
    assert SECRET.encode() not in sent


def test_save_that_fails_is_traced_without_what_was_written(author, traces, monkeypatch):
    def fail(*_, content, **__):
        raise ValueError(content.source)

    monkeypatch.setattr("articles.workflow.saving.add_version", fail)
    client = Client(raise_request_exception=False)
    client.force_login(author)
    form = {"title": f"A {SECRET}", "slug": SECRET, "source": TEXT, "language": "en", "summary": SECRET}

    client.post("/admin/articles/article/add/", {**form, "base": ""})

    spans, _, sent = traces()
    (request,) = [span for span in spans if span.name == "POST admin:articles_article_add"]
    assert request.status.code == request.status.STATUS_CODE_ERROR
    assert SECRET.encode() not in sent


def test_save_is_traced_without_its_parameters(author, traces):
    client = Client()
    trace_requests(
        lambda request: (
            workflow.save_revision(None, by=author, content=content(TEXT, title=SECRET, slug=SECRET))
            and client.get("/healthz")
        )
    )(client.get("/healthz").wsgi_request)

    spans, _, sent = traces()
    assert any(span.name == "INSERT" for span in spans)
    assert SECRET.encode() not in sent


@pytest.mark.parametrize(
    "changed",
    [{"OTEL_SDK_DISABLED": True}, {"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_EXPORTER_OTLP_ENDPOINT": ""}],
)
def test_traces_can_be_switched_off_by_the_standards_variables(settings, changed):
    for name, value in ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"} | changed).items():
        setattr(settings, name, value)

    assert not tracing.is_wanted()


def test_missing_packages_and_a_protocol_that_is_not_spoken_are_named(settings, monkeypatch):
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:9"
    settings.OTEL_EXPORTER_OTLP_PROTOCOL = "grpc"
    with pytest.raises(ImproperlyConfigured, match="OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'"):
        check_tracing()

    monkeypatch.setattr(tracing, "NEEDED", ("opentelemetry.no_such_part", "no_such_package.part"))
    with pytest.raises(ImproperlyConfigured, match="OpenTelemetry is not installed"):
        check_tracing()


def test_command_ends_with_2_if_a_package_is_missing(tmp_path):
    """As an operator calls it; the package is hidden by one that cannot be imported."""
    (tmp_path / "sentry_sdk.py").write_text("raise ImportError")

    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PALIMPSEST_ENV": "",
            "PYTHONPATH": str(tmp_path),
            "SENTRY_DSN": "http://key@127.0.0.1:9/1",
        },
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("SENTRY_DSN is set, but sentry-sdk is not installed.")
    assert "Traceback" not in run.stderr
