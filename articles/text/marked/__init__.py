"""The marked page: a new version of a page as readers see it, with what changed since an old version marked inside."""

from articles.text.marked.notes import BlockKind, ChangeKind, Letters, Note, NoteKind
from articles.text.marked.page import Block, Fold, MarkedChange, MarkedPage, mark_page

__all__ = [
    "Block",
    "BlockKind",
    "ChangeKind",
    "Fold",
    "Letters",
    "MarkedChange",
    "MarkedPage",
    "Note",
    "NoteKind",
    "mark_page",
]
