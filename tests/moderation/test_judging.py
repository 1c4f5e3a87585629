"""How often a check was right: by what became of its own findings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Review
from articles.moderation.judging import by_check
from tests.conftest import content

LETTER = "The p\N{CYRILLIC SMALL LETTER A}per is read here. "  # `foreign-letter`
HIDDEN = "The ad\N{ZERO WIDTH SPACE}min is here. "  # `invisible`


@pytest.fixture
def submit(author):
    """A version of the article with this slug, which waits."""

    def submit(slug, source, article=None):
        base = article.latest_revision.number if article else None
        revision = workflow.save_revision(
            article, by=author, content=content(source + "\n", slug=slug), base=base
        )
        return workflow.submit(revision, by=author)

    return submit


def judged():
    found = by_check(Review.objects.decided(), since=timezone.now() - timedelta(days=1))
    return {each.name: (each.upheld, each.approved, each.allowed) for each in found}


def test_turning_down_a_version_does_not_count_for_each_check_alike(submit, moderator, author):
    both = submit("both", LETTER + HIDDEN)
    workflow.reject(both, by=moderator, reason="Hidden characters.")
    assert judged() == {}  # nobody can tell yet which of the two it was

    later = submit("both", LETTER, both.revision.article)

    assert judged() == {"foreign-letter": (0, 1, 0), "invisible": (1, 0, 0)}
    workflow.approve(later, by=moderator)
    assert judged() == {
        "foreign-letter": (0, 1, 0),
        "invisible": (1, 0, 0),
    }  # not twice: it brought nothing in


def test_the_only_check_was_right_about_a_version_that_was_turned_down(submit, moderator):
    workflow.reject(submit("one", HIDDEN), by=moderator, reason="No.")

    assert judged() == {"invisible": (1, 0, 0)}


def test_what_went_live_was_let_through_unless_a_fix_took_it_out(submit, moderator):
    workflow.approve(submit("live", HIDDEN), by=moderator)
    assert judged() == {"invisible": (0, 1, 0)}

    fixed = submit("fixed", HIDDEN)
    clean = content("The admin is here.\n", slug="fixed")
    workflow.fix_and_approve(fixed, by=moderator, content=clean, reason="Cleaned.")

    assert judged() == {"invisible": (1, 1, 0)}


def test_draft_that_was_never_submitted_judges_nothing(submit, moderator, author):
    review = submit("one", LETTER + HIDDEN)
    workflow.reject(review, by=moderator, reason="No.")
    workflow.save_revision(
        review.revision.article, by=author, content=content("Clean.\n", slug="one"), base=1
    )

    assert judged() == {}


def test_queries_do_not_grow_with_the_decisions(submit, moderator, django_assert_max_num_queries):
    for n in range(4):
        workflow.reject(submit(f"n{n}", HIDDEN), by=moderator, reason="No.")
        if n in (0, 3):
            with django_assert_max_num_queries(4):
                judged()
