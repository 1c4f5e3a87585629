"""Moderators at work in a real Chromium: the demo's queue emptied by keyboard alone, and what scripts add."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from selenium.webdriver import Keys

from articles import permissions, workflow
from articles.models import Article, ReasonTemplate, Remark, Review
from tests.conftest import FLAGGED, content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(transactional_db):
    call_command("demo", stdout=StringIO())
    return User.objects.get(username="moderator")


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("width", [1000, 1366])
def test_all_rooms_and_the_account_are_in_view(browser, administrator, language, width):
    browser.log_in(administrator)
    browser.driver.add_cookie({"name": "django_language", "value": language})
    browser.size(width)
    browser.open("/moderation/")

    ends = browser.driver.execute_script(
        "return [...document.querySelectorAll('header.top :is(li, button)')].map(element => {"
        "const { left, right } = element.getBoundingClientRect(); return left >= 0 && right <= innerWidth; })"
    )
    assert len(ends) >= 14
    assert all(ends)


def write(author, slug, source="Text.\n"):
    revision = workflow.save_revision(None, by=author, content=content(source, slug=slug))
    return workflow.submit(revision, by=author)


def test_twenty_items_are_emptied_by_keyboard_alone(browser, demo):
    administrator = User.objects.get(username="administrator")
    for review in Review.objects.pending().select_related("revision__article", "appeals"):
        if not permissions.can_review(demo, review):
            workflow.reject(review, by=administrator, reason="An appeal, or text of the moderator's own.")
    waiting = Review.objects.pending().count()
    assert waiting >= 20
    browser.log_in(demo)
    browser.open("/moderation/")
    browser.press("j")
    browser.press("o", new_page=True)
    for n in range(waiting):
        if n % 3 == 0:
            browser.press("a")
            if browser.all("[name=sure]"):  # it brings something back, so it takes a tick and a reason
                browser.press(Keys.SPACE, Keys.TAB, Keys.TAB, "Right again.")
            browser.carry_out()
        elif n % 3 == 1:
            browser.press("r")
            browser.press("Not like this.")
            browser.carry_out()
        else:
            browser.press("c")
            browser.press(Keys.TAB, holding=Keys.SHIFT)
            browser.press("1")  # a ready-made reason
            browser.carry_out()

    assert "Nothing is waiting" in browser.text
    states = Review.objects.filter(
        decided_by=demo, reason__in=["Not like this.", ReasonTemplate.objects.first().text]
    )
    assert states.count() == waiting - (waiting + 2) // 3
    assert not Review.objects.pending().exists()
    browser.press("u")
    assert Review.objects.pending().count() == 0  # the key leads to the button, which acts
    browser.press(Keys.ENTER, new_page=True)
    assert "waits again" in browser.find(".messages").text
    assert Review.objects.pending().count() == 1
    assert browser.complaints() == []


def test_keys_move_select_search_and_show_their_sheet(browser, author, moderator):
    for slug in ("one", "two", "three"):
        write(author, slug)
    browser.log_in(moderator)
    browser.open("/moderation/")

    browser.press("jjx")
    assert [box.is_selected() for box in browser.all("[name=review]")] == [False, True, False]
    assert browser.find("[data-selected]").text == "1"
    browser.press("b", Keys.ENTER, new_page=True)
    assert "1 version is selected." in browser.text
    assert Review.objects.pending().count() == 3
    browser.open("/moderation/")
    browser.find("h1").click()
    browser.press("/")
    browser.press("two", Keys.ENTER, new_page=True)
    assert len(browser.all(".queue > li")) == 1
    browser.press("?")
    assert browser.find("dialog[open] .keys").text
    browser.press("j")  # not behind an open sheet
    browser.press(Keys.ESCAPE)
    assert not browser.all("dialog[open]")
    assert browser.complaints() == []


def test_keys_can_be_switched_off_and_never_act_in_a_field(browser, author, moderator):
    review = write(author, "one")
    browser.log_in(moderator)
    browser.open(review.get_absolute_url())
    browser.press("r")
    browser.press("a reason with e, q and j")
    assert browser.find(".decide [name=reason]").get_attribute("value") == "a reason with e, q and j"
    assert browser.find(".decide [type=submit]").text.startswith("Reject")
    browser.press(Keys.ESCAPE)
    assert not browser.find(".pop").is_displayed()
    assert browser.find(".decide [name=reason]").get_attribute("value") == "a reason with e, q and j"

    browser.find("[data-keys-open]").click()
    browser.find("[data-keys-switch]").click()
    browser.press(Keys.ESCAPE)
    browser.find("h1").click()
    browser.press("q")
    browser.press("e")
    assert not browser.find(".pop").is_displayed()
    browser.open("/moderation/")
    assert not browser.find("[data-keys-switch]").is_selected()
    browser.press("j")
    assert browser.driver.switch_to.active_element.tag_name == "body"
    browser.driver.execute_script("localStorage.clear()")


def test_opening_claims_and_the_others_see_it_without_a_reload(browser, author, moderator, administrator):
    review = write(author, "one")
    browser.log_in(moderator)
    browser.open("/moderation/")
    assert browser.find("[data-live-state]").text == ""
    workflow.claim(review, by=administrator)

    browser.driver.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
    browser.wait(lambda: browser.find("[data-live-state]").text.endswith("administrator, 0 min"))

    workflow.release(review, by=administrator)
    browser.open(review.get_absolute_url())
    browser.wait(lambda: browser.find("[data-live-state]").text.endswith("yours"))
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
    assert "yours" in browser.text
    browser.find("label:has(> [value=reject])").click()
    browser.find(".decide [name=reason]").send_keys("No.")
    browser.click(".decide [type=submit]")
    browser.find("label:has(> [value=approve])").click()
    browser.click(".decide [type=submit]")
    assert "Nothing is waiting" in browser.text

    browser.click("[data-undo]")
    assert "waits again" in browser.find(".messages").text
    review.refresh_from_db()
    assert review.state == "rejected"
    assert Article.objects.get(slug="two").published_revision is None
    browser.script(enabled=True)


def test_keys_go_from_place_to_place_and_open_folds(browser, author, moderator):
    body = "".join(f"Line {n} stays where it is.\n\n" for n in range(9))
    old = "".join(f"Place {n}.\n\n{body}" for n in range(8))
    workflow.approve(write(author, "tides", old), by=moderator)
    changed = content(old.replace("Place", "Stead") + "It \u0456s here.\n", slug="tides")
    revision = workflow.save_revision(Article.objects.get(), by=author, content=changed, base=1)
    review = workflow.submit(revision, by=author)
    browser.log_in(moderator)
    browser.open(review.get_absolute_url())

    def at(key):
        browser.press(key)
        return browser.driver.switch_to.active_element.text.splitlines()[0]

    places = [f"PlaceStead {n}." for n in range(8)]
    assert browser.find("#worst").text.startswith("It \u0456s here.")
    first = places.index(at("n"))
    assert 0 < first < 7
    assert [at("n"), at("p")] == [places[first + 1], places[first]]
    assert [at("p") for _ in range(first)] == places[:first][::-1]
    assert browser.complaints() == []


def test_remark_is_about_the_passage_that_is_selected_in_the_changes(browser, author, moderator):
    live = write(author, "tides", "The mill is old.\n\nIt grinds twice a day.\n")
    workflow.approve(live, by=moderator)
    changed = "The mill is very old.\n\nIt grinds twice a day.\n"
    revision = workflow.save_revision(live.revision.article, by=author, content=content(changed), base=1)
    review = workflow.submit(revision, by=author)
    browser.log_in(moderator)
    browser.open(f"{review.get_absolute_url()}?view=source")

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
