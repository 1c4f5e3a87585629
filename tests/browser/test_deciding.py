"""Decisions in a real Chromium: the bar, its keys, and two people at once, each in a browser of their own."""

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver import Keys

from articles import workflow
from articles.models import Article, Review
from tests.conftest import CLEAN

from .conftest import FLAGS, Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRIVATE = "Ask the keeper at 555 0147 after six."


@pytest.fixture
def other(live_server) -> Iterator[Browser]:
    """The browser of a second person."""
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    yield Browser(chrome, live_server.url)
    chrome.quit()


@pytest.fixture
def review(save, author, administrator) -> Review:
    """Version 2 waits; it holds the private number of version 1, which is live."""
    workflow.publish(save(f"{CLEAN}{PRIVATE}\n"), by=administrator)
    return workflow.submit(save(f"{CLEAN}{PRIVATE}\n\n{CLEAN}" * 8), by=author)


def test_text_that_one_hides_while_the_other_reads_does_not_go_live_again(
    browser, other, review, moderator, administrator
):
    browser.log_in(moderator)
    browser.open(review.get_absolute_url())
    live = review.revision.article.published_revision
    other.log_in(administrator)
    other.open(f"/moderation/hide/{live.pk}/")
    other.find("[name=parts][value=text]").click()
    other.type("[name=reason]", "A private number.")
    other.click("main form[method=post] [type=submit]")

    browser.press("a")
    browser.press("Checked.")
    browser.carry_out()

    assert "Not decided" in browser.find(".verdict").text
    assert "administrator hid the text of live version 1" in browser.find(".changed").text
    assert browser.driver.switch_to.active_element == browser.find(".verdict")
    assert Article.objects.get().published_revision is None
    browser.click("[name=look]")
    browser.press("a")
    assert PRIVATE in browser.find(".returns").text
    assert browser.find("[name=reason]").get_attribute("value") == "Checked."
    browser.press(Keys.SPACE)
    browser.carry_out()
    assert Article.objects.get().published_revision == review.revision


def test_of_two_who_decide_the_second_is_told_and_keeps_the_words(
    browser, other, review, moderator, administrator
):
    for person, page in ((moderator, browser), (administrator, other)):
        page.log_in(person)
        page.open(review.get_absolute_url())
    other.press("r")
    other.press("Spam.")
    other.carry_out()

    browser.press("c")
    browser.press("Which keeper?")
    browser.carry_out()

    assert "administrator rejected version 2" in browser.find(".changed").text
    assert browser.find("[name=reason]").get_attribute("value") == "Which keeper?"
    review.refresh_from_db()
    assert (review.state, review.reason) == ("rejected", "Spam.")


def test_bar_is_one_line_opens_by_key_and_never_leaves_a_correction_out(browser, review, moderator):
    browser.log_in(moderator)
    for width, height in ((1366, 625), (390, 844)):
        browser.size(width, height)
        browser.open(review.get_absolute_url())
        assert browser.find(".bar.under").size["height"] <= 48
        assert browser.find(".bar.under").size["width"] <= width
        assert not browser.find(".pop").is_displayed()
        browser.driver.execute_script("scrollTo(0, document.body.scrollHeight)")
        bar, footer = browser.find(".bar.under").rect, browser.find("footer.site").rect
        assert bar["y"] + bar["height"] <= footer["y"] + 1

    browser.size(1366, 625)
    browser.press("a")
    browser.press(Keys.ENTER)  # a line of the reason; no single key publishes
    browser.press(Keys.ESCAPE)
    browser.press("e")
    browser.press("Corrected. ")
    browser.press(Keys.ESCAPE)
    browser.press("a")
    browser.carry_out()

    assert "You changed the text" in browser.find(".errors").text
    assert browser.driver.switch_to.active_element == browser.find(".errors")
    assert Article.objects.get().published_revision.number == 1
    browser.find("label:has(> [value=fix])").click()
    assert browser.find("[name=source]").get_attribute("value").startswith("Corrected. ")
    browser.click(".decide [type=submit]")
    assert Article.objects.get().published_revision.source.startswith("Corrected. ")
    assert [said for said in browser.complaints() if "400 (Bad Request)" not in said] == []  # the question
