"""The text of an article as a page draws it, made from the HTML of the sanitizer."""

from articles.prose.drawing import Drawn, draw, fit
from articles.prose.words import Words

__all__ = ["Drawn", "Words", "draw", "fit"]
