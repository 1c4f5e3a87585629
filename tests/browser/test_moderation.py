"""Moderators at work in a real Chromium: the demo's queue emptied by keyboard alone, and what scripts add."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from selenium.webdriver import ActionChains, Keys

from articles import workflow
from articles.models import Article, ReasonTemplate, Remark, Review
from tests.conftest import FLAGGED, content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(transactional_db):
    call_command("demo", stdout=StringIO())
    return User.objects.get(username="moderator")


@pytest.fixture
def press(browser):
    """Press keys wherever the focus is, as a hand on the keyboard does."""

    def press(*keys, new_page=False):
        here = browser.find("html")
        ActionChains(browser.driver).send_keys(*keys).perform()
        if new_page:
            browser.wait(lambda: browser.find("html") != here)

    return press


def confirm(browser):
    here = browser.find("html")
    ActionChains(browser.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    browser.wait(lambda: browser.find("html") != here)


def write(author, slug, source="Text.\n"):
    revision = workflow.save_revision(None, by=author, content=content(source, slug=slug))
    return workflow.submit(revision, by=author)


def test_twenty_items_are_emptied_by_keyboard_alone(browser, demo, press):
    waiting = Review.objects.pending().count()
    assert waiting >= 20
    browser.log_in(demo)
    browser.open("/moderation/")
    press("j")
    press("o", new_page=True)
    for n in range(waiting):
        if n % 3 == 0:
            press("a")
            press(Keys.ENTER, new_page=True)
        elif n % 3 == 1:
            press("r")
            press("Not like this.")
            confirm(browser)
        else:
            press("1")  # a ready-made reason
            press("c")
            confirm(browser)

    assert "Nothing is waiting" in browser.text
    states = Review.objects.filter(
        decided_by=demo, reason__in=["Not like this.", ReasonTemplate.objects.first().text]
    )
    assert states.count() == waiting - (waiting + 2) // 3
    assert not Review.objects.pending().exists()
    press("u", new_page=True)
    assert "waits again" in browser.find(".messages").text
    assert Review.objects.pending().count() == 1
    assert browser.complaints() == []


def test_keys_move_select_search_and_show_their_sheet(browser, author, moderator, press):
    for slug in ("one", "two", "three"):
        write(author, slug)
    browser.log_in(moderator)
    browser.open("/moderation/")

    press("jjx")
    assert [box.is_selected() for box in browser.all("[name=review]")] == [False, True, False]
    press("b")
    press("Both the same.")
    assert browser.find(".bulk [name=reason]").get_attribute("value") == "Both the same."
    browser.find("h1").click()
    press("/")
    press("two", Keys.ENTER, new_page=True)
    assert len(browser.all(".queue > li")) == 1
    press("?")
    assert browser.find("dialog[open] .keys").text
    press("j")  # not behind an open sheet
    press(Keys.ESCAPE)
    assert not browser.all("dialog[open]")
    assert browser.complaints() == []


def test_keys_can_be_switched_off_and_never_act_in_a_field(browser, author, moderator, press):
    review = write(author, "one")
    browser.log_in(moderator)
    browser.open(review.get_absolute_url())
    press("r")
    press("a reason with e, q and j")
    assert browser.find(".decision [name=reason]").get_attribute("value") == "a reason with e, q and j"
    assert "Reject" in browser.find("[data-armed]").text

    browser.find("[data-keys-open]").click()
    browser.find("[data-keys-switch]").click()
    press(Keys.ESCAPE)
    browser.find("h1").click()
    press("q")
    press("e")
    assert not browser.find("#fix").get_attribute("open")
    browser.open("/moderation/")
    assert not browser.find("[data-keys-switch]").is_selected()
    press("j")
    assert browser.driver.switch_to.active_element.tag_name == "body"
    browser.driver.execute_script("localStorage.clear()")


def test_opening_claims_and_the_others_see_it_without_a_reload(browser, author, moderator, administrator):
    review = write(author, "one")
    browser.log_in(moderator)
    browser.open("/moderation/")
    assert browser.find("[data-live-state]").text == ""
    workflow.claim(review, by=administrator)

    browser.driver.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
    browser.wait(lambda: browser.find("[data-live-state]").text.endswith("administrator is on it"))

    workflow.release(review, by=administrator)
    browser.open(review.get_absolute_url())
    browser.wait(lambda: browser.find("[data-live-state]").text.endswith("You are on it"))
    review.refresh_from_db()
    assert review.claimant == moderator
    assert browser.find("[data-claim] [name=release]").is_displayed()


def test_everything_works_without_script(browser, author, moderator):
    review = write(author, "one", FLAGGED)
    write(author, "two")
    browser.log_in(moderator)
    browser.script(enabled=False)
    browser.open("/moderation/")
    assert not browser.find("[data-keys-hint]").is_displayed()
    browser.click(".queue h2 a")
    browser.click("[data-claim] button:not([hidden])")
    assert "You are on it" in browser.text
    browser.find(".decision [name=reason]").send_keys("No.")
    browser.click("[value=reject]")
    browser.click(".decision [value=approve]")
    assert "Nothing is waiting" in browser.text

    browser.click("[data-undo]")
    assert "waits again" in browser.find(".messages").text
    review.refresh_from_db()
    assert review.state == "rejected"
    assert Article.objects.get(slug="two").published_revision is None
    browser.script(enabled=True)


def test_remark_is_about_the_passage_that_is_selected_in_the_changes(browser, author, moderator):
    live = write(author, "tides", "The mill is old.\n\nIt grinds twice a day.\n")
    workflow.approve(live, by=moderator)
    changed = "The mill is very old.\n\nIt grinds twice a day.\n"
    revision = workflow.save_revision(live.revision.article, by=author, content=content(changed), base=1)
    review = workflow.submit(revision, by=author)
    browser.log_in(moderator)
    browser.open(review.get_absolute_url())

    def select(row):
        browser.driver.execute_script(
            "getSelection().removeAllRanges();"
            "getSelection().selectAllChildren(document.querySelector(arguments[0]))",
            f"table.diff {row} .line",
        )

    def to_the_middle(css):  # the bar with the decision covers what stands lower
        element = browser.find(css)
        browser.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        return element

    select("tr.removed")
    assert not browser.find("[data-about]").is_displayed()
    select("tr.added")
    browser.wait(lambda: browser.find("[data-about]").is_displayed())
    assert browser.find("[data-about-passage]").text == "The mill is very old."
    to_the_middle("[data-about-all]").click()
    assert not browser.find("[data-about]").is_displayed()
    select("tr.added")
    browser.wait(lambda: browser.find("[data-about]").is_displayed())
    browser.find("#say-new").send_keys("Since when?")
    to_the_middle("form[data-talk=new] [data-send]")
    browser.click("form[data-talk=new] [data-send]")

    said = Remark.objects.get()
    assert (said.start, said.end, said.text) == (0, 21, "Since when?")
    assert "The mill is very old." in browser.find(".thread blockquote").text
    assert browser.complaints() == []
