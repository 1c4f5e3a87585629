"""The first screen of a review: the worst sentence and its place are seen without scrolling."""

import pytest

from tests.moderator.hard_cases import CASES, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(1366, 625), (390, 844)]
LEAST = 40  # pixels of a place that must be seen
TALLEST = 6 * 768  # pixels of a page

# Returns where an element begins and ends, and where the bar of the decision begins or the window ends.
MEASURE = """
const box = document.querySelector(arguments[0]).getBoundingClientRect();
return [box.top, box.bottom, document.querySelector(".bar.under").getBoundingClientRect().top];
"""


@pytest.mark.parametrize("name", CASES)
def test_worst_sentence_and_its_place_are_on_the_first_screen(name, browser, author, moderator):
    review = submit(name, author=author, moderator=moderator)
    browser.log_in(moderator)

    for width, height in SIZES:
        browser.size(width, height)
        browser.open(review.get_absolute_url())

        assert CASES[name].words in browser.find("#lead").text
        for place in ("#lead", "#worst"):
            top, bottom, bar = browser.driver.execute_script(MEASURE, place)
            assert top >= 0, (width, place)
            assert min(bottom, top + LEAST) <= min(bar, height), (width, place)
    browser.size(1366, 768)
    browser.open(review.get_absolute_url())
    assert browser.driver.execute_script("return document.documentElement.scrollHeight") <= TALLEST
