"""The search of readers in a real browser, by keyboard alone."""

import pytest
from selenium.webdriver import Keys

from articles import workflow
from tests.conftest import content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def go_to(browser, css):
    """Press Tab until an element has the focus."""
    for _ in range(40):
        browser.press(Keys.TAB)
        if browser.driver.execute_script("return document.activeElement.matches(arguments[0])", css):
            return
    raise AssertionError(f"Tab does not reach {css}")


def found(browser):
    return [title.text for title in browser.all(".hits h2")]


def test_search_is_typed_narrowed_and_corrected_without_a_mouse(browser, author, moderator):
    for title, language in (("Tide mill", "en"), ("Tide", "de"), ("Ferry", "en")):
        text = content("By the gate.\n", title=title, slug=title.lower().replace(" ", "-"), language=language)
        workflow.publish(workflow.save_revision(None, by=author, content=text), by=moderator)

    browser.open("/")
    go_to(browser, "header [type=search]")
    browser.press("tide", Keys.ENTER, new_page=True)
    assert found(browser) == ["Tide", "Tide mill"]
    assert [mark.text for mark in browser.all(".hits mark")] == ["Tide", "Tide"]

    go_to(browser, "summary")
    browser.press(Keys.ENTER)
    go_to(browser, "#language")
    browser.press("G")  # German
    go_to(browser, "button")
    browser.press(Keys.ENTER, new_page=True)
    assert found(browser) == ["Tide"]
    assert browser.find("#language").get_attribute("value") == "de"

    go_to(browser, "#q")
    browser.press("a", holding=Keys.CONTROL)
    browser.press("tdie", Keys.ENTER, new_page=True)
    assert "No article was found. Did you mean Tide (1)?" in browser.text
    go_to(browser, "[role=status] a")
    browser.press(Keys.ENTER, new_page=True)
    assert found(browser) == ["Tide"]
    go_to(browser, ".hits a")
    browser.press(Keys.ENTER, new_page=True)
    assert browser.find("h1").text == "Tide"
