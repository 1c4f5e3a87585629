"""The rows: articles and what was written, rendered, found, reviewed and done."""

from .article import Article, Body, Publication, Revision
from .event import Event
from .image import Image, ImageUse
from .rendering import Finding, Rendering
from .review import ReasonTemplate, Review
from .traces import LinkedHost, Sketch

__all__ = [
    "Article",
    "Body",
    "Event",
    "Finding",
    "Image",
    "ImageUse",
    "LinkedHost",
    "Publication",
    "ReasonTemplate",
    "Rendering",
    "Review",
    "Revision",
    "Sketch",
]
