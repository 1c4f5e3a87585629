"""Heavy work, such as comparing long texts: one piece at a time in a process, and few on a host, so pages stay quick.

The places of a host are locked files in a folder of this account alone. The system frees the lock of a process that
dies, so no place is ever lost. Processes that do not share this folder, as in containers, have places of their own.
After each request this process gives back the memory that it took.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import stat
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from articles.text.remembering import settle

from .temporary import folder_of_site

logger = logging.getLogger(__name__)

SECONDS_TO_WAIT = 1.0
SECONDS_OF_AUTHORS = 5.0  # that an author's own work waits, before it goes on without a place
SECONDS_BETWEEN_TRIES = 0.05
SECONDS_TO_RETRY = 5
MOST_NOTED = 1_000

_working = threading.Lock()
_waiting = threading.Lock()  # one request of a process waits; more would keep threads from answering readers
_noted: set[str] = set()  # paths whose work was heavy for visitors
_failed = threading.Event()  # whether this process has logged that the host has no places


def heavy_work(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Free memory and the place of a request once it is answered. Must stand before all that may take one.

    While another request waits, a visitor's request whose work was heavy before is refused at once, without a query.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in _noted and _waiting.locked() and _is_visitor(request):
            return _busy()
        try:
            return get_response(request)
        finally:
            if settle():
                _trim()
            if place := getattr(request, "place", None):
                place.free()

    return middleware


def refused_place(request: HttpRequest) -> HttpResponse | None:
    """Take a place until the request is answered; return the response 503 if none gets free in time, else None."""
    if hasattr(request, "place"):
        return None
    if _is_visitor(request):  # other people's addresses may be nobody else's business
        if len(_noted) >= MOST_NOTED:
            _noted.clear()
        _noted.add(request.path)
    place = Place.taken()
    if place is None:
        return _busy()
    request.place = place  # type: ignore[attr-defined]
    return None


def await_place(request: HttpRequest) -> None:
    """Take a place until the request is answered. Go on without one if none gets free in time: no save is refused."""
    if not hasattr(request, "place"):
        request.place = Place.taken(patience=SECONDS_OF_AUTHORS)  # type: ignore[attr-defined]


def _is_visitor(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES


def _busy() -> HttpResponse:
    response = HttpResponse(render_to_string("busy.html", {"seconds": SECONDS_TO_RETRY}), status=503)
    response["Retry-After"] = str(SECONDS_TO_RETRY)
    response._has_been_logged = True  # type: ignore[attr-defined]  # an attack is no error of the site
    response.refusal = "busy"  # type: ignore[attr-defined]  # for the metrics
    return response


class Place:
    """A place for heavy work: this process's own, and one of the host's."""

    def __init__(self, file: int) -> None:
        self._file = file

    @classmethod
    def taken(cls, *, patience: float = 0) -> Place | None:
        """Return a place, at once or within `SECONDS_TO_WAIT`; None if there is none, or another thread waits.

        With `patience`, wait that many seconds for both.
        """
        deadline = time.monotonic() + (patience or SECONDS_TO_WAIT)
        if not _waiting.acquire(timeout=patience):
            return None
        try:
            if not _working.acquire(timeout=max(0, deadline - time.monotonic())):
                return None
            file = None
            try:
                file = _locked_file(deadline)
            finally:
                if file is None:
                    _working.release()
        finally:
            _waiting.release()
        return None if file is None else cls(file)

    def free(self) -> None:
        os.close(self._file)  # which unlocks it
        _working.release()


def _trim() -> None:
    """Let the C library return freed memory to the system; not every library can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _locked_file(deadline: float) -> int | None:
    """Return an open file that this process alone has locked; None if all are locked until the deadline.

    Where none can be made, return a file that is no lock, so that work goes on.
    """
    try:
        while True:
            folder = _folder()
            for number in range(settings.HEAVY_AT_ONCE):
                if (file := _locked(folder / f"{number}.lock")) is not None:
                    return file
            if time.monotonic() >= deadline:
                return None
            time.sleep(SECONDS_BETWEEN_TRIES)
    except OSError as error:
        if not _failed.is_set():
            _failed.set()
            logger.warning("Heavy work takes no turns between processes: %s", error)
        return os.open(os.devnull, os.O_RDONLY)


def _locked(path: Path) -> int | None:
    """Return the open file once this process alone has locked it; None if another one has."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return file


def _folder() -> Path:
    """Return the folder of the locks, made if need be. Raises `PermissionError` if another account may write there."""
    folder = folder_of_site("turns")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder} is not this account's own folder")
    return folder
