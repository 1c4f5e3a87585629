"""Why nothing was sealed, or a checkpoint cannot be used: a message that says what to do."""


class SealError(Exception):
    """A seal that cannot be made, or a checkpoint that cannot be read. Commands end with 2."""


class NotConsistent(Exception):
    """The log no longer begins with what a kept checkpoint sealed. Commands end with 1."""
