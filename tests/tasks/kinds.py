"""Tasks for the tests. What they did stands in `done`; `when` says what else happens while one runs."""

import time
from collections.abc import Callable

from articles.tasks import SHORT, task
from articles.tasks.running import report

done: list[object] = []
when: dict[str, Callable[[], object]] = {}


@task(title="Note a word")
def note(word: str) -> None:
    when.get(word, lambda: None)()
    done.append(word)


@task(title="Note a word at once", queue_name=SHORT)
def note_at_once(word: str) -> None:
    when.get(word, lambda: None)()
    done.append(word)


@task(title="Count to a number")
def count(number: int) -> str:
    for n in range(1, number + 1):
        report(f"{n} of {number} numbers")
        when.get(str(n), lambda: None)()
        done.append(n)
    return f"{number} numbers counted"


@task(title="Sleep until killed")
def hang() -> None:
    time.sleep(600)
