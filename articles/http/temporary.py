"""Where the processes of a site meet on one host: folders for temporary files, one for each checkout and account."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def folder_of_site(purpose: str) -> Path:
    """Return the path of this site's folder for a purpose, which need not be there."""
    site = hashlib.sha256(f"{settings.BASE_DIR} {os.getuid()}".encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"palimpsest-{purpose}-{site}")
