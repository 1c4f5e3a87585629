"""Text files read by commands: strictly, or with a message that names the file and the place."""

from django.core.management.base import CommandError

from articles.text.cli import running


def read_text(path: str) -> str:
    """The text of a UTF-8 file, or of standard input for "-", with every character kept: line ends and mark too."""
    try:
        return running.read_text(path)
    except running.Failure as failure:
        raise CommandError(str(failure), returncode=running.ERROR) from None
