"""Twenty-three hard versions are cleared by keyboard alone, and for none of them has the moderator to scroll."""

import pytest
from selenium.webdriver import Keys

from articles import workflow
from articles.models import Article, ReasonTemplate, Review
from articles.text.content import Content
from tests.moderator.hard_cases import CASES, PARAGRAPH, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZE = (1366, 625)
LEAST = 40  # pixels of a place that must be seen
PRIVATE = "Ask the keeper at 555 0147 after six."
SOURCE = "Please say where this comes from."

APPROVED = {"calm", "edited", "title", "unseen"}
SENT_BACK = {"price", "removed", "lost", "arabic", "last paragraph", "new and long"}
CONFIRMED = {"hidden before", "offline before"}
OVERTAKEN = "overtaken"
REJECTED = CASES.keys() - APPROVED - SENT_BACK

# Returns how far the page is scrolled, and of the worst sentence and of its place the top, the bottom, and where what
# is seen ends: at the form of the decision if it is open, else at its bar.
MEASURE = """
const edges = [".pop", ".bar.under"].map((css) => document.querySelector(css))
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().top);
const places = ["#lead", "#worst"].map((css) => document.querySelector(css).getBoundingClientRect());
return [scrollY, places.map(({ top, bottom }) => [top, bottom, Math.min(...edges)])];
"""


def change(slug, *versions, author, administrator):
    """Return the review of the last of some versions; those before were live, one after the other."""
    article, base = None, None
    for number, source in enumerate(versions, start=1):
        content = Content("Tides", slug, source, language="en")
        revision = workflow.save_revision(article, by=author, content=content, base=base)
        article, base = Article.objects.get(slug=slug), revision.number
        if number < len(versions):
            workflow.publish(revision, by=administrator)
    return workflow.submit(revision, by=author)


@pytest.fixture
def waiting(author, moderator, administrator):
    """Submits the hard cases, and three that hang on what happens beside the text. Returns the names of all."""
    for name in CASES:
        submit(name, author=author, moderator=moderator)
    people = {"author": author, "administrator": administrator}
    held = PARAGRAPH + PRIVATE
    hidden = change("hidden-before", PARAGRAPH, held, f"{held} And before.\n", **people)
    live = hidden.revision.article.published_revision
    workflow.hide(live, by=administrator, parts=["text"], reason="A private number.")
    offline = change("offline-before", PARAGRAPH, PARAGRAPH + "It is open again.\n", **people)
    workflow.unpublish(offline.revision.article, by=administrator, reason="Closed for good.")
    change(OVERTAKEN, PARAGRAPH, PARAGRAPH + "It is open.\n", **people)
    return {slug.replace("-", " ") for slug in Article.objects.values_list("slug", flat=True)}


class Moderator:
    """Decides on the version whose page is open, and keeps the names of those for which that took scrolling."""

    def __init__(self, browser):
        self.browser = browser
        self.scrolled = []

    @property
    def name(self):
        pk = int(self.browser.driver.current_url.rstrip("/").rsplit("/", 1)[1])
        return Review.objects.get(pk=pk).revision.article.slug.replace("-", " ")

    def decide(self, key, *, reason="", tick=False):
        """Open the form by its key and carry it out. `reason` is text, or a ready-made one by its digit."""
        self.look()
        self.browser.press(key)
        self.look()
        if tick:
            self.browser.press(Keys.SPACE, Keys.TAB, Keys.TAB)
        if isinstance(reason, int):
            self.browser.press(Keys.TAB, holding=Keys.SHIFT)
        if reason:
            self.browser.press(str(reason))
        self.browser.carry_out()

    def look(self):
        scrolled, places = self.browser.driver.execute_script(MEASURE)
        is_seen = all(top >= 0 and min(bottom, top + LEAST) <= end for top, bottom, end in places)
        if scrolled or not is_seen:
            self.scrolled.append((self.name, scrolled, places))


def decided(name):
    """Return the state and the reason of what was decided last in an article, and whether readers see that."""
    article = Article.objects.get(slug=name.replace(" ", "-"))
    review = Review.objects.filter(revision__article=article).latest("decided_at")
    return review.state, review.reason, article.published_revision_id == review.revision_id


def test_hard_versions_are_cleared_without_scrolling(browser, waiting, author, moderator):
    assert len(waiting) == 23
    ReasonTemplate.objects.create(name="Source", text=SOURCE)
    browser.size(*SIZE)
    browser.log_in(moderator)
    browser.open("/moderation/")
    browser.press("o", new_page=True)
    person = Moderator(browser)
    for _ in waiting:
        name = person.name
        assert name not in CASES or CASES[name].words in browser.find("#lead").text
        if name in APPROVED:
            person.decide("a")
        elif name in CONFIRMED:
            assert "Comes back" in browser.find("#lead").text
            browser.press("a", Keys.ESCAPE)
            person.decide("a", reason="Checked.", tick=True)
        elif name in SENT_BACK:
            person.decide("c", reason=1)
        elif name == OVERTAKEN:
            article = Article.objects.get(slug=name)
            content = Content("Tides", name, PARAGRAPH + "It is open on Sundays.\n", language="en")
            workflow.submit(workflow.save_revision(article, by=author, content=content, base=2), by=author)
            person.decide("c", reason="Since when?")
            assert "Not decided" in browser.find("#lead").text
            browser.size(390, 844)
            assert browser.find("html").get_property("scrollWidth") == 390
            browser.size(*SIZE)
            browser.press("o", new_page=True)
            person.decide("c")
        else:
            person.decide("r", reason="Spam.")

    assert "Nothing is waiting" in browser.text
    assert person.scrolled == []
    assert {name: decided(name) for name in waiting} == {
        **dict.fromkeys(APPROVED, ("approved", "", True)),
        **dict.fromkeys(CONFIRMED, ("approved", "Checked.", True)),
        **dict.fromkeys(SENT_BACK, ("changes requested", SOURCE, False)),
        **dict.fromkeys(REJECTED, ("rejected", "Spam.", False)),
        OVERTAKEN: ("changes requested", "Since when?", False),
    }
    assert [said for said in browser.complaints() if "409 (Conflict)" not in said] == []
