"""The environment file of a new site."""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from pathlib import Path

from articles.proofs.notes import SEED_SIZE


def environment_text(*, database: str, data: Path, host: str) -> str:
    """Return the environment file of a new site. With a host, readers come through a proxy that ends TLS."""
    values = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SEAL_KEY": b64encode(secrets.token_bytes(SEED_SIZE)).decode(),
        "DATABASE_URL": database or f"sqlite:///{data / 'db.sqlite3'}",
        "MEDIA_ROOT": str(data / "media"),
        "BACKUP_ROOT": str(data / "backups"),
    }
    if host:
        values |= {
            "ALLOWED_HOSTS": host,
            "CSRF_TRUSTED_ORIGINS": f"https://{host}",
            "SITE_URL": f"https://{host}",
            "HTTPS": "1",
            "TRUSTED_PROXIES": "1",
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "json",
        }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read. Raises `FileExistsError`."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
