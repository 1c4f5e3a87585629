"""Who wrote what in a real browser: on pointing, on focus, on tapping, and without a script."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from articles import workflow
from tests.browser.test_journeys import copied

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/articles/tides/revisions/2/authors/"
OLD = (
    "# Tides\n\nThe tide table hangs by the door of the *harbour* office, where the keeper reads it.\n\n"
    "| Day | Height |\n|---|---|\n| Monday | 3.1 m |\n\n- It is read [before breakfast](https://example.org/).\n"
)
NEW = OLD.replace("the door", "the green door").replace("3.1", "3.4") + "\nThe ferry leaves at nine sharp.\n"


@pytest.fixture
def history(save, other_author, moderator):
    """Two public versions by two people."""
    for source, person in ((OLD, None), (NEW, other_author)):
        workflow.publish(save(source, by=person), by=moderator)


def said(browser, css):
    """What the browser draws after an element."""
    script = "return getComputedStyle(document.querySelector(arguments[0]), '::after').content"
    return browser.driver.execute_script(script, css)


@pytest.mark.parametrize("is_scripted", [True, False])
def test_stretch_says_who_brought_it_in_on_pointing_and_on_focus(browser, history, is_scripted):
    browser.script(enabled=is_scripted)
    browser.open(PAGE)
    (green,) = [span for span in browser.all(".bylines .newest") if span.text.strip() == "green"]
    css = f"#{green.get_attribute('id')}"
    assert said(browser, css) == "none"

    ActionChains(browser.driver).move_to_element(green).perform()
    assert "other_author, version 2" in said(browser, css)

    browser.find(".skip").send_keys(Keys.TAB)
    ActionChains(browser.driver).move_to_element(browser.find("h1")).perform()
    assert said(browser, css) == "none"
    for _ in range(40):
        focused = browser.driver.switch_to.active_element
        if focused.get_attribute("id") == green.get_attribute("id"):
            break
        focused.send_keys(Keys.TAB)
    assert "other_author, version 2" in said(browser, css)
    assert browser.complaints() == []


def test_list_says_the_same_and_leads_to_the_text(browser, history):
    browser.open(PAGE)
    row = next(row for row in browser.all("table.authors tbody tr") if row.text.startswith("green"))

    assert row.text.split()[:3] == ["green", "2", "other_author"]
    row.find_element("css selector", "a").click()
    assert browser.driver.current_url.endswith(row.get_attribute("id").replace("r", "#p"))
    assert "other_author" in said(browser, ".bylines :target")


def test_nothing_is_copied_beside_the_text(browser, history):
    browser.open("/articles/tides/revisions/2/")
    plain = copied(browser, "article .prose")
    browser.open(PAGE)

    assert copied(browser, "article .prose") == plain


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_a_phone(browser, history, scheme):
    browser.size(360)
    browser.scheme(scheme)
    browser.open(PAGE)

    ActionChains(browser.driver).move_to_element(browser.all(".bylines .newest")[-1]).perform()
    width = browser.driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= 360
