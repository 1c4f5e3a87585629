"""The conversation about an article, as one person sees it."""

import pytest

from articles import workflow
from articles.conversation.threads import Thread
from articles.models import Remark, Revision
from tests.conftest import CLEAN, content


def loaded(revision):
    return Revision.objects.with_text().get(pk=revision.pk)


def entries(revision, person, newest=slice(None), latest=None):
    return Thread(revision.article_id, seen_by=person).load(newest, latest=latest)


def test_decisions_and_remarks_stand_in_order_of_time_with_their_answers(save, author, moderator):
    first = save()
    review = workflow.submit(first, by=author)
    early = workflow.remark(first, by=moderator, text="Before.")
    workflow.request_changes(review, by=moderator, reason="Which table?")
    late = workflow.remark(save("Newer.\n"), by=author, text="After.")
    to_early = workflow.answer(early, by=author, text="To the first.")
    to_review = workflow.answer(review, by=author, text="To the decision.")

    found = entries(first, author)

    assert [entry.name for entry in found] == [
        f"remark-{early.pk}",
        f"decision-{review.pk}",
        f"remark-{late.pk}",
    ]
    assert [entry.text for entry in found] == ["Before.", "Which table?", "After."]
    assert [entry.who for entry in found] == ["moderator", "moderator", "author"]
    assert [entry.answers for entry in found] == [[to_early], [to_review], []]


def test_newer_submission_stands_in_the_thread_and_remarks_on_the_older_one_stay(save, author):
    first = save()
    workflow.submit(first, by=author)
    workflow.remark(first, by=author, text="Look here.")
    workflow.submit(save("Newer.\n"), by=author)

    remark, superseded = entries(first, author)

    assert remark.text == "Look here."
    assert superseded.decision.state == "superseded"
    assert superseded.text == "Version 2 waits instead."


def test_answer_to_a_decision_that_was_taken_back_stays(save, author, moderator):
    review = workflow.submit(save(), by=author)
    workflow.reject(review, by=moderator, reason="No.")
    answer = workflow.answer(review, by=author, text="Why?")
    review.refresh_from_db()
    workflow.undo(review, by=moderator)

    assert [entry.remark for entry in entries(answer.revision, author)] == [answer]


def test_part_counts_from_the_newest_entry(save, author):
    revision = save()
    for n in range(5):
        workflow.remark(revision, by=author, text=f"Remark {n}.")

    thread = Thread(revision.article_id, seen_by=author)

    assert (len(thread), thread.open) == (5, 5)
    assert [entry.text for entry in thread.load(slice(0, 2), latest=None)] == ["Remark 3.", "Remark 4."]
    assert [entry.text for entry in thread.load(slice(4, 6), latest=None)] == ["Remark 0."]


def test_open_remarks_are_counted(save, author):
    revision = save()
    settled, _open = (workflow.remark(revision, by=author, text=text) for text in ("One.", "Two."))
    workflow.answer(settled, by=author, text="Yes.")
    workflow.resolve(settled, by=author)

    assert Thread(revision.article_id, seen_by=author).open == 1


def test_thread_of_another_article_is_not_mixed_in(save, author, moderator):
    first = save()
    copy = workflow.duplicate(loaded(first), by=author)
    workflow.remark(copy, by=author, text="Elsewhere.")
    workflow.reject(workflow.submit(copy, by=author), by=moderator, reason="No.")

    assert not entries(first, author)
    assert len(entries(copy, author)) == 2


def test_reader_sees_nothing_of_a_thread(published, author, moderator, reader):
    workflow.remark(published, by=author, text="Between us.")
    workflow.withdraw(workflow.submit(add(published, author), by=author), by=author)

    assert len(Thread(published.article_id, seen_by=author)) == 2
    assert len(Thread(published.article_id, seen_by=reader)) == 0
    assert not Remark.objects.visible_to(reader).exists()


def add(revision, author):
    return workflow.save_revision(
        revision.article, by=author, content=content("A draft.\n"), base=revision.number
    )


# Passages


def remark_on(words, revision, author):
    revision = loaded(revision)
    start = revision.source.index(words)
    return workflow.remark(revision, by=author, text="?", passage=(start, start + len(words)))


def place(remark, latest, person):
    entry = next(entry for entry in entries(latest, person, latest=loaded(latest)) if entry.remark == remark)
    return entry.place


def test_passage_is_followed_through_later_versions(save, author):
    remark = remark_on("tide table", save(), author)
    save("By the mill.\n\n" + CLEAN)
    latest = save("By the mill.\n\n" + CLEAN.replace("tide table", "new tide table").replace("door", "gate"))

    found = place(remark, latest, author)

    start = loaded(latest).source.index("tide table")
    assert (found.span, found.text) == ((start, start + 10), "tide table")


def test_passage_that_was_rewritten_in_part_is_shown_as_it_reads_now(save, author):
    remark = remark_on("It is read before breakfast.", save(), author)
    latest = save(CLEAN.replace("before breakfast", "before the breakfast"))

    assert place(remark, latest, author).text == "It is read before the breakfast."


def test_passage_that_is_gone_keeps_its_quote(save, author):
    remark = remark_on("It is read before breakfast.", save(), author)
    latest = save(CLEAN.replace("It is read before breakfast.", "Nobody knows why."))

    found = place(remark, latest, author)

    assert found.span is None
    assert Remark.objects.visible_to(author).get().quote == "It is read before breakfast."


def test_settled_remark_and_remark_on_the_whole_version_have_no_place(save, author):
    revision = save()
    whole = workflow.remark(revision, by=author, text="?")
    settled = remark_on("tide table", revision, author)
    workflow.resolve(settled, by=author)

    assert place(whole, revision, author) is None
    assert place(settled, revision, author) is None


def test_long_texts_are_followed_until_the_budget_is_spent(save, author, monkeypatch):
    old = remark_on("tide table", save(), author)
    latest = save(CLEAN + "More.\n")
    new = remark_on("More", latest, author)
    monkeypatch.setattr("articles.conversation.threads.MAX_FOLLOWED", 2 * len(CLEAN + "More.\n"))

    assert place(new, latest, author).text == "More"
    assert place(old, latest, author) is None


# Hidden parts


def test_quote_from_a_hidden_text_is_withheld(save, author, administrator, moderator):
    first = save("A secret table.\n")
    remark = remark_on("secret table", first, author)
    latest = save()
    workflow.hide(first, by=administrator, parts=["text"], reason="Private.")

    for person in (author, moderator):
        (entry,) = entries(first, person, latest=loaded(latest))
        assert (entry.remark.quote, entry.place) == ("", None)
        assert entry.remark.span == remark.span
    (entry,) = entries(first, administrator, latest=loaded(latest))
    assert entry.remark.quote == "secret table"


def test_name_that_is_hidden_in_a_version_is_withheld_from_remarks_on_it(
    save, author, moderator, administrator
):
    first = save()
    remark = workflow.remark(first, by=author, text="Mine.")
    workflow.remark(first, by=moderator, text="Theirs.")
    workflow.resolve(remark, by=author)
    workflow.withdraw(workflow.submit(first, by=author), by=author)
    workflow.hide(first, by=administrator, parts=["author"], reason="Asked for.")

    assert [entry.who for entry in entries(first, moderator)] == [
        "(name hidden)",
        "moderator",
        "(name hidden)",
    ]
    assert entries(first, moderator)[0].remark.who_resolved == "(name hidden)"
    assert [entry.who for entry in entries(first, administrator)] == ["author", "moderator", "author"]


@pytest.mark.parametrize("number", [1, 12])
def test_thread_takes_eight_queries_whatever_its_length(
    save, author, moderator, django_assert_num_queries, number
):
    for n in range(number):
        revision = save(f"{CLEAN}{n}\n")
        remark = remark_on("tide table", revision, author)
        workflow.answer(remark, by=author, text="Yes.")
        workflow.reject(workflow.submit(revision, by=author), by=moderator, reason="No.")
    latest = Revision.objects.visible_to(author).with_text().get(article=revision.article, number=number)
    latest.source  # noqa: B018, read once for the page

    with django_assert_num_queries(8):
        thread = Thread(revision.article_id, seen_by=author)
        assert len(thread.load(slice(None), latest=latest)) == 2 * number
