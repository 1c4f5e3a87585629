"""Replays: what a rule would have met, what people decided then, and how a replay stops and goes on."""

import pytest

from articles import workflow
from articles.models import BackgroundTask, Replay, ReplayHit, Revision
from articles.rules import replaying
from articles.tasks import SHORT, running
from tests.conftest import CLEAN, content

DEAL = ("added", "contains", "deal")


@pytest.fixture
def history(author, other_author, moderator):
    """Five articles: two with a deal that was approved, one turned down, one never decided, and one without."""

    def article(slug, source=f"{CLEAN}\nA deal.\n", by=author):
        return workflow.save_revision(None, by=by, content=content(source, slug=slug))

    for slug in ("one", "two"):
        workflow.approve(workflow.submit(article(slug), by=author), by=moderator)
    workflow.reject(workflow.submit(article("three"), by=author), by=moderator, reason="No.")
    workflow.submit(article("four", by=other_author), by=other_author)
    article("five", "An ideal text.\n")
    first = Revision.objects.get(article__slug="one")
    workflow.save_revision(first.article, by=author, content=content("A deal.\n", slug="one"), base=1)


def replay(rule, by):
    made = workflow.start_replay(rule, by=by)
    running.work(until_idle=True)
    made.refresh_from_db()
    return made


def met(replay_):
    hits = replay_.hits.order_by("pk").select_related("revision")
    return [(hit.revision.slug, hit.revision.number, hit.outcome, hit.what) for hit in hits]


def test_replay_counts_what_people_decided_then(history, write, administrator):
    done = replay(write(DEAL), administrator)

    assert done.state == "done"
    assert (done.looked, done.total) == (6, 6)
    assert (done.met, done.approved, done.turned_down, done.undecided) == (4, 2, 1, 1)
    assert met(done) == [
        ("four", 1, "undecided", "deal"),
        ("three", 1, "turned down", "deal"),
        ("two", 1, "approved", "deal"),
        ("one", 1, "approved", "deal"),
    ]


@pytest.mark.parametrize(
    ("rows", "slugs"),
    [
        ([("removed", "contains", "tide table")], ["one"]),
        ([("kind", "is", "edit")], ["one"]),
        ([("shrunk", "at least", "40"), ("share", "at least", "50")], ["one"]),
        ([("text", "contains", "ideal")], ["five"]),
        ([("approved", "at least", "2"), DEAL], ["three"]),
        ([("approved", "at most", "0")], ["four", "one"]),
        ([("age", "at most", "0"), ("slug", "is", "two")], ["two"]),
        (
            [("group", "is", "authors"), ("title", "is", "Tides"), ("grown", "at least", "60")],
            ["four", "three", "two", "one"],
        ),
        ([("group", "is", "editors")], []),
    ],
    ids=str,
)
def test_facts_are_those_of_the_time_of_the_save(history, write, administrator, rows, slugs):
    assert [hit[0] for hit in met(replay(write(*rows), administrator))] == slugs


def test_findings_and_links_are_those_of_the_version(author, write, administrator):
    article = workflow.save_revision(
        None, by=author, content=content("The p\N{CYRILLIC SMALL LETTER A}per.\n")
    ).article
    source = "The p\N{CYRILLIC SMALL LETTER A}per, [here](https://shop.example).\n"
    workflow.save_revision(article, by=author, content=content(source), base=1)

    def numbers(*rows):
        return [hit[1] for hit in met(replay(write(*rows), administrator))]

    assert numbers(("checks", "is", "foreign-letter")) == [1]
    assert numbers(("alerts", "at least", "1")) + numbers(("warnings", "at least", "1")) == [1]
    assert numbers(("hosts", "under", "shop.example")) == numbers(("links", "at least", "1")) == [2]


def test_replay_of_few_versions_needs_no_worker(history, write, administrator):
    workflow.start_replay(write(DEAL), by=administrator)

    assert BackgroundTask.objects.get().queue_name == SHORT


def test_replay_of_many_versions_is_left_to_a_worker(history, write, administrator, monkeypatch):
    monkeypatch.setattr(replaying, "FEW", 5)

    workflow.start_replay(write(DEAL), by=administrator)

    assert BackgroundTask.objects.get().queue_name != SHORT


def test_replay_goes_through_batches_and_counts_all_hits(history, write, administrator, monkeypatch):
    monkeypatch.setattr(replaying, "BATCH", 2)
    monkeypatch.setattr(replaying, "MOST_KEPT", 1)

    done = replay(write(DEAL), administrator)

    assert (done.looked, done.met, done.approved) == (6, 4, 2)
    assert [hit[0] for hit in met(done)] == ["four", "three", "two"]


def test_cancelled_replay_stops_and_goes_on_where_it_was(history, write, administrator, monkeypatch):
    monkeypatch.setattr(replaying, "BATCH", 2)
    begun = workflow.start_replay(write(DEAL), by=administrator)
    replaying.look_at_batch(begun)
    workflow.cancel_replay(begun, by=administrator)

    running.work(until_idle=True)
    begun.refresh_from_db()
    assert (begun.state, begun.looked) == ("cancelled", 2)
    workflow.resume_replay(begun, by=administrator)
    running.work(until_idle=True)

    begun.refresh_from_db()
    assert (begun.state, begun.looked, begun.met) == ("done", 6, 4)
    assert len(met(begun)) == 4
    with pytest.raises(workflow.WorkflowError, match="came to its end"):
        workflow.resume_replay(begun, by=administrator)
    with pytest.raises(workflow.WorkflowError, match="does not run"):
        workflow.cancel_replay(begun, by=administrator)


def test_batch_that_another_process_looked_at_counts_once(history, write, administrator, monkeypatch):
    monkeypatch.setattr(replaying, "BATCH", 2)
    one = workflow.start_replay(write(DEAL), by=administrator)
    other = Replay.objects.select_related("version").get()

    replaying.look_at_batch(one)
    replaying.look_at_batch(other)

    assert (one.looked, other.looked) == (2, 2)
    assert ReplayHit.objects.count() == one.met


def test_replay_that_runs_is_not_begun_again(history, write, administrator):
    rule = write(DEAL)

    assert workflow.start_replay(rule, by=administrator) == workflow.start_replay(rule, by=administrator)


def test_version_that_cannot_be_read_is_counted_and_passed(history, write, administrator, monkeypatch):
    monkeypatch.setattr(Revision, "fault", lambda self, previous: "broken" if self.slug == "two" else "")

    done = replay(write(DEAL), administrator)

    assert (done.looked, done.unreadable, done.met) == (6, 1, 3)


def test_batch_costs_as_many_queries_for_many_versions(
    history, write, administrator, django_assert_num_queries
):
    begun = workflow.start_replay(
        write(DEAL, ("approved", "at least", "0"), ("alerts", "at most", "0"), ("grown", "at least", "0")),
        by=administrator,
    )

    with django_assert_num_queries(14):
        replaying.look_at_batch(begun)
