"""What tests of exports share."""

from pathlib import Path

from articles import workflow
from articles.exchange.exports.exporting import Format, export
from articles.exchange.exports.selection import Selection
from tests.conftest import CLEAN, content


def exported(folder: Path, format: Format, *, warn=None, **selection):
    """Exports a selection, and returns how much was written."""
    chosen = Selection(**selection)
    return export(folder, chosen, format=format, tell=lambda done, total: None, warn=warn or _fail).number


def _fail(line):
    raise AssertionError(line)


def write(slug, source=CLEAN, *, by, **changes):
    """Saves the first version of an article."""
    return workflow.save_revision(None, by=by, content=content(source, slug=slug, **changes), base=None)


def hide(revision, administrator, *parts):
    workflow.hide(
        revision, by=administrator, parts=parts or ("text", "summary", "author"), reason="Personal."
    )


def read(folder):
    """The files of an export by path, but its mark."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "palimpsest-export"
    }
