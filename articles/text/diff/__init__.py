"""What changed between two texts, character for character, and of which kind each change is."""

from articles.text.diff.comparing import Change, Comparison, Kind, Op, Span, compare, kind_of

__all__ = ["Change", "Comparison", "Kind", "Op", "Span", "compare", "kind_of"]
