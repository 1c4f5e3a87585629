"""Moderation: the queue, the page of one submitted revision, and what can be done on both."""

from .decisions import bulk, carry_over, claim, fix, undo
from .item import review
from .queue import live, queue

__all__ = ["bulk", "carry_over", "claim", "fix", "live", "queue", "review", "undo"]
