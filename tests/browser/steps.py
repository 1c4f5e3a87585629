"""Pages of the documentation that are followed word by word: a heading is a job, with its number of presses."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Keys

NUMBERS = {"No": 0, "One": 1, "Two": 2, "Three": 3, "Four": 4}
HELD = {"Ctrl": Keys.CONTROL, "Shift": Keys.SHIFT}
NAMED = {"Enter": Keys.ENTER, "Tab": Keys.TAB}

# The element that can be pressed and is called so, or whose words begin so.
TO_PRESS = """
    const words = (element) => (element.ariaLabel ?? element.textContent).replace(/\\s+/g, " ").trim();
    const elements = [...document.querySelectorAll("a, button, summary, label")].filter(
        (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[inert]")
    );
    return elements.find((element) => words(element) === arguments[0]) ??
        elements.find((element) => words(element).startsWith(arguments[0])) ?? null;
"""
# The field whose label says so, in its own words; help may stand in the label, too.
FIELD = """
    const own = (label) => [...label.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.data).join("").trim();
    return [...document.querySelectorAll("label")].find((label) =>
        label.control?.checkVisibility() && own(label) === arguments[0])?.control ?? null;
"""
CHANGE = """
    const [field, was, now] = arguments;
    const start = field.value.indexOf(was);
    if (start < 0) throw new Error(`no ${was} in ${field.value}`);
    field.focus();
    field.setSelectionRange(start, start + was.length);
    document.execCommand("insertText", false, now);
"""


@dataclass(frozen=True)
class Job:
    """A job, with the number of clicks and keys that it is said to take."""

    name: str
    presses: int
    steps: tuple[str, ...]


def read_jobs(path):
    """Return the jobs of a page. Raises `AssertionError` if a heading of it has none."""
    page = Path(settings.BASE_DIR, path).read_text()
    found = re.findall(r"^## (.+)\n\n(\w+) (?:click|key)s?\b.*\n\n((?:\d+\. .+\n)+)", page, re.MULTILINE)
    assert len(found) == page.count("\n## ")
    return [
        Job(name, NUMBERS[number], tuple(step.split(". ", 1)[1] for step in steps.splitlines()))
        for name, number, steps in found
    ]


class Person:
    """Does what steps say, and counts the clicks and keys; writing counts as none."""

    def __init__(self, browser, folder=None):
        self.browser = browser
        self.folder = folder
        self.presses = 0

    def do(self, job):
        """Follow a job, and compare the number of presses with what it is said to take."""
        self.presses = 0
        for step in job.steps:
            try:
                self.follow(step)
            except TimeoutException:
                pytest.fail(f"{job.name}: {step} The page says: {self.browser.text}")
        assert self.presses == job.presses, job.name

    def follow(self, step):
        if keys := re.fullmatch(r"Press the keys? \*\*(.+?)\*\*\.", step):
            self.press_keys(keys[1])
        elif pressed := re.fullmatch(r"Press \*\*(.+?)\*\*(?: and choose the file `(.+)`)?\.", step):
            self.press(*pressed.groups())
        elif written := re.fullmatch(r"Write `(.+)` into \*\*(.+)\*\*( and press Enter)?\.", step):
            self.found(FIELD, written[2]).send_keys(written[1] + ("\n" if written[3] else ""))
        elif changed := re.fullmatch(r"Change `(.+)` into `(.+)` in \*\*(.+)\*\*\.", step):
            self.browser.driver.execute_script(CHANGE, self.found(FIELD, changed[3]), changed[1], changed[2])
        elif seen := re.fullmatch(r"You see “(.+?)”(?: in \*\*(.+)\*\*)?\.?", step):
            self.see(*seen.groups())
        else:
            pytest.fail(f"nobody knows how to follow: {step}")

    def found(self, script, name):
        return self.browser.wait(lambda: self.browser.driver.execute_script(script, name))

    def press_keys(self, names):
        """Press a key, or one while another is held, such as "Ctrl Enter"."""
        self.presses += 1
        *held, key = names.split()
        self.browser.press(NAMED.get(key, key), holding=HELD[held[0]] if held else "")

    def press(self, name, chosen):
        self.presses += 1
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
