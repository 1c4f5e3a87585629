"""The links that a source writes in Markdown."""

from articles.text.markdown.parsing import Block, parse


def link_targets(source: str) -> tuple[str, ...]:
    """Return the targets of all links and images written in Markdown, in order, as the parser reads them."""
    return tuple(target for _, block in parse(source).blocks for target in block.derived(_targets))


def _targets(block: Block) -> tuple[str, ...]:
    return tuple(event.value.target for event in block.events if event.kind in ("Link", "Image"))
