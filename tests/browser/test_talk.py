"""The sheet Talk of the editor in a browser: remarks on passages, answers, and the way to a passage."""

import pytest
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Remark, Revision
from tests.browser.test_editor import Editor
from tests.conftest import CLEAN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(browser, author):
    browser.log_in(author)
    return Editor(browser)


def loaded():
    return Revision.objects.with_text().order_by("-number").first()


def chosen(editor):
    return editor.browser.driver.execute_script(
        "const f = arguments[0]; return f.value.slice(f.selectionStart, f.selectionEnd)", editor.field
    )


def says(browser, css, words):
    """Waits until an element, which scripts may draw anew, says the words."""
    script = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])"
    browser.wait(lambda: browser.driver.execute_script(script, css, words))


def choose(editor, words):
    editor.browser.driver.execute_script(
        "const [f, words] = arguments; const at = f.value.indexOf(words); f.focus();"
        "f.setSelectionRange(at, at + words.length)",
        editor.field,
        words,
    )


def test_remark_on_the_selected_passage_stays_on_the_page_with_what_is_typed(editor, browser, save):
    editor.open("\N{GRINNING FACE} " + CLEAN, save=save)
    browser.sheet("talk")
    choose(editor, "tide table")
    browser.wait(lambda: browser.find("[data-about-passage]").text == "tide table")

    browser.find("#say-new").send_keys("Which one?", Keys.CONTROL, Keys.ENTER)

    says(browser, ".thread", "Which one?")
    remark = Remark.objects.get()
    assert (remark.span, remark.quote, remark.text) == ((6, 16), "tide table", "Which one?")
    assert browser.find("[data-open-remarks]").text == "1"
    assert not browser.find("[data-about]").is_displayed()
    assert browser.find("#say-new").get_attribute("value") == ""
    assert browser.complaints() == []


def test_way_to_a_passage_goes_through_unsaved_changes(editor, browser, save, author):
    editor.open("\N{GRINNING FACE} " + CLEAN + CLEAN, save=save)
    source = loaded().source
    start = source.rindex("tide table")
    workflow.remark(loaded(), by=author, text="Which one?", passage=(start, start + 10))
    browser.open(editor.path)
    browser.driver.execute_script(
        "const f = arguments[0]; f.focus(); f.setSelectionRange(0, 0);"
        "document.execCommand('insertText', false, 'New words. ')",
        editor.field,
    )
    browser.sheet("talk")

    browser.find("[data-go]").click()

    assert chosen(editor) == "tide table"
    at = browser.driver.execute_script("return arguments[0].selectionStart", editor.field)
    assert at > 60  # the second one

    browser.driver.execute_script(
        "arguments[0].value = 'All gone.'; arguments[0].dispatchEvent(new InputEvent('input'))", editor.field
    )
    browser.find("[data-go]").click()
    assert "not in the text as it stands here" in browser.find("[data-talk-refused]").text


def test_half_written_answer_survives_a_save_and_another_answer(editor, browser, save, author, moderator):
    editor.open(CLEAN, save=save)
    first = workflow.remark(loaded(), by=moderator, text="First?")
    second = workflow.remark(loaded(), by=moderator, text="Second?")
    browser.open(editor.path)
    browser.sheet("talk")
    browser.find(f"#remark-{first.pk} summary").click()
    browser.find(f"#say-remark-{first.pk}").send_keys("Half wri")

    browser.find(f"#remark-{second.pk} [name=resolve]").click()
    says(browser, f"#remark-{second.pk}", "settled by author")
    assert browser.find(f"#say-remark-{first.pk}").get_attribute("value") == "Half wri"

    browser.type("[name=source]", CLEAN + "More.\n")
    browser.save()
    browser.sheet("talk")
    assert browser.find(f"#say-remark-{first.pk}").get_attribute("value") == "Half wri"
    browser.find(f"#remark-{first.pk} [name=answer]").click()
    says(browser, f"#remark-{first.pk} .answer", "Half wri")
    assert Remark.objects.get(answers=first).text == "Half wri"


def test_refusal_keeps_the_words(editor, browser, save):
    editor.open(CLEAN, save=save)
    browser.type("[name=source]", CLEAN + "Not saved yet.\n")
    browser.sheet("talk")
    choose(editor, "Not saved yet")
    browser.wait(lambda: browser.find("[data-about]").is_displayed())
    browser.find("#say-new").send_keys("Right?")

    browser.find("[name=remark]").click()

    says(browser, "[data-talk-refused]", "not in version 1")
    assert browser.find("#say-new").get_attribute("value") == "Right?"
    browser.find("[data-about-all]").click()
    browser.find("[name=remark]").click()
    says(browser, ".thread", "Right?")
    assert Remark.objects.get().span is None


def test_without_scripts_a_form_loads_the_page_anew(editor, browser, save):
    editor.open(CLEAN, save=save)
    browser.script(enabled=False)
    browser.open(editor.path)
    browser.sheet("talk")
    browser.find("#say-new").send_keys("Which one?")

    browser.click("[name=remark]")

    assert "Which one?" in browser.find(".thread").text  # the sheet is shown again
    browser.script(enabled=True)
