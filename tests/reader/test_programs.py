"""What programs are told: sitemap, robots, search in a browser, llms.txt."""

from xml.etree import ElementTree

import pytest

from articles import workflow
from articles.models import Article
from articles.reader import sitemaps
from tests.conftest import NOON, content

NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
}
COVER = "0123456789abcdef01234567-8x6.png"


@pytest.fixture(autouse=True)
def place(settings):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site & Sea"


def read(client, url, kind="application/xml; charset=utf-8"):
    response = client.get(url)
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    return ElementTree.fromstring(response.content)


def found(root, path):
    return [element.text for element in root.findall(path, NAMESPACES)]


def test_sitemap_has_whole_addresses_with_last_change_and_picture(client, publish, at):
    publish("one", f"![A mill](/media/images/{COVER})\n")
    publish("two & three".replace(" & ", "-"))

    root = read(client, "/sitemap.xml")

    base = "https://site.example"
    assert found(root, "s:url/s:loc") == [f"{base}/", f"{base}/articles/one/", f"{base}/articles/two-three/"]
    assert found(root, "s:url/s:lastmod") == [NOON.isoformat()] * 2
    assert found(root, "s:url/image:image/image:loc") == [f"{base}/media/images/{COVER}"]


def test_large_sitemap_is_an_index_of_parts(client, publish, monkeypatch):
    monkeypatch.setattr(sitemaps, "ADDRESSES_A_PART", 2)
    for n in range(3):
        publish(f"n{n}")

    parts = found(read(client, "/sitemap.xml"), "s:sitemap/s:loc")

    assert parts == ["https://site.example/sitemap-1.xml", "https://site.example/sitemap-2.xml"]
    listed = [found(read(client, part.removeprefix("https://site.example")), "s:url/s:loc") for part in parts]
    assert listed[0][1:] == ["https://site.example/articles/n0/", "https://site.example/articles/n1/"]
    assert listed[1] == ["https://site.example/articles/n2/"]
    for number in (0, 3):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap_and_away_from_endless_addresses(client, db):
    response = client.get("/robots.txt")
    text = response.content.decode()

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Sitemap: https://site.example/sitemap.xml\n" in text
    for place in ("/articles/*/history/", "/articles/*/compare/", "/search/", "/moderation/"):
        assert f"Disallow: {place}\n" in text


def test_browser_learns_how_to_search(client, db):
    root = read(client, "/opensearch.xml", "application/opensearchdescription+xml; charset=utf-8")

    assert found(root, "o:ShortName") == ["Site & Sea"]
    assert root.find("o:Url", NAMESPACES).get("template") == "https://site.example/search/?q={searchTerms}"
    assert 'type="application/opensearchdescription+xml"' in client.get("/").content.decode()


def test_programs_that_read_learn_what_is_here(client, publish, settings):
    settings.SITE_DESCRIPTION = "About the sea"
    publish("one", "A *mill*.\n", title="[One] <b>")

    text = client.get("/llms.txt").content.decode()

    assert text.startswith("# Site & Sea\n\n> About the sea\n")
    assert "- [\\[One\\] \\<b\\>](https://site.example/articles/one.md): A mill.\n" in text
    assert "https://site.example/sitemap.xml" in text


@pytest.mark.parametrize("how", ["draft", "newer draft", "unpublished", "hidden"])
def test_programs_are_told_of_nothing_that_is_not_public(
    client, publish, author, moderator, administrator, how
):
    publish("other")
    text = content("Sluicekeeper.\n", slug="secret", title="Secret", excerpt="Covert")

    def answers():
        return [client.get(url).content for url in ("/sitemap.xml", "/sitemap-1.xml", "/llms.txt")]

    before = answers()
    if how == "newer draft":
        workflow.save_revision(Article.objects.get(), by=author, content=text, base=1)
    else:
        revision = workflow.save_revision(None, by=author, content=text)
    if how in ("unpublished", "hidden"):
        workflow.approve(workflow.submit(revision, by=author), by=moderator)
        assert all(b"secret" in answer for answer in answers())
    if how == "unpublished":
        workflow.unpublish(Article.objects.get(slug="secret"), by=moderator)
    if how == "hidden":
        workflow.hide(revision, by=administrator, parts=["text"], reason="Private.")

    assert answers() == before


def test_queries_do_not_grow(client, publish, django_assert_max_num_queries):
    for n in range(5):
        publish(f"n{n}")
    most = {"/sitemap.xml": 4, "/sitemap-1.xml": 4, "/llms.txt": 2, "/robots.txt": 0, "/opensearch.xml": 0}
    for url, number in most.items():
        with django_assert_max_num_queries(number):
            client.get(url)
