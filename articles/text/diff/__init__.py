"""The changes between two texts, character by character, and the kind of each change."""

from articles.text.diff.align import Span
from articles.text.diff.changes import Change, Kind, Op, kind_of
from articles.text.diff.comparing import Comparison, compare
from articles.text.diff.following import follow

__all__ = ["Change", "Comparison", "Kind", "Op", "Span", "compare", "follow", "kind_of"]
