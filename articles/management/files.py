"""Text files that commands read."""

from django.core.management.base import CommandError

from articles.text.cli import running


def read_text(path: str) -> str:
    """Return the text of a UTF-8 file, or of standard input for "-", with line ends and byte order mark as they are.

    Raises `CommandError` (status 2) with the file's name and the offset of the fault.
    """
    try:
        return running.read_text(path)
    except running.Failure as failure:
        raise CommandError(str(failure), returncode=running.ERROR) from None
