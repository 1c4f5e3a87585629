"""Functions that the commands share: reading a text, and the exit status with its errors (docs/commands.md)."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol

from articles.text.cli.terminal import escape_invisible

ERROR = 2
INTERRUPTED = 130  # 128 and the number of SIGINT
PIPE_CLOSED = 141  # 128 and the number of SIGPIPE, as shells report a program whose reader has left


class Failure(Exception):
    """Reason why a command cannot do its work; the text names the file, the key or the option."""


class Output(Protocol):
    """A stream that commands write to."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def fileno(self) -> int: ...


class Command(Protocol):
    """A module that is a command. `run` returns the exit status and raises `Failure`."""

    SUMMARY: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...
    def run(self, options: Namespace, out: Output, err: Output) -> int: ...


def read_text(path: str) -> str:
    """Return the text of a UTF-8 file, or of standard input for "-". Line ends and byte order mark are kept.

    Raises `Failure` if the file cannot be read, or with the first byte that is not UTF-8.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Failure(
            f"{path}: not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start} (line {line})"
        ) from None


def read_bytes(path: str) -> bytes:
    """Return the content of a file, or of standard input for "-". Raises `Failure` if it cannot be read."""
    try:
        if path == "-" and sys.stdin is None:
            raise Failure("-: standard input is closed")
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:  # a name with NUL is no name
        raise Failure(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def run_action(action: Callable[[], int], out: Output, err: Output) -> int:
    """Run `action`, flush its output and return its status. Raises `Failure` for any error.

    If the reader of the output has left (`| head`), the status is `PIPE_CLOSED`.
    """
    try:
        status = action()
        out.flush()
    except Failure:
        raise
    except BrokenPipeError:
        _drop_unwritten(out, err)
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        _drop_unwritten(out, err)
        raise Failure(f"{error.filename or 'cannot write'}: {error.strerror or error}") from error
    except Exception as error:
        raise Failure(describe_unexpected(error)) from error
    return status


def run_guarded(action: Callable[[], int], out: Output, err: Output) -> int:
    """Run `action` like `run_action`, but write a failure to `err` in one line and return status 2."""
    try:
        return run_action(action, out, err)
    except Failure as failure:
        with suppress(OSError):
            err.write(f"palimpsest: {escape_invisible(str(failure))}\n")
            err.flush()
        return ERROR


def describe_unexpected(error: Exception) -> str:
    """Return an unexpected exception in words, for the line that users see and may report."""
    return f"unexpected {type(error).__name__}: {error}"


def write_in_utf_8() -> None:
    """Set standard output and errors to UTF-8 with unchanged line ends, so that both are the same everywhere."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="\n")


def _drop_unwritten(*streams: Output) -> None:
    """Redirect broken streams to the null device, since Python flushes them once more when it exits."""
    for stream in streams:
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, stream.fileno())
                os.close(null)
