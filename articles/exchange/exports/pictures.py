"""The pictures of an export: which a version shows, and their files."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.core.files.storage import default_storage

from articles.images.images import FOLDER as STORED
from articles.models import ImageUse
from articles.text.page.images import PREFIX

FOLDER = PREFIX.strip("/")  # in an export, so that the addresses in sources lead there


class Pictures:
    """Pictures by the versions that show them. `warn` takes a line about each file that is lost, once."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self.warn = warn
        self._lost: set[str] = set()

    def of(self, revisions: Collection[int]) -> dict[int, list[str]]:
        """Return the names of the pictures that versions show, in order, by the versions' keys. One query."""
        shown: dict[int, list[str]] = {}
        for use in ImageUse.objects.filter(revision__in=revisions).select_related("image").order_by("pk"):
            shown.setdefault(use.revision_id, []).append(use.image.name.file())
        return shown

    def read(self, file: str) -> bytes | None:
        """Return a picture's file, without its smaller copies or one of these; None if it is lost."""
        if file in self._lost:
            return None
        try:
            with default_storage.open(f"{STORED}/{file}") as opened:
                return bytes(opened.read())
        except OSError:
            self._lost.add(file)
            self.warn(f"{file}: the file of a picture is missing")
            return None
