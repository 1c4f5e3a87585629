"""Who reviewed what, against the sealed log: a review that was made up or altered in the database is named."""

import pytest

from articles import workflow
from articles.models import LiveChange

from .conftest import seal, verify


@pytest.fixture
def kept(save, author, moderator, tmp_path):
    """The folder that keeps the seal over a version that was reviewed and one that was not."""
    workflow.approve(workflow.submit(save(), by=author), by=moderator)
    workflow.publish(save("Second.\n"), by=moderator)
    seal("--to", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_reviews_that_the_log_tells_of_are_whole(kept):
    assert verify("--against", str(kept))[0] == 0


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (1, {"seen_by_name": "somebody"}),
        (1, {"seen_at": "2027-01-01T00:00:00Z"}),
        (2, {"how": "review", "seen_by_name": "moderator", "seen_at": "2027-01-01T00:00:00Z"}),
    ],
)
def test_review_that_was_made_up_or_altered_is_named(kept, number, changes):
    LiveChange.objects.filter(revision__number=number).update(**changes)

    status, told = verify("--against", str(kept))

    assert status == 1
    assert f"tides: version {number}: is said to be reviewed by" in told
