"""The history page in a real Chromium: choosing with the keyboard, folds, narrow screens, and no script."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from selenium.webdriver.common.keys import Keys

from articles import workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/articles/tides/history/"
TEXT = "The tide table hangs by the door of the harbour office, and the keeper reads it.\n"


@pytest.fixture
def versions(save, author, moderator, monkeypatch):
    """A version, four small saves that fold, and two large ones; all but the small saves are published."""
    text = TEXT
    for n in range(7):
        monkeypatch.setattr(
            timezone, "now", lambda n=n: datetime(2025, 6, 3, 10, tzinfo=UTC) + timedelta(minutes=n)
        )
        text += "A line.\n" if 0 < n < 5 else f"{n} {TEXT * 3}"
        revision = save(text, summary=f"An unbroken{'word' * 30} {n}")
        if n in (0, 5, 6):
            workflow.publish(revision, by=moderator)
    monkeypatch.undo()


def overflows(browser):
    return browser.driver.execute_script(
        "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1366])
def test_page_never_scrolls_sideways(browser, versions, author, width):
    browser.log_in(author)
    browser.size(width)
    browser.open(URL)

    assert browser.all(".version")
    assert not overflows(browser)
    assert browser.complaints() == []


def test_versions_in_a_fold_are_chosen_with_keys_and_compared_without_script(browser, versions, author):
    browser.log_in(author)
    browser.script(enabled=False)
    browser.open(URL)
    assert not browser.find("#v3").is_displayed()

    browser.find(".fold summary").send_keys(Keys.ENTER)
    browser.wait(lambda: browser.find("#v3").is_displayed())
    browser.find("#v3 [name=old]").send_keys(Keys.SPACE)
    browser.find("#v6 [name=new]").send_keys(Keys.SPACE)
    browser.click(".sticky button")

    assert browser.driver.current_url.endswith("/articles/tides/compare/3..6/")
    browser.script(enabled=True)


def test_compare_button_stays_in_view_and_chosen_rows_have_a_bar(browser, versions):
    browser.size(390, 500)
    browser.open(URL)

    browser.driver.execute_script("arguments[0].scrollIntoView()", browser.find("#v6"))
    bottom = browser.driver.execute_script(
        "return arguments[0].getBoundingClientRect().bottom", browser.find(".sticky button")
    )
    bars = browser.driver.execute_script(
        "return [...document.querySelectorAll('.version')]"
        ".map(row => getComputedStyle(row, '::before').content)"
    )
    assert bottom <= 500
    assert bars == ['""', '""', "none"]


def test_jump_leads_into_the_list_and_a_mistake_is_told_beside_the_field(browser, versions, author):
    browser.log_in(author)
    browser.open(URL)
    browser.type("#at", "soon")
    browser.click(".search button")
    assert "Write a version's number" in browser.find("#at-error").text
    assert browser.find("#at").get_attribute("value") == "soon"

    browser.type("#at", "6")
    browser.click(".search button")

    assert browser.driver.current_url.endswith("?after=7#v6")
    assert browser.find(".version").get_attribute("id") == "v6"


def test_folds_are_open_on_paper(browser, versions, author):
    def is_drawn():
        row = browser.find("#v3 .what")
        return browser.driver.execute_script("return arguments[0].checkVisibility()", row)

    browser.log_in(author)
    browser.open(URL)
    assert not is_drawn()

    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    assert is_drawn()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
