"""Request ids: one for each request, on every log record that is made while the request is answered.

Logging is set up before the models can be imported, so this module imports none.
"""

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """A filter that lets every log record pass and gives it the id of the current request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set `record.request_id` and return True; "-" outside a request."""
        record.request_id = request_id.get()
        return True
