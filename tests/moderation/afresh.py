"""What counting afresh would store of each pending review, to hold what is stored against it."""

from articles.models import Review, Trait
from articles.moderation.assessment import causes_now, read
from articles.moderation.circumstances import Submission, circumstances
from articles.moderation.risk import weigh


def stored(review: Review) -> dict[str, object]:
    """Return what a row says, and its traits."""
    names = (
        "risk",
        "risk_parts",
        "causes",
        "cause",
        "alerts",
        "warnings",
        "counts",
        "facts",
        "gravity",
        "counting",
    )
    return {name: getattr(review, name) for name in names} | {
        "traits": set(review.traits.values_list("kind", "value"))
    }


def afresh(review: Review) -> dict[str, object]:
    """Return what the row would say if all were counted now."""
    assessment = read(review.revision)
    submission = Submission(
        author=review.revision.author_id,
        article=review.revision.article_id,
        at=review.submitted_at,
        new_hosts=frozenset(value for kind, value in assessment.traits if kind == "new host"),
        review=review.pk,
    )
    risk = weigh({**assessment.counts, **circumstances([submission])[0]})
    causes = causes_now(review, assessment)
    return {
        "risk": risk.points,
        "risk_parts": [[*part] for part in risk.parts],
        "causes": causes,
        "cause": causes[0],
        "alerts": assessment.introduced["alert"],
        "warnings": assessment.introduced["warning"],
        "counts": {str(part): count for part, count in assessment.counts.items()},
        "facts": [*assessment.facts],
        "gravity": assessment.gravity,
        "counting": "",
        "traits": {(str(kind), value) for kind, value in assessment.traits},
    }


def require_current() -> None:
    """Assert that every pending review says what it would say afresh, and that no other review has traits."""
    for review in Review.objects.pending():
        assert stored(review) == afresh(review), review
    assert not Trait.objects.exclude(review__state="pending").exists()
