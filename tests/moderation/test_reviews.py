"""The rows of reviews: which of them a person may decide."""

import pytest

from articles import permissions, workflow
from articles.models import Article, Review
from tests.conftest import CLEAN, content


@pytest.fixture
def waiting(author, moderator):
    """One review of each kind, by the address of its article."""

    def edit(slug, text, by):
        article = Article.objects.filter(slug=slug).select_related("latest_revision").first()
        base = article.latest_revision.number if article else None
        return workflow.save_revision(article, by=by, content=content(text, slug=slug), base=base)

    workflow.submit(edit("foreign", CLEAN, author), by=author)
    workflow.submit(edit("own", CLEAN, moderator), by=moderator)
    edit("own-beneath", CLEAN, moderator)
    workflow.submit(edit("own-beneath", CLEAN + "More.\n", author), by=author)
    workflow.publish(edit("own-live", CLEAN, moderator), by=moderator)
    workflow.submit(edit("own-live", CLEAN + "More.\n", author), by=author)
    workflow.submit(edit("own-above", CLEAN, author), by=author)
    edit("own-above", CLEAN + "More.\n", moderator)
    turned_down = workflow.submit(edit("appeal", CLEAN, author), by=author)
    workflow.reject(turned_down, by=moderator, reason="No.")
    turned_down.refresh_from_db()
    workflow.appeal(turned_down, by=author, text="Yes.")
    return Review.objects.pending()


def open_to(person):
    return {review.article.slug for review in Review.objects.open_to(person).select_related("article")}


def test_a_moderator_is_led_to_what_they_may_decide_alone(waiting, moderator, second_moderator):
    assert open_to(moderator) == {"foreign", "own-live", "own-above"}


@pytest.mark.parametrize("allows_own", [True, False])
@pytest.mark.parametrize("is_held", [True, False])
@pytest.mark.parametrize("is_alone", [True, False])
def test_rows_and_one_review_follow_the_same_rule(
    waiting, moderator, author, administrator, settings, allows_own, is_held, is_alone
):
    if is_held:
        workflow.hold(moderator, by=administrator, reason="Look at all.")
    if is_alone:
        administrator.delete()
    settings.ALLOW_SELF_APPROVAL = allows_own

    for person in (moderator, author):
        expected = {review.article.slug for review in waiting if permissions.can_review(person, review)}
        assert open_to(person) == expected


def test_rows_take_two_queries_and_none_more_a_row(
    waiting, moderator, second_moderator, django_assert_num_queries
):
    moderator.has_perm("articles.review_revision")  # keeps the rights

    with django_assert_num_queries(2):
        assert len(Review.objects.open_to(moderator)) == 3
