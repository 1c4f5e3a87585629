"""The steps of `docs/first-article.md` in a real browser: what they press is there, and each job takes few clicks."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from articles import workflow
from articles.models import Review, Revision
from tests.pictures import file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = Path(settings.BASE_DIR, "docs/first-article.md").read_text()
JOBS = re.findall(r"^## (.+)\n\n(\w+) clicks?\b.*\n\n((?:\d+\. .+\n)+)", PAGE, re.MULTILINE)
NUMBERS = {"One": 1, "Two": 2, "Three": 3, "Four": 4}
MOST = {
    "Write a draft": 3,
    "Insert a picture": 2,
    "Use a picture again": 3,
    "Submit it": 1,
    "See what was returned, and why": 1,
    "Bring an earlier version back": 3,
}
# The element that can be pressed and is called so, or whose words begin so.
TO_PRESS = """
    const words = (element) => (element.ariaLabel ?? element.textContent).replace(/\\s+/g, " ").trim();
    const elements = [...document.querySelectorAll("a, button, summary, label")].filter(
        (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[inert]")
    );
    return elements.find((element) => words(element) === arguments[0]) ??
        elements.find((element) => words(element).startsWith(arguments[0])) ?? null;
"""
FIELD = """
    return [...document.querySelectorAll("label")].find(({ control, textContent }) =>
        control?.checkVisibility() && textContent.trim() === arguments[0])?.control ?? null;
"""


class Author:
    """Does what a step says, and counts the clicks."""

    def __init__(self, browser, folder):
        self.browser = browser
        self.folder = folder
        self.clicks = 0

    def follow(self, step):
        if pressed := re.fullmatch(r"Press \*\*(.+?)\*\*(?: and choose the file `(.+)`)?\.", step):
            self.press(*pressed.groups())
        elif written := re.fullmatch(r"Write `(.+)` into \*\*(.+)\*\*( and press Enter)?\.", step):
            self.found(FIELD, written[2]).send_keys(written[1] + ("\n" if written[3] else ""))
        elif seen := re.fullmatch(r"You see “(.+?)”(?: in \*\*(.+)\*\*\.)?", step):
            self.see(*seen.groups())
        else:
            pytest.fail(f"nobody knows how to follow: {step}")

    def found(self, script, name):
        return self.browser.wait(lambda: self.browser.driver.execute_script(script, name))

    def press(self, name, chosen):
        self.clicks += 1
        if chosen is None:
            self.browser.wait(lambda: self.is_pressed(name))
        else:  # the system's dialog cannot be driven: its answer goes to the field that the button opens it for
            assert self.found(TO_PRESS, name)
            self.browser.find("input[type=file]").send_keys(str(self.folder / chosen))

    def is_pressed(self, name):
        element = self.browser.driver.execute_script(TO_PRESS, name)
        if element:
            element.click()
        return bool(element)

    def see(self, words, field):
        if field:
            self.browser.wait(lambda: words in self.found(FIELD, field).get_property("value"))
        else:
            self.browser.wait(lambda: words in self.browser.find("body").text)


def test_each_job_that_is_counted_is_on_the_page():
    assert MOST.keys() <= {name for name, _, _ in JOBS}
    assert len(JOBS) == PAGE.count("\n## ")


def test_page_can_be_followed_word_by_word_in_few_clicks(browser, author, moderator, tmp_path):
    tmp_path.joinpath("mill.png").write_bytes(file())
    browser.log_in(author)
    browser.open("/admin/")
    for name, number, steps in JOBS:
        person = Author(browser, tmp_path)
        for step in steps.splitlines():
            person.follow(step.split(". ", 1)[1])
        assert person.clicks == NUMBERS[number]
        assert person.clicks <= MOST.get(name, 4)
        if name == "Submit it":
            review = Review.objects.pending().get()
            workflow.request_changes(review, by=moderator, reason="How high is the tide?")

    restored, with_pictures, first = Revision.objects.order_by("-number")
    assert restored.source == first.source
    assert with_pictures.source.count("![A mill by the sea]") == 2
