"""What the commands share: reading a text, and ending with a status that means what the documentation says."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol

from articles.text.cli.terminal import visible

ERROR = 2
INTERRUPTED = 130  # 128 and the number of SIGINT
PIPE_CLOSED = 141  # 128 and the number of SIGPIPE, as shells report a program that nobody reads any more


class Failure(Exception):
    """Why a command cannot do its work, in a sentence that names the file, the key or the option."""


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
    """Return the text of a UTF-8 file, or of standard input for "-", with line ends and mark as they are.

    Raises `Failure` with the file and, where it is not UTF-8, the byte at fault.
    """
    try:
        if path == "-" and sys.stdin is None:
            raise Failure("-: standard input is closed")
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Failure(
            f"{path}: not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start} (line {line})"
        ) from None


def attempted(action: Callable[[], int], out: Output, err: Output) -> int:
    """Return the status of `action` once all it wrote has arrived. Raises `Failure` for whatever went wrong.

    Where the reader of the output has left (`| head`), that is no error: the status is `PIPE_CLOSED`.
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
    """Do the same, with a failure told in one line and as status 2."""
    try:
        return attempted(action, out, err)
    except Failure as failure:
        with suppress(OSError):
            err.write(f"palimpsest: {visible(str(failure))}\n")
            err.flush()
        return ERROR


def describe_unexpected(error: Exception) -> str:
    """Return a fault of ours in words, for the one line that a user gets and may report."""
    return f"unexpected {type(error).__name__}: {error}"


def write_in_utf_8() -> None:
    """Make the output the same wherever the program runs: UTF-8, with line ends as they are."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", newline="\n")


def _drop_unwritten(*streams: Output) -> None:
    """Lead streams that take nothing any more into the void: Python writes what is left when it ends."""
    for stream in streams:
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                void = os.open(os.devnull, os.O_WRONLY)
                os.dup2(void, stream.fileno())
                os.close(void)
