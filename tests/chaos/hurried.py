"""The site and its task worker with waits of seconds instead of minutes, by a clock that the test moves.

`python -m tests.chaos.hurried` is the worker.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

_CLOCK = Path(os.environ["CHAOS_CLOCK"])
_right_time = time.time


def _moved_time() -> float:
    return _right_time() + int(_CLOCK.read_text())


# All that reads the clock of the day reads one of these two; no library for a moved clock works with every Python.
time.time = _moved_time
timezone.now = lambda: datetime.fromtimestamp(_moved_time(), UTC)

from cms_site.wsgi import application  # noqa: E402, by the moved clock

__all__ = ["application"]

from articles.moderation import notices, notifying  # noqa: E402, once Django is set up
from articles.tasks import background_tasks, running  # noqa: E402

background_tasks.LEASE = running.LEASE = timedelta(seconds=3)
running.FIRST_WAIT = notices.FIRST_WAIT = timedelta(seconds=0.5)
running.MOST_ATTEMPTS = 50  # a run kills a worker more often than a year does
notices.CLAIM = timedelta(seconds=5)
notifying._GRACE = timedelta(seconds=1)

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("run_tasks")
