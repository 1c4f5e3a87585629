"""The risk of what waits follows everything that it hangs on."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client

from articles import workflow
from articles.models import BackgroundTask, DamagedText, Rendering, Review, Trait
from articles.moderation import refreshing
from articles.moderation.reputations import Reputation, reputations_of
from articles.moderation.traits import record_traits
from articles.tasks.running import work
from articles.templatetags.moderation import worst_in_words
from articles.text.content.facts import Fact, FactKind
from tests.conftest import CLEAN, FLAGGED, NOON, content
from tests.moderation.afresh import require_current
from tests.moderation.test_assessment import MILL, decided

ALERT = "An \u202eodd\u202c line.\n"


@pytest.fixture
def waiting(author):
    """Submit a new article and return its review."""

    def waiting(slug, source=CLEAN, *, by=author, **changes):
        revision = workflow.save_revision(None, by=by, content=content(source, slug=slug, **changes))
        return workflow.submit(revision, by=by)

    return waiting


@pytest.fixture
def public(other_author, moderator):
    """Publish a new article that a moderator wrote."""

    def public(slug, source):
        revision = workflow.save_revision(None, by=moderator, content=content(source, slug=slug))
        assert workflow.publish(revision, by=moderator) is None
        return revision

    return public


def parts(review):
    review.refresh_from_db()
    return {part: count for part, count, _points in review.risk_parts}


def test_rows_of_one_author_agree_after_each_decision(waiting, moderator):
    reviews = [waiting(f"article-{n}") for n in range(4)]

    for done, review in enumerate(reviews[:3], 1):
        workflow.approve(review, by=moderator)

        left = [parts(review) for review in reviews[done:]]
        assert all(row == left[0] for row in left)
        assert left[0]["newcomer"] == 4 - done
        require_current()


def test_after_twenty_rejections_the_other_four_stand_at_the_top(waiting, moderator, other_author):
    spam = [waiting(f"spam-{n}", "Buy.\n") for n in range(24)]
    grave = waiting("grave", ALERT * 3, by=other_author)

    for review in spam[:20]:
        workflow.reject(review, by=moderator, reason="No.")

    assert list(Review.objects.for_queue().worst_first()) == [*spam[20:], grave]
    for review in spam[20:]:
        assert parts(review)["rejected in a row"] == 20
        words = worst_in_words(review)
        assert "last 20 submissions of the author rejected" in words
        assert "approved" not in words
    require_current()


def test_decision_taken_back_no_longer_counts(waiting, moderator):
    first, second = waiting("first"), waiting("second")
    before = parts(second)
    workflow.reject(first, by=moderator, reason="No.")
    assert parts(second) != before
    first.refresh_from_db()

    workflow.undo(first, by=moderator)

    assert parts(second) == before == parts(first)
    require_current()


def test_withdrawing_is_no_decision(waiting, author):
    first, second = waiting("first"), waiting("second")
    before = parts(second)

    workflow.withdraw(first, by=author)

    assert parts(second) == before


def test_allowance_changes_the_row_as_it_changes_the_page(waiting, moderator):
    review = waiting("flagged", "The p\u0430per.\n")
    assert (review.cause, review.warnings) == ("warning", 1)

    allowance = workflow.allow(
        "\u0430",
        by=moderator,
        kind="character",
        scope="article",
        article=review.revision.article,
        reason="Fine.",
    )

    review.refresh_from_db()
    assert (review.cause, review.warnings, parts(review)) == ("submitted", 0, {"newcomer": 4})
    require_current()

    workflow.revoke(allowance, by=moderator)

    review.refresh_from_db()
    assert (review.cause, review.warnings) == ("warning", 1)
    assert parts(review)["warnings"] == 1
    require_current()


@pytest.mark.parametrize(
    ("value", "kind", "language", "is_reached"),
    [
        ("\u0430", "character", "en", True),
        ("p\u0430per", "word", "en", True),
        ("p\u0430per", "word", "de", False),
        ("\u0435", "character", "en", False),
    ],
)
@pytest.mark.parametrize("tag", ["en", "en-GB", "EN"])
def test_allowance_reaches_what_has_the_value_in_its_language(
    waiting, moderator, value, kind, language, is_reached, tag
):
    review = waiting("flagged", FLAGGED, language=tag)
    allowance = workflow.allow(
        value, by=moderator, kind=kind, scope="language", language=language, reason="Fine."
    )

    concerned = refreshing._of_allowance(allowance.pk)

    assert list(concerned) == [review] * is_reached


def test_what_it_waited_for_is_settled(published, save, moderator, administrator):
    revision = save(CLEAN + FLAGGED, by=administrator)
    review = workflow.publish(revision, by=administrator)
    assert review.causes == ["warning"]

    workflow.allow(
        "\u0430", by=moderator, kind="character", scope="article", article=revision.article, reason="Fine."
    )

    review.refresh_from_db()
    assert (review.causes, review.cause) == (["settled"], "settled")
    require_current()


def test_host_that_becomes_known_is_new_no_longer(waiting, public, moderator):
    review = waiting("linked", "See [a](https://new.example/) and [b](https://other.example/).\n")
    assert parts(review)["domains"] == 2

    known = public("known", "See <https://new.example/>.\n")
    assert parts(review)["domains"] == 1
    require_current()

    workflow.unpublish(known.article, by=moderator)
    assert parts(review)["domains"] == 2
    require_current()


@pytest.mark.parametrize("host", ["museum.example", "www.museum.example"])
def test_twin_of_a_host_that_becomes_known(waiting, public, administrator, host):
    review = waiting("twin", "See [a](https://shop.rnuseum.example/).\n")
    assert "twins" not in parts(review)

    known = public("known", f"See <https://{host}/>.\n")
    assert parts(review)["twins"] == 1
    require_current()

    workflow.hide(known, by=administrator, parts=["text"], reason="Out.")
    assert "twins" not in parts(review)
    require_current()


def test_host_that_another_article_links_to_stays_known(waiting, public, moderator):
    public("one", "See <https://new.example/>.\n")
    two = public("two", "See <https://new.example/>.\n")
    review = waiting("linked", "See [a](https://new.example/).\n")

    workflow.unpublish(two.article, by=moderator)

    assert "domains" not in parts(review)
    require_current()


def test_waiting_version_is_compared_with_what_is_live_now(save, author, moderator):
    older = save(FLAGGED)
    review = workflow.submit(older, by=author)
    newer = save("Nothing odd.\n", by=moderator)
    assert workflow.publish(newer, by=moderator) is None
    require_current()

    workflow.unpublish(newer.article, by=moderator)

    review.refresh_from_db()
    assert "warning" in review.causes
    require_current()


def test_schedule_that_is_due_counts_anew(save, author, moderator, at):
    first = save()
    at(NOON)
    workflow.schedule(first, by=moderator, starts_at=NOON + timedelta(hours=1), zone="UTC")
    review = workflow.submit(save(CLEAN.replace("door", "d\u043eor")), by=author)
    counts = parts(review)

    at(NOON + timedelta(hours=2))
    workflow.settle()

    assert "disguise" in parts(review).keys() - counts
    require_current()


def test_same_new_domain_in_other_submissions_counts_for_each(waiting, author):
    reviews = [waiting(f"a-{n}", f"Text {n}. See [a](https://new.example/).\n") for n in range(3)]
    assert [parts(review)["shared domains"] for review in reviews] == [2, 2, 2]

    workflow.withdraw(reviews[0], by=author)

    assert [parts(review)["shared domains"] for review in reviews[1:]] == [1, 1]
    require_current()


def test_very_common_domain_counts_no_further(waiting, author):
    reviews = [waiting(f"a-{n}", f"Text {n}. See [a](https://new.example/).\n") for n in range(9)]

    assert {parts(review)["shared domains"] for review in reviews} == {5}
    for review in reviews[:5]:
        workflow.withdraw(review, by=author)
        require_current()


def test_flood_counts_for_its_first_article_as_for_its_last(waiting):
    reviews = [waiting(f"a-{n}", f"Text {n}.\n") for n in range(5)]

    assert [parts(review)["flood"] for review in reviews] == [5] * 5
    require_current()


def test_flood_is_one_the_next_day(waiting):
    reviews = [waiting(f"a-{n}", f"Text {n}.\n") for n in range(5)]
    for review in reviews:
        Review.objects.filter(pk=review.pk).update(submitted_at=review.submitted_at - timedelta(days=1))

    refreshing.refresh([review.pk for review in reviews])

    assert parts(reviews[0])["flood"] == 5


def test_hold_of_all_edits_is_a_cause_until_it_ends(waiting, author, moderator):
    review = waiting("a")

    standing = workflow.hold(author, by=moderator, reason="Spam.")
    assert parts(review)["held"] == 1
    assert review.causes == ["held", "submitted"]
    require_current()

    workflow.end_standing(standing, by=moderator)
    assert parts(review) == {"newcomer": 4}
    assert review.causes == ["submitted"]
    require_current()


def test_facts_are_kept_worst_first(published, save, author):
    review = workflow.submit(
        save("Call +44 20 7946 0018 or write to a@mail.example. WAKE UP EVERYBODY\n"), by=author
    )

    review.refresh_from_db()
    assert 1 <= len(review.facts) <= 3
    assert review.facts[0][0] == "phone"


@pytest.mark.parametrize(
    ("brought_in", "fact"),
    [
        ("<!-- Say that it is true. -->\n", Fact(FactKind.UNSEEN, after="Say that it is true.", number=1)),
        ("<script>go()</script>\n", Fact(FactKind.LOST, after="<script>", number=2)),
    ],
)
def test_what_readers_do_not_get_is_a_fact_if_it_was_brought_in(
    published, save, author, moderator, brought_in, fact
):
    review = workflow.submit(save(published.source + brought_in), by=author)
    assert fact in [replace(each, start=None) for each in review.worst]

    workflow.publish(review.revision, by=moderator)
    again = workflow.submit(save(published.source + brought_in + "One line more.\n"), by=author)
    assert [each.kind for each in again.worst] == [FactKind.EDITED]


def test_copied_text_says_so_in_the_list(published, save, author, other_author):
    revision = workflow.save_revision(None, by=other_author, content=content(MILL, slug="mill"))
    workflow.submit(revision, by=other_author)
    review = workflow.submit(save(MILL), by=author)

    assert "100 % of the wording is that of another author's article" in worst_in_words(review)


def test_nothing_is_called_calm_where_the_sanitizers_disagree(save, author, monkeypatch):
    monkeypatch.setattr(Rendering, "is_agreed", False)

    review = workflow.submit(save("Nothing odd.\n"), by=author)

    assert worst_in_words(review).startswith("the sanitizers disagree")


# Many


@pytest.fixture
def few(monkeypatch):
    """Three reviews are many."""
    monkeypatch.setattr(refreshing, "MOST_AT_ONCE", dict.fromkeys(refreshing.MOST_AT_ONCE, 2))


def test_many_rows_are_marked_and_counted_by_a_task(waiting, moderator, few):
    reviews = [waiting(f"a-{n}", f"Text {n}.\n") for n in range(4)]
    before = parts(reviews[1])
    work(until_idle=True)

    workflow.reject(reviews[0], by=moderator, reason="No.")

    assert parts(reviews[1]) == before
    assert {review.counting for review in Review.objects.pending()} == {"record"}
    work(until_idle=True)
    assert "turned down" in parts(reviews[1])
    require_current()
    assert BackgroundTask.objects.latest("finished_at").progress == "0 versions are still to be counted"


def test_allowance_that_reaches_many_marks_them_for_everything(waiting, moderator, administrator, few):
    reviews = [waiting(f"a-{n}", FLAGGED) for n in range(3)]
    work(until_idle=True)
    allowance = workflow.allow("\u0430", by=moderator, kind="character", scope="site", reason="Fine.")
    workflow.confirm_allowance(allowance, by=administrator)
    refreshing.refresh_author(reviews[0].revision.author_id)

    assert {review.counting for review in Review.objects.pending()} == {"texts"}
    work(until_idle=True)
    assert "warnings" not in parts(reviews[0])
    require_current()


def test_row_that_is_being_counted_is_said_to_be(waiting, moderator):
    review = waiting("a")
    Review.objects.filter(pk=review.pk).update(counting="record")
    client = Client()
    client.force_login(moderator)

    assert "being counted" in client.get("/moderation/").content.decode()


def test_decided_row_is_counted_no_more(waiting, moderator):
    review = waiting("a")
    Review.objects.filter(pk=review.pk).update(counting="record")
    review.refresh_from_db()

    workflow.approve(review, by=moderator)

    review.refresh_from_db()
    assert review.counting == ""
    assert not Trait.objects.exists()


def test_row_of_an_earlier_release_is_assessed(waiting):
    review = waiting("a", FLAGGED)
    Review.objects.filter(pk=review.pk).update(counts=None, risk=1, risk_parts=[])
    Trait.objects.all().delete()

    refreshing.refresh([review.pk])

    require_current()


def test_damaged_text_keeps_its_risk_and_stops_nothing(waiting, moderator, monkeypatch):
    review = waiting("a", FLAGGED)
    risk = review.risk
    Review.objects.filter(pk=review.pk).update(counting="texts")

    def damaged(revision):
        raise DamagedText(revision, "is gone")

    monkeypatch.setattr(refreshing, "read", damaged)
    work(until_idle=True)
    refreshing.count_marked.enqueue()
    work(until_idle=True)

    review.refresh_from_db()
    assert (review.risk, review.counting) == (risk, "")


def test_text_with_very_many_flagged_words_is_reached_by_every_allowance(waiting, moderator, monkeypatch):
    monkeypatch.setattr("articles.moderation.assessment.MAX_FLAGGED", 1)

    review = waiting("a", FLAGGED)

    assert list(review.traits.values_list("kind", "value")) == [("flagged", "")]
    workflow.allow(
        "\u0430",
        by=moderator,
        kind="character",
        scope="article",
        article=review.revision.article,
        reason="Fine.",
    )
    assert "warnings" not in parts(review)


# Rows and figures


def test_traits_are_replaced(waiting):
    review = waiting("a")
    record_traits(review, [("host", "a.example"), ("host", "b.example")])

    record_traits(review, [("host", "b.example"), ("new host", "c.example")])

    assert set(review.traits.values_list("kind", "value")) == {
        ("host", "b.example"),
        ("new host", "c.example"),
    }


def test_reputations_of_several_accounts_take_one_query(
    published, author, other_author, django_assert_num_queries
):
    decided(published, ["approved", "rejected", "rejected"])

    with django_assert_num_queries(1):
        found = reputations_of({author.pk, other_author.pk})

    assert found == {author.pk: Reputation(1, 2, 2), other_author.pk: Reputation(0, 0, 0)}
    assert reputations_of(()) == {}


def test_counting_takes_as_many_queries_for_many_reviews(waiting, django_assert_max_num_queries):
    reviews = [waiting(f"a-{n}", f"Text {n}. See [a](https://new.example/).\n").pk for n in range(12)]

    with django_assert_max_num_queries(7):
        refreshing.refresh(reviews)


# At once


@pytest.mark.django_db(transaction=True)
def test_decisions_at_the_same_moment_leave_every_row_right(waiting, moderator, administrator, author):
    reviews = [waiting(f"a-{n}", f"Text {n}. See [a](https://new.example/).\n") for n in range(10)]

    def act(n):
        try:
            if n == 8:
                return waiting("late", "Late. See [a](https://new.example/).\n")
            by = (moderator, administrator)[n % 2]
            return workflow.reject(reviews[n], by=by, reason="No.")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(act, range(9)))
    work(until_idle=True)

    assert Review.objects.pending().count() == 3
    require_current()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_finds_another_one_counting_leaves_a_task(waiting, moderator):
    reviews = [waiting(f"a-{n}", f"Text {n}.\n") for n in range(3)]
    before = parts(reviews[1])
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [refreshing._LOCK])
        workflow.reject(reviews[0], by=moderator, reason="No.")
        assert parts(reviews[1]) == before

    work(until_idle=True)

    assert "turned down" in parts(reviews[1])
    require_current()


def test_nothing_changes_what_readers_see_without_counting_anew():
    articles = Path(refreshing.__file__).parents[1]
    imports = re.compile(r"from articles\.revisions\.steps import (\([^)]*\)|.*)")

    for path in articles.rglob("*.py"):
        for names in imports.findall(path.read_text(encoding="utf-8")):
            assert not {"go_live", "show"} & set(re.findall(r"\w+", names)), (
                f"{path}: see moderation/showing.py"
            )
