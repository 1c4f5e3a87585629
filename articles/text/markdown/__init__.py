"""What the parts of a Markdown source are, and where exactly each of them stands."""

from .contexts import Region, Where, regions
from .links import link_targets
from .parsing import Block, Document, parse

__all__ = ["Block", "Document", "Region", "Where", "link_targets", "parse", "regions"]
