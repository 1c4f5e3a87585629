"""Published pages in a real browser: what is copied, what scrolls, and how texts of several scripts are set."""

import gzip
from urllib.request import urlopen

import pytest
from django.core.files.base import ContentFile
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from articles import workflow
from tests.conftest import FLAGGED, content
from tests.pictures import drawn, file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Not `innerWidth`, which grows with the page on a phone.
FITS = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth <= clientWidth"
# The files of a page without its pictures, the sum of all shifts, and the scripts that hold the page up.
LOADED = """
const done = arguments[0];
const files = performance.getEntriesByType("resource")
  .filter((file) => ["link", "script", "css"].includes(file.initiatorType));
const blocking = files.filter(
  (file) => file.initiatorType === "script" && file.renderBlockingStatus === "blocking");
let shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
setTimeout(() => done([files.map((file) => file.name), shift, blocking.length]), 100);
"""
LONG = "Hochwasserstandsmeldung"
TABLE = f"|Tag|Wassermühlenbesichtigung|Anfangszeit|{LONG}|\n|-|-|-|-|\n|Tag|Roggenmehl|6|{LONG}|\n"


@pytest.fixture
def publish(author, moderator):
    """Publishes an article with this text; returns its address."""

    def publish(source, **changes):
        revision = workflow.save_revision(None, by=author, content=content(source, **changes))
        workflow.approve(workflow.submit(revision, by=author), by=moderator, reason="Seen.")
        return revision.article.get_absolute_url()

    return publish


def copy(browser, css):
    """Select an element and copy it; return the plain and the formatted text."""
    browser.driver.execute_script(
        """window.copied = [];
        addEventListener("copy", (event) => {
          window.copied = ["text/plain", "text/html"].map((type) => event.clipboardData.getData(type));
        }, { once: true });
        getSelection().selectAllChildren(document.querySelector(arguments[0]));""",
        css,
    )
    ActionChains(browser.driver).key_down(Keys.CONTROL).send_keys("c").key_up(Keys.CONTROL).perform()
    return browser.wait(lambda: browser.driver.execute_script("return window.copied"))


def style(browser, css, name):
    return browser.driver.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", css, name
    )


def test_marks_of_an_escaped_page_are_not_copied(browser, publish):
    browser.open(publish("The p\u0430per [by](/articles/ebb/) the *door*.\n") + "?escape=1")
    assert browser.all(".prose mark")

    plain, formatted = copy(browser, ".prose")

    assert plain.strip() == "The p\u0430per by the door."
    address = f"{browser.url}/articles/ebb/"
    assert formatted.strip() == f'<p>The p\u0430per <a href="{address}">by</a> the <em>door</em>.</p>'
    _plain, formatted = copy(browser, ".prose mark")
    assert formatted == "\u0430"


def test_tables_break_no_word_and_scroll_by_key_on_a_phone(browser, publish):
    browser.size(390, 844)
    browser.open(publish(TABLE, language="de"))

    lines = browser.driver.execute_script(
        """const range = document.createRange();
        return [...document.querySelectorAll(".prose :is(th, td)")].map((cell) => {
          range.selectNodeContents(cell);
          return range.getClientRects().length;
        });"""
    )
    assert set(lines) == {1}
    box = browser.find(".prose .scroll")
    assert browser.driver.execute_script("return arguments[0].scrollWidth > arguments[0].clientWidth", box)
    assert browser.driver.execute_script(
        "arguments[0].focus(); return document.activeElement === arguments[0]", box
    )
    assert browser.driver.execute_script(FITS)


def test_citation_that_is_opened_leaves_the_page_as_wide_as_a_phone(browser, publish):
    browser.size(390, 844)
    browser.open(publish("Text.\n"))

    browser.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")

    assert browser.find(".cite pre").is_displayed()
    assert browser.driver.execute_script(FITS)


@pytest.mark.parametrize("language", ["ar", "he"])
def test_language_of_the_article_gives_the_direction_of_each_paragraph(browser, publish, language):
    browser.open(
        publish("HTML \u05d0\u05d1\u05d2.\n\n- PDF \u05d3.\n", language=language, title="PDF \u05d0")
    )

    for css in (".headline h1", ".prose p", ".prose li"):
        assert style(browser, css, "direction") == "rtl"
        assert style(browser, css, "unicodeBidi") in ("isolate", "normal")


# One column, one scale

TEXT = "## A\n\nText.\n\n### B\n\n### Bb\n\n#### C\n\n##### D\n\n###### E\n\nMore *said*.\n"
CODE = "\n```python\nreturn 1  # one\n```\n"


@pytest.mark.parametrize("width", [390, 768, 1366])
def test_all_parts_of_a_page_begin_at_one_edge(browser, publish, width):
    browser.size(width)
    browser.open(publish(TEXT + FLAGGED))

    edges = browser.driver.execute_script(
        """const css = "header.site .brand, .headline h1, .imprint, .page-notice, .prose > p, .heading, footer.site p";
        return [...document.querySelectorAll(css)].map((each) => Math.round(each.getBoundingClientRect().left));"""
    )
    assert len(edges) > 8
    assert len(set(edges)) == 1
    assert browser.driver.execute_script(FITS)


def test_headings_go_down_in_steps_and_never_below_the_text(browser, publish):
    browser.open(publish(TEXT))

    sizes = [
        float(style(browser, css, "fontSize")[:-2])
        for css in ("h1", *(f".prose h{n}" for n in range(2, 7)), ".prose p")
    ]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[1] > sizes[2] > sizes[3]
    assert 19 <= sizes[-1] <= 20


def test_titles_leave_room_for_marks_and_stay_joined(browser, publish):
    browser.open(publish("## \u0645\u0627\u0621\n", language="ar"))

    for title in ("h1", "h2"):
        size, height = (float(style(browser, title, of)[:-2]) for of in ("fontSize", "lineHeight"))
        assert (height >= 1.5 * size, style(browser, title, "letterSpacing")) == (True, "normal")


@pytest.mark.parametrize(("language", "slanted"), [("en", "italic"), ("ar", "normal"), ("ja", "normal")])
def test_emphasis_is_slanted_only_where_scripts_slant(browser, publish, language, slanted):
    browser.open(publish(TEXT, language=language))

    assert style(browser, ".prose em", "fontStyle") == slanted


def test_contents_stand_beside_the_text_on_a_desk_and_fold_on_a_phone(browser, publish):
    address = publish(TEXT)
    browser.open(address)
    is_visible = "return document.querySelector('.contents li a').checkVisibility()"
    assert browser.driver.execute_script(is_visible)
    assert browser.find(".contents").location["x"] > browser.find(".prose p").location["x"] + 500

    browser.size(390, 844)

    assert not browser.driver.execute_script(is_visible)
    browser.find(".contents summary").click()
    browser.find(".contents li a").click()
    assert browser.driver.current_url.endswith("#user-content-a")


def test_button_copies_code_as_it_is_seen(browser, publish):
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": browser.url},
    )
    browser.open(publish(CODE))
    browser.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", browser.find(".code"))

    browser.find(".copy").click()

    browser.wait(lambda: browser.find(".copy").text == "Copied")
    read = "navigator.clipboard.readText().then(arguments[0])"
    assert browser.driver.execute_async_script(read).strip() == "return 1  # one"
    assert browser.complaints() == []


def test_paper_has_authors_and_address_and_no_findings(browser, publish):
    address = publish(FLAGGED)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.open(address + "?escape=1")

    assert browser.find(".imprint b").is_displayed()
    assert browser.find(".print-only").text.endswith(address)
    for css in (".page-notice", ".inspector", "header.site nav"):
        assert not browser.find(css).is_displayed()
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_login_has_the_colours_of_the_site(browser, db):
    browser.open("/admin/login/")

    accent, paper = "rgb(11, 95, 88)", "rgb(251, 251, 247)"
    assert style(browser, "[type=submit]", "backgroundColor") == accent
    assert style(browser, "body", "backgroundColor") == paper
    colours = browser.driver.execute_script(
        "return [...document.querySelectorAll('*')].flatMap((each) => {"
        " const { backgroundColor, color } = getComputedStyle(each); return [backgroundColor, color]; })"
    )
    assert "rgb(65, 118, 144)" not in colours  # of Django's header


def test_first_view_is_small_and_nothing_moves(browser, publish, author):
    door = ContentFile(file(image=drawn((800, 600))))
    picture = workflow.upload_image(door, alt="A door", by=author).name.address
    words = " ".join(f"The keeper reads the table at {hour} and writes it down." for hour in range(24))
    parts = "".join(f"## Part {n}\n\n{words}\n\n```python\ncode\n```\n\n" for n in range(12))
    address = publish(f"![A door]({picture} 'The door')\n\n{parts}{TABLE}")

    for page in (address, "/"):
        for width in (390, 1280):
            browser.size(width)
            browser.open(page)
            files, shift, blocking = browser.driver.execute_async_script(LOADED)
            # `collectstatic` compresses files; pages are as they come.
            sizes_bytes = [len(gzip.compress(urlopen(file).read())) for file in files]
            page_bytes = len(browser.driver.page_source.encode())
            assert page_bytes + sum(sizes_bytes) < 60_000
            assert (shift < 0.02, blocking) == (True, 0), shift
