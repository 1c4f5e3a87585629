"""The samples with right answers, where they lie beside the project."""

import hashlib
import json
from datetime import datetime

import pytest

from articles.models import Article, Revision
from tests.exchange.importing import SAMPLES, bring_in

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not beside the project")


def bytes_of(revision):
    """What the source had: the original, if it is kept, else the text."""
    return revision.original.bytes if hasattr(revision, "original") else revision.source.encode()


def test_git_wiki_has_every_version_with_author_date_message_and_bytes(administrator):
    expected = json.loads((SAMPLES / "gitwiki" / "expected.json").read_text())["pages"]
    nothing = hashlib.sha256(b"").hexdigest()
    wanted = [
        (
            version["author"],
            datetime.strptime(version["date"], "%Y-%m-%dT%H:%M:%S%z"),
            " ".join(version["message"].split()),
            version["sha256"] or nothing,
        )
        for versions in expected.values()
        for version in versions
    ]

    status, _out = bring_in(SAMPLES / "gitwiki" / "wiki.bundle", drafts=True)

    found = [
        (row.claimed_author, row.claimed_at, row.summary, hashlib.sha256(bytes_of(row)).hexdigest())
        for row in Revision.objects.with_text().select_related("original")
    ]
    assert sorted(found) == sorted(wanted)
    assert Article.objects.count() == len(expected)
    assert status == 1  # symbolic links stay out
    assert "Brought in 0 versions" in bring_in(SAMPLES / "gitwiki" / "wiki.bundle", drafts=True)[1]


BUNDLES = ["evil-paths.bundle", "truncated.bundle", "not-a-bundle.bundle"]


@pytest.mark.parametrize("name", BUNDLES)
def test_hostile_file_is_refused_whole(administrator, name):
    status, out = bring_in(SAMPLES / "hostile" / name)

    assert status == 2
    assert name in out
    assert not Article.objects.exists()
