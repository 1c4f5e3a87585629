"""The rows: articles and what was written, rendered, found, reviewed, allowed, hidden and done."""

from .allowance import Allowance
from .article import Article, Body, DamagedText, Publication, Repacking, Revision
from .event import Event
from .hiding import Hiding
from .image import Image, ImageUse
from .reminder import Reminder
from .rendering import Finding, Rendering
from .review import ReasonTemplate, Review
from .traces import LinkedHost, Sketch

__all__ = [
    "Allowance",
    "Article",
    "Body",
    "DamagedText",
    "Event",
    "Finding",
    "Hiding",
    "Image",
    "ImageUse",
    "LinkedHost",
    "Publication",
    "ReasonTemplate",
    "Reminder",
    "Rendering",
    "Repacking",
    "Review",
    "Revision",
    "Sketch",
]
