"""The checksum of a revision: what exactly is hashed. Every stored checksum depends on it."""

import hashlib
from datetime import UTC, datetime

import pytest

from articles.models import Article, Revision

WRITTEN = (
    '[1,"previous",7,2,1,"Tides","tides","en",["sea","moon"],"Why.","author",'
    '"2026-01-02T03:04:05.000000+00:00","An excerpt.","A description.","0123456789abcdef","typo","none","Ann",'
    '"2025-01-02T03:04:05.000000+00:00","Caf\\u00e9.\\n"]'
)


def revision(**changes: object) -> Revision:
    fields = {
        "article": Article(pk=7),
        "number": 2,
        "based_on": Revision(number=1),
        "title": "Tides",
        "slug": "tides",
        "language": "en",
        "tags": ["sea", "moon"],
        "summary": "Why.",
        "author_name": "author",
        "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "excerpt": "An excerpt.",
        "description": "A description.",
        "cover": "0123456789abcdef",
        "change_kind": "typo",
        "software_share": "none",
        "claimed_author": "Ann",
        "claimed_at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Revision(**fields | changes)


def test_checksum_is_that_of_one_json_array():
    assert revision().checksum("previous", "Caf\u00e9.\n") == hashlib.sha256(WRITTEN.encode()).hexdigest()


def test_first_revision_has_no_predecessor_and_claims_may_be_missing():
    first = WRITTEN.replace('"previous",7,2,1', '"",7,1,null').replace(
        '"2025-01-02T03:04:05.000000+00:00"', "null"
    )

    checksum = revision(number=1, based_on=None, claimed_at=None).checksum("", "Caf\u00e9.\n")

    assert checksum == hashlib.sha256(first.encode()).hexdigest()


@pytest.mark.parametrize("parts", [["summary"], ["author"], ["summary", "author"]])
def test_hidden_summary_and_name_keep_the_checksum(parts):
    withheld = revision()
    withheld.withhold(parts)

    assert (withheld.summary, withheld.author_name, withheld.claimed_author) != ("Why.", "author", "Ann")
    assert withheld.checksum("previous", "x") == revision().checksum("previous", "x")
