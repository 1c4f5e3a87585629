"""Progress of long work: one line that is rewritten on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from typing import Any

SECONDS_BETWEEN_LINES = {True: 0.2, False: 10.0}  # on a terminal; in a log


class Progress:
    """The progress of `total` steps, written to `out`. `what` is the end of the line "3 of 10 …"."""

    def __init__(self, out: Any, total: int, what: str) -> None:
        self.out, self.total, self.what = out, total, what
        self.is_terminal = out.isatty()
        self.told_at = time.monotonic()

    def tell(self, done: int) -> None:
        """Write how many steps are done, unless the last line was written a moment ago."""
        now = time.monotonic()
        if now - self.told_at < SECONDS_BETWEEN_LINES[self.is_terminal]:
            return
        self.told_at = now
        line = f"{done:,} of {self.total:,} {self.what}"
        self.out.write(f"\r{line}\x1b[K" if self.is_terminal else f"{line}\n", ending="")
        self.out.flush()

    def end(self) -> None:
        """Clear the line on a terminal. Call it before other output and after the last step."""
        if self.is_terminal:
            self.out.write("\r\x1b[K", ending="")
