"""Metrics for Prometheus: what all processes of the site counted, and the state of queue and tasks.

The processes of a host count in files of one folder, and whichever is asked adds them up. A process locks a number, and
its files are named after that. The system frees the number of a process that dies; the next process takes it, and goes
on counting where that one stopped. So no count is lost and none goes back, and there are never more files than there
were processes at a time.

Import this module only if metrics are wanted: it opens the folder.
"""

from __future__ import annotations

import fcntl
import os
import platform
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count as numbers
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_tasks_db.compat import TaskResultStatus as Status
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from articles.models import LiveChange, Review, Revision
from articles.tasks.background_tasks import BackgroundTask
from articles.text.cli import VERSION
from articles.text.unicode.tables import UNICODE_VERSION

from .measuring import Queries
from .routes import method_of, route_of
from .temporary import folder_of_site

BYTES_AT_FIRST = (
    1024**2
)  # of a file, taken at once: a process that runs out of disk space inside a file is killed
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_lock: tuple[int, int] | None = None  # number of this process, and the open file that it locked


# Files


def _open_folder() -> Path:
    """Make the folder, and return it. Raises `ImproperlyConfigured` unless it belongs to this account alone."""
    folder = Path(settings.PROMETHEUS_MULTIPROC_DIR or folder_of_site("metrics"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_ours = folder.lstat().st_uid == os.getuid() and os.access(folder, os.W_OK)
    except OSError as error:
        raise ImproperlyConfigured(f"The folder for metrics cannot be made: {error}.") from None
    if not is_ours:
        raise ImproperlyConfigured(
            f"{folder} belongs to another account. Name another folder in PROMETHEUS_MULTIPROC_DIR."
        )
    return folder


FOLDER = _open_folder()


def _number() -> int:
    """Return the number of this process, which no other one has while this one lives."""
    global _lock
    if _lock is None:
        _lock = next(lock for number in numbers() if (lock := _locked(number)))
    return _lock[0]


def _locked(number: int) -> tuple[int, int] | None:
    """Lock a number, and make its files; None if another process has it."""
    file = os.open(FOLDER / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    for kind in ("counter", "histogram"):
        counts = os.open(FOLDER / f"{kind}_{number}.db", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        os.posix_fallocate(counts, 0, BYTES_AT_FIRST)
        os.close(counts)
    return number, file


def _forget_number() -> None:
    """Let a process that was forked take a number of its own."""
    global _lock
    if _lock:
        os.close(_lock[1])  # the parent keeps its lock
        _lock = None


os.register_at_fork(after_in_child=_forget_number)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)
values.ValueClass = values.MultiProcessValue(_number)  # type: ignore[no-untyped-call]


# Counts of requests


REQUESTS = Counter(
    "palimpsest_http_requests", "Requests answered.", ["method", "view", "status"], registry=None
)
DURATION = Histogram(
    "palimpsest_http_request_duration_seconds",
    "Time until a response begins.",
    ["method", "view"],
    buckets=SECONDS,
    registry=None,
)
QUERIES = Counter(
    "palimpsest_http_request_database_queries", "Database queries of requests.", ["view"], registry=None
)
QUERY_SECONDS = Counter(
    "palimpsest_http_request_database_seconds",
    "Time in which requests waited for the database.",
    ["view"],
    registry=None,
)
REFUSED = Counter(
    "palimpsest_http_refused_requests",
    "Requests refused: over a rate limit, or because other heavy work was going on.",
    ["reason"],
    registry=None,
)

_Counts = tuple[Callable[[], None], Callable[[float], None], Callable[[float], None], Callable[[float], None]]
_counts: dict[tuple[str, str, int], _Counts] = {}  # looking each up by its labels takes longer than counting


def count(request: HttpRequest, response: HttpResponse, seconds: float, queries: Queries) -> None:
    """Count a request that was answered."""
    kind = method_of(request), route_of(request), response.status_code
    counts = _counts.get(kind)
    if counts is None:
        counts = _counts[kind] = _counts_of(*kind)
    add_request, observe_seconds, add_queries, add_query_seconds = counts
    add_request()
    observe_seconds(seconds)
    if queries.number:
        add_queries(queries.number)
        add_query_seconds(queries.seconds)
    if reason := getattr(response, "refusal", ""):
        REFUSED.labels(reason).inc()


def _counts_of(method: str, view: str, status: int) -> _Counts:
    return (
        REQUESTS.labels(method, view, status).inc,
        DURATION.labels(method, view).observe,
        QUERIES.labels(view).inc,
        QUERY_SECONDS.labels(view).inc,
    )


# What is asked of the database


class _Site(Collector):
    """The state of the site, read when it is asked for."""

    def collect(self) -> Iterator[Metric]:
        versions = {
            "version": VERSION,
            "python": platform.python_version(),
            "django": django.__version__,
            "unicode": UNICODE_VERSION,
        }
        info = GaugeMetricFamily(
            "palimpsest_build_info", "1, with the versions that run.", labels=[*versions]
        )
        info.add_metric([*versions.values()], 1)
        yield info
        try:
            state = [*_state()]
        except Error:
            state = []
        yield GaugeMetricFamily(
            "palimpsest_database_up", "1 if the database answers, else 0.", value=int(bool(state))
        )
        yield from state


def _state() -> Iterator[Metric]:
    """Yield what the database says. Six queries, each of which walks an index."""
    waiting = Review.objects.pending()
    yield GaugeMetricFamily(
        "palimpsest_reviews_waiting", "Versions that wait for a moderator.", value=waiting.order_by().count()
    )
    yield GaugeMetricFamily(
        "palimpsest_oldest_review_age_seconds",
        "How long the one that waits longest has waited; 0 without any.",
        value=_age(waiting.oldest()),
    )
    due = BackgroundTask.objects.due().order_by()
    yield GaugeMetricFamily(
        "palimpsest_tasks_due", "Background tasks whose time has come.", value=due.count()
    )
    yield GaugeMetricFamily(
        "palimpsest_oldest_due_task_age_seconds",
        "How long the one that is due longest has been; 0 without any.",
        value=_age(due.aggregate(oldest=Min("run_after"))["oldest"]),
    )
    yield GaugeMetricFamily(
        "palimpsest_tasks_failed",
        "Background tasks that failed for good.",
        value=BackgroundTask.objects.filter(status=Status.FAILED).order_by().count(),
    )
    # By the last key, since to count all rows would take longer with each
    yield CounterMetricFamily(
        "palimpsest_revisions",
        "Versions saved.",
        value=Revision.objects.aggregate(last=Max("pk"))["last"] or 0,
    )
    yield CounterMetricFamily(
        "palimpsest_publications",
        "Times that a version went live.",
        value=LiveChange.objects.aggregate(last=Max("pk"))["last"] or 0,
    )


def _age(since: datetime | None) -> float:
    """Return the seconds since a moment, 0 without one."""
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0


# The address


def answer(request: HttpRequest) -> HttpResponse:
    """Answer with all metrics if the request bears the token, else with 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        refusal = HttpResponse("the token is missing or wrong\n", content_type="text/plain", status=401)
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(FOLDER))  # type: ignore[no-untyped-call]
    registry.register(_Site())
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type)
