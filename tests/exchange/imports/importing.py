"""What tests of imports share: the command, and repositories made by plumbing alone."""

import os
import subprocess
from io import StringIO
from pathlib import Path

import pygit2
from django.core.management import CommandError, call_command

from articles.models import Revision

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "import"


def bring_in(source, *, by="administrator", **options):
    """Exit status and what was written."""
    out = StringIO()
    try:
        call_command("import_articles", str(source), account=by, stdout=out, **options)
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def history_of(slug):
    """Number, claimed author, summary and source of each version of an article, the first one first."""
    rows = Revision.objects.filter(article__slug=slug).with_text().order_by("number")
    return [(row.number, row.claimed_author, row.summary, row.source) for row in rows]


class Wiki:
    """A bare repository whose commits a test writes, each with all files of the tree, by their paths."""

    def __init__(self, folder, *, name="main"):
        self.folder, self.files = folder, {}
        self.repository = pygit2.init_repository(str(folder), bare=True, initial_head=name)
        self.head = f"refs/heads/{name}"
        self.seconds = 1_600_000_000

    def commit(
        self, message="", *, by="Ada", mail="ada@example.org", zone=60, head=None, parents=None, **changes
    ):
        """Write files by their paths, None deletes one; return the id of the commit."""
        self.files |= changes.pop("files", {}) | {f"{name}.md": text for name, text in changes.items()}
        self.files = {path: text for path, text in self.files.items() if text is not None}
        head = head or self.head
        if parents is None:
            parents = [self.repository.references[head].target] if head in self.repository.references else []
        self.seconds += 60
        who = pygit2.Signature(by, mail, self.seconds, zone)
        return self.repository.create_commit(head, who, who, message, self._tree(self.files), parents)

    def _tree(self, files):
        builder = self.repository.TreeBuilder()
        folders = {}
        for path, text in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {})[rest] = text
            else:
                data = text if isinstance(text, bytes) else text.encode()
                builder.insert(name, self.repository.create_blob(data), 0o100644)
        for name, inner in folders.items():
            builder.insert(name, self._tree(inner), 0o040000)
        return builder.write()

    def bundle(self, path):
        """Write a bundle of all branches, and return its path."""
        command = ["git", "bundle", "create", "-q", str(path), "--all"]
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_DIR": str(self.folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        subprocess.run(command, check=True, env=environment)
        return path
