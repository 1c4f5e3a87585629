"""What `export_articles` wrote as a repository comes back with the same fields and sources, to the byte."""

from datetime import timedelta

import pygit2
import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from articles import workflow
from articles.exchange.exports.exporting import Format
from articles.models import Article, Image, Revision
from articles.text.content import Content
from tests import pictures
from tests.exchange.exports.exporting import exported, hide, write
from tests.exchange.imports.importing import Wiki, bring_in, history_of

FIELDS = (
    "title",
    "slug",
    "language",
    "tags",
    "excerpt",
    "description",
    "cover",
    "change_kind",
    "software_share",
)


def rows():
    """Every version with all its fields, whom and when it names, and where it stands."""
    found = []
    for row in Revision.objects.with_text().order_by("article__slug", "number"):
        live = row.article.published_revision_id == row.pk
        found.append((row.number, *(getattr(row, name) for name in FIELDS), row.summary, row.source, live))
    return sorted(map(repr, found))


@pytest.fixture
def export(author, moderator, administrator, tmp_path, settings):
    """Writes some articles, exports them, and takes them back out of the database."""
    with transaction.atomic():
        image = workflow.upload_image(pictures_file(), alt="", by=author)
        odd = " \ufeff---\nCRLF kept: \r, \u200b zero\n\n![x](" + image.name.address + ")\n\n  "
        first = write("tides", odd, by=author, tags=["sea no"], summary='"quoted" ')
        workflow.publish(first, by=moderator)
        workflow.save_revision(
            first.article,
            by=author,
            base=1,
            content=Content(
                title="no", slug="Tides-2", source="", language="de", excerpt="1.10", change_kind="typo"
            ),
        )
        draft = write("draft", "Draft.\n", by=author)
        assert draft.number == 1
        exported(tmp_path / "export", Format.GIT)
        before = (
            rows(),
            [(row.author_name, row.created_at) for row in Revision.objects.order_by("pk")],
            image.name,
        )
        transaction.set_rollback(True)
    return tmp_path / "export", before


def pictures_file():
    return ContentFile(pictures.file(), name="a.png")


def test_round_trip_keeps_every_field_and_byte(export, administrator, tmp_path):
    folder, (before, named, image) = export
    assert not Article.objects.exists()

    status, _ = bring_in(folder, state="published")

    assert status == 0
    assert rows() == before
    claims = [(row.claimed_author, row.claimed_at) for row in Revision.objects.order_by("pk")]
    assert claims == named
    assert Image.objects.get().name == image
    assert "Brought in 0 versions" in bring_in(folder)[1]

    exported(tmp_path / "again", Format.GIT)
    assert files_of(tmp_path / "again") == files_of(folder)


def files_of(folder):
    """The files of each commit on the branch of drafts, by number and path."""
    repository = pygit2.Repository(str(folder))
    found = []
    for commit in repository.walk(repository.branches.local["drafts"].target):
        tree = commit.tree["articles"]
        found.append(sorted((entry.name, str(entry.id)) for entry in tree))
    return found


def test_version_that_equals_the_one_before_comes_back(administrator, tmp_path):
    wiki = Wiki(tmp_path / "wiki.git")
    wiki.commit("from Windows", files={"Home.md": "The tide.\r\n"})
    wiki.commit("line ends", files={"Home.md": "The tide.\n"})
    with transaction.atomic():
        bring_in(wiki.folder)
        before = history_of("home")
        exported(tmp_path / "export", Format.GIT)
        transaction.set_rollback(True)

    assert bring_in(tmp_path / "export")[0] == 0
    assert history_of("home") == before
    assert len(before) == 2


@pytest.mark.parametrize("slug", ["../../admin", "x" * 500])
def test_address_of_a_version_that_stays_out_is_not_taken(author, administrator, tmp_path, slug):
    with transaction.atomic():
        write("tides", "Text.\n", by=author)
        exported(tmp_path / "export", Format.GIT)
        transaction.set_rollback(True)
    forge_version(tmp_path / "export", slug)

    status, _ = bring_in(tmp_path / "export", state="published")

    assert status == 2
    assert not Article.objects.exists()


def forge_version(folder, slug):
    """Add a second version, at another address, to the branch of drafts."""
    repository = pygit2.Repository(str(folder))
    head = repository.references["refs/heads/drafts"]
    old = repository[head.target]
    path = next(entry.name for entry in old.tree["articles"])
    text = old.tree["articles"][path].data.decode().replace('slug: "tides"', f'slug: "{slug}"')
    articles = repository.TreeBuilder()
    articles.insert(path, repository.create_blob(text.encode()), pygit2.enums.FileMode.BLOB)
    tree = repository.TreeBuilder()
    tree.insert("articles", articles.write(), pygit2.enums.FileMode.TREE)
    message = old.message.replace("Version: 1", "Version: 2")
    repository.create_commit(head.name, old.author, old.committer, message, tree.write(), [old.id])


def test_hidden_version_stays_out(author, administrator, tmp_path):
    with transaction.atomic():
        first = write("tides", "One.\n", by=author)
        workflow.save_revision(
            first.article, by=author, base=1, content=Content(title="T", slug="tides", source="Two.\n")
        )
        hide(first, administrator, "text")
        exported(tmp_path / "export", Format.GIT)
        transaction.set_rollback(True)

    status, out = bring_in(tmp_path / "export")

    assert status == 1
    assert "its text is hidden" in out
    assert [row.source for row in Revision.objects.with_text()] == ["Two.\n"]
    assert Revision.objects.get().claimed_at < timezone.now() + timedelta(minutes=1)
