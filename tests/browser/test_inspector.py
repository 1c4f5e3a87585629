"""The inspector in a real browser: by key, by pointer and by touch, with and without script."""

import pytest
from selenium.webdriver import ActionChains, Keys

from articles import workflow
from tests.conftest import content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A, OH, ZWSP = "\u0430", "\u043e", "\u200b"
PARAGRAPH = f"The p{A}per by the d{OH}{OH}r is read bef{OH}re break{ZWSP}fast, and again at night when the tide turns. "
TEXT = f"{'The tide table hangs by the door of the mill. ' * 12}\n\n" * 3 + f"{PARAGRAPH * 6}\n\n" * 6
PAGE = "/articles/tides/"


@pytest.fixture
def flagged(author, moderator):
    """A long public article with 216 marks or so."""
    revision = workflow.save_revision(None, by=author, content=content(TEXT))
    workflow.approve(workflow.submit(revision, by=author), by=moderator, reason="Seen.")


def run(browser, script, *args):
    return browser.driver.execute_script(f"return {script}", *args)


def counted(browser):
    return browser.find(".lamp-bar b").text


def focused(browser):
    return run(browser, "document.activeElement.id")


def back(browser, *, to):
    """Go one step back to an address, also from a step that no hand made, which the driver's own way skips.

    The browser hears of a step later than the page that takes it: so wait until it knows of it, and until it is there.
    """

    def entry_before():
        history = browser.driver.execute_cdp_cmd("Page.getNavigationHistory", {})
        entry = history["entries"][history["currentIndex"] - 1]
        return entry if entry["url"].endswith(to) else None

    entry = browser.wait(entry_before)
    browser.driver.execute_cdp_cmd("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
    browser.wait(lambda: run(browser, "location.href").endswith(to))


def open_inspector(browser):
    browser.open(PAGE)
    browser.find("a[data-escape=on]").click()
    browser.wait(lambda: browser.all(".inspected"))


def test_keys_and_buttons_go_from_mark_to_mark(browser, flagged):
    open_inspector(browser)
    total = int(run(browser, "document.querySelector('.lamp-bar b').dataset.total"))

    browser.press("n")
    assert (counted(browser), focused(browser)) == (f"1 of {total}", "odd-1")
    browser.press("n")
    browser.press("n")
    browser.press("p")
    assert (counted(browser), focused(browser)) == (f"2 of {total}", "odd-2")
    browser.find(".lamp-bar [data-step=next]").click()
    assert (counted(browser), focused(browser)) == (f"3 of {total}", "odd-3")
    assert browser.find("[aria-current]").get_attribute("href").endswith("#odd-3")
    assert browser.driver.current_url.endswith("?escape=1#odd-3")
    for _ in range(3):
        browser.press("p")
    assert counted(browser) == f"1 of {total}"
    assert browser.complaints() == []


def test_keys_typed_into_a_field_go_nowhere(browser, flagged):
    open_inspector(browser)
    browser.find(".cite summary").click()
    browser.find("#quote").click()

    browser.press("n", Keys.ESCAPE)

    assert browser.all(".inspected")
    assert not browser.all("mark.current")


def test_escape_key_and_back_leave_it_with_scroll_and_focus_kept(browser, flagged):
    browser.open(PAGE)
    run(browser, "document.querySelectorAll('.prose > *')[4].scrollIntoView()")
    top = "Math.round(document.querySelectorAll('.prose > *')[4].getBoundingClientRect().top)"
    before = run(browser, top)

    # By key, since a click of the driver's would scroll; what no hand does may be no step of the browser's history.
    run(browser, "document.querySelector('a[data-escape=on]').focus({ preventScroll: true })")
    browser.press(Keys.ENTER)
    browser.wait(lambda: browser.all(".inspected"))
    assert abs(run(browser, top) - before) <= 2
    assert browser.driver.current_url.endswith("?escape=1")
    browser.press(Keys.ESCAPE)
    browser.wait(lambda: not browser.all(".inspected"))
    assert abs(run(browser, top) - before) <= 2
    assert run(browser, "document.activeElement.dataset.escape") == "on"
    assert browser.driver.current_url.endswith(PAGE)

    back(browser, to=f"{PAGE}?escape=1")
    browser.wait(lambda: browser.all(".inspected"))
    back(browser, to=PAGE)
    browser.wait(lambda: not browser.all(".inspected"))
    assert browser.complaints() == []


def test_entry_leads_to_its_mark_and_back(browser, flagged):
    open_inspector(browser)
    browser.find("#about-5 a").click()
    browser.wait(lambda: focused(browser) == "odd-5")

    browser.press(Keys.ENTER)
    assert run(browser, "document.activeElement.parentElement.id") == "about-5"
    browser.press(Keys.ENTER)
    browser.wait(lambda: focused(browser) == "odd-5")
    browser.driver.back()
    browser.wait(lambda: run(browser, "document.activeElement.parentElement.id") == "about-5")
    assert browser.all(".inspected")


def chip(browser, mark):
    return run(browser, "getComputedStyle(arguments[0], '::after').content", mark)


def test_chip_shows_on_hover_focus_and_tap_one_at_a_time(browser, flagged):
    open_inspector(browser)
    first, second, third = browser.all(".prose mark")[:3]
    assert chip(browser, first) == "none"

    ActionChains(browser.driver).move_to_element(first).perform()
    assert "Cyrillic small letter a" in chip(browser, first)
    second.click()
    assert counted(browser).startswith("2 of")
    assert "Cyrillic small letter o" in chip(browser, second)
    ActionChains(browser.driver).move_to_element(third).perform()
    assert [chip(browser, mark) == "none" for mark in (first, second, third)] == [True, True, False]


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_prose_does_not_grow(browser, flagged, width):
    browser.size(width)
    height = "document.querySelector('.prose').getBoundingClientRect().height"
    browser.open(PAGE)
    plain = run(browser, height)

    browser.open(PAGE + "?escape=1")

    assert abs(run(browser, height) - plain) <= plain / 50
    assert run(browser, "document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_script_links_lead_from_mark_to_mark(browser, flagged):
    browser.script(enabled=False)
    browser.open(PAGE)
    browser.click("a[data-escape=on]")
    browser.click(".lamp-bar [data-step=next]")
    browser.click(".lamp-bar [data-step=next]")

    assert counted(browser).startswith("2 of")
    assert browser.driver.current_url.endswith("?escape=1&at=2#odd-2")
    browser.script(enabled=True)
    assert "Cyrillic small letter o" in chip(browser, browser.find("#odd-2"))


def test_next_key_turns_to_the_next_part(browser, flagged, monkeypatch):
    monkeypatch.setattr("articles.reader.pages.MOST_MARKS", 5)
    browser.open(PAGE + "?escape=1&at=5#odd-5")
    assert counted(browser).startswith("5 of")

    browser.press("n")

    browser.wait(lambda: counted(browser).startswith("6 of"))
    assert focused(browser) == "odd-6"
    assert browser.driver.current_url.endswith("?escape=1&at=6#odd-6")


def test_bar_is_at_hand_on_a_phone(browser, flagged):
    browser.size(390, 844)
    open_inspector(browser)
    browser.press("n")

    foot = run(browser, "document.querySelector('.lamp-bar').getBoundingClientRect().bottom")
    assert 700 < foot <= 844
    beside = "document.querySelector('.odd-list').getBoundingClientRect().top"
    assert run(browser, beside) > run(
        browser, "document.querySelector('.prose').getBoundingClientRect().bottom"
    )


def nodes(browser):
    tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [
        (
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            node.get("description", {}).get("value", ""),
        )
        for node in tree
        if not node["ignored"]
    ]


def test_accessibility_tree_names_the_bar_the_list_and_the_current_mark(browser, flagged):
    open_inspector(browser)
    browser.press("n")
    browser.press("n")
    found = nodes(browser)

    assert ("navigation", "Odd characters") in [node[:2] for node in found]
    assert ("region", "Odd characters") in [node[:2] for node in found]
    for name in ("Previous odd character", "Next odd character", "Close"):
        assert ("link", name) in [node[:2] for node in found]
    descriptions = [node[2] for node in found if node[0] == "mark" and node[2]]
    assert "Cyrillic small letter o" in descriptions[-1]
    assert "brought in by author with version 1" in descriptions[-1]


def test_list_stands_at_its_own_edge_beside_a_text_that_runs_the_other_way(browser, author, moderator):
    source = f"\u0643\u062a\u0627\u200b\u0628 p{A}per\n"
    revision = workflow.save_revision(None, by=author, content=content(source, language="ar"))
    workflow.approve(workflow.submit(revision, by=author), by=moderator, reason="Seen.")
    browser.open(f"{PAGE}?escape=1")

    edges = run(
        browser,
        """[...document.querySelectorAll(".odd-list .word")].map((word) => {
          const range = document.createRange();
          range.selectNodeContents(word);
          return range.getBoundingClientRect().left - word.getBoundingClientRect().left;
        })""",
    )

    assert [round(edge) for edge in edges] == [0, 0]
    assert run(browser, "document.querySelector('.prose').getBoundingClientRect().left") > run(
        browser, "document.querySelector('.odd-list').getBoundingClientRect().right"
    )


def test_movement_and_forced_colours_are_obeyed(browser, flagged):
    features = [
        {"name": "prefers-reduced-motion", "value": "reduce"},
        {"name": "forced-colors", "value": "active"},
    ]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    open_inspector(browser)

    browser.press("n")

    box = run(
        browser,
        "(({top, bottom}) => [top, bottom])(document.querySelector('#odd-1').getBoundingClientRect())",
    )
    assert 0 < box[0] < box[1] < 900  # there at once
    assert run(browser, "getComputedStyle(document.querySelector('#odd-2')).outlineStyle") == "solid"
