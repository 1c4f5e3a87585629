"""Text files read by commands: strictly, or with a message that names the file and the place."""

import sys
from pathlib import Path

from django.core.management.base import CommandError


def file_error(path: str, what: str) -> CommandError:
    """A file that cannot be used; the command ends with status 2."""
    return CommandError(f"{path}: {what}", returncode=2)


def read_text(path: str) -> str:
    """The text of a UTF-8 file, or of standard input for "-", with every character kept: line ends and mark too."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise file_error(path, error.strerror or str(error)) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise file_error(
            path, f"not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start} (line {line})"
        ) from None
