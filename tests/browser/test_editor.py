"""The editor in a real browser: what stands beside the text, and what the buttons do to it."""

import time
from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Revision
from tests.conftest import CLEAN, content

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = "/admin/articles/article/add/"
WOMAN = "\N{WOMAN}"
A = "\N{CYRILLIC SMALL LETTER A}"


class Editor:
    """What a person does in the editor."""

    def __init__(self, browser):
        self.browser = browser

    def open(self, source, *, save):
        article = save(source).article
        self.path = f"/admin/articles/article/{article.pk}/change/"
        self.browser.open(self.path)
        self.answered()

    @property
    def field(self):
        return self.browser.find("[name=source]")

    @property
    def text(self):
        return self.field.get_property("value")

    @property
    def selected(self):
        return self.browser.driver.execute_script(
            "const f = arguments[0]; return f.value.slice(f.selectionStart, f.selectionEnd)", self.field
        )

    def select(self, start, end):
        """In UTF-16 units."""
        self.browser.driver.execute_script(
            "arguments[0].focus(); arguments[0].setSelectionRange(arguments[1], arguments[2])",
            self.field,
            start,
            end,
        )

    def answered(self):
        """Waits until what stands beside the text belongs to it."""
        self.browser.driver.execute_async_script(
            """const form = document.querySelector("form[data-editor]"), done = arguments[0];
            const last = ({ detail }) => {
              if (detail.sent.source !== form.elements.source.value) return;
              form.removeEventListener("answer", last);
              done();
            };
            form.addEventListener("answer", last);
            form.dispatchEvent(new Event("ask"));"""
        )

    def rows(self, of="findings"):
        self.browser.sheet("check")
        while True:
            with suppress(StaleElementReferenceException):  # drawn anew meanwhile
                return [row.text for row in self.browser.all(f"[data-{of}] [data-rows] li")]

    def press(self, act, *, of="findings", row=0):
        self.browser.driver.execute_script(
            "document.querySelectorAll(arguments[0])[arguments[1]].querySelector(arguments[2]).click()",
            f"[data-{of}] [data-rows] li",
            row,
            f"[data-act={act}]",
        )

    def paste(self, text):
        """Pastes by the clipboard: copied from the summary, which takes any one line."""
        self.browser.type("[name=summary]", text)
        self.browser.reveal("[name=summary]").send_keys(Keys.CONTROL, "a")
        self.browser.find("[name=summary]").send_keys(Keys.CONTROL, "x")
        self.keys(Keys.CONTROL, "v")

    def keys(self, *keys):
        """Presses keys where the selection is; the driver's own way moves it to the end first."""
        self.browser.driver.execute_script("arguments[0].focus()", self.field)
        self.browser.driver.switch_to.active_element.send_keys(*keys)

    def undo(self):
        self.field.send_keys(Keys.CONTROL, "z")

    def format(self, name):
        self.browser.find(f"[data-format={name}]").click()


@pytest.fixture
def editor(browser, author):
    browser.log_in(author)
    return Editor(browser)


# The lists


def test_click_selects_the_character_behind_others_beyond_the_bmp(editor, browser, save):
    editor.open(f"{WOMAN}{WOMAN}\n\n{'A line. ' * 2000}\n\nThe p{A}per {WOMAN}\n", save=save)
    assert "U+0430" in editor.rows()[0]
    assert "text, line 5, character 6" in editor.rows()[0]

    editor.press("go")

    assert editor.selected == A
    assert browser.driver.switch_to.active_element == editor.field
    assert browser.driver.execute_script("return arguments[0].scrollTop", editor.field) > 0


def test_click_finds_the_character_after_edits_before_it(editor, browser, save):
    editor.open(f"One.\n\nThe p{A}per\n", save=save)
    editor.select(0, 0)

    browser.driver.execute_script(
        "document.execCommand('insertText', false, 'More, and more. ');"
        "document.querySelector('[data-act=go]').click()"
    )

    assert editor.selected == A


def test_flagged_title_is_selected_in_its_field(editor, browser, author):
    article = workflow.save_revision(None, by=author, content=content("x\n", title=f"P{A}per")).article
    browser.open(f"/admin/articles/article/{article.pk}/change/")
    editor.answered()

    editor.press("go")
    assert browser.driver.switch_to.active_element.get_attribute("name") == "title"
    editor.press("replace")

    assert browser.find("[name=title]").get_property("value") == "Paper"


def test_language_that_the_text_is_in_is_offered_and_taken_by_key(editor, browser, save):
    german = "Der W\u00e4rter geht am Abend auf den Turm und macht das Licht an, damit die Boote nach Hause finden.\n"

    editor.open(german, save=save)
    button = browser.find("[data-use-language]")
    browser.driver.execute_script("arguments[0].focus()", button)
    button.send_keys(Keys.ENTER)
    editor.answered()

    assert browser.find("#id_language").get_property("value") == "de"
    assert not browser.find("[data-use-language]").is_displayed()


def test_replacing_one_character_is_undone_by_the_keys(editor, browser, save):
    source = f"The p{A}per, one p{A}ge\n"
    editor.open(source, save=save)

    editor.press("replace", row=1)
    assert editor.text == f"The p{A}per, one page\n"
    editor.undo()
    assert editor.text == source


def test_all_of_a_kind_are_replaced_across_lines_and_undone_in_one_step(editor, browser, save):
    source = f"The p{A}per {WOMAN}\n\n- one <p{A}ge> &amp;  two\n\n\nin\u202evoice p{A}st\n"
    editor.open(source, save=save)
    assert "All 3 of this kind" in editor.rows()[0]

    editor.press("replace-all")
    assert editor.text == source.replace(A, "a")
    editor.undo()
    assert editor.text == source


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("a\u200db and more\n", "ab and more\n"),
        ("pass\ufe0fword and more\n", "password and more\n"),
        ("flag \U000e0068\U000e0069 and more\n", "flag  and more\n"),
        ("in\u202evoice\n", "invoice\n"),
    ],
)
def test_what_hides_inside_a_letter_is_removed_alone_and_undone(editor, save, source, clean):
    editor.open(source, save=save)

    editor.press("replace")
    assert editor.text == clean
    editor.undo()
    assert editor.text == source


def test_kept_character_leaves_the_list_until_it_is_called_back(editor, browser, save):
    editor.open(f"The p{A}per, one p{A}ge\n", save=save)

    editor.press("keep")
    assert len(editor.rows()) == 1
    browser.open(editor.path)
    editor.answered()
    assert len(editor.rows()) == 1
    browser.sheet("check")
    browser.find("[data-restore]").click()
    assert len(editor.rows()) == 2
    assert A in editor.text


def test_removal_is_selected_and_rewritten_in_one_click(editor, browser, save):
    source = f"{WOMAN} a List<String> here\n"
    editor.open(source, save=save)
    assert "<String>" in editor.rows("removals")[0]

    editor.press("go", of="removals")
    assert editor.selected == "<String>"
    editor.press("rewrite", of="removals")
    assert editor.text == f"{WOMAN} a `List<String>` here\n"
    editor.answered()
    assert editor.rows("removals") == []
    editor.undo()
    assert editor.text == source


def test_what_readers_do_not_see_is_listed_while_typing_and_selected_by_a_click(editor, browser, save):
    editor.open(CLEAN, save=save)
    assert editor.rows("unseen") == []

    browser.type("[name=source]", f"{WOMAN} a <!-- <b>b\N{RIGHT-TO-LEFT OVERRIDE}</b> --> c\n")
    browser.wait(lambda: editor.rows("unseen"))

    assert editor.rows("unseen") == ["Comment\n<b>b</b>\nline 1, character 5"]
    assert browser.find("[data-unseen] [data-count]").text == "1"
    assert browser.find("[data-unseen] [data-rows] .unseen").get_attribute("data-box") == "RLO"
    editor.press("go", of="unseen")
    assert editor.selected == "<!-- <b>b\N{RIGHT-TO-LEFT OVERRIDE}</b> -->"


def test_alert_and_definition_look_in_the_preview_as_on_the_page(editor, browser, save, author, moderator):
    source = "> [!WARNING]\n> Careful.\n\nTerm\n: Its meaning.\n"
    looks = """const style = (css, ...names) => {
        const of = getComputedStyle(document.querySelector(`.prose ${css}`));
        return names.map((name) => of[name]);
    };
    return [
        style(".markdown-alert", "borderInlineStart", "backgroundColor", "color", "marginInlineStart"),
        style(".markdown-alert-title", "color", "fontWeight"),
        style("dt", "fontWeight"),
        style("dd", "color").length,
    ];"""
    editor.open(source, save=save)
    in_preview = browser.driver.execute_script(looks)
    revision = Revision.objects.get()
    workflow.approve(workflow.submit(revision, by=author), by=moderator)
    browser.open(revision.article.get_absolute_url())

    on_page = browser.driver.execute_script(looks)

    assert on_page[0][0].startswith("4px solid")
    assert in_preview[0][:2] == on_page[0][:2]
    assert in_preview[0][3] == on_page[0][3] == "0px"
    assert in_preview[1:] == on_page[1:]


def test_length_counts_words_without_spaces_too(editor, browser, save):
    editor.open("\u4e2d\u6587\u5199\u4f5c\u3002\n", save=save)

    assert browser.find("[data-length]").text.startswith("4 words")


def test_changes_are_shown_when_their_sheet_is_chosen(editor, browser, save):
    editor.open("One line.\n", save=save)
    browser.type("[name=source]", f"One l{A}ine.\n")
    assert not browser.all("[data-comparison] table")

    browser.sheet("changes")
    browser.wait(lambda: browser.all("[data-comparison] table.diff ins"))

    assert "Changes since 1" in browser.find("[data-tabs]").text
    assert browser.complaints() == []


# Pasting


def test_pasted_odd_characters_are_told_and_cleaned_in_the_pasted_part_alone(editor, browser, save):
    source = f"The p{A}per\u00a0stays.\n"
    editor.open(source, save=save)
    editor.select(0, 0)

    editor.paste(f"{WOMAN} one\u00a0two\u00a0p{A}ge, ")
    browser.wait(lambda: browser.find("[data-pasted]").is_displayed())
    summary = browser.find("[data-pasted-summary]").text
    assert "2 × no-break space" in summary
    assert "1 × Cyrillic small letter a" in summary
    browser.find("[data-clean]").click()

    assert editor.text == f"{WOMAN} one two page, " + source
    assert not browser.find("[data-pasted]").is_displayed()
    editor.undo()
    assert editor.text == f"{WOMAN} one\u00a0two\u00a0p{A}ge, " + source


def test_pasted_part_is_cleaned_where_it_went_while_typing_went_on(editor, browser, save):
    editor.open("End.\n", save=save)
    editor.select(0, 0)
    editor.paste(f"p{A}per ")
    browser.wait(lambda: browser.find("[data-pasted]").is_displayed())
    editor.keys(Keys.CONTROL, Keys.HOME)
    editor.keys("Some more. ")

    browser.find("[data-clean]").click()

    assert editor.text == "Some more. paper End.\n"


def test_pasted_characters_are_kept(editor, browser, save):
    editor.open("End.\n", save=save)
    editor.select(0, 0)
    editor.paste(f"p{A}per ")
    browser.wait(lambda: browser.find("[data-pasted]").is_displayed())

    browser.find("[data-pasted] [data-keep]").click()
    editor.answered()

    assert editor.text == f"p{A}per End.\n"
    assert not browser.find("[data-pasted]").is_displayed()
    assert len(editor.rows()) == 1


def test_clean_paste_is_not_spoken_of(editor, browser, save):
    editor.open(f"The p{A}per.\n", save=save)
    editor.select(0, 0)
    editor.paste("10\u00a0km and a \u00ab\u202fbon mot\u202f\u00bb ")

    editor.answered()

    assert not browser.find("[data-pasted]").is_displayed()


# The toolbar


@pytest.mark.parametrize(
    ("format", "before", "after"),
    [
        ("bold", "a |one| b", "a **|one|** b"),
        ("bold", "a |one | b", "a **|one|**  b"),
        ("bold", "a *|one|* b", "a ***|one|*** b"),
        ("bold", "|one\n\n- two|", "|**one**\n\n- **two**|"),
        ("bold", "a || b", "a **||** b"),
        ("bold", "a o||ne b", "a **|one|** b"),
        ("italic", "a |one| b", "a *|one|* b"),
        ("italic", "a **|one|** b", "a ***|one|*** b"),
        ("italic", "a || b", "a *||* b"),
        ("heading", "a\n|two|\nb", "a\n|## two|\nb"),
        ("heading", "a\ntw||o\nb", "a\n## tw||o\nb"),
        ("bulleted", "|one\n\ntwo|", "|- one\n\n- two|"),
        ("numbered", "|one\ntwo\n|\nb", "|1. one\n2. two|\n\nb"),
        ("code", "a |one| b", "a `|one|` b"),
        ("code", "a |o`ne| b", "a ``|o`ne|`` b"),
        ("code", "|one\ntwo|", "|```\none\ntwo\n```|"),
        ("code", "a || b", "a `||` b"),
    ],
)
def test_formatting_goes_on_off_and_is_undone(editor, browser, format, before, after):
    browser.open(ADD)

    def at(marked):
        start, end = marked.index("|"), marked.rindex("|") - 1
        return marked.replace("|", ""), start, end

    def now():
        return (
            editor.text,
            editor.field.get_property("selectionStart"),
            editor.field.get_property("selectionEnd"),
        )

    text, start, end = at(before)
    browser.type("[name=source]", text)
    editor.select(start, end)

    editor.format(format)
    assert now() == at(after)
    editor.format(format)
    assert editor.text == text
    editor.undo()
    editor.undo()
    assert editor.text == text


@pytest.mark.parametrize(
    ("before", "gives", "selected"),
    [
        ("see ||", "see [text](address)", "address"),
        ("see |it|", "see [it](address)", "address"),
        ("see |https://e.org/|", "see [text](https://e.org/)", "text"),
    ],
)
def test_link_asks_for_what_is_missing_and_goes_off_again(editor, browser, before, gives, selected):
    browser.open(ADD)
    browser.type("[name=source]", before.replace("|", ""))
    editor.select(before.index("|"), before.rindex("|") - 1)

    editor.format("link")

    assert (editor.text, editor.selected) == (gives, selected)
    if selected == "address":
        editor.select(gives.index("[") + 1, gives.index("]"))
        editor.format("link")
        assert "[" not in editor.text


def test_table_stands_apart_and_takes_cells_of_a_spreadsheet(editor, browser):
    browser.open(ADD)
    browser.type("[name=source]", "Above\na\tb|c\n1\t2\nBelow")
    editor.select(6, 15)

    editor.format("table")

    assert editor.text == "Above\n\n| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n\nBelow"
    editor.answered()
    assert len(browser.all("[data-preview] td")) == 2


def test_empty_table_is_there_to_be_filled(editor, browser):
    browser.open(ADD)
    editor.field.click()
    editor.format("table")
    assert editor.text.startswith("| Column 1 | Column 2 |\n| --- | --- |")
    assert editor.selected == "Column 1"


def test_shortcuts_format_and_leave_the_page_alone(editor, browser):
    browser.open(ADD)
    browser.type("[name=source]", "one")
    editor.select(0, 3)
    for key, result in (("b", "**one**"), ("i", "***one***"), ("b", "*one*"), ("i", "one")):
        editor.keys(Keys.CONTROL, key)
        assert editor.text == result
    editor.keys(Keys.CONTROL, "k")
    assert editor.text == "[one](address)"


def test_toolbar_is_one_stop_for_tab_and_arrows_move_inside(editor, browser):
    browser.open(ADD)
    bar = browser.find("[role=toolbar]")
    assert bar.get_attribute("aria-label") == "Formatting"
    buttons = browser.all("[role=toolbar] button")
    assert all(button.get_attribute("aria-label") for button in buttons)

    def here():
        return browser.driver.switch_to.active_element

    browser.find("[name=title]").send_keys(Keys.TAB)
    assert here() == buttons[0]
    here().send_keys(Keys.ARROW_RIGHT)
    assert here() == buttons[1]
    here().send_keys(Keys.END)
    assert here() == buttons[-1]
    here().send_keys(Keys.ARROW_RIGHT)
    assert here() == buttons[0]
    here().send_keys(Keys.ARROW_LEFT)
    assert here() == buttons[-1]
    here().send_keys(Keys.TAB)
    assert here() == editor.field
    here().send_keys(Keys.TAB)
    assert here() != editor.field
    assert editor.text == ""


# The server, late or gone


def test_late_answer_never_replaces_a_newer_one(editor, browser, save):
    editor.open("First.\n", save=save)
    browser.driver.execute_script(
        """const real = fetch; let calls = 0;
        window.fetch = async (...args) => {  // deaf to abort, and the first answer comes after the second
          delete args[1].signal;
          const first = ++calls === 1;
          const response = await real(...args);
          if (first) await new Promise((resolve) => setTimeout(resolve, 1500));
          window.answered = (window.answered ?? 0) + 1;
          return response;
        };"""
    )

    for text in ("Older.", "Newer."):
        browser.type("[name=source]", text)
        browser.driver.execute_script(
            "document.querySelector('form[data-editor]').dispatchEvent(new Event('ask'))"
        )
    browser.wait(lambda: browser.driver.execute_script("return window.answered") == 2)
    time.sleep(0.1)  # what must not happen has nothing to wait for

    assert browser.find("[data-preview]").text == "Newer."


def test_expired_session_says_so_and_goes_on_after_a_login(editor, browser, author, save):
    editor.open("First.\n", save=save)
    browser.driver.delete_all_cookies()

    browser.type("[name=source]", "Two hours of work.\n")
    browser.wait(lambda: browser.find("[data-log-in]").is_displayed())
    browser.wait(lambda: "you are logged out" in browser.find("[data-saved]").text)
    assert browser.find("[data-preview]").text == "First."
    author.set_password("a long enough secret")
    author.save()
    here = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.open("/admin/login/")
    browser.find("[name=username]").send_keys("author")
    browser.find("[name=password]").send_keys("a long enough secret")
    browser.click("[type=submit]")
    browser.driver.close()
    browser.driver.switch_to.window(here)
    browser.driver.execute_script("dispatchEvent(new Event('focus'))")
    browser.wait(lambda: browser.find("[data-preview]").text == "Two hours of work.")
    assert not browser.find("[data-log-in]").is_displayed()
    browser.save()

    assert Revision.objects.first().source == "Two hours of work.\n"


def test_refusal_names_limit_and_line_and_the_preview_stays(editor, browser, save):
    editor.open("Good.\n", save=save)

    browser.driver.execute_script(
        "arguments[0].value = 'word '.repeat(60000);"
        "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
        editor.field,
    )
    browser.wait(lambda: "262144 bytes" in browser.find("[data-live-status]").text)

    assert browser.find("[data-live-status]").text.startswith("Line 1:")
    assert browser.find("[data-preview]").text == "Good."


def test_server_that_does_not_answer_is_told_and_asked_again(editor, browser, save):
    editor.open("First.\n", save=save)
    browser.driver.execute_script(
        "window.real = fetch; window.fetch = () => Promise.reject(new TypeError('offline'))"
    )
    browser.type("[name=source]", "Second.\n")
    browser.wait(lambda: "did not answer" in browser.find("[data-live-status]").text)

    browser.driver.execute_script("window.fetch = window.real; dispatchEvent(new Event('online'))")
    browser.wait(lambda: browser.find("[data-preview]").text == "Second.")

    assert browser.find("[data-live-status]").text == ""


# Without script, other directions, other sizes


def test_without_script_the_saved_version_is_shown_with_what_is_wrong(editor, browser, author):
    browser.open(ADD)
    browser.script(enabled=False)
    browser.open(ADD)
    assert not browser.find("[role=toolbar]").is_displayed()
    for name, value in (
        ("title", "Plain"),
        ("slug", "plain"),
        ("source", f"The p{A}per <script>x</script> <!--secret-->"),
    ):
        browser.reveal(f"[name={name}]").send_keys(value)

    browser.click("[name=_save]")

    browser.sheet("check")
    assert "U+0430" in browser.find("[data-findings] table").text
    assert "shown as text" in browser.find("[data-removals]").text
    assert "Comment\nsecret" in browser.find("[data-unseen]").text
    assert "5 words" in browser.find("[data-length]").text
    browser.script(enabled=True)
    assert Revision.objects.get().source == f"The p{A}per <script>x</script> <!--secret-->"


ARABIC = (
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645 \u0641\u064a \u0627\u0644\u0645\u0648\u0642\u0639.\n"
)


def test_right_to_left_text_runs_that_way_in_field_and_preview(editor, browser, save):
    editor.open(CLEAN, save=save)
    preview = browser.find("[data-preview-page]")
    assert preview.value_of_css_property("direction") == "ltr"

    browser.type("#id_language", "ar")
    browser.type("[name=source]", ARABIC)
    editor.answered()

    assert preview.value_of_css_property("direction") == "rtl"
    assert editor.field.value_of_css_property("direction") == "rtl"
    assert preview.get_attribute("lang") == "ar"


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_editor_fits_and_keeps_the_policy(editor, browser, save, width, scheme):
    browser.size(width)
    browser.scheme(scheme)
    long = "x" * 300
    editor.open(f"The p{A}per {long} <script>{long}</script>\n", save=save)
    browser.type("[name=source]", f"The p{A}per {long}s <a onclick='{long}'>b</a>\n")
    browser.sheet("changes")
    browser.wait(lambda: browser.all("[data-comparison] table"))

    overflow = browser.driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
    assert browser.complaints() == []


def test_whole_admin_keeps_the_policy(editor, browser, save):
    article = save(CLEAN).article
    browser.open("/admin/login/?next=/")
    for path in (
        "/admin/articles/article/?q=tides&state=unpublished",
        f"/admin/articles/article/{article.pk}/history/",
        f"/admin/articles/article/{article.pk}/change/",
        ADD,
        "/admin/password_change/",
    ):
        browser.open(path)
    browser.log_out()
    browser.open("/admin/login/")
    assert browser.all("[name=password]")

    assert browser.complaints() == []
    assert User.objects.filter(username="author").exists()
