"""The samples with right answers, where they lie beside the project."""

import hashlib
import json
from datetime import datetime

import pytest

from articles.models import Article, Revision
from tests.exchange.imports.importing import SAMPLES, bring_in

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


HOSTILE = [
    "evil-paths.bundle",
    "truncated.bundle",
    "not-a-bundle.bundle",
    "billion-laughs.xml",
    "external-entity.xml",
    "truncated.xml.gz",
    "truncated-gzip.xml.gz",
    "one-line-10-MB.xml.gz",
    "million-empty-tags.xml.gz",
    "deep.xml.gz",
    "bad-characters.xml",
    "not-utf8.xml",
    "not-an-export.xml",
    "paths-outside.zip",
    "symlink.zip",
    "bomb.zip",
    "same-name-twice.zip",
    "symlinks.tar.gz",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_whole(administrator, name):
    status, out = bring_in(SAMPLES / "hostile" / name, state="published")

    assert status == 2
    assert name in out
    assert not Article.objects.exists()


EXPORTS = [
    "history.xml",
    "history.xml.bz2",
    "history-0.10.xml.gz",
    "history-with-pictures.xml",
    "special-export-history.xml",
]


@pytest.mark.parametrize("name", EXPORTS)
def test_export_has_every_revision_with_author_time_comment_and_bytes(administrator, name):
    expected = json.loads((SAMPLES / "mediawiki" / "expected.json").read_text())
    status, _ = bring_in(SAMPLES / "mediawiki" / name, state="published")
    wanted = []
    for page in expected["pages"]:
        for row in page["revisions"]:
            if row["sha256"] and row["model"] == "wikitext":
                at = datetime.fromisoformat(row["timestamp"])
                wanted.append(
                    (
                        page["title"],
                        at,
                        row["author"] or "",
                        " ".join((row["comment"] or "").split()),
                        row["sha256"],
                    )
                )

    found = [
        (
            row.imported.page.name,
            row.claimed_at,
            row.claimed_author,
            row.summary,
            hashlib.sha256(bytes_of(row)).hexdigest(),
        )
        for row in Revision.objects.with_text().select_related("original", "imported__page")
    ]
    if "special" in name:
        titles = {row[0] for row in found}
        wanted = [row for row in wanted if row[0] in titles]
    assert sorted(found) == sorted(wanted)
    assert status == (0 if "special" in name else 1)  # a hidden text and a page of CSS stay out


def test_stub_export_is_refused(administrator):
    status, out = bring_in(SAMPLES / "mediawiki" / "stub-history-without-texts.xml.gz")

    assert status == 2
    assert "this is a stub" in out
    assert not Article.objects.exists()


def test_times_that_do_not_exist_leave_the_claim_empty(administrator):
    status, out = bring_in(SAMPLES / "hostile" / "bad-dates.xml")

    assert status == 0
    assert "no such time: '2024-02-30T25:61:00Z'" in out
    assert Revision.objects.filter(claimed_at=None).count() == 2
    assert "<script" not in "".join(Article.objects.values_list("slug", flat=True))


def test_front_matter_that_tricks_a_loader_is_named_and_nothing_of_it_runs(
    administrator, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    status, out = bring_in(SAMPLES / "hostile" / "front-matter", state="published")

    assert status == 1
    assert "6 left out" in out
    assert not list(tmp_path.iterdir())
    assert set(Article.objects.values_list("slug", flat=True)) == {"huge-number", "proto", "admin"}


@pytest.mark.parametrize("name", ["folder.zip", "."])
def test_folder_comes_in_as_expected(administrator, name):
    _, out = bring_in(SAMPLES / "folder" / name, state="published")

    found = {row.article.slug: row for row in Revision.objects.with_text()}
    assert (found["norway"].title, found["norway"].tags) == ("no", ["yes", "1.10", "0755"])
    assert found["the-stair"].claimed_at.isoformat() == "2024-01-05T08:30:00+00:00"
    assert found["the-stair-2"].title == "The stair, again"
    assert found["маяк"].language == "ru"
    assert found["clock"].source.endswith("{not this one}.\n")
    assert "comment" not in found["ambry-light"].source
    assert "> **A title of its own**\n>" in found["ambry-light"].source
    assert found["anchors"].excerpt == "Anchored"
    assert not Article.objects.public().filter(slug__in=["door", "future", "hоme"]).exists()
    left_out = ("bad-yaml.md", "latin1.md", "nul.md", "empty.md", "only-front-matter.md", "board.canvas")
    assert all(f"{name}" in out for name in left_out)
