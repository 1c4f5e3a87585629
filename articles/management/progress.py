"""How far long work has come: one line that is written over on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from typing import Any

SECONDS_BETWEEN_LINES = {True: 0.2, False: 10.0}  # on a terminal; in a log


class Progress:
    """Tells `total` steps as they are done. The last one is told by the command itself."""

    def __init__(self, out: Any, total: int, what: str) -> None:
        self.out, self.total, self.what = out, total, what
        self.is_terminal = out.isatty()
        self.told_at = time.monotonic()

    def tell(self, done: int) -> None:
        now = time.monotonic()
        if now - self.told_at < SECONDS_BETWEEN_LINES[self.is_terminal]:
            return
        self.told_at = now
        line = f"{done:,} of {self.total:,} {self.what}"
        self.out.write(f"\r{line}\x1b[K" if self.is_terminal else f"{line}\n", ending="")
        self.out.flush()

    def end(self) -> None:
        if self.is_terminal:
            self.out.write("\r\x1b[K", ending="")
