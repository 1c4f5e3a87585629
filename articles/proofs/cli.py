"""The command `palimpsest` as it is installed: that of the core, with `verify-proof` (docs/proofs.md)."""

from __future__ import annotations

from collections.abc import Sequence

from articles.proofs import verifying
from articles.text import cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status, as the core's `main` does."""
    return cli.main(arguments, further={"verify-proof": verifying})
