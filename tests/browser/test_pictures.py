"""The library of images in a real browser: chosen with few clicks, by keyboard, and put where they belong."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image as Pillow
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Image, Revision
from tests.browser.test_images import DIALOG, EDITOR, caret, hand_over, value
from tests.images.test_decoding import boxed
from tests.pictures import drawn, file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CARDS = f"{DIALOG} [data-library-list] label"
INSERT = f"{DIALOG} [type=submit]"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def editor(browser, author):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    browser.type("[name=title]", "Gates")
    browser.type(EDITOR, "Before  after.")
    caret(browser, 7)
    return browser


@pytest.fixture
def upload(author):
    def upload(alt="", *, name=None, by=None):
        return workflow.upload_image(ContentFile(file(), name=name), alt=alt, by=by or author)

    return upload


class Clicks:
    """Counts the clicks that a person makes."""

    def __init__(self, browser):
        self.browser, self.count = browser, 0

    def __call__(self, css):
        self.count += 1
        self.browser.find(css).click()


def open_library(browser, cards=None):
    button = browser.find("[data-image-choose]")
    browser.driver.execute_script("arguments[0].scrollIntoView({ inline: 'center' })", button)
    button.click()
    browser.wait(lambda: browser.find(DIALOG).is_displayed())
    if cards is not None:
        browser.wait(lambda: len(browser.all(CARDS)) == cards)


def press(browser, *keys):
    ActionChains(browser.driver).send_keys(*keys).perform()


def focused(browser):
    return browser.driver.switch_to.active_element


# Few clicks


def test_new_image_takes_two_clicks_beside_the_choice_of_the_file(editor, tmp_path):
    path = tmp_path / "gate.png"
    path.write_bytes(file())
    editor.driver.execute_script(
        "document.querySelector('[data-image-picker]').addEventListener('click', (event) => event.preventDefault())"
    )
    click = Clicks(editor)

    click("[data-image-choose]")
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    click("[data-image-upload]")
    editor.find("[data-image-picker]").send_keys(str(path))
    editor.wait(lambda: focused(editor).get_attribute("name") == "alt")
    press(editor, "A gate.", Keys.ENTER)
    editor.wait(lambda: not editor.find(DIALOG).is_displayed())

    image = Image.objects.get()
    assert click.count == 2
    assert (image.alt, image.file_name) == ("A gate.", "gate.png")
    assert value(editor) == f"Before  after.\n\n{image.markdown}"
    assert editor.find("[data-said]").text == "The image is inserted."
    assert editor.complaints() == []


def test_image_of_the_site_takes_three_clicks(editor, upload, other_author):
    image = upload("A [red] *mill*", by=other_author)
    click = Clicks(editor)

    click("[data-image-choose]")
    editor.wait(lambda: editor.all(CARDS))
    click(CARDS)
    click(INSERT)
    editor.wait(lambda: not editor.find(DIALOG).is_displayed())

    assert click.count == 3
    assert value(editor) == f"Before  after.\n\n{image.markdown}"
    assert focused(editor) == editor.find(EDITOR)
    assert editor.complaints() == []


# The library


def test_library_is_searched_and_tells_who_uploaded_what(editor, upload, other_author):
    upload("A tide mill", name="IMG_2041.jpg")
    upload("A gate", by=other_author)
    open_library(editor, cards=2)
    newest = editor.find(CARDS).text
    assert "A gate" in newest
    assert "other_author" in newest

    editor.find(f"{DIALOG} [type=search]").send_keys("2041")

    editor.wait(lambda: len(editor.all(CARDS)) == 1)
    assert "A tide mill" in editor.find(CARDS).text
    assert "IMG_2041.jpg" in editor.find(CARDS).text
    editor.find(f"{DIALOG} [type=search]").send_keys("nothing", Keys.ENTER)
    editor.wait(lambda: "No image has all these words" in editor.find(f"{DIALOG} [role=status]").text)
    assert value(editor) == "Before  after."


def test_library_without_images_says_so(editor):
    open_library(editor)
    editor.wait(lambda: editor.find(f"{DIALOG} [role=status]").text == "There is no image yet.")


def test_more_images_come_page_by_page(editor, upload, monkeypatch):
    monkeypatch.setattr("articles.editor.finding.IMAGES_A_PAGE", 2)
    for number in range(3):
        upload(f"mill {number}")
    open_library(editor, cards=2)

    editor.find("[data-library-more]").click()

    editor.wait(lambda: len(editor.all(CARDS)) == 3)
    assert "mill 0" in editor.all(CARDS)[2].text
    assert focused(editor) == editor.find(f"{CARDS}:nth-child(3) input")
    assert not editor.find("[data-library-more]").is_displayed()


def test_library_is_operated_by_keyboard(editor, upload):
    first, _newer = upload("first"), upload("newer")
    open_library(editor, cards=2)

    press(editor, Keys.TAB, Keys.TAB)  # from the upload by the search to the images
    press(editor, Keys.SPACE, Keys.ARROW_RIGHT)
    editor.wait(lambda: editor.find(INSERT).is_displayed())
    assert focused(editor) == editor.find(f"{CARDS}:nth-child(2) input")
    press(editor, Keys.ENTER)
    editor.wait(lambda: not editor.find(DIALOG).is_displayed())

    assert value(editor) == f"Before  after.\n\n{first.markdown}"


def test_escape_returns_to_the_caret(editor, upload):
    upload("A mill")
    caret(editor, 3)
    open_library(editor, cards=1)

    press(editor, Keys.ESCAPE)

    editor.wait(lambda: not editor.find(DIALOG).is_displayed())
    editor.wait(lambda: focused(editor) == editor.find(EDITOR))
    assert editor.driver.execute_script("return arguments[0].selectionStart", editor.find(EDITOR)) == 3
    assert value(editor) == "Before  after."


def test_file_that_is_dropped_on_the_library_is_asked_about(editor, upload):
    upload("A mill")
    open_library(editor, cards=1)
    editor.find(CARDS).click()

    hand_over(editor, "drop", file(), name="gate.png")

    editor.wait(lambda: editor.find("[data-image-file]").text == "gate.png")
    assert focused(editor).get_attribute("name") == "alt"
    assert focused(editor).get_attribute("value") == ""
    assert not editor.find("[data-library]").is_displayed()


def test_nothing_is_sent_in_the_name_of_somebody_else(editor, other_author):
    hand_over(editor, "drop", file())
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    client = Client()
    client.force_login(other_author)
    name = settings.SESSION_COOKIE_NAME
    editor.driver.delete_all_cookies()
    editor.driver.add_cookie({"name": name, "value": client.cookies[name].value})

    press(editor, "A gate.", Keys.ENTER)

    editor.wait(lambda: "other_author is logged in here now" in editor.find("[data-image-error]").text)
    assert not Image.objects.exists()
    assert value(editor) == "Before  after."


# What is said of an image


def test_image_without_a_description_is_inserted_and_told(editor, upload):
    image = upload()
    open_library(editor, cards=1)
    editor.find(CARDS).click()

    editor.find(INSERT).click()

    editor.wait(lambda: "It says nothing to those who cannot see it" in editor.find("[data-said]").text)
    assert value(editor) == f"Before  after.\n\n![]({image.name.address})"


def test_decoration_is_an_explicit_choice(editor, upload):
    image = upload("A mill")
    open_library(editor, cards=1)
    editor.find(CARDS).click()

    editor.find("[name=decoration]").click()
    assert not editor.find(f"{DIALOG} [name=alt]").is_enabled()
    editor.find(INSERT).click()

    editor.wait(lambda: editor.find("[data-said]").text == "The image is inserted.")
    assert value(editor) == f"Before  after.\n\n![]({image.name.address})"


def test_caption_stands_below_the_image_on_the_page(editor, upload):
    image = upload("A mill")
    open_library(editor, cards=1)
    editor.find(CARDS).click()
    editor.find(f"{DIALOG} [name=caption]").send_keys("Mill & <gate>, 1923", Keys.ENTER)
    editor.wait(lambda: not editor.find(DIALOG).is_displayed())

    assert value(editor) == (
        f"Before  after.\n\n<figure>\n\n{image.markdown}\n\n"
        "<figcaption>Mill &amp; &lt;gate>, 1923</figcaption>\n</figure>"
    )
    editor.wait(lambda: editor.all("[data-preview] figure img"))
    assert editor.find("[data-preview] figcaption").text == "Mill & <gate>, 1923"
    editor.save()
    rendering = Revision.objects.get().renderings.latest()
    assert (rendering.removals, rendering.flagged) == ([], 0)
    assert Revision.objects.get().image_uses.get().image == image


# Where an image goes

PICTURE = "![](x)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("|", "P"),
        ("a b|c d", "a bc d\n\nP"),
        ("a b|c\nd\n\ne", "a bc\nd\n\nP\n\ne"),
        ("a\n|b", "a\nb\n\nP"),
        ("a|\n# Head", "a\n\nP\n\n# Head"),
        ("a|\n- one", "a\n\nP\n\n- one"),
        ("|# Head", "P\n\n# Head"),
        ("# He|ad\ntext", "# Head\n\nP\n\ntext"),
        ("text\n\n|## Head", "text\n\nP\n\n## Head"),
        ("a\n|\nb", "a\n\nP\n\nb"),
        ("- on|e\n- two", "- one\n\n  P\n\n- two"),
        ("> a|b\n> c\n\nd", "> ab\n> c\n>\n> P\n\nd"),
        ("| a | b |\n|---|---|\n| c| | d |\n\ne", "| a | b |\n|---|---|\n| c | d |\n\nP\n\ne"),
        ("Ti|tle\n---\ntext", "Title\n---\n\nP\n\ntext"),
        ("a [b] c", "a P c"),
        ("[a] b", "P\n\n b"),
        ("```\na| b\n```", "```\naP b\n```"),
    ],
)
def test_image_is_placed_apart_from_what_is_around_it(browser, author, before, after):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    if "[" in before:
        start, end = before.index("["), before.index("]") - 1
        text = before.replace("[", "").replace("]", "")
    else:
        at = before.index("| |") + 1 if "| c| |" in before else before.index("|")
        at = before.index("| c|") + 3 if "| c| |" in before else at
        text, start, end = before[:at] + before[at + 1 :], at, at

    whole = browser.driver.execute_async_script(
        """const [text, start, end, piece, done] = arguments;
        import("/static/articles/editor-lines.js").then(({ placed }) => {
          const edit = placed(text, start, end, piece);
          done(text.slice(0, edit.start) + edit.text + text.slice(edit.end));
        });""",
        text,
        start,
        end,
        PICTURE,
    )

    assert whole == after.replace("P", PICTURE)


@pytest.mark.parametrize("alt", ["A [red] *mill*", r"a\b `c` <d> &amp; _e_ ~f~ a|b x^2", "plain, words (1)!"])
def test_script_writes_an_image_as_the_server_does(browser, author, upload, alt):
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    name = upload().name

    written = browser.driver.execute_async_script(
        """const [alt, address, done] = arguments;
        import("/static/articles/editor-markdown.js").then(({ imageOf }) => done(imageOf(alt, address)));""",
        alt,
        name.address,
    )

    assert written == name.markdown(alt)


# Photos


def insert_dropped(browser, data, **file_of):
    hand_over(browser, "drop", data, **file_of)
    browser.wait(lambda: browser.find(DIALOG).is_displayed())
    press(browser, Keys.ENTER)
    browser.wait(lambda: not browser.find(DIALOG).is_displayed())
    return Image.objects.get()


def test_large_photo_is_scaled_down_upright_before_it_is_sent(editor):
    exif = Pillow.Exif()
    exif[0x0112] = 6  # its right side is up
    data = file("JPEG", drawn((5120, 1000)), exif=exif)

    image = insert_dropped(editor, data, name="photo.jpg", type="image/jpeg")

    assert (image.width, image.height, image.file_name) == (500, 2560, "photo.jpg")
    with image_file(image) as stored:
        corner = stored.convert("RGB").getpixel((image.width - 5, 5))
    assert corner[2] > 200 > corner[0]  # the blue corner stands at the top right


def test_photo_within_the_limit_is_sent_as_it_is(editor, media):
    image = insert_dropped(editor, file("JPEG", drawn((2560, 20))), name="a.jpg", type="image/jpeg")

    assert (image.width, image.height) == (2560, 20)


def test_large_moving_image_keeps_moving(editor):
    more = [drawn((2600, 10), colour="green")]
    data = file("PNG", drawn((2600, 10)), save_all=True, append_images=more, duration=100)
    assert b"acTL" in data

    image = insert_dropped(editor, data)

    assert (image.width, image.moving) == (2600, True)


def test_photo_is_sent_as_it_is_where_the_browser_puts_noise_into_a_canvas(editor):
    editor.driver.execute_script(
        "const read = CanvasRenderingContext2D.prototype.getImageData;"
        "CanvasRenderingContext2D.prototype.getImageData = function (...place) {"
        " const image = read.apply(this, place); image.data[5] ^= 1; return image; }"
    )

    image = insert_dropped(editor, file("JPEG", drawn((3000, 20))), name="a.jpg", type="image/jpeg")

    assert (image.width, image.height) == (3000, 20)


def test_file_that_cannot_be_drawn_is_sent_and_the_server_decides(editor):
    hand_over(editor, "drop", file("JPEG", drawn((3000, 3000)))[:2000], name="a.jpg", type="image/jpeg")
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    press(editor, Keys.ENTER)

    editor.wait(lambda: "damaged or incomplete" in editor.find("[data-image-error]").text)


def test_heic_photo_is_told_what_to_do_before_it_is_sent(editor):
    hand_over(editor, "drop", boxed("heic", "mif1") + bytes(100), name="a.jpg", type="image/jpeg")
    editor.wait(lambda: editor.find(DIALOG).is_displayed())

    editor.wait(lambda: "Most Compatible" in editor.find("[data-image-error]").text)
    assert not editor.find(INSERT).is_enabled()


def test_avif_image_is_no_heic_photo(editor):
    image = insert_dropped(editor, file("AVIF", drawn((2600, 20))), name="a.avif", type="image/avif")

    assert (image.format, image.width) == ("avif", 2600)


def image_file(image):
    with default_storage.open(next(image.paths)) as stored:
        return Pillow.open(BytesIO(stored.read()))


# Screens


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (844, 390)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_library_fits_the_screen(browser, author, upload, settings, width, height, language):
    for number in range(12):
        upload(f"A mill with quite a long description {number}", name="a-name-without-any-space_" * 3)
    browser.log_in(author)
    browser.size(width, height)
    browser.driver.get_cookies()
    browser.driver.add_cookie({"name": settings.LANGUAGE_COOKIE_NAME, "value": language})
    browser.open("/admin/articles/article/add/")
    open_library(browser, cards=12)
    browser.find(f"{CARDS}:nth-child(4)").click()

    box = browser.driver.execute_script(
        """const dialog = document.querySelector("dialog[open]");
        const inside = [...dialog.querySelectorAll("button, input:not([type=radio], [type=hidden])")]
          .filter((element) => element.checkVisibility() && !element.closest(".cards"))
          .map((element) => element.getBoundingClientRect());
        return [dialog.scrollWidth - dialog.clientWidth,
          Math.min(...inside.map((rect) => rect.left)), Math.max(...inside.map((rect) => rect.right))];"""
    )
    assert box[0] <= 0
    assert box[1] >= 0
    assert box[2] <= width
    browser.find(INSERT).click()  # nothing lies above it
    browser.wait(lambda: not browser.find(DIALOG).is_displayed())
