"""The desk and the bar above all rooms: with and without scripts, on a phone, in another language and scheme."""

import pytest
from selenium.webdriver.common.keys import Keys

from articles import workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOMS = (
    "/admin/",
    "/admin/articles/article/",
    "/admin/articles/article/add/",
    "/moderation/",
    "/articles/tides/",
)


@pytest.fixture
def returned(published, save, author, moderator):
    """A version that a moderator returned."""
    review = workflow.submit(save("The ferry sails at 18:30.\n"), by=author)
    workflow.request_changes(review, by=moderator, reason="The harbour office says 18:10.")
    return review.revision


def overflow(browser):
    return browser.driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def ground(browser):
    return browser.find("header.top").value_of_css_property("background-color")


def test_author_reads_the_reason_and_opens_the_editor_by_one_click(browser, author, returned):
    browser.script(enabled=False)
    browser.log_in(author)
    browser.open("/admin/")
    assert "The harbour office says 18:10." in browser.find(".returned .why").text

    browser.find(".returned .next a").click()

    assert browser.driver.current_url.endswith(f"/admin/articles/article/{returned.article_id}/change/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_room_fits_a_phone_and_keeps_the_policy(browser, moderator, returned, language, scheme):
    browser.log_in(moderator)
    browser.driver.add_cookie({"name": "django_language", "value": language})
    browser.size(390, 844)
    browser.scheme(scheme)
    for address in ROOMS:
        browser.open(address)
        assert overflow(browser) <= 0, address

    assert browser.complaints() == []


def test_bar_has_the_same_height_and_links_in_every_room(browser, moderator, returned):
    browser.log_in(moderator)
    seen = set()
    for address in ROOMS:
        browser.open(address)
        links = [link.get_attribute("href") for link in browser.all("header.top a")]
        size = browser.find("header.top").size
        seen.add((*links, size["height"], size["width"], browser.find("header.top .brand").size["height"]))

    assert len(seen) == 1, seen


def test_language_is_chosen_in_the_account_without_scripts(browser, author, returned):
    browser.script(enabled=False)
    browser.log_in(author)
    browser.open("/admin/")
    assert not browser.find("#account").is_displayed()

    browser.find("header.top .who").send_keys(Keys.ENTER)
    browser.wait(lambda: browser.find("#account").is_displayed())
    browser.find("#account [lang=de]").click()

    browser.wait(lambda: browser.find("html").get_attribute("lang") == "de")
    assert browser.driver.current_url.endswith("/admin/")


def test_chosen_colours_hold_in_every_room(browser, moderator, returned):
    browser.log_in(moderator)
    browser.open("/admin/")
    light = ground(browser)

    browser.find("header.top .who").click()
    browser.find(".theme-toggle").click()

    try:
        dark = ground(browser)
        assert dark != light
        for address in ROOMS:
            browser.open(address)
            assert ground(browser) == dark, address
    finally:
        browser.driver.execute_script("localStorage.removeItem('theme')")


def test_search_in_the_bar_finds_articles(browser, author, returned):
    browser.log_in(author)
    browser.open("/admin/")

    browser.find("header.top [type=search]").send_keys("tides", Keys.ENTER)

    browser.wait(lambda: browser.all("#result_list tbody tr"))
    assert browser.find("header.top [type=search]").get_attribute("value") == "tides"


@pytest.mark.parametrize("address", ["/admin/", "/moderation/"])
def test_moderator_logs_out_on_a_phone(browser, moderator, returned, address):
    browser.log_in(moderator)
    browser.size(390, 844)
    browser.open(address)

    browser.click("#logout-form button")

    assert not browser.all("#logout-form")
