"""The words that a drawn text holds in attributes, in the reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Names for what has none in the text itself."""

    table: str = "Table"
    code: str = "Code"
    done: str = "Done"  # of a task
    to_do: str = "To do"
    no_picture: str = "Picture removed"
    anchor: str = "Link to this part: %(heading)s"
