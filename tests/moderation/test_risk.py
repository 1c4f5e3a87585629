"""The risk by which the queue is ordered: its parts, its table in the guide, and what it makes of real submissions."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.models import LinkedHost, Review
from articles.moderation.risk import WEIGHTS, Part, weigh
from articles.templatetags.moderation import PARTS, worst_in_words
from articles.text.page import Sanitized
from tests.conftest import content
from tests.moderation.test_assessment import decided

COUNTS = st.dictionaries(st.sampled_from(Part), st.integers(0, 10_000))


@given(COUNTS)
def test_risk_is_the_sum_of_its_parts_and_names_each_once(counts):
    result = weigh(counts)

    assert result.points == sum(points for _, _, points in result.parts)
    assert sorted(part for part, _, _ in result.parts) == sorted(part for part, n in counts.items() if n)
    assert [points for _, _, points in result.parts] == sorted((p for _, _, p in result.parts), reverse=True)


@given(COUNTS, st.sampled_from(Part))
def test_more_of_anything_never_lowers_it(counts, part):
    assert weigh(counts | {part: counts.get(part, 0) + 1}).points >= weigh(counts).points


def test_table_in_the_guide_has_these_weights():
    guide = (Path(__file__).parents[2] / "docs" / "moderation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z ]+)` \|.*\| ([0-9]+) \| ([0-9]+) \|$", guide, re.MULTILINE)

    assert {part: (int(each), int(most)) for part, each, most in rows} == {
        str(part): (weight.each, weight.at_most) for part, weight in WEIGHTS.items()
    }


def test_every_part_has_words():
    assert set(PARTS) == set(Part)
    assert all(PARTS[part](count) for part in Part for count in (1, 2))


def parts(review: Review) -> dict[str, int]:
    return {part: count for part, count, _points in review.risk_parts}


@pytest.fixture
def known(published, author, moderator, save):
    """The author is no newcomer, and the site links to known.example."""
    review = workflow.submit(save(published.source + "See [this](https://known.example/).\n"), by=author)
    workflow.approve(review, by=moderator)
    decided(review.revision, ["approved"] * 3)
    return review.revision


def test_clean_edit_of_a_known_author_has_none(known, save, author):
    review = workflow.submit(save(known.source + "One line more.\n"), by=author)

    assert (review.risk, list(review.risk_parts)) == (0, [])
    assert worst_in_words(review) == "1 sentence changed; nothing odd"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda t: t.replace("door", "do\u043er"), {"disguise": 1, "warnings": 1, "density": 1}),
        (lambda t: t + "One\u200b word \u202emore.\n", {"alerts": 1, "warnings": 1, "density": 2}),
        (lambda t: t + "[a](https://new.example/) <https://known.example/x>\n", {"domains": 1}),
        (lambda t: t + "Words. " * 200, {"size": 2}),
        (
            lambda t: t.replace("door", "door" + "".join(chr(0xE0000 + ord(c)) for c in "hi")),
            {"hidden": 1, "disguise": 1, "alerts": 1, "density": 1},
        ),
    ],
)
def test_edit_is_counted_by_what_it_brings_in(known, save, author, edit, expected):
    review = workflow.submit(save(edit(known.source)), by=author)

    assert parts(review) == expected
    assert review.risk == weigh({Part(part): count for part, count in expected.items()}).points
    assert worst_in_words(review)


def test_authors_record_counts(published, save, author, moderator, other_author):
    first = workflow.submit(save("a\n", by=other_author), by=other_author)
    assert parts(first) == {"newcomer": 4}
    workflow.reject(first, by=moderator, reason="No.")

    again = workflow.submit(save("b\n", by=other_author), by=other_author)

    assert parts(again) == {"newcomer": 4, "turned down": 1}


def test_disagreeing_sanitizers_come_first(known, save, author):
    revision = save(known.source + "More.\n")
    revision.renderings.update(agreed=False)

    assert parts(workflow.submit(revision, by=author)) == {"sanitizers": 1}


def test_what_waits_and_gets_a_graver_cause_moves_up(known, save, author):
    revision = save(known.source + "More.\n")
    review = workflow.submit(revision, by=author)
    revision.renderings.update(agreed=False)

    workflow.submit(revision, by=author)

    review.refresh_from_db()
    assert (review.cause, review.risk, parts(review)) == ("sanitizers", 300, {"sanitizers": 1})


def test_hosts_of_the_live_version_alone_are_known(known, save, author, moderator):
    def hosts():
        return set(LinkedHost.objects.values_list("host", flat=True))

    review = workflow.submit(save("Elsewhere: https://other.example/\n"), by=author)
    assert hosts() == {"known.example"}

    workflow.approve(review, by=moderator)
    assert hosts() == {"other.example"}

    workflow.unpublish(review.revision.article, by=moderator)
    assert hosts() == set()


def test_hosts_follow_a_page_that_is_made_anew(known, monkeypatch):
    page = Sanitized('<p><a href="https://kept.example/">x</a></p>', (), agreed=True)
    monkeypatch.setattr("articles.workflow.resanitizing.sanitize", lambda source, **limits: page)

    workflow.resanitize(known)

    assert list(LinkedHost.objects.values_list("host", flat=True)) == ["kept.example"]


def test_queue_is_ordered_by_it(known, save, author):
    clean = workflow.submit(save(known.source + "A line.\n"), by=author)
    odd = workflow.save_revision(None, by=author, content=content("W\u043erd.\n", slug="odd"))
    odd = workflow.submit(odd, by=author)
    later = workflow.save_revision(None, by=author, content=content("Clean.\n", slug="later"))
    later = workflow.submit(later, by=author)

    assert list(Review.objects.for_queue().worst_first()) == [odd, clean, later]
