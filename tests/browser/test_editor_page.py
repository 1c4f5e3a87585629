"""The editor's page: one screen, its sheets, the page that follows the text, and its keys."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Revision
from tests.browser.test_editor import ADD, ARABIC, A, Editor
from tests.conftest import CLEAN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "\n\n".join(f"## Part {n}\n\n{'A line of the tide mill. ' * 12}" for n in range(60)) + "\n"
SHEETS = ["page", "check", "talk", "details", "changes"]


@pytest.fixture
def editor(browser, author):
    browser.log_in(author)
    return Editor(browser)


def shown(browser):
    return [name for name in ["text", *SHEETS] if browser.find(f"[data-sheet={name}]").is_displayed()]


def box(browser, css):
    return browser.driver.execute_script(
        "return arguments[0].getBoundingClientRect().toJSON()", browser.find(css)
    )


def sideways(browser):
    return browser.driver.execute_script(
        "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth"
    )


# One screen


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_text_and_save_stand_in_the_first_screen_of_a_phone(editor, browser, save, script):
    browser.size(390, 844)
    editor.open(LONG, save=save)
    browser.script(enabled=script)
    browser.open(editor.path)

    for css in ("[name=title]", "[name=source]", "[name=_save]", "[name=_submit]"):
        assert browser.find(css).is_displayed()
        assert box(browser, css)["top"] >= 0
        assert box(browser, css)["bottom"] <= 844
    assert box(browser, "[name=source]")["top"] < 420
    assert box(browser, "[name=source]")["height"] > 300
    assert sideways(browser) <= 0


def test_bar_and_text_stay_in_view_while_text_and_page_scroll(editor, browser, save):
    browser.size(1366, 768)
    editor.open(LONG, save=save)

    browser.driver.execute_script(
        "arguments[0].scrollTop = 1e6; document.querySelector('[data-page-sheet]').scrollTop = 1e6",
        editor.field,
    )

    assert browser.driver.execute_script("return scrollY") == 0
    assert box(browser, "[name=_save]")["bottom"] <= 100
    assert box(browser, "[name=source]")["bottom"] <= 768


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_sheet_scrolls_sideways_on_a_phone(editor, browser, save, sheet):
    browser.size(390, 844)
    long = "x" * 300
    editor.open(f"The p{A}per {long} <script>{long}</script>\n\n| a | {long} |\n| --- | --- |\n", save=save)

    browser.sheet(sheet)

    assert shown(browser) == [sheet]
    assert sideways(browser) <= 0


def test_tabs_are_chosen_by_arrows_and_one_sheet_is_shown(editor, browser, save):
    editor.open(CLEAN, save=save)
    assert shown(browser) == ["text", "page"]

    browser.find("[name=beside][value=page]").send_keys(Keys.ARROW_RIGHT)
    assert shown(browser) == ["text", "check"]
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert shown(browser) == ["text", "details"]
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    assert shown(browser) == ["text", "talk"]


def test_tabs_work_without_script_and_choose_nothing_to_save(editor, browser, save):
    editor.open(CLEAN, save=save)
    browser.script(enabled=False)
    browser.open(editor.path)
    assert shown(browser) == ["text", "page"]

    browser.sheet("details")
    assert shown(browser) == ["text", "details"]
    browser.click("[name=_save]")

    assert "Nothing changed" in browser.find("[data-said]").text
    browser.script(enabled=True)


def test_choosing_a_sheet_is_no_edit(editor, browser, save):
    editor.open(CLEAN, save=save)
    browser.driver.execute_script(
        "window.edits = 0; document.querySelector('form[data-editor]').addEventListener('input', () => edits++)"
    )

    browser.sheet("details")

    assert browser.driver.execute_script("return edits") == 0


def test_finding_chosen_on_a_phone_shows_the_text_and_a_cure_leaves_the_list(editor, browser, save):
    browser.size(390, 844)
    editor.open(f"The p{A}per, one p{A}ge\n", save=save)
    assert len(editor.rows()) == 2

    editor.press("replace")
    assert editor.text == f"The paper, one p{A}ge\n"
    assert shown(browser) == ["check"]
    editor.answered()
    editor.press("go")

    assert shown(browser) == ["text"]
    assert editor.selected == A


def test_error_in_a_field_shows_its_sheet(editor, browser, save):
    editor.open(CLEAN, save=save)
    browser.type("[name=slug]", "no such/address")
    browser.sheet("page")

    browser.find("[name=_save]").click()
    browser.wait(lambda: browser.find("[data-saved]").get_attribute("data-state") == "invalid")

    assert shown(browser) == ["text", "details"]
    assert browser.find(".field.slug .errorlist").is_displayed()


# The page


LOOK = """const names = ["fontFamily", "fontSize", "fontWeight", "lineHeight", "color", "backgroundColor", "display",
    "marginBlockStart", "paddingInlineStart", "borderInlineStartWidth", "direction", "textAlign", "listStyleType"];
  return ["h1", ".prose > p", ".prose h2", ".prose h3", ".prose a", ".prose blockquote", ".prose ul", ".prose li",
    ".prose pre", ".prose code", ".prose table", ".prose td", ".prose th", ".prose hr", ".prose dd",
    ".prose .footnotes"].map((css) => {
    const style = getComputedStyle(document.querySelector(`:is(article.text, [data-page]) ${css}`));
    return [css, ...names.map((name) => style[name])];
  });"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_beside_the_text_looks_as_it_is_published(
    editor, browser, save, author, moderator, scheme, language
):
    source = (
        "Text[^1] and [a link](https://example.org/).\n\n## Head\n\n### Sub\n\n> Said.\n\n- one\n- two `code`\n\n"
        "```\ncode\n```\n\n| a | b |\n| --- | --- |\n| c | d |\n\n---\n\nTerm\n: Meaning.\n\n[^1]: A note.\n"
    )
    browser.scheme(scheme)
    editor.open(source, save=lambda text: save(text, language=language))
    beside = browser.driver.execute_script(LOOK)
    revision = Revision.objects.get()
    workflow.approve(workflow.submit(revision, by=author), by=moderator)
    browser.open(revision.article.get_absolute_url())

    published = browser.driver.execute_script(LOOK)

    assert beside == published


def in_view(browser, css):
    return browser.driver.execute_script(
        """const sheet = document.querySelector("[data-page-sheet]").getBoundingClientRect();
        const box = document.querySelector(arguments[0]).getBoundingClientRect();
        return box.bottom > sheet.top && box.top < sheet.bottom""",
        css,
    )


def test_page_follows_the_caret_until_the_person_scrolls_it(editor, browser, save):
    editor.open(LONG, save=save)
    target = "#user-content-part-40"
    assert not in_view(browser, target)

    place = LONG.index("## Part 40")
    editor.select(place, place)
    browser.wait(lambda: in_view(browser, target))
    browser.driver.execute_script(
        "const sheet = document.querySelector('[data-page-sheet]');"
        "sheet.dispatchEvent(new WheelEvent('wheel')); sheet.scrollTo({ top: 0, behavior: 'instant' })"
    )
    editor.answered()
    assert browser.driver.execute_script("return document.querySelector('[data-page-sheet]').scrollTop") == 0
    editor.select(place + 3, place + 3)

    browser.wait(lambda: in_view(browser, target))


def test_page_follows_what_is_typed_behind_blocks_of_every_kind(editor, browser, save):
    before = (
        f"{CLEAN}\n- a\n- b\n\n<!-- no element -->\n\n[x]: https://example.org/\n\n<p>c</p><p>d</p>\n\n{LONG}"
    )
    editor.open(f"{before}\nThe last line.\n", save=save)

    editor.select(len(before) + 5, len(before) + 5)
    editor.keys("typed ")

    browser.wait(lambda: "typed" in browser.find("[data-preview] > p:last-of-type").text)
    browser.wait(lambda: in_view(browser, "[data-preview] > p:last-of-type"))


TYPES = """const [field, seconds, done] = arguments;
  const form = field.form;
  let answers = 0, underWay = 0, most = 0, requests = 0;
  const real = fetch;
  window.fetch = async (...args) => {
    if (!String(args[0]).endsWith("/live/")) return real(...args);
    requests++;
    most = Math.max(most, ++underWay);
    try { return await real(...args); } finally { underWay--; }
  };
  form.addEventListener("answer", () => answers++);
  const began = performance.now();
  field.focus();
  const key = () => {
    document.execCommand("insertText", false, "a");
    if (performance.now() - began < seconds * 1000) return setTimeout(key, 40);
    window.fetch = real;
    done({ most, requests, answers });
  };
  key();"""


def test_page_is_drawn_while_somebody_types_without_a_pause(editor, browser, save):
    editor.open(CLEAN, save=save)

    told = browser.driver.execute_async_script(TYPES, editor.field, 4)

    assert told["most"] == 1
    assert told["answers"] >= 3
    assert told["requests"] <= 7
    editor.answered()


@pytest.mark.parametrize(
    ("status", "type", "body", "told"),
    [
        (429, "text/html", "", "It goes on by itself in 1 seconds"),
        (503, "application/json", '{"error": "Others work."}', "Others work."),
    ],
)
def test_limit_of_requests_is_told_and_asking_goes_on(editor, browser, save, status, type, body, told):
    editor.open("First.\n", save=save)
    browser.driver.execute_script(
        """const real = fetch; let refused = 0; const [status, type, body] = arguments;
        const headers = { "Retry-After": "1", "Content-Type": type };
        window.fetch = (...args) => String(args[0]).endsWith("/live/") && !refused++
          ? Promise.resolve(new Response(body, { status, headers })) : real(...args);""",
        status,
        type,
        body,
    )

    browser.type("[name=source]", "Second.\n")
    browser.wait(lambda: told in browser.find("[data-live-status]").text)

    browser.wait(lambda: browser.find("[data-preview]").text == "Second.")
    assert browser.find("[data-live-status]").text == ""


# Findings and keys


def test_gravest_finding_stays_above_the_page_with_its_cure(editor, browser, save):
    editor.open(f"in\u202evoice, p{A}per, p{A}ge\n", save=save)
    worst = browser.find("[data-worst]")
    assert "line 1, character 3" in worst.text

    worst.find_element(By.CSS_SELECTOR, "[data-act=replace]").click()
    assert editor.text == f"invoice, p{A}per, p{A}ge\n"
    browser.wait(lambda: "All 2" in worst.text)
    worst.find_element(By.CSS_SELECTOR, "[data-act=replace-all]").click()

    assert editor.text == "invoice, paper, page\n"
    browser.wait(lambda: not worst.is_displayed())


def test_keys_go_to_findings_and_replace_all_alike(editor, browser, save):
    source = f"One p{A}per, a p{A}ge and in\u202evoice.\n"
    editor.open(source, save=save)
    editor.select(0, 0)

    visited = []
    for _ in range(3):
        editor.keys(Keys.F8)
        visited.append(browser.driver.execute_script("return arguments[0].selectionStart", editor.field))
    assert sorted(visited) == [5, 14, 24]
    while editor.selected != A:
        editor.keys(Keys.F8)
    editor.keys(Keys.ALT, "r")

    assert editor.text == source.replace(A, "a")
    editor.undo()
    assert editor.text == source


def test_f6_goes_from_the_text_to_the_sheet_to_the_bar_and_back(editor, browser, save):
    editor.open(CLEAN, save=save)

    def here():
        return browser.driver.switch_to.active_element

    editor.keys(Keys.F6)
    assert here().get_attribute("data-sheet") == "page"
    here().send_keys(Keys.F6)
    assert here().get_attribute("name") == "_save"
    here().send_keys(Keys.F6)
    assert here() == editor.field
    here().send_keys(Keys.SHIFT, Keys.F6)
    assert here().get_attribute("name") == "_save"


def test_sheet_of_keys_opens_without_script(editor, browser, save):
    editor.open(CLEAN, save=save)
    browser.script(enabled=False)
    browser.open(editor.path)

    browser.find("[popovertarget=editor-keys]").click()

    assert "F8" in browser.find("#editor-keys").text
    browser.script(enabled=True)


# Links to own articles


def test_own_article_is_found_and_linked_around_what_is_selected(editor, browser, save):
    save("Of mills.\n", title="How a [tide] mill works", slug="tide-mill")
    browser.open(ADD)
    browser.type("[name=source]", "See the mill.")
    editor.select(8, 12)

    browser.find("[data-article-choose]").click()
    browser.wait(lambda: browser.all("[data-article-list] button"))
    assert "not published" in browser.find("[data-article-list]").text
    browser.find("[data-article-list] button").click()

    assert editor.text == "See the [mill](/articles/tide-mill/)."
    editor.undo()
    assert editor.text == "See the mill."
    assert browser.complaints() == []


# Accessibility


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_sheet_names_what_it_holds(editor, browser, save, width, height, scheme, language):
    browser.size(width, height)
    browser.scheme(scheme)
    text = (ARABIC * 40 if language == "ar" else LONG) + f"\nThe p{A}per <font>x</font> <!-- c -->\n"
    editor.open(text, save=lambda source: save(source, language=language))
    browser.driver.add_cookie({"name": "django_language", "value": language})
    browser.open(editor.path)

    for sheet in SHEETS:
        browser.sheet(sheet)
        unnamed = browser.driver.execute_script(
            """return [...document.querySelectorAll("button, input, textarea, select, [role=region], dialog")]
              .filter((element) => element.checkVisibility() && element.type !== "hidden")
              .filter((element) => !(element.ariaLabel || element.title || element.textContent.trim()))
              .filter((element) => !(element.labels?.length || element.hasAttribute("aria-labelledby")))
              .map((element) => element.outerHTML)"""
        )
        assert unnamed == []
        assert sideways(browser) <= 0
    assert browser.driver.execute_script("return document.dir") == ("rtl" if language == "ar" else "ltr")
    assert browser.complaints() == []
