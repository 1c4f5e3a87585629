"""What readers would have again takes a confirmation, a reason and a mark in the log."""

import pytest
from django.core.exceptions import ValidationError

from articles import workflow
from articles.models import Article, Event, Revision
from tests.conftest import CLEAN, content

PRIVATE = "Ask the keeper at 555 0147 after six."
OTHERS = "The boats go at noon."


def live():
    return Article.objects.get(slug="tides").published_revision


def returns(source, **changes):
    return workflow.gather_returns(content(source, **changes), Article.objects.get(slug="tides"))


@pytest.fixture
def hidden(published, save, author, moderator, administrator):
    """Version 2 was live and held a private number, then its text was hidden; version 3 without it is live."""
    revision = save(f"{CLEAN}{PRIVATE} {OTHERS}\n")
    workflow.publish(revision, by=administrator)
    workflow.hide(revision, by=administrator, parts=["text"], reason="A private number.")
    without = workflow.submit(save(CLEAN + OTHERS + "\n"), by=author)
    workflow.approve(without, by=moderator, reason="The number is out.", sure=True)
    return revision


def test_passage_that_only_a_hidden_version_held_returns_by_name(hidden):
    (found,) = returns(f"{CLEAN}Other.\n\n  Ask the  keeper\tat 555 0147 after six.\n{OTHERS}\n")

    assert (found.number, found.by, found.reason) == (2, "administrator", "A private number.")
    assert found.passages == (PRIVATE,)
    assert str(found) == f"It holds text of version 2 that administrator hid: “{PRIVATE}”."


@pytest.mark.parametrize("source", [CLEAN, f"{CLEAN}{OTHERS}\n", "Ask the keeper.\n", "six.\n"])
def test_what_readers_may_read_elsewhere_or_never_hid_does_not_return(hidden, source):
    assert returns(source) == []


def test_hidden_title_returns_too(hidden, save, administrator):
    revision = save(title="The keeper is a thief")
    workflow.hide(revision, by=administrator, parts=["text"], reason="Libel.")

    (found,) = returns(CLEAN, title="The keeper is a thief")

    assert (found.number, found.passages) == (revision.number, ("The keeper is a thief",))


def test_hidden_summary_is_no_text(published, administrator):
    workflow.hide(published, by=administrator, parts=["summary"], reason="Rude.")

    assert returns(CLEAN) == []


def test_text_that_is_shown_again_does_not_return(hidden, administrator):
    workflow.unhide(hidden.hidings.active().get(), by=administrator)

    assert returns(f"{CLEAN}{PRIVATE}\n") == []


def test_what_was_taken_offline_returns(published, moderator):
    assert returns(CLEAN) == []
    workflow.unpublish(published.article, by=moderator, reason="Outdated.")

    (found,) = returns("Something else.\n")

    assert (found.number, found.by, found.reason, found.passages) == (1, "moderator", "Outdated.", ())


def test_texts_are_read_only_where_one_is_hidden(published, django_assert_num_queries):
    article = Article.objects.select_related("published_revision").get(slug="tides")

    with django_assert_num_queries(1):
        assert workflow.gather_returns(content(), article) == []


# Confirmed


@pytest.fixture
def waiting(hidden, save, author):
    """Version 4 brings the private number back."""
    return workflow.submit(save(f"{CLEAN}{PRIVATE}\n"), by=author)


def test_approval_that_brings_hidden_text_back_takes_a_confirmation_and_a_reason(waiting, moderator):
    before = live()

    with pytest.raises(workflow.NeedsConfirmation, match="555 0147"):
        workflow.approve(waiting, by=moderator, reason="Fine.")
    with pytest.raises(ValidationError) as refused:
        workflow.approve(waiting, by=moderator, reason=" ", sure=True)
    assert "reason" in refused.value.message_dict
    assert live() == before

    assert workflow.approve(waiting, by=moderator, reason="The keeper agreed.", sure=True)
    assert live() == waiting.revision
    entry = Event.objects.get(action="approve", revision=waiting.revision)
    assert (entry.detail, entry.reason) == ("confirmed: text hidden in version 2", "The keeper agreed.")


def test_bringing_an_article_back_online_takes_a_confirmation_too(published, save, author, moderator):
    review = workflow.submit(save("Newer.\n"), by=author)
    workflow.unpublish(published.article, by=moderator)

    with pytest.raises(workflow.NeedsConfirmation, match="moderator took the article offline"):
        workflow.approve(review, by=moderator)

    assert workflow.approve(review, by=moderator, sure=True, reason="Right again.")
    assert Event.objects.get(action="approve", revision=review.revision).detail == (
        "confirmed: the article was offline"
    )


def test_what_brings_nothing_back_needs_no_reason_and_marks_nothing(published, save, author, moderator):
    review = workflow.submit(save("Newer.\n"), by=author)

    assert workflow.approve(review, by=moderator, sure=True)
    assert Event.objects.get(action="approve", revision=review.revision).detail == ""


def test_turning_down_brings_nothing_back(waiting, moderator):
    workflow.reject(waiting, by=moderator, reason="No.")


def test_correction_is_judged_by_what_it_publishes(waiting, moderator):
    kept = content(f"{CLEAN}{PRIVATE}\nMore.\n")
    with pytest.raises(workflow.NeedsConfirmation):
        workflow.fix_and_approve(waiting, by=moderator, content=kept, reason="Fine.")

    fixed = workflow.fix_and_approve(waiting, by=moderator, content=content(CLEAN + "The keeper knows.\n"))

    assert live() == fixed
    assert Revision.objects.count() == 5


def test_decision_that_is_carried_over_brings_nothing_back_in_passing(waiting, save, author, moderator):
    workflow.approve(waiting, by=moderator, sure=True, reason="The keeper agreed.")
    workflow.unpublish(waiting.revision.article, by=moderator)
    again = workflow.submit(save(f"{CLEAN}{PRIVATE}  \n"), by=author)

    with pytest.raises(workflow.NeedsConfirmation):
        workflow.carry_over(again, by=moderator)

    again.refresh_from_db()
    assert again.state == "pending"


def test_older_text_stays_refused_outright(published, save, author, moderator, administrator):
    review = workflow.submit(save("Older.\n"), by=author)
    workflow.publish(save("Newer.\n"), by=administrator)
    workflow.unpublish(published.article, by=administrator)

    with pytest.raises(workflow.WorkflowError, match=r"was public\. Restore"):
        workflow.approve(review, by=moderator, sure=True, reason="Because.")
    assert live() is None
