"""A static site in a real browser, opened from disk: sheets and pictures load, links work, no script runs."""

import pytest
from django.core.files.base import ContentFile

from articles import workflow
from articles.exchange.exports.exporting import Format
from tests.exchange.exports.exporting import exported, write
from tests.pictures import file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(browser, author, moderator, settings, tmp_path):
    """An exported site of two articles that link to each other, open at its list."""
    settings.MEDIA_ROOT = tmp_path / "media"
    image = workflow.upload_image(ContentFile(file()), alt="A gate.", by=author)
    for slug, other, tags in (("ebb", "flow", ("sea/tide",)), ("flow", "ebb", ())):
        source = f"See [the other](/articles/{other}/#there).\n\n## There\n\n{image.markdown}\n"
        workflow.publish(write(slug, source, by=author, title=slug, tags=tags), by=moderator)
    exported(tmp_path / "site", Format.HTML)
    browser.driver.get((tmp_path / "site/index.html").as_uri())
    return browser


def test_site_opens_from_disk_and_its_links_work(site):
    browser = site

    browser.click(".list a[href*=ebb]")
    assert browser.find("h1").text == "ebb"
    assert browser.driver.execute_script(
        "return document.images[0].decode().then(() => document.images[0].naturalWidth)"
    )
    browser.click(".prose a")
    assert browser.driver.current_url.endswith("/articles/flow.html#there")
    browser.click("nav a[href*=tags]")
    browser.click(".facets a")
    assert browser.find("h1").text == "sea/tide"

    sheets = browser.driver.execute_script(
        "return [...document.styleSheets].map(s => s.href.split('/').pop())"
    )
    assert sheets == ["tokens.css", "marks.css", "site.css", "finding.css"]
    assert browser.complaints() == []


def test_policy_of_a_page_lets_no_script_run(site):
    """Even one that somebody put into the file."""
    path = site.driver.current_url.removeprefix("file://")
    with open(path, "a") as page:  # noqa: PTH123
        page.write("<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">")

    site.driver.refresh()

    assert site.driver.title != "run"
    assert any("Content Security Policy" in entry["message"] for entry in site.driver.get_log("browser"))
