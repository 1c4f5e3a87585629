"""Why an operation on the whole site is refused."""


class Refused(Exception):
    """The operation cannot be done, and nothing was changed; the text says what to do."""


class BadBackup(Refused):
    """The file is no backup, or a damaged one."""
