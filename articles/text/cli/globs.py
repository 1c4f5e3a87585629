"""Patterns of file names for `--include`, `--exclude`, the configuration and allow-lists."""

import os
import re
from fnmatch import translate
from itertools import accumulate
from pathlib import Path


class Globs:
    """Shell patterns. Letters match in either case, and `*` matches slashes, too.

    A pattern without a slash is compared with the names of the file and of all folders it is in; a pattern with a
    slash, with their paths relative to `base`. So `drafts` and `docs/old` match all files below these folders.
    """

    def __init__(self, patterns: tuple[str, ...], base: Path) -> None:
        self.base = base
        paths = [pattern.strip("/").removeprefix("./") for pattern in patterns if "/" in pattern.rstrip("/")]
        self._paths = _compile(paths)
        self._names = _compile(
            [pattern.rstrip("/") for pattern in patterns if "/" not in pattern.rstrip("/")]
        )

    def match(self, path: str) -> bool:
        """Return whether a pattern matches a file or folder, or a folder that it is in, below `base`."""
        try:
            relative = os.path.relpath(os.path.abspath(path), self.base)  # noqa: PTH100 - does not follow links
        except ValueError:  # on another drive
            relative = path
        parts = Path(relative).parts
        return any(map(self._names.fullmatch, parts)) or any(
            map(self._paths.fullmatch, accumulate(parts, "{}/{}".format))
        )


def _compile(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, patterns)) or r"(?!)", re.IGNORECASE)
