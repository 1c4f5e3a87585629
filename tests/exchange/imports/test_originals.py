"""The bytes of an imported version are for the newsroom alone, and hidden with any part of their version."""

import pytest

from articles import workflow
from articles.models import Revision
from tests.exchange.imports.importing import bring_in

ADDRESS = "/articles/tide/revisions/1/source?original"
TEXT = "---\ntitle: Tide\nauthor: Ada Brenn\ndate: 2024-01-05T09:30:00Z\n---\nThe tide. <!-- between us -->\n"


@pytest.fixture
def imported(administrator, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "tide.md").write_text(TEXT)
    bring_in(tmp_path / "notes", state="published")
    return Revision.objects.get()


def test_newsroom_gets_the_bytes_as_a_file_and_readers_nothing(imported, client, author, reader):
    for person in (None, reader):
        if person:
            client.force_login(person)
        assert client.get(ADDRESS).status_code == 404
        assert "?original" not in client.get("/articles/tide/revisions/1/").content.decode()

    client.force_login(author)
    response = client.get(ADDRESS)

    assert response.content.decode() == TEXT
    assert response["Content-Disposition"] == 'attachment; filename="1.markdown"'
    assert "?original" in client.get("/articles/tide/revisions/1/").content.decode()


@pytest.mark.parametrize("part", ["text", "author", "summary"])
def test_original_is_hidden_with_any_part(imported, client, author, administrator, part):
    workflow.hide(imported, by=administrator, parts=[part], reason="Personal.")
    client.force_login(author)

    assert client.get(ADDRESS).status_code in (403, 404)
    client.force_login(administrator)
    assert client.get(ADDRESS).content.decode() == TEXT


def test_claims_stand_beside_who_brought_it_in(imported, client, administrator):
    page = client.get("/articles/tide/revisions/1/").content.decode()
    assert "its source names <bdi>Ada Brenn</bdi>" in page

    workflow.hide(imported, by=administrator, parts=["author"], reason="Personal.")
    assert "Ada Brenn" not in client.get("/articles/tide/revisions/1/").content.decode()


def test_version_without_an_original_has_none(published, client, author):
    client.force_login(author)

    assert client.get("/articles/tides/revisions/1/source?original").status_code == 404
