"""What has to hold at the end, whatever failed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from django.core.management import call_command
from django.db import DatabaseError, connection

from articles.models import Article, Event, Notice, Revision
from articles.tasks.background_tasks import BackgroundTask

from .jobs import Job
from .writers import Writer

SECONDS_TO_FINISH = 60


def await_tasks() -> float:
    """Try waiting tasks again, as an administrator does, until all have ended; return the seconds that it took."""
    start = time.monotonic()
    while time.monotonic() < start + SECONDS_TO_FINISH:
        try:
            unfinished = BackgroundTask.objects.unfinished()
            unfinished.retry()
            if not unfinished.exists() and not Notice.objects.unsent().exists():
                break
        except DatabaseError:
            connection.close()
        time.sleep(0.2)
    return time.monotonic() - start


def faults_of(writers: list[Writer], jobs: list[Job]) -> Iterator[str]:
    """Yield what is wrong with what was kept; nothing if all holds."""
    connection.close()
    try:
        call_command("verify_history", "--pages")
    except SystemExit as end:
        yield f"verify_history --pages ended with {end.code}"
    for article in Article.objects.filter(pk__in={writer.article for writer in writers}):
        yield from _of_article(article, [writer for writer in writers if writer.article == article.pk])
    for writer in writers:
        yield from writer.faults
    yield from _of_jobs(jobs)


def _of_article(article: Article, writers: list[Writer]) -> Iterator[str]:
    revisions = list(Revision.objects.with_text().filter(article=article).order_by("number"))
    if [revision.number for revision in revisions] != list(range(1, len(revisions) + 1)):
        yield f"{article.slug}: numbers have a gap"
    if article.latest_revision_id != revisions[-1].pk:
        yield f"{article.slug}: the newest version is not the last"
    saved = list(
        article.events.filter(action=Event.Action.SAVE).order_by("pk").values_list("revision", flat=True)
    )
    if saved != [revision.pk for revision in revisions]:
        yield f"{article.slug}: the log has other saves than the article, or in another order"
    for revision in revisions:
        if not revision.renderings.exists():
            yield f"{revision}: kept without its rendering"
    kept = {line for revision in revisions for line in revision.source.splitlines()}
    for writer in writers:
        yield from (
            f"{line} was acknowledged and is gone" for line in writer.acknowledged if line not in kept
        )


def _of_jobs(jobs: Iterable[Job]) -> Iterator[str]:
    for task in BackgroundTask.objects.exclude(status="SUCCESSFUL"):
        yield f"{task.task_path} ended as {task.state}: {task.last_error}"
    for notice in Notice.objects.filter(sent_at=None, in_digest=False):
        yield f"notice {notice.pk} was never mailed"
    for job in jobs:
        events = Event.objects.filter(action=job.action, revision__in=job.revisions)
        times = Counter(events.values_list("revision", flat=True))
        for revision in job.revisions:
            if times[revision] != 1:
                yield f"{job.action} of revision {revision} was done {times[revision]} times"
