"""The order of the queue: what people would stop at once, what deserves a look, and honest edits, whoever made them."""

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Review
from articles.moderation.assessment import assess
from articles.moderation.risk import Risk
from tests.conftest import content
from tests.moderation.edits import A_LOOK, AT_ONCE, BREAD, LAST, Edit


@pytest.fixture
def site(other_author, moderator):
    """Another author's article about bread, which links to known.example, is live."""
    source = f"{BREAD}\nFrom [a baker](https://known.example).\n"
    workflow.publish(
        workflow.save_revision(None, by=other_author, content=content(source, slug="bread")), by=moderator
    )


@pytest.fixture
def known(author, other_author):
    """The author has an approved revision; the other author is a newcomer."""
    revision = workflow.save_revision(None, by=author, content=content(slug="known"))
    now = timezone.now()
    Review.objects.create(
        revision=revision,
        article=revision.article,
        state="approved",
        causes=["submitted"],
        cause="submitted",
        submitted_at=now,
        decided_at=now,
    )
    return author


@pytest.fixture
def risk_of(site, known, reader, moderator):
    def risk_of(edit: Edit, *, slug: str, is_newcomer: bool) -> Risk:
        by = reader if is_newcomer else known
        fields = {"slug": slug, "language": edit.language, "title": edit.name}
        article = base = None
        if edit.before:
            first = workflow.save_revision(None, by=moderator, content=content(edit.before, **fields))
            assert workflow.publish(first, by=moderator) is None
            article, base = first.article, first.number
        after = content(edit.after, **fields)
        return assess(workflow.save_revision(article, by=by, content=after, base=base)).risk

    return risk_of


def test_worst_edits_come_first_whoever_made_them(risk_of, reader, other_author):
    reader.groups.set(other_author.groups.all())
    risks = {
        (tier, is_newcomer): [
            (risk_of(edit, slug=f"{tier}-{number}-{int(is_newcomer)}", is_newcomer=is_newcomer), edit)
            for number, edit in enumerate(edits)
        ]
        for tier, edits in {"at-once": AT_ONCE, "a-look": A_LOOK, "last": LAST}.items()
        for is_newcomer in (False, True)
    }

    for tier, below in (("at-once", "a-look"), ("a-look", "last")):
        lowest = min(risk.points for risk, _ in risks[tier, False])
        highest = max(risk.points for risk, _ in risks[below, True])
        assert lowest > highest, "\n".join(
            f"{tier}: {risk.points} {edit.name} ({edit.language}) {risk.parts}"
            for tier, rows in (
                (tier, [row for row in risks[tier, False] if row[0].points <= highest]),
                (below, [row for row in risks[below, True] if row[0].points >= lowest]),
            )
            for risk, edit in rows
        )


def test_there_are_edits_in_many_languages_and_scripts():
    edits = [*AT_ONCE, *A_LOOK, *LAST]

    assert len(edits) >= 40
    assert {edit.language for edit in edits} == {"en", "de", "fr", "ru", "ar", "zh"}
