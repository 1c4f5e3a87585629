"""Several people at once, on real connections: nothing is lost, nothing collides."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection
from django.utils import timezone

from articles import workflow
from articles.models import Article, Event, Review, Revision, Schedule
from articles.revisions import errors
from articles.text.content import merge_contents
from tests.conftest import content
from tests.management.test_verify_history import verify

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """What `count` threads, each on a connection of its own, got from act(n): results and errors."""

    def run(n):
        try:
            return act(n)
        except (workflow.WorkflowError, ValidationError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_of_many_saves_on_one_base_one_wins_and_the_others_are_told(save, author):
    article = save().article

    results = at_once(
        8, lambda n: workflow.save_revision(article, by=author, content=content(f"{n}\n"), base=1)
    )

    saved = [r for r in results if isinstance(r, Revision)]
    assert len(saved) == 1
    assert sum(isinstance(r, workflow.EditConflict) for r in results) == 7
    assert sorted(Revision.objects.values_list("number", flat=True)) == [1, 2]
    assert verify()[0] == 0


def test_texts_are_merged_after_the_lock_is_released(save, author, monkeypatch):
    article = save("one\n\ntwo\n").article
    save("ONE\n\ntwo\n")

    def merge(*texts):
        assert not connection.in_atomic_block
        return merge_contents(*texts)

    monkeypatch.setattr(errors, "merge_contents", merge)
    with pytest.raises(workflow.EditConflict) as conflict:
        workflow.save_revision(article, by=author, content=content("one\n\nTWO\n"), base=1)

    assert conflict.value.merged.source == "ONE\n\nTWO\n"


def test_everybody_who_tries_again_gets_a_number_of_their_own(save, author):
    article = save().article

    def insist(n):
        while True:
            base = Article.objects.select_related("latest_revision").get(pk=article.pk).latest_revision.number
            try:
                return workflow.save_revision(article, by=author, content=content(f"{n}\n"), base=base).number
            except workflow.EditConflict:
                continue

    assert sorted(at_once(6, insist)) == [2, 3, 4, 5, 6, 7]
    assert verify()[0] == 0


def test_one_address_goes_to_one_new_article(author):
    results = at_once(6, lambda n: workflow.save_revision(None, by=author, content=content(f"{n}\n")))

    assert sum(isinstance(r, Revision) for r in results) == 1
    assert sum(isinstance(r, ValidationError) for r in results) == 5
    assert Article.objects.count() == 1


def test_of_two_decisions_one_wins_and_the_other_is_told(save, author, moderator, administrator):
    review = workflow.submit(save(), by=author)
    decisions = [
        lambda: workflow.approve(review, by=moderator),
        lambda: workflow.reject(review, by=administrator, reason="No."),
    ]

    results = at_once(2, lambda n: decisions[n]())

    review.refresh_from_db()
    assert sum(isinstance(r, workflow.AlreadyDecided) for r in results) == 1
    assert (Article.objects.get().published_revision is not None) == (review.state == Review.State.APPROVED)


def test_two_approvals_at_once_never_put_the_older_one_live(save, author, moderator, administrator):
    for n in range(5):
        older = workflow.submit(save(f"Older {n}.\n"), by=author)
        newer = workflow.submit(save(f"Newer {n}.\n"), by=author)
        decisions = [(older, moderator), (newer, administrator)]

        at_once(2, lambda n, decisions=decisions: workflow.approve(decisions[n][0], by=decisions[n][1]))

        assert Article.objects.get().published_revision == newer.revision


def test_of_many_submitted_at_once_one_waits_the_newest_of_those_that_came_through(save, author, moderator):
    workflow.reject(workflow.submit(save("First.\n"), by=author), by=moderator, reason="No.")
    rejected = Review.objects.get()
    revisions = [save(f"Version {n}.\n") for n in range(4)]
    acts = [lambda: workflow.undo(rejected, by=moderator)]
    acts += [lambda revision=revision: workflow.submit(revision, by=author) for revision in revisions]

    at_once(len(acts), lambda n: acts[n]())

    assert Review.objects.pending().get().revision == revisions[-1]


def test_one_address_goes_to_one_of_two_that_are_published(save, moderator):
    revisions = []
    for slug in ("a", "b"):
        first = workflow.save_revision(None, by=moderator, content=content(slug=slug))
        moved = workflow.save_revision(first.article, by=moderator, content=content("x", slug="same"), base=1)
        revisions.append(moved)

    results = at_once(2, lambda n: workflow.publish(revisions[n], by=moderator))

    assert sum(isinstance(r, ValidationError) for r in results) == 1
    assert Article.objects.filter(slug="same").count() == 1


def test_of_two_claims_one_wins_and_the_other_is_told(save, author, moderator, administrator):
    review = workflow.submit(save(), by=author)
    people = [moderator, administrator]

    for _ in range(5):
        results = at_once(2, lambda n: workflow.claim(review, by=people[n]))

        (winner,) = [r for r in results if isinstance(r, Review)]
        (loser,) = [r for r in results if isinstance(r, workflow.AlreadyClaimed)]
        assert str(winner.claimed_by) in str(loser)
        workflow.release(winner, by=winner.claimed_by)


def test_of_a_fix_and_a_rejection_one_wins(save, author, moderator, administrator):
    for n in range(4):
        review = workflow.submit(save(f"Text {n}.\n"), by=author)
        acts = [
            lambda review=review, n=n: workflow.fix_and_approve(
                review, by=moderator, content=content(f"Fixed {n}.\n")
            ),
            lambda review=review: workflow.reject(review, by=administrator, reason="No."),
        ]

        results = at_once(2, lambda k, acts=acts: acts[k]())

        review.refresh_from_db()
        assert sum(isinstance(r, workflow.AlreadyDecided) for r in results) == 1
        live = Article.objects.get().published_revision
        assert (live is not None and live.source == f"Fixed {n}.\n") == (
            review.state == Review.State.APPROVED
        )
    assert verify()[0] == 0


def test_undoing_and_a_newer_approval_leave_the_newer_one_live_or_nothing_new(
    save, author, moderator, administrator
):
    for n in range(4):
        older = workflow.submit(save(f"Older {n}.\n"), by=author)
        workflow.approve(older, by=moderator)
        newer = workflow.submit(save(f"Newer {n}.\n"), by=author)
        acts = [
            lambda older=older: workflow.undo(older, by=moderator),
            lambda newer=newer: workflow.approve(newer, by=administrator),
        ]

        results = at_once(2, lambda k, acts=acts: acts[k]())

        older.refresh_from_db()
        assert results[1] is True
        assert Article.objects.get().published_revision == newer.revision
        assert isinstance(results[0], workflow.WorkflowError) == (older.state == Review.State.APPROVED)
        assert older.state in (Review.State.APPROVED, Review.State.SUPERSEDED)


def test_one_decision_is_taken_back_once(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.reject(review, by=moderator, reason="No.")

    results = at_once(4, lambda n: _refusable(lambda: workflow.undo(review, by=moderator)))

    assert results.count(None) == 1
    assert Event.objects.filter(action=Event.Action.UNDO).count() == 1


def test_submissions_at_once_keep_one_sketch(save, author, other_author):
    revision = save("One two three four five six.\n")
    people = [author, other_author]

    at_once(2, lambda n: workflow.submit(Revision.objects.with_text().get(pk=revision.pk), by=people[n]))

    assert Review.objects.pending().count() == 1
    values = revision.sketches.values_list("kind", "value")
    assert len(values) == len(set(values)) == 3


def _refusable(act):
    try:
        return act()
    except PermissionDenied as error:
        return error


def insist(article, by, line):
    """Adds a line of its own to the newest version, as often as it takes to be the next."""
    while True:
        try:
            latest = Revision.objects.with_text().filter(article=article).first()
            return workflow.save_revision(
                article, by=by, content=content(f"{latest.source}{line}\n"), base=latest.number
            ).number
        except workflow.EditConflict:
            continue
        except OperationalError as error:  # more writers than connections: they are told to try again
            if "couldn't get a connection" not in str(error):
                raise


def assert_nothing_is_lost(article, lines):
    """Each version is the one before and one line more, and the last has all of them."""
    revisions = list(article.revisions.with_text().order_by("number"))
    assert [r.number for r in revisions] == list(range(1, len(lines) + 2))
    assert all(after.source.startswith(before.source) for before, after in pairwise(revisions))
    assert sorted(revisions[-1].source.splitlines()[1:]) == sorted(lines)
    assert verify()[0] == 0


def test_fifty_writers_on_one_article_lose_nothing(author):
    article = workflow.save_revision(None, by=author, content=content("First.\n")).article

    numbers = at_once(50, lambda n: insist(article, author, f"line {n}"))

    assert sorted(numbers) == list(range(2, 52))
    assert_nothing_is_lost(article, [f"line {n}" for n in range(50)])


def test_eight_writers_on_fifty_articles_lose_nothing(author):
    articles = [
        workflow.save_revision(None, by=author, content=content("First.\n", slug=f"a{n}")).article
        for n in range(50)
    ]

    def write(n):
        for article in articles[n::3] + articles[n::5]:
            latest = Revision.objects.with_text().filter(article=article).first()
            while True:
                try:
                    new = content(f"{latest.source}{n}\n", slug=article.slug)
                    workflow.save_revision(article, by=author, content=new, base=latest.number)
                    break
                except workflow.EditConflict as conflict:
                    latest = conflict.latest

    at_once(8, write)

    expected = {article.pk: [] for article in articles}
    for n in range(8):
        for article in articles[n::3] + articles[n::5]:
            expected[article.pk].append(str(n))
    for article in articles:
        newest = Revision.objects.with_text().filter(article=article).first()
        assert sorted(newest.source.splitlines()[1:]) == sorted(expected[article.pk])
    assert verify()[0] == 0


WRITER = """
import sys, django; django.setup()
from django.contrib.auth.models import User
from articles.models import Article
from tests.workflow.test_concurrency import insist
for n in range(5):
    insist(Article.objects.get(slug="tides"), User.objects.get(username="author"), f"{sys.argv[1]} {n}")
"""


def test_processes_lose_nothing_either(save):
    article = save("First.\n").article
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{held['NAME']}"
    else:
        account = quote(held["USER"], safe="") + (
            f":{quote(held['PASSWORD'], safe='')}" if held["PASSWORD"] else ""
        )
        url = f"postgres://{account}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms_site.settings"}
    folder = Path(__file__).parents[2]

    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=folder, env=environment) for name in "abcd"
    ]

    assert [writer.wait(timeout=120) for writer in writers] == [0] * 4
    assert_nothing_is_lost(article, [f"{name} {n}" for name in "abcd" for n in range(5)])


def test_boundary_that_several_reach_at_once_is_carried_out_once(save, moderator, monkeypatch):
    revision = save()
    start = timezone.now() + timedelta(minutes=2)
    workflow.schedule(revision, by=moderator, starts_at=start, ends_at=start + timedelta(hours=1), zone="UTC")
    monkeypatch.setattr(timezone, "now", lambda: start)

    results = at_once(6, lambda n: workflow.settle())

    assert results == [start + timedelta(hours=1)] * 6
    assert Article.objects.get().published_revision == revision
    assert Event.objects.filter(action="publish").count() == 1


def test_boundary_and_an_operation_at_once_leave_one_order(save, author, moderator, monkeypatch):
    """Whichever takes the lock first: the version went live once, and the newer one is what readers see."""
    article = save().article
    start = timezone.now() + timedelta(minutes=2)
    revision = article.revisions.with_text().get()
    workflow.schedule(revision, by=moderator, starts_at=start, zone="UTC")
    newer = save("Newer.\n")
    monkeypatch.setattr(timezone, "now", lambda: start)

    def act(n):
        return workflow.publish(newer, by=moderator) if n % 2 else workflow.settle()

    results = at_once(4, act)

    assert results == [None] * 4
    assert Article.objects.get().published_revision == newer
    published = Event.objects.filter(action="publish").order_by("pk")
    assert list(published.values_list("revision__number", flat=True)) == [1, 2]
    assert not Event.objects.filter(action="unschedule").exists()


def test_of_two_schedules_at_once_one_is_open(save, moderator):
    revision = save()
    start = timezone.now() + timedelta(minutes=5)

    at_once(
        4,
        lambda n: workflow.schedule(
            Revision.objects.with_text().get(pk=revision.pk),
            by=moderator,
            starts_at=start + timedelta(minutes=n),
            zone="UTC",
        ),
    )

    assert Schedule.objects.count() == 4
    assert Schedule.objects.open().get() == Schedule.objects.order_by("-pk").first()
