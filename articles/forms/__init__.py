"""What people type in: the editor's forms, and those of moderation. Rules stand in the workflow."""

from .moderation import DECISIONS, BulkForm, DecisionForm, FixForm, QueueFilter
from .writing import ArticleForm, ChoicesForm, ImageForm

__all__ = [
    "DECISIONS",
    "ArticleForm",
    "BulkForm",
    "ChoicesForm",
    "DecisionForm",
    "FixForm",
    "ImageForm",
    "QueueFilter",
]
