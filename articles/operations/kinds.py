"""The kinds of databases, and what both have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from . import postgresql, sqlite


class Kind(Protocol):
    """A module that copies, restores and exchanges whole databases. All take the connection to the site's."""

    def dump(self, connection: Any, target: Path) -> None: ...
    def is_there(self, connection: Any) -> bool: ...
    def require_unused(self, connection: Any) -> None: ...
    def load(self, connection: Any, source: Path, name: str) -> str: ...
    def drop(self, connection: Any, name: str) -> None: ...
    def exchange(self, connection: Any, name: str, *, aside: str) -> None: ...


KINDS: dict[str, Kind] = {"postgresql": postgresql, "sqlite": sqlite}


def of(connection: Any) -> Kind:
    """Return the kind of a database."""
    return KINDS[connection.vendor]


def name_beside(connection: Any, purpose: str) -> str:
    """Return the name of a database beside the present one, with the purpose and the time in it."""
    name = Path(str(connection.settings_dict["NAME"])).name
    return f"{name[:30]}_{purpose}_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"  # PostgreSQL takes 63 bytes


def server(connection: Any) -> str:
    """Return the version of a database."""
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
        return str(cursor.fetchone()[0])
