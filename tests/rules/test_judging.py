"""Saves that meet rules: refused, held, noted, tagged, and recorded."""

import contextlib

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from articles import workflow
from articles.models import Event, Review, Revision, Rule, RuleHit
from articles.revisions.write_once import WriteOnceError
from articles.rules import judging
from tests.conftest import CLEAN, content

DEAL = ("added", "contains", "deal")
SOLD = f"{CLEAN}\nA d\N{CYRILLIC SMALL LETTER IE}al.\n"


def hits():
    return list(
        RuleHit.objects.order_by("pk").values_list("action", "what", "revision__number", "author_name")
    )


def test_save_that_is_refused_says_why_and_is_recorded(save, force):
    force(DEAL, name="Deals", action="refuse", message="No advertising, please.")
    first = save()

    with pytest.raises(ValidationError) as refused:
        save(SOLD)

    assert refused.value.message_dict == {"source": ["No advertising, please."]}
    assert Revision.objects.count() == 1
    hit = RuleHit.objects.get()
    assert (hit.article, hit.revision, hit.author_name, hit.what) == (first.article, None, "author", "deal")
    event = Event.objects.get(action="meet rule")
    assert (event.article, event.revision, event.actor_name) == (first.article, None, "author")
    assert event.detail == "Deals (1): refuse the save, with a message"


@pytest.mark.parametrize("action", ["note", "refuse"])
def test_a_draft_that_meets_a_rule_does_not_keep_a_decision_from_being_taken_back(
    save, author, moderator, force, action
):
    force(DEAL, action=action, message="No." if action == "refuse" else "")
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)
    with contextlib.suppress(ValidationError):
        save(SOLD)
    review.refresh_from_db()

    workflow.undo(review, by=moderator)

    review.refresh_from_db()
    assert review.state == "pending"


def test_save_that_meets_no_rule_is_recorded_nowhere(save, force):
    force(DEAL, action="refuse", message="No.")

    save("An ideal text.\n")

    assert not RuleHit.objects.exists()
    assert not Review.objects.exists()


def test_refusal_stands_at_the_field_that_met_it(save, force):
    force(("title", "contains", "deal"), ("kind", "is", "new"), action="refuse", message="Mend the title.")

    with pytest.raises(ValidationError) as refused:
        save(title="A deal")

    assert refused.value.message_dict == {"title": ["Mend the title."]}


def test_held_save_waits_and_is_not_published_by_who_may_publish(save, moderator, force):
    force(DEAL, action="hold")

    held = save(SOLD, by=moderator)

    review = Review.objects.get()
    assert (review.revision, review.cause, review.causes) == (held, "rule", ["rule", "warning"])
    assert workflow.publish(held, by=moderator) == review
    assert hits() == [("hold", "deal", 1, "moderator")]


def test_later_version_is_held_too_until_one_is_approved(save, moderator, administrator, force):
    force(DEAL, action="hold")
    save(SOLD, by=moderator)
    later = save(f"{SOLD}\nMore.\n", by=moderator)

    waiting = workflow.publish(later, by=moderator)

    assert "rule" in waiting.causes
    workflow.approve(waiting, by=administrator)
    last = save(f"{SOLD}\nMore and more.\n", by=moderator)
    assert workflow.publish(last, by=moderator) is None


def test_withdrawn_version_stays_held(save, moderator, force):
    force(DEAL, action="hold")
    held = save(SOLD, by=moderator)
    workflow.withdraw(Review.objects.get(), by=moderator)

    assert "rule" in workflow.publish(held, by=moderator).causes


@pytest.mark.parametrize(("action", "tag"), [("note", ""), ("tag", "advertising")])
def test_noted_and_tagged_saves_go_their_way(save, moderator, force, action, tag):
    force(DEAL, action=action, tag=tag)

    revision = save(SOLD, by=moderator)

    assert hits() == [(action, "deal", 1, "moderator")]
    assert not Review.objects.exists()
    assert RuleHit.objects.on([revision]).get().version.tag == tag


@pytest.mark.parametrize("action", ["hold", "refuse"])
def test_who_manages_rules_is_neither_held_nor_refused(save, administrator, force, action):
    force(DEAL, action=action, message="No.")

    save(SOLD, by=administrator)

    assert hits() == [("note", "deal", 1, "administrator")]
    assert not Review.objects.exists()


def test_save_without_a_change_meets_no_rule(save, force):
    save("A deal.\n")
    force(("text", "contains", "deal"), action="refuse", message="No.")

    assert save("A deal.\n").number == 1
    assert not RuleHit.objects.exists()


def test_restored_text_is_judged(save, moderator, force):
    old = save(SOLD)
    save()
    force(DEAL, action="refuse", message="No.")

    with pytest.raises(ValidationError, match=r"No\."):
        workflow.restore(Revision.objects.with_text().get(pk=old.pk), by=moderator)


def test_correction_of_a_moderator_is_refused_but_not_held(save, author, moderator, force):
    review = workflow.submit(save(), by=author)
    force(("added", "contains", "boat"), action="refuse", message="No boats.")
    force(DEAL, action="hold")
    seen = Review.objects.for_decision().get(pk=review.pk)

    with pytest.raises(ValidationError, match="No boats"):
        workflow.fix_and_approve(seen, by=moderator, content=content(f"{CLEAN}\nA boat.\n"))
    fixed = workflow.fix_and_approve(seen, by=moderator, content=content(f"{CLEAN}\nA deal.\n"))

    fixed.article.refresh_from_db()
    assert fixed.article.published_revision_id == fixed.pk
    assert hits() == [("refuse", "boat", None, "moderator"), ("note", "deal", 2, "moderator")]


def test_facts_of_the_author_count(save, author, moderator, force):
    force(("approved", "at most", "0"), ("age", "at most", "1"), ("group", "is", "authors"), action="note")
    workflow.approve(workflow.submit(save(), by=author), by=moderator)

    save(f"{CLEAN}\nMore.\n")

    assert hits() == [("note", "0 · authors", 1, "author")]


def test_what_the_checks_find_counts(save, force):
    force(("checks", "is", "foreign-letter"), ("warnings", "at least", "1"), needs="any", action="note")

    save("The p\N{CYRILLIC SMALL LETTER A}per.\n")

    assert [hit[1] for hit in hits()] == ["foreign-letter"]


def test_sizes_count(save, force):
    save("One two three four.\n")
    force(("share", "at least", "50"), ("shrunk", "at least", "10"), action="note")

    save("One two.\n")

    assert len(hits()) == 1


def test_rules_cost_a_save_one_query_until_one_changes(force, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert judging.rules_in_force() == []
    version = force(DEAL)
    with django_assert_num_queries(2):
        assert judging.rules_in_force() == [version]
    with django_assert_num_queries(1):
        assert judging.rules_in_force() == [version]
    Rule.objects.update(active=None)
    with django_assert_num_queries(1):
        assert judging.rules_in_force() == []


def test_rule_that_this_release_cannot_read_is_left_out(save, force, caplog):
    version = force(DEAL, action="note")
    version.conditions.append(["moon", "is", "full"])

    class Facts:
        pass

    assert judging.hits_of(Facts(), [version]) == []
    assert "Choose what to look at" in caplog.text


def test_hits_and_versions_are_kept(save, force):
    force(DEAL, action="note")
    save(SOLD)
    hit = RuleHit.objects.get()

    for change in (hit.save, hit.delete, hit.version.save, RuleHit.objects.all().delete):
        with pytest.raises(WriteOnceError):
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_rulehit SET what = 'nothing'")
