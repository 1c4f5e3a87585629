"""The page of a comparison in a real browser: its keys, its bar, its sliders, what it copies, and how it fits."""

import pytest
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Revision

from .test_journeys import copied

pytestmark = pytest.mark.browser

BODY = "".join(f"Line {number} stays where it is.\n\n" for number in range(30))
CODE = f"```python\nline = '{'x' * 200}'\n```\n\n| a | b | c |\n|---|---|---|\n| {'word ' * 30} | c | d |\n\n"
OLD = f"The first.\n\n{BODY}The c\u0430useway.\n\n{BODY}{CODE}The last.\n"
NEW = (
    OLD.replace("The first", "The very first")
    .replace("\u0430", "a")
    .replace("'xxx", "'yyy")
    .replace("last", "end")
)
VIEWS = ["page", "source", "side"]


@pytest.fixture
def versions(save, author, browser):
    """Three versions of an article, the first two of which differ in four places; the author is logged in."""
    for source in (OLD, NEW, NEW + "\nMore.\n"):
        save(source)
    browser.log_in(author)


def counted(browser):
    return browser.find("[data-way] b").text


@pytest.mark.parametrize("view", VIEWS)
def test_keys_go_through_the_changes_and_the_bar_counts_along(browser, versions, view):
    browser.open(f"/articles/tides/compare/1..2/?view={view}")
    total = browser.find("[data-way]").get_attribute("data-total")
    anchor = browser.find("[data-way]").get_attribute("data-anchor")
    assert counted(browser) == f"Change 1 of {total}"

    for key, number in [("n", 1), ("n", 2), ("n", 3), ("p", 2)]:
        browser.find("body").send_keys(key)
        browser.wait(lambda number=number: counted(browser) == f"Change {number} of {total}")
        focused = browser.driver.switch_to.active_element
        assert focused.get_attribute("id") == f"{anchor}{number}"
        assert "at" in focused.get_attribute("class").split()
        assert browser.driver.execute_script(
            "return arguments[0].getBoundingClientRect().top >= document.querySelector('[data-way]').offsetHeight - 1",
            focused,
        )
    assert browser.complaints() == []


def test_links_of_the_bar_move_without_loading(browser, versions):
    browser.open("/articles/tides/compare/1..2/")
    browser.driver.execute_script("document.body.dataset.here = 1")

    browser.find("[data-way] [data-step=next]").click()

    browser.wait(lambda: browser.driver.switch_to.active_element.get_attribute("id"))
    assert browser.find("body").get_attribute("data-here") == "1"


def test_bar_and_keys_lead_on_into_the_next_part(browser, save, author):
    for letter in "ab":
        save(f"{letter}\n" * 4_000)
    browser.log_in(author)
    browser.open("/articles/tides/compare/1..2/?view=source")
    last = len(browser.all("[data-change]"))
    browser.driver.execute_script(f"document.getElementById('change-{last}').scrollIntoView()")
    browser.find("body").send_keys("n")
    browser.wait(lambda: counted(browser).startswith(f"Change {last} of"))

    browser.click("[data-way] [data-step=next]")

    assert browser.driver.current_url.endswith(f"&part=2#change-{last + 1}")
    assert browser.all(f"#change-{last + 1}:target")


def test_bar_works_without_script(browser, versions):
    browser.script(enabled=False)
    browser.open("/articles/tides/compare/1..2/?view=page")

    browser.click("[data-way] [data-step=next]")
    browser.click("[data-way] [data-step=next]")

    assert browser.driver.current_url.endswith("&at=3#c3")
    assert counted(browser) == "Change 3 of 4"
    browser.click("[data-way] [rel=prev]")
    assert counted(browser) == "Change 2 of 4"
    assert not browser.find("[data-ranges]").is_displayed()
    browser.script(enabled=True)


def test_scrolling_counts_along(browser, versions):
    browser.open("/articles/tides/compare/1..2/?view=source")

    browser.driver.execute_script("scrollTo(0, document.body.scrollHeight)")

    total = browser.find("[data-way]").get_attribute("data-total")
    browser.wait(lambda: counted(browser) == f"Change {total} of {total}")


def test_sliders_choose_the_versions_and_never_cross(browser, versions):
    browser.open("/articles/tides/compare/1..2/")
    older, newer = browser.all("[data-ranges] input")

    newer.send_keys(Keys.ARROW_RIGHT)
    older.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)

    assert [field.get_attribute("value") for field in browser.all(".pair [type=number]")] == ["2", "3"]
    browser.click(".pair button")
    assert browser.driver.current_url.endswith("/articles/tides/compare/2..3/")


def test_links_lead_to_the_versions_around(browser, versions):
    browser.open("/articles/tides/compare/1..2/")

    browser.click(".edits [rel=next]")
    assert "/compare/2..3/" in browser.driver.current_url
    assert not browser.all(".edits [rel=next]")
    browser.click(".card.before nav a")
    assert "/compare/1..3/" in browser.driver.current_url


def test_marks_and_notes_are_never_copied(browser, versions):
    browser.open("/articles/tides/compare/1..2/?view=page")

    text = copied(browser, ".marked")

    assert "The very first." in text
    assert browser.all(".change-note")
    assert "Looks the same" not in text
    assert "U+0430" not in text


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [320, 390, 768, 1366])
def test_no_view_scrolls_sideways(browser, versions, view, width):
    browser.size(width)
    browser.open(f"/articles/tides/compare/1..2/?view={view}&context=all")

    overflow = browser.driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
    assert browser.complaints() == []


@pytest.mark.parametrize("view", VIEWS)
def test_texts_have_their_own_language_and_direction(browser, save, author, view):
    for source in ("البحر هادئ اليوم.\n", "البحر هائج اليوم.\n"):
        save(source, title="البحر", language="ar")
    browser.log_in(author)

    browser.open(f"/articles/tides/compare/1..2/?view={view}")

    text = browser.find(".marked p, table.diff .added.line, table.diff .added .line")
    style = "const s = getComputedStyle(arguments[0]); return [s.direction, s.textAlign]"
    assert browser.driver.execute_script("return arguments[0].closest('[lang]').lang", text) == "ar"
    assert browser.driver.execute_script(style, text) == ["rtl", "start"]


def test_tab_reaches_everything_in_its_order_and_shows_where_it_is(browser, versions):
    browser.open("/articles/tides/compare/1..2/?view=page")
    order = [
        "Skip to the text",
        "History",
        "Version 1",
        "Version 2",
        "Before",
        "Compare",
        "As a page",
        ".json",
    ]
    seen: list[str] = []
    while "Next change" not in seen and len(seen) < 40:
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        element = browser.driver.switch_to.active_element
        seen.append(element.get_attribute("aria-label") or element.text or element.get_attribute("name"))
        assert element.value_of_css_property("outline-style") != "none", seen[-1]

    places = [seen.index(words) for words in [*order, "Next change"]]
    assert places == sorted(places)


def test_folded_links_open(browser, save, author):
    save("".join(f"[a](/{number}) " for number in range(40)))
    save("".join(f"[a](/x{number}) " for number in range(40)))
    browser.log_in(author)
    browser.open("/articles/tides/compare/1..2/")

    fold = browser.find(".field-change details")
    assert fold.text == "30 more links"
    fold.find_element("css selector", "summary").click()

    assert len(browser.all(".links li")) == 40
    assert browser.all(".links li")[-1].is_displayed()


def test_print_and_forced_colours_keep_the_changes(browser, versions):
    browser.open("/articles/tides/compare/1..2/?view=page")
    for media in ({"media": "print"}, {"features": [{"name": "forced-colors", "value": "active"}]}):
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

        assert browser.find("ins.change").is_displayed()
        assert browser.find("[data-way]").is_displayed() == ("features" in media)
    browser.scheme("light")


def test_hidden_versions_are_left_out(browser, versions, administrator):
    workflow.hide(Revision.objects.get(number=2), by=administrator, parts=["text"], reason="A name.")
    browser.open("/articles/tides/compare/1..3/")

    assert browser.find(".card.before nav").text == "Oldest"
