"""Remarks, answers, and what is settled."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles import workflow
from articles.conversation.remarks import MAX_QUOTE
from articles.models import Event, Notice, Remark, Revision
from articles.workflow import MAX_REASON
from tests.conftest import CLEAN, content


@pytest.fixture
def draft(save):
    return Revision.objects.with_text().get(pk=save().pk)


def logged(*actions):
    events = Event.objects.filter(action__in=actions).order_by("pk")
    return list(events.values_list("action", "actor_name", "revision__number"))


def test_remark_keeps_words_person_and_version(draft, moderator):
    remark = workflow.remark(draft, by=moderator, text="Which table?\nThe old one?")

    stored = Remark.objects.get()
    assert stored == remark
    assert (stored.text, stored.who, stored.revision) == ("Which table?\nThe old one?", "moderator", draft)
    assert (stored.span, stored.quote, stored.is_resolved) == (None, "", False)
    event = Event.objects.get(action="remark")
    assert (event.reason, event.actor, event.revision) == (stored.text, moderator, draft)


def test_passage_is_kept_with_its_words(draft, author):
    start = CLEAN.index("tide table")

    remark = workflow.remark(draft, by=author, text="Old?", passage=(start, start + 10))

    assert (remark.span, remark.quote) == ((4, 14), "tide table")


def test_long_passage_is_quoted_in_part(save, author):
    revision = save("Long. " * 500)
    revision = Revision.objects.with_text().get(pk=revision.pk)

    remark = workflow.remark(revision, by=author, text="All?", passage=(0, 3000))

    assert remark.span == (0, 3000)
    assert remark.quote == ("Long. " * 500)[:MAX_QUOTE] + "…"


@pytest.mark.parametrize("passage", [(5, 5), (9, 5), (-1, 5), (0, len(CLEAN) + 1)])
def test_passage_that_the_version_does_not_have_is_refused(draft, author, passage):
    with pytest.raises(ValidationError, match="no such passage"):
        workflow.remark(draft, by=author, text="?", passage=passage)

    assert workflow.remark(draft, by=author, text="?", passage=(0, len(CLEAN))).quote == CLEAN


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write what"),
        (" \n", "Write what"),
        ("a" * (MAX_REASON + 1), "at most 2000"),
        ("a\0", "at most 2000"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(draft, author, text, message):
    remark = workflow.remark(draft, by=author, text="\N{GRINNING FACE}" * MAX_REASON)

    for act in (
        lambda: workflow.remark(draft, by=author, text=text),
        lambda: workflow.answer(remark, by=author, text=text),
    ):
        with pytest.raises(ValidationError, match=message):
            act()
    assert Remark.objects.count() == 1


def test_answer_to_an_answer_goes_to_the_remark(draft, author, moderator):
    remark = workflow.remark(draft, by=moderator, text="Which table?")

    first = workflow.answer(remark, by=author, text="The old one.")
    second = workflow.answer(first, by=moderator, text="Say so.")

    assert [first.answers, second.answers] == [remark, remark]
    assert logged("remark", "answer") == [
        ("remark", "moderator", 1),
        ("answer", "author", 1),
        ("answer", "moderator", 1),
    ]


def test_decision_is_answered_and_needs_no_new_version(draft, author, moderator):
    review = workflow.submit(draft, by=author)
    workflow.request_changes(review, by=moderator, reason="Which table?")

    first = workflow.answer(review, by=author, text="The old one.")
    second = workflow.answer(first, by=moderator, text="Fine.")

    assert (first.answers_review, second.answers_review, second.answers) == (review, review, None)
    assert draft.article.revisions.count() == 1


def test_remark_is_settled_with_its_answers_and_opened_again(draft, author, moderator):
    remark = workflow.remark(draft, by=moderator, text="Which table?")
    answer = workflow.answer(remark, by=author, text="The old one.")

    workflow.resolve(answer, by=author)

    settled = Remark.objects.get(pk=remark.pk)
    assert (settled.resolved_by, settled.who_resolved, settled.is_resolved) == (author, "author", True)
    assert not Remark.objects.open().exists()
    with pytest.raises(workflow.WorkflowError, match="author has settled this already"):
        workflow.resolve(remark, by=moderator)

    workflow.reopen(remark, by=moderator)

    opened = Remark.objects.get(pk=remark.pk)
    assert (opened.resolved_by, opened.who_resolved, opened.is_resolved) == (None, "", False)
    assert list(Remark.objects.open()) == [remark]
    with pytest.raises(workflow.WorkflowError, match="open already"):
        workflow.reopen(remark, by=author)
    assert logged("resolve", "reopen") == [("resolve", "author", 1), ("reopen", "moderator", 1)]
    assert Event.objects.get(action="resolve").detail == "Which table?"


def test_answer_to_a_decision_is_not_settled(draft, author, moderator):
    review = workflow.submit(draft, by=author)
    workflow.reject(review, by=moderator, reason="No.")
    answer = workflow.answer(review, by=author, text="Why?")

    with pytest.raises(workflow.WorkflowError, match="next decision"):
        workflow.resolve(answer, by=moderator)


def test_decision_is_taken_back_whatever_was_said_since(draft, author, moderator):
    review = workflow.submit(draft, by=author)
    workflow.reject(review, by=moderator, reason="No.")
    remark = workflow.remark(draft, by=author, text="Why?")
    workflow.answer(review, by=author, text="Why?")
    workflow.resolve(remark, by=author)
    workflow.reopen(remark, by=author)
    review.refresh_from_db()

    workflow.undo(review, by=moderator)

    review.refresh_from_db()
    assert review.state == "pending"


# A save that changes nothing


def test_summary_of_a_save_without_a_change_answers_the_decision(save, author, moderator):
    review = workflow.submit(save(summary="First."), by=author)
    workflow.request_changes(review, by=moderator, reason="Which table?")

    again = save(summary="The old one; it says so in the first line.")

    assert again.number == 1
    answer = Remark.objects.get()
    assert (answer.text, answer.answers_review) == ("The old one; it says so in the first line.", review)


def test_summary_of_a_save_without_a_change_is_a_remark_where_nothing_was_returned(save, author):
    save()

    save(summary="Please look at the table.")

    remark = Remark.objects.get()
    assert (remark.text, remark.answers_review, remark.author) == ("Please look at the table.", None, author)


@pytest.mark.parametrize("summary", ["", "  ", "First."])
def test_save_without_a_change_that_says_nothing_new_is_no_remark(save, summary):
    save(summary="First.")

    save(summary=summary)

    assert not Remark.objects.exists()


def test_save_with_a_change_and_a_restoration_make_no_remark(save, author):
    first = save(summary="First.")
    save("Other.\n", summary="Second.")
    workflow.restore(Revision.objects.with_text().get(pk=first.pk), by=author)
    latest = Revision.objects.with_text().get(article=first.article, number=3)
    workflow.restore(latest, by=author)

    assert not Remark.objects.exists()


def test_who_lost_the_right_to_edit_keeps_no_summary(save, reader):
    save()

    with pytest.raises(PermissionDenied):
        workflow.save_revision(save().article, by=reader, content=content(summary="Mine."), base=1)

    assert not Remark.objects.exists()


def told():
    """Return whom the notices since the last call tell, by kind, and where they lead."""
    rows = [
        (notice.recipient.username, notice.kind, notice.path)
        for notice in Notice.objects.exclude(kind="decisions")
    ]
    Notice.objects.all().delete()
    return sorted(rows)


@pytest.fixture
def reachable(author, other_author, moderator):
    for person in (author, other_author, moderator):
        person.email = f"{person.username}@site.example"
        person.save()


def test_answer_to_a_decision_is_mailed_to_who_decided_and_to_who_answered_before(
    draft, author, other_author, moderator, reachable
):
    review = workflow.submit(draft, by=author)
    workflow.reject(review, by=moderator, reason="No source.")
    review.refresh_from_db()
    page = f"{review.get_absolute_url()}#talk"
    editor = f"/admin/articles/article/{draft.article_id}/change/?talk=1#talk"

    workflow.answer(review, by=author, text="There is one.")
    assert told() == [("moderator", "answers", page)]
    first = workflow.answer(review, by=other_author, text="I saw it.")
    assert told() == [("author", "replies", editor), ("moderator", "answers", page)]
    workflow.answer(first, by=moderator, text="Where?")

    assert told() == [("author", "replies", editor), ("other_author", "replies", editor)]


def test_answer_to_a_remark_is_mailed_to_who_made_it(draft, author, other_author, moderator, reachable):
    remark = workflow.remark(draft, by=moderator, text="Which table?")
    assert told() == []
    answer = workflow.answer(remark, by=author, text="The old one.")
    assert [row[:2] for row in told()] == [("moderator", "replies")]

    workflow.answer(answer, by=other_author, text="No, the new one.")

    assert [row[:2] for row in told()] == [("author", "replies"), ("moderator", "replies")]
