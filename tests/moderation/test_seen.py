"""A decision takes effect only on what its page showed; what changed since is told in sentences."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Allowance, Article, Event, Review, Schedule
from articles.moderation.seen import Seen
from tests.conftest import CLEAN, FLAGGED, content

WORD = "p\u0430per"  # flagged


def live():
    return Article.objects.get(slug="tides").published_revision


@pytest.fixture
def pending(published, save, author):
    """Version 2 of a published article waits; it brings in a suspicious word."""
    return workflow.submit(save(published.source + FLAGGED), by=author)


@pytest.fixture
def drawn(pending):
    """What the page of version 2 shows."""
    return page_of(pending)


def page_of(review):
    return workflow.see(Review.objects.for_decision().get(pk=review.pk))


def allow_word(revision, *, by, word=WORD):
    """Allow a word in the article of a revision."""
    return workflow.allow(
        word, by=by, kind="word", scope="article", article=revision.article, reason="A name."
    )


# Carried by a form


def test_what_a_page_shows_is_carried_by_its_form(pending, drawn):
    assert Seen.read(str(drawn)) == drawn
    assert (drawn.review, drawn.number, drawn.newest, drawn.live) == (pending.pk, 2, 2, 1)
    assert (drawn.hidden_count, drawn.silenced_count) == (0, 0)
    assert len(str(drawn)) < 150


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "a" * 1000,
        "1.2.2.1.0.0.-.-.5",
        "1.2.2.1.0.0.x.-.5.6",
        "1.2.2.-1.0.0.-.-.5.6",
        "\u0661.2.2.1.0.0.-.-.5.6",
    ],
)
def test_anything_else_says_nothing(text):
    assert Seen.read(text) is None


def test_moment_that_no_calendar_has_is_the_beginning(drawn):
    values = str(drawn).rpartition(".")[0]

    assert Seen.read(f"{values}.{'9' * 18}").moment.year == 1970


def test_what_a_list_shows_takes_four_queries_for_any_number(pending, author, django_assert_num_queries):
    for n in range(3):
        workflow.submit(
            workflow.save_revision(None, by=author, content=content(slug=f"other-{n}")), by=author
        )
    reviews = list(Review.objects.for_queue())

    with django_assert_num_queries(4):
        seen = workflow.see_all(reviews)

    assert {pk: (each.number, each.live) for pk, each in seen.items()}[pending.pk] == (2, 1)
    assert len(seen) == 4


# Refused


def moved_on(request, save, published, pending):
    """What may happen between a page and its decision, by name; each with what the page is told then."""
    moderator, administrator = map(request.getfixturevalue, ("moderator", "administrator"))

    def hide_live():
        workflow.hide(published, by=administrator, parts=["text"], reason="A private number.")

    def hide_name():
        workflow.hide(published, by=administrator, parts=["author"], reason="Asked for.")

    def publish_newer():
        workflow.publish(save("Newer.\n"), by=administrator)

    def unpublish():
        workflow.unpublish(published.article, by=administrator, reason="Outdated.")

    def newer_there_and_gone():
        publish_newer()
        workflow.unpublish(published.article, by=administrator)

    def allow():
        allow_word(published, by=moderator)

    def schedule_end():
        ends_at = timezone.now() + timedelta(days=1)
        workflow.schedule(published, by=moderator, starts_at=None, ends_at=ends_at, zone="UTC")

    return {
        "hidden live text": (hide_live, "administrator hid the text of live version 1."),
        "hidden name": (hide_name, "administrator hid parts of version 1: author's name."),
        "newer published": (publish_newer, "administrator published version 3."),
        "taken offline": (unpublish, "administrator took version 1 offline."),
        "newer there and gone": (newer_there_and_gone, "administrator published version 3."),
        "allowed": (allow, f"moderator allowed “{WORD}” in this article."),
        "scheduled": (schedule_end, "moderator scheduled version 1."),
    }


MOVES = [
    "hidden live text",
    "hidden name",
    "newer published",
    "taken offline",
    "newer there and gone",
    "allowed",
    "scheduled",
]
DECISIONS = {
    "approve": lambda review, **how: workflow.approve(review, sure=True, reason="Fine.", **how),
    "request changes": lambda review, **how: workflow.request_changes(review, reason="Why?", **how),
    "reject": lambda review, **how: workflow.reject(review, reason="No.", **how),
    "fix": lambda review, **how: workflow.fix_and_approve(
        review, content=content(CLEAN + "Fixed.\n"), sure=True, reason="Fine.", **how
    ),
}


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("move", MOVES)
def test_decision_is_refused_with_what_changed_since(
    request, save, published, pending, drawn, move, decision
):
    by = request.getfixturevalue("administrator")
    move, told = moved_on(request, save, published, pending)[move]
    move()
    before = live(), Event.objects.count()

    with pytest.raises(workflow.NotAsSeen) as refused:
        DECISIONS[decision](pending, by=by, seen=drawn)

    assert told in [change.text for change in refused.value.changes]
    pending.refresh_from_db()
    assert pending.state == Review.State.PENDING
    assert (live(), Event.objects.count()) == before


@pytest.mark.parametrize("decision", DECISIONS)
def test_decision_on_what_still_stands_takes_effect(pending, drawn, moderator, decision):
    DECISIONS[decision](pending, by=moderator, seen=drawn)

    pending.refresh_from_db()
    assert pending.is_decided


def test_talk_and_drafts_are_told_and_refuse_nothing(published, save, pending, drawn, author, moderator):
    workflow.remark(pending.revision, by=author, text="I asked the keeper.")
    save("A draft that nobody submitted.\n")
    told = workflow.changes_since(pending, drawn, now=page_of(pending), seen_by=moderator)

    assert [change.text for change in told] == [
        "author made a remark on version 2.",
        "author saved version 3.",
    ]
    assert workflow.approve(pending, by=moderator, seen=drawn)


def test_allowance_for_other_words_refuses_nothing(pending, drawn, moderator, administrator):
    allow_word(pending.revision, by=administrator, word="sk\u0430te")

    assert workflow.approve(pending, by=moderator, seen=drawn)


def test_allowance_that_was_revoked_or_is_over_is_told(pending, moderator, administrator):
    allowance = allow_word(pending.revision, by=administrator)
    drawn = page_of(pending)
    assert drawn.silenced_count == 1
    workflow.revoke(allowance, by=administrator, reason="No name.")

    with pytest.raises(workflow.NotAsSeen, match=f"administrator revoked the allowance of “{WORD}”."):
        workflow.approve(pending, by=moderator, seen=drawn)

    Allowance.objects.update(revoked_at=None, until=date(2020, 1, 1))
    with pytest.raises(workflow.NotAsSeen, match="silenced"):
        workflow.approve(pending, by=moderator, seen=drawn)


def test_list_shows_no_findings_so_an_allowance_refuses_nothing_there(pending, moderator, administrator):
    seen = workflow.see_all(list(Review.objects.for_queue()))[pending.pk]
    allow_word(pending.revision, by=administrator)

    assert workflow.approve(pending, by=moderator, seen=seen)


def test_newer_version_that_was_submitted_takes_the_place_of_the_one_seen(
    save, pending, drawn, author, moderator
):
    newer = workflow.submit(save("Newer.\n"), by=author)

    with pytest.raises(workflow.AlreadyDecided):
        workflow.approve(pending, by=moderator, seen=drawn)

    pending.refresh_from_db()
    now = workflow.see_now(pending.revision.article)
    told = workflow.changes_since(pending, drawn, now=now, seen_by=moderator)
    assert [change.text for change in told][-1] == "author submitted version 3; it takes the place of 2."
    assert (now.review, now.number) == (newer.pk, 3)


def test_archived_article_has_nothing_to_decide_on(published, pending, drawn, author, administrator):
    workflow.withdraw(pending, by=author)
    workflow.unpublish(published.article, by=administrator)
    workflow.archive(published.article, by=administrator)

    with pytest.raises(workflow.AlreadyDecided):
        workflow.approve(pending, by=administrator, seen=drawn, sure=True, reason="Fine.")

    now = workflow.see_now(Article.objects.get())
    assert (now.review, now.number, now.live, now.is_archived) == (0, 0, 0, 1)
    assert [c.text for c in workflow.changes_since(pending, drawn, now=now, seen_by=administrator)] == [
        "author took version 2 out of the queue.",
        "administrator took version 1 offline.",
        "administrator put the article into the archive.",
    ]


def test_form_of_another_version_decides_nothing(pending, drawn, author, moderator):
    other = workflow.submit(workflow.save_revision(None, by=author, content=content(slug="other")), by=author)

    with pytest.raises(workflow.NotAsSeen, match="another version"):
        workflow.reject(other, by=moderator, reason="No.", seen=drawn)


def test_hidden_name_is_not_told(published, save, pending, drawn, administrator, moderator):
    submitted = save("More.\n")
    workflow.submit(submitted, by=submitted.author)
    workflow.hide(submitted, by=administrator, parts=["author"], reason="Asked for.")
    pending.refresh_from_db()
    now = workflow.see_now(pending.revision.article)

    told = workflow.changes_since(pending, drawn, now=now, seen_by=moderator)

    assert not [change for change in told if change.text.startswith("author ")]
    told = workflow.changes_since(pending, drawn, now=now, seen_by=administrator)
    assert [change for change in told if change.text.startswith("author ")]


def test_page_takes_a_fixed_number_of_queries(pending, administrator, django_assert_max_num_queries):
    for n in range(3):
        allow_word(pending.revision, by=administrator, word=f"{WORD}{n}")
    review = Review.objects.for_decision().get(pk=pending.pk)

    with django_assert_max_num_queries(6):
        workflow.see(review)
    assert not Schedule.objects.exists()
