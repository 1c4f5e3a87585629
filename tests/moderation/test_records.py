"""The record of an author, and the trust that grows by it."""

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.models import Hiding, Review, Standing
from articles.moderation import records
from tests.conftest import CLEAN, FLAGGED, content

AUTHOR = Review.Cause.AUTHOR


@pytest.fixture
def trusting(settings):
    settings.TRUST_AFTER = 2


@pytest.fixture
def decided(author, moderator):
    """Writes an article by the author and has it decided."""

    def decided(slug, decide=workflow.approve, *, source=CLEAN, by=author):
        revision = workflow.save_revision(None, by=by, content=content(source, slug=slug))
        review = workflow.submit(revision, by=by)
        decide(review, by=moderator, reason="Because.")
        review.refresh_from_db()
        return review

    return decided


def published_at_once(author, slug="mine", source=CLEAN):
    revision = workflow.save_revision(None, by=author, content=content(source, slug=slug))
    review = workflow.publish(revision, by=author)
    return review is None or review.causes


def test_nobody_is_trusted_by_record_unless_a_setting_says_so(decided, author):
    for n in range(3):
        decided(f"good-{n}")

    assert records.trust_of(author) == records.Trust(0, 0)
    assert published_at_once(author) == [AUTHOR]


def test_trust_grows_up_to_the_setting(decided, author, trusting):
    decided("one")
    assert records.trust_of(author) == records.Trust(1, 2)
    assert published_at_once(author, "first") == [AUTHOR]

    decided("two")
    decided("three")
    assert records.trust_of(author) == records.Trust(2, 2)
    assert published_at_once(author, "second") is True
    assert published_at_once(author, "third", FLAGGED) == [Review.Cause.WARNING]


@pytest.mark.parametrize("turn_down", [workflow.reject, workflow.request_changes])
def test_one_turn_down_ends_trust_at_once(decided, author, trusting, turn_down):
    for slug in ("one", "two"):
        decided(slug)
    decided("bad", turn_down)

    assert records.trust_of(author).approved_in_a_row == 0
    assert published_at_once(author) == [AUTHOR]
    decided("three")
    assert records.trust_of(author).approved_in_a_row == 1


def test_hold_ends_trust_also_when_it_is_over(decided, author, moderator, trusting):
    for slug in ("one", "two"):
        decided(slug)
    workflow.hold(author, by=moderator, reason="Odd links.")
    assert published_at_once(author, "held") == [Review.Cause.HELD, AUTHOR]
    workflow.end_standing(Standing.objects.get(), by=moderator)

    assert records.trust_of(author).approved_in_a_row == 0
    assert published_at_once(author) == [AUTHOR]


def test_being_muted_says_nothing_of_texts(decided, author, moderator, trusting):
    for slug in ("one", "two"):
        decided(slug)
    workflow.mute(author, by=moderator, reason="Shouting.")

    assert published_at_once(author) is True


def test_approval_taken_back_ends_trust_and_a_rejection_taken_back_does_not(
    decided, author, moderator, trusting
):
    workflow.undo(decided("no", workflow.reject), by=moderator)
    for slug in ("one", "two"):
        decided(slug)
    last = decided("three")
    assert records.trust_of(author).approved_in_a_row == 2

    workflow.undo(last, by=moderator)

    assert records.trust_of(author).approved_in_a_row == 0


def test_nobody_earns_trust_by_approving_their_own_text(author, administrator, settings, trusting):
    settings.ALLOW_SELF_APPROVAL = True
    revision = workflow.save_revision(None, by=administrator, content=content())
    workflow.approve(workflow.submit(revision, by=administrator), by=administrator)

    assert records.trust_of(administrator).approved_in_a_row == 0


def test_trust_is_for_own_text_alone(decided, author, other_author, trusting):
    for slug in ("one", "two"):
        decided(slug)
    foreign = workflow.save_revision(None, by=other_author, content=content(slug="foreign"))
    mixed = workflow.save_revision(
        foreign.article, by=author, content=content("Mine.\n", slug="foreign"), base=1
    )

    assert workflow.publish(foreign, by=author).causes == [AUTHOR]
    assert workflow.publish(mixed, by=author).causes == [AUTHOR]


def test_record_counts_what_became_of_an_author(decided, author, other_author, moderator):
    decided("one")
    decided("two", source=FLAGGED + "[a](https://only.example/) [b](https://both.example/)\n")
    decided("theirs", source="[b](https://both.example/)\n", by=other_author)
    decided("bad", workflow.reject)
    workflow.submit(workflow.save_revision(None, by=author, content=content(slug="new")), by=author)

    record = records.gather_record(author, seen_by=moderator)

    assert (record.saves, record.live, record.waiting) == (4, 2, 1)
    assert (record.submitted, record.approved, record.turned_down) == (4, 2, 1)
    assert record.last == ("rejected", "approved", "approved")
    assert [(swap.found, swap.meant, swap.times, swap.articles) for swap in record.swaps] == [
        ("\u0430", "a", 1, 1)
    ]
    assert [(host.host, host.theirs, host.articles) for host in record.hosts] == [
        ("only.example", 1, 1),
        ("both.example", 1, 2),
    ]


def test_hidden_name_keeps_a_text_off_the_page_of_its_author(decided, author, moderator, administrator):
    review = decided("one")
    waiting = workflow.submit(workflow.save_revision(None, by=author, content=content(slug="new")), by=author)
    for revision in (review.revision, waiting.revision):
        workflow.hide(revision, by=administrator, parts=[Hiding.Part.AUTHOR], reason="Private.")

    assert not records.live_by(author, seen_by=moderator).exists()
    assert not records.waiting_by(author, seen_by=moderator).exists()
    assert records.live_by(author, seen_by=administrator).get().risk == review.risk
    assert records.waiting_by(author, seen_by=administrator).get() == waiting


def test_list_of_people_finds_who_wrote_or_has_a_standing(
    decided, author, other_author, reader, moderator, django_assert_num_queries
):
    decided("one")
    workflow.mute(other_author, by=moderator, reason="Shouting.")

    assert list(records.people_who_write()) == [author, other_author]
    assert list(records.people_who_write(words="OTHER auth")) == [other_author]
    assert list(records.people_who_write(standing="muted")) == [other_author]
    assert not records.people_who_write(standing="held")
    people = list(User.objects.filter(pk__in=[author.pk, other_author.pk]).order_by("pk"))
    with django_assert_num_queries(4):
        records.with_counts(people)
    assert [(p.waiting, p.live, p.turned_down, p.last_save is None) for p in people] == [
        (0, 1, 0, False),
        (0, 0, 0, True),
    ]


@pytest.mark.parametrize("part", [Hiding.Part.AUTHOR, Hiding.Part.TEXT])
def test_habits_tell_nothing_of_a_text_that_is_not_shown_with_the_name(
    save, author, moderator, administrator, part
):
    revision = save(FLAGGED)
    assert records.gather_record(author, seen_by=moderator).swaps

    workflow.hide(revision, by=administrator, parts=[part], reason="Private.")

    assert not records.gather_record(author, seen_by=moderator).swaps
    assert records.gather_record(author, seen_by=administrator).swaps
