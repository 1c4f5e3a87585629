"""Changed since your last visit: kept in the browser, said once there is something to see, and sent nowhere."""

import json

import pytest

from articles import workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "palimpsest.visits"


@pytest.fixture
def visits(browser, published):
    """Reads and writes what the browser keeps, empty at first."""
    browser.open("/healthz")
    browser.driver.execute_script("localStorage.clear()")
    browser.driver.delete_all_cookies()

    def visits(value=None):
        if value is not None:
            browser.driver.execute_script("localStorage.setItem(arguments[0], arguments[1])", NAME, value)
        return browser.driver.execute_script("return localStorage.getItem(arguments[0])", NAME)

    return visits


def test_change_is_told_with_the_day_and_the_comparison(browser, visits, save, moderator):
    browser.open("/articles/tides/")
    assert not browser.find(".visit").is_displayed()
    [[slug, visit]] = json.loads(visits())
    assert (slug, visit["version"]) == ("tides", 1)
    visits(json.dumps([["tides", {"version": 1, "day": "2026-05-03"}]]))
    workflow.publish(save("Other.\n"), by=moderator)

    for _ in range(2):  # the rest of the day, also when the page is loaded again
        browser.open("/articles/tides/")
        assert browser.find(".visit").text == "Changed since your last visit on May 3, 2026: see what"
    assert browser.find(".visit time").get_attribute("datetime") == "2026-05-03"
    browser.click(".visit a")
    assert browser.driver.current_url.endswith("/articles/tides/compare/1..2/")
    assert not browser.driver.get_cookies()


def test_next_visit_starts_anew(browser, visits):
    visits(
        json.dumps(
            [["tides", {"version": 1, "day": "2026-05-03", "before": {"version": 0, "day": "2026-05-01"}}]]
        )
    )

    browser.open("/articles/tides/")

    assert not browser.find(".visit").is_displayed()


@pytest.mark.parametrize(
    "value", ["", "{", "5", "null", '[["tides"]]', '[["tides", {"version": "<b>", "day": 7}]]']
)
def test_odd_storage_is_replaced(browser, visits, value):
    visits(value)

    browser.open("/articles/tides/")

    assert json.loads(visits())[-1][1]["version"] == 1
    assert not browser.find(".visit").is_displayed()
    assert browser.complaints() == []


def test_so_many_articles_are_kept(browser, visits):
    visits(json.dumps([[f"n{n}", {"version": 1, "day": "2026-05-03"}] for n in range(300)]))

    browser.open("/articles/tides/")

    slugs = [slug for slug, _ in json.loads(visits())]
    assert len(slugs) == 200
    assert slugs[-2:] == ["n299", "tides"]


def test_versions_and_readers_without_script_are_told_nothing(browser, visits):
    browser.open("/articles/tides/revisions/1/")
    assert visits() is None
    browser.script(enabled=False)
    browser.open("/articles/tides/")
    assert not browser.find(".visit").is_displayed()
