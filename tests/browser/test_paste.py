"""Pasting from other programs in a real browser: what lands in the field, what is said of it, and undo."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.test_editor import Editor
from tests.clipboard.samples import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = "/admin/articles/article/add/"


class PasteEditor(Editor):
    """An editor into which the clipboard of another program is pasted."""

    def start(self, text="", start=None, end=None):
        self.browser.open(ADD)
        self.answered()
        self.browser.type("[name=source]", text)
        self.select(len(text) if start is None else start, end if end is not None else start or len(text))

    def bring(self, *, plain="", html="", waits=True):
        """Dispatches a paste with the formats of a clipboard; what no script takes, a browser would insert."""
        self.browser.driver.execute_script(
            """const data = new DataTransfer();
            data.setData("text/plain", arguments[1]);
            if (arguments[2]) data.setData("text/html", arguments[2]);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            arguments[0].focus();
            if (arguments[0].dispatchEvent(event)) document.execCommand("insertText", false, arguments[1]);""",
            self.field,
            plain,
            html,
        )
        if html and waits:
            self.browser.wait(lambda: "Making Markdown" not in self.said)

    @property
    def said(self):
        note = self.browser.find("[data-brought]")
        return note.text if note.is_displayed() else ""


@pytest.fixture
def editor(browser, author):
    browser.log_in(author)
    return PasteEditor(browser)


@pytest.mark.parametrize("program", ["word", "google docs", "libreoffice writer", "excel", "web page"])
def test_what_a_program_copied_becomes_markdown_and_goes_with_one_undo(editor, browser, program):
    html, markdown = SAMPLES[program]
    editor.start("Before. After.", 7)

    editor.bring(html=html, plain="The plain text.")

    assert editor.text == f"Before.\n\n{markdown.rstrip()}\n\n After."
    editor.undo()
    assert editor.text == "Before. After."
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((Keys.CONTROL, "v"), "## Mill\n\nThe **wheel** turns."),
        ((Keys.CONTROL, Keys.SHIFT, "v"), "Mill\nThe wheel turns."),
    ],
    ids=["Ctrl+V", "Ctrl+Shift+V"],
)
def test_keys_paste_what_was_copied_from_a_page(editor, browser, keys, text):
    editor.start()
    browser.driver.execute_script(
        """const page = document.createElement("section");
        page.tabIndex = 0;
        page.innerHTML = "<h2>Mill</h2><p>The <b>wheel</b> turns.</p>";
        document.querySelector("#content").prepend(page);
        page.focus();
        getSelection().selectAllChildren(page);"""
    )
    browser.driver.switch_to.active_element.send_keys(Keys.CONTROL, "c")

    editor.keys(*keys)
    browser.wait(lambda: "turns." in editor.text)

    assert editor.text.replace("\n\nThe wheel", "\nThe wheel") == text


def test_words_alone_stay_in_their_line(editor):
    editor.start("One three.", 4)

    editor.bring(html="<span style='font-weight:700'>two</span> ", plain="two ")

    assert editor.text == "One **two**three."


def test_what_was_left_out_is_listed_and_the_plain_text_is_a_click_away(editor, browser):
    editor.start()

    editor.bring(html="<h2>Lamp</h2><p>Wick<i hidden>spy</i><img src='cid:1'>", plain="Lamp\nWick")

    assert "1 hidden text was left out. spy" in editor.said
    assert "1 picture was left out: upload it." in editor.said
    assert browser.find("[data-brought]").get_attribute("role") == "status"
    browser.find("[data-use-plain]").click()
    assert editor.text == "Lamp\nWick"
    editor.undo()
    assert editor.text == "## Lamp\n\nWick"


@pytest.mark.parametrize(
    ("before", "keys"),
    [("```\n", ()), ("", (Keys.CONTROL, Keys.SHIFT, "v"))],
    ids=["in a block of code", "with Ctrl+Shift+V"],
)
def test_plain_text_is_pasted_where_it_is_wanted(editor, browser, before, keys):
    editor.start(before)

    if keys:
        browser.driver.execute_script(
            "arguments[0].dispatchEvent(new KeyboardEvent('keydown', {key: 'V', shiftKey: true, ctrlKey: true}))",
            editor.field,
        )
    editor.bring(html="<b>bold</b>", plain="bold", waits=False)

    assert editor.text == before + "bold"


def test_address_pasted_onto_words_makes_a_link(editor):
    editor.start("Read the log now.", 5, 12)

    editor.bring(plain="https://example.org/log")

    assert editor.text == "Read [the log](https://example.org/log) now."
    editor.undo()
    assert editor.text == "Read the log now."


def test_plain_text_is_pasted_if_the_server_does_not_answer(editor, browser):
    editor.start()
    browser.driver.execute_script("window.fetch = () => Promise.reject(new TypeError('offline'))")

    editor.bring(html="<b>bold</b>", plain="bold")

    assert editor.text == "bold"
    assert "The plain text was pasted." in editor.said


def test_footnotes_count_on_from_those_of_the_text(editor):
    editor.start("Old.[^3]\n\n[^3]: Older.\n")

    editor.bring(html=SAMPLES["word"][0], plain="x")

    assert "[^4]: " in editor.text
    assert editor.text.count("[^3]: ") == 1


def test_odd_characters_of_converted_text_are_told_too(editor, browser):
    editor.start()

    editor.bring(html="<p>The p\u0430per</p>", plain="The paper")

    browser.wait(lambda: browser.find("[data-pasted]").is_displayed())
    assert "1 × Cyrillic small letter a" in browser.find("[data-pasted-summary]").text


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("- one", (Keys.ENTER, "two"), "- one\n- two"),
        ("9. nine", (Keys.ENTER, "ten"), "9. nine\n10. ten"),
        ("- [x] one", (Keys.ENTER, "two"), "- [x] one\n- [ ] two"),
        ("> - one", (Keys.ENTER, "two"), "> - one\n> - two"),
        ("> one", (Keys.ENTER, "two"), "> one\n> two"),
        ("- one", (Keys.ENTER, Keys.ENTER, "Text"), "- one\n\nText"),
        ("> one", (Keys.ENTER, Keys.ENTER, "Text"), "> one\n\nText"),
        ("```\n- one", (Keys.ENTER, "two"), "```\n- one\ntwo"),
        ("- one\n- two", (Keys.TAB,), "- one\n  - two"),
        ("1. one\n2. two", (Keys.TAB,), "1. one\n   2. two"),
        ("- one\n  - two", (Keys.SHIFT, Keys.TAB), "- one\n- two"),
    ],
)
def test_keys_go_on_with_lists_and_quotes_and_undo_takes_it_back(editor, before, keys, after):
    editor.start(before)

    editor.keys(*keys)

    assert editor.text == after
    for _ in range(len(keys) + 1):
        editor.undo()
    assert editor.text in (before, "")


@pytest.mark.parametrize("text", ["Prose", "- first", "- one\n  - two", "```\n- one\n- two"])
def test_tab_leaves_the_field_where_no_item_can_move(editor, browser, text):
    editor.start(text)

    editor.keys(Keys.TAB)

    assert editor.text == text
    assert browser.driver.switch_to.active_element != editor.field
