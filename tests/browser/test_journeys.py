"""The main job in a real browser: write, submit, reject, edit, approve, compare, restore, read, Escape."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Article, Revision
from tests.conftest import CLEAN, FLAGGED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SPUN = "# The p\u0430per\n\nIt holds an invoice\u202egnp.exe and *nothing* more.\n"


@pytest.fixture
def flagged(save, author, moderator):
    """A live page whose title and text are flagged."""
    revision = save(SPUN, title="P\u0430per")
    workflow.approve(workflow.submit(revision, by=author), by=moderator)
    return revision


def copied(browser, css):
    """What a reader gets who selects an element and copies."""
    return browser.driver.execute_script(
        """const range = document.createRange(); range.selectNodeContents(document.querySelector(arguments[0]));
        const selection = getSelection(); selection.removeAllRanges(); selection.addRange(range);
        return selection.toString();""",
        css,
    )


def test_from_the_first_word_to_the_reader(browser, author, moderator):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    browser.type("[name=title]", "The Paper")
    assert browser.find("[name=slug]").get_attribute("value") == "the-paper"
    browser.type("[name=source]", SPUN)
    browser.wait(lambda: browser.all("[data-preview] h2"))
    assert browser.find("[data-preview] em").text == "nothing"
    browser.save("[name=_submit]")
    assert "waiting for a moderator" in browser.find("[data-said]").text
    assert "2 characters are flagged" in browser.find("[data-said]").text

    browser.log_in(moderator)
    browser.open("/moderation/")
    browser.click(".queue h2 a")
    assert "direction" in browser.find(".verdict").text
    assert len(browser.all(".marked mark")) == 2
    browser.find("label:has(> [value=reject])").click()
    browser.find(".decide [name=reason]").send_keys("The override, please.")
    browser.click(".decide [type=submit]")
    assert "Nothing is waiting" in browser.text

    browser.log_in(author)
    browser.open("/admin/articles/article/")
    browser.click("#result_list tbody th a")
    assert "The override, please." in browser.find(".review").text
    browser.type("[name=source]", "# The paper\n\nIt holds an invoice.\n")
    browser.type("[name=summary]", "Override out")
    browser.save("[name=_submit]")

    browser.log_in(moderator)
    browser.open("/moderation/")
    browser.click(".queue h2 a")
    browser.find("label:has(> [value=approve])").click()
    browser.click(".decide [type=submit]")
    assert "approved and published" in browser.find(".messages").text

    browser.log_out()
    browser.open("/")
    browser.click(".story h2 a")
    assert "It holds an invoice." in browser.find("article").text
    assert not browser.all(".page-notice")

    browser.log_in(author)
    browser.open("/articles/the-paper/history/")
    browser.click(".version .pairs a")
    assert browser.all(".marked del")
    browser.open("/articles/the-paper/revisions/1/")
    browser.click(".banner button")
    assert "Version 3 now reads as version 1" in browser.find("[data-said]").text
    assert Revision.objects.first().source == SPUN
    assert browser.complaints() == []


def test_escape_marks_characters_and_copies_what_the_author_wrote(browser, flagged):
    browser.open("/articles/tides/")
    plain = [copied(browser, css) for css in ("h1", ".prose")]
    assert not browser.all("mark")

    browser.find("a[data-escape]").click()
    browser.wait(lambda: browser.all("mark"))

    marks = browser.all(":is(h1, article) mark")
    assert [mark.get_attribute("data-code") for mark in marks] == ["U+0430", "U+0430", "U+202E"]
    assert [copied(browser, css) for css in ("h1", ".prose")] == plain
    assert browser.driver.current_url.endswith("?escape=1")
    browser.find("a[data-escape]").click()
    browser.wait(lambda: not browser.all("mark"))
    assert browser.complaints() == []


def test_escape_works_without_script(browser, flagged):
    browser.script(enabled=False)
    browser.open("/articles/tides/")

    browser.click("a[data-escape]")

    assert len(browser.all(":is(h1, article) mark")) == 3
    assert "CYRILLIC" in browser.find(".odd-list").text.upper()
    browser.script(enabled=True)


def test_comparison_copies_what_was_written(browser, save, author, moderator):
    first = save("pay with paypal\n\nthe same line\n")
    second = save("pay with p\u0430ypal\n\nthe same line\n")
    browser.log_in(moderator)
    browser.open(f"/articles/tides/compare/{first.number}..{second.number}/?view=source")

    assert copied(browser, "tr.added .line") == "pay with p\u0430ypal"
    assert "looks the same" in browser.find(".summary").text
    kind = browser.driver.execute_script(
        "return getComputedStyle(arguments[0], '::after').content", browser.find("ins.change")
    )
    assert kind == '"looks the same"'


def test_keyboard_alone_reaches_everything(browser, flagged):
    browser.open("/articles/tides/")
    seen = []
    for _ in range(12):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        seen.append(browser.driver.switch_to.active_element.text)

    assert seen[0] == "Skip to the text"
    assert "Show them" in seen
    assert "history" in seen


def test_tab_leaves_the_editor_and_undo_works(browser, author):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    browser.type("[name=source]", "text")
    field = browser.find("[name=source]")

    field.send_keys(Keys.CONTROL, "z")
    assert field.get_attribute("value") == ""
    field.send_keys("a", Keys.TAB)
    assert browser.driver.switch_to.active_element != field
    assert field.get_attribute("value") == "a"


def test_saving_works_without_script(browser, author):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    browser.script(enabled=False)
    browser.open("/admin/articles/article/add/")
    for name, value in (("title", "Plain"), ("slug", "plain"), ("source", "Plain text")):
        browser.reveal(f"[name={name}]").send_keys(value)

    browser.click("[name=_save]")

    browser.script(enabled=True)
    assert Article.objects.get().latest_revision.source == "Plain text"


def test_leading_line_ends_survive_a_round_through_the_editor(browser, author, save):
    article = save("\n\n  text\n").article
    browser.log_in(author)
    browser.open(f"/admin/articles/article/{article.pk}/change/")

    browser.save()

    assert "Nothing changed" in browser.find("[data-said]").text
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_or_breaks_the_policy(
    browser, moderator, author, flagged, save, width, scheme
):
    review = workflow.submit(save(CLEAN + FLAGGED + "x" * 300 + "\n"), by=author)
    browser.log_in(moderator)
    browser.size(width)
    browser.scheme(scheme)
    for path in (
        "/",
        "/articles/tides/?escape=1",
        "/articles/tides/history/",
        "/articles/tides/compare/1..2/",
        "/articles/tides/revisions/2/",
        "/moderation/",
        f"/moderation/{review.pk}/",
        "/nowhere/",
    ):
        browser.open(path)
        overflow = browser.driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (path, width)
    assert [c for c in browser.complaints() if "404" not in c] == []


def test_admin_keeps_the_policy(browser, administrator, flagged):
    browser.log_in(administrator)
    article = flagged.article
    for path in (
        "/admin/",
        "/admin/articles/article/",
        f"/admin/articles/article/{article.pk}/change/",
        "/admin/auth/user/add/",
        "/admin/password_change/",
    ):
        browser.open(path)
        assert browser.driver.find_elements(By.ID, "content"), path
    assert browser.complaints() == []


def test_address_follows_a_title_in_any_script(browser, author):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    browser.type("[name=title]", "\u092e\u0938\u093e\u0932\u093e \u091a\u093e\u092f!")
    browser.type("[name=source]", "x")
    browser.save()

    assert Article.objects.get().slug == "\u092e\u0938\u093e\u0932\u093e-\u091a\u093e\u092f"


def test_keys_go_from_change_to_change(browser, save, author):
    body = "".join(f"Line {n} stays where it is.\n\n" for n in range(60))
    save("One.\n\n" + body + "Two.\n\n" + body + "Three.\n\n" + body)
    save("Ein.\n\n" + body + "Zwei.\n\n" + body + "Drei.\n\n" + body)
    browser.log_in(author)
    browser.open("/articles/tides/compare/1..2/?view=side&context=all")

    def at():
        return browser.driver.execute_script("return scrollY")

    places = [at()]
    for _ in range(2):
        browser.find("body").send_keys("n")
        browser.wait(lambda: at() > places[-1])
        places.append(at())
    browser.find("body").send_keys("p")
    browser.wait(lambda: at() == places[1])
    assert browser.complaints() == []


@pytest.mark.parametrize("view", ["page", "source", "side"])
def test_comparison_fits_a_phone(browser, save, author, view):
    save(
        CLEAN
        + "A line that is long enough to be wrapped on any phone, and some more.\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    save(CLEAN + FLAGGED)
    browser.log_in(author)
    browser.size(360)
    browser.open(f"/articles/tides/compare/1..2/?view={view}")

    overflow = browser.driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
    assert browser.complaints() == []
