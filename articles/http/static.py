"""Static files with their hash in their names, so that browsers keep them for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Warning
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash, and compressed copies, for what `collectstatic` collected; other files keep their names."""

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hash_key(name) in self.hashed_files else name


def check_collected(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Warn where `collectstatic` ran before the last change of a file: readers would get the old one."""
    if not isinstance(staticfiles_storage, HashedStorage) or not staticfiles_storage.hashed_files:
        return []
    collected_at = Path(staticfiles_storage.path(staticfiles_storage.manifest_name)).stat().st_mtime
    for finder in finders.get_finders():
        for name, storage in finder.list(None):
            if Path(storage.path(name)).stat().st_mtime > collected_at:
                return [
                    Warning(
                        f"{name} changed since collectstatic ran.",
                        hint="Run manage.py collectstatic --noinput.",
                        id="articles.W003",
                    )
                ]
    return []
