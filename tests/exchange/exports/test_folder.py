"""A folder of Markdown: what is live, what is newer, and nothing that is hidden."""

import pytest
from django.core.files.base import ContentFile

from articles import workflow
from articles.exchange import front_matter
from articles.exchange.exports import selection as exports_selection
from articles.exchange.exports.exporting import Format
from articles.models import Article, Revision
from tests.conftest import content
from tests.exchange.exports.exporting import exported, hide, read, write
from tests.management.test_commands import run
from tests.pictures import file
from tests.revisions.test_bodies import damage

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "export"


def sources(folder):
    files = {path: data for path, data in read(folder).items() if path.endswith(".md")}
    return {path: front_matter.read(data.decode()).source for path, data in files.items()}


def test_live_versions_and_newer_ones_have_a_file_each(save, author, moderator, folder):
    workflow.publish(save("One.\n"), by=moderator)
    save("Two\rand no end")
    write("ebb", "Never live.\n", by=author)

    exported(folder, Format.FOLDER)

    assert sources(folder) == {
        "articles/tides.md": "One.\n",
        "drafts/tides.md": "Two\rand no end",
        "drafts/ebb.md": "Never live.\n",
    }


def test_file_says_whose_it_is_and_when_it_was_written(published, folder):
    exported(folder, Format.FOLDER)

    block, _source = front_matter.split(read(folder)["articles/tides.md"].decode())
    assert dict(front_matter.values(block)) == {
        "title": "Tides",
        "slug": "tides",
        "language": "en",
        "author": "author",
        "date": published.created_at.isoformat(),
        "published": published.publication.published_at.isoformat(),
        "version": 1,
        "sha256": published.sha256,
    }


def test_public_export_has_no_drafts(published, save, author, folder):
    save("DRAFT\n")
    write("ebb", "DRAFT\n", by=author)

    exported(folder, Format.FOLDER, is_public=True)

    assert list(sources(folder)) == ["articles/tides.md"]


def test_nothing_hidden_is_in_a_file(published, save, administrator, folder):
    secret = save("SECRET\n", title="SECRET", by=administrator)
    exported(folder, Format.FOLDER)
    hide(secret, administrator)
    hide(published, administrator, "author")

    exported(folder, Format.FOLDER)

    [(path, data)] = read(folder).items()
    assert path == "articles/tides.md"
    assert b"SECRET" not in data
    assert b"author:" not in data


def test_pictures_stand_where_the_sources_say(save, author, moderator, folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = workflow.upload_image(ContentFile(file()), alt="A gate.", by=author)
    save(image.markdown)

    exported(folder, Format.FOLDER)

    stored = (settings.MEDIA_ROOT / "images" / image.name.file()).read_bytes()
    assert read(folder)[image.name.address.strip("/")] == stored


@pytest.mark.parametrize("chunk", [1, 500])
def test_second_export_writes_only_what_is_new(save, author, moderator, folder, monkeypatch, chunk):
    monkeypatch.setattr(exports_selection.in_chunks, "__kwdefaults__", {"size": chunk})
    workflow.publish(save("One.\n"), by=moderator)
    write("ebb", by=author)
    assert exported(folder, Format.FOLDER) == 2
    assert exported(folder, Format.FOLDER) == 0

    moved = workflow.save_revision(
        Article.objects.get(slug="tides"), by=author, content=content("Two.\n", slug="flow"), base=1
    )
    workflow.publish(moved, by=moderator)

    assert exported(folder, Format.FOLDER) == 1
    assert sources(folder).keys() == {"articles/flow.md", "drafts/ebb.md"}
    exported(folder.with_name("fresh"), Format.FOLDER)
    assert read(folder) == read(folder.with_name("fresh"))


def test_second_export_reads_no_text(published, folder, monkeypatch):
    exported(folder, Format.FOLDER)
    monkeypatch.setattr(Revision, "source", property(lambda revision: pytest.fail("a text was read")))

    assert exported(folder, Format.FOLDER) == 0


def test_damaged_text_is_told_and_left_out(save, author, folder):
    save()
    write("ebb", by=author)
    damage(1, data=b"garbage")

    status, _out = run("export_articles", folder, "--format", "folder")

    assert (status, list(sources(folder))) == (1, ["drafts/ebb.md"])
