"""Numbers in the output of commands."""


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "rendering", "renderings"), counted(1_000, "rendering", "renderings")
    ('1 rendering', '1,000 renderings')
    """
    return f"{number:,} {one if number == 1 else many}"
