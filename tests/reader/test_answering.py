"""What browsers keep of the pages for readers, and what search engines are asked to leave out."""

import pytest

from articles import workflow

KEPT = ["/", "/articles/", "/articles/tides/history/", "/articles/tides/compare/1..2/"]
UNLISTED = [
    *KEPT[2:],
    "/articles/tides/compare/1..2.json",
    "/articles/tides/compare/1..2.diff",
    "/articles/tides/revisions/1/",
    "/articles/tides/revisions/1/source",
    "/articles/tides/revisions/1/authors/",
    "/articles/tides/revisions/1/authors.json",
]


@pytest.fixture
def changed(published, save, moderator):
    """Two versions of "tides", both published."""
    workflow.publish(save("Other.\n"), by=moderator)


@pytest.mark.parametrize("address", KEPT)
def test_page_that_the_browser_has_is_not_sent_again(client, changed, save, moderator, address):
    first = client.get(address)

    same = client.get(address, headers={"If-None-Match": first["ETag"]})
    workflow.publish(save("Newer.\n"), by=moderator)
    later = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (first["Cache-Control"], same["Cache-Control"]) == ("no-cache", "no-cache")
    assert "Cookie" in first["Vary"]
    assert later.status_code == 200


@pytest.mark.parametrize("address", KEPT)
def test_page_of_somebody_signed_in_is_not_kept(client, changed, reader, address):
    client.force_login(reader)

    response = client.get(address)

    assert "ETag" not in response
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", UNLISTED)
def test_addresses_without_end_are_left_out_of_search_engines(client, changed, address):
    response = client.get(address)

    assert response["X-Robots-Tag"] == "noindex"
    if response["Content-Type"].startswith("text/html"):
        assert b'<meta name="robots" content="noindex">' in response.content


@pytest.mark.parametrize("address", ["/", "/articles/", "/articles/tides/"])
def test_articles_are_listed(client, changed, address):
    response = client.get(address)

    assert "X-Robots-Tag" not in response
    assert b'name="robots"' not in response.content
