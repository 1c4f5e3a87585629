"""What people type in: the editor's forms, and those of moderation and oversight. Rules stand in the workflow."""

from .moderation import DECISIONS, BulkForm, DecisionForm, FixForm, QueueFilter
from .oversight import AllowanceForm, HidingForm, LogForm, ReasonForm
from .writing import ArticleForm, ChoicesForm, ImageForm

__all__ = [
    "DECISIONS",
    "AllowanceForm",
    "ArticleForm",
    "BulkForm",
    "ChoicesForm",
    "DecisionForm",
    "FixForm",
    "HidingForm",
    "ImageForm",
    "LogForm",
    "QueueFilter",
    "ReasonForm",
]
