"""Images in a real browser: chosen, pasted and dropped, asked what they show, refused in place, undone."""

import base64

import pytest
from django.core.files.base import ContentFile
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from articles import workflow
from articles.models import Article, Image, Revision
from tests.browser.test_unsaved import log_in_here
from tests.pictures import drawn, file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EDITOR = "[name=source]"
DIALOG = "dialog[data-image-dialog]"


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


def caret(browser, position):
    browser.driver.execute_script(
        "arguments[0].focus(); arguments[0].setSelectionRange(arguments[1], arguments[1])",
        browser.find(EDITOR),
        position,
    )


def value(browser):
    return browser.find(EDITOR).get_attribute("value")


def hand_over(browser, kind, data, name="gate.png", type="image/png", text=""):
    """Drop on the page, or paste into the text, as a browser does with a file; whether the page took it."""
    return browser.driver.execute_script(
        """const [kind, data, name, type, text, editor] = arguments;
        const bytes = Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        if (text) transfer.setData("text/plain", text);
        const options = { bubbles: true, cancelable: true };
        const event = kind === "paste" ? new ClipboardEvent(kind, { ...options, clipboardData: transfer })
          : new DragEvent(kind, { ...options, dataTransfer: transfer });
        return !(kind === "paste" ? editor : document.body).dispatchEvent(event);""",
        kind,
        base64.b64encode(data).decode(),
        name,
        type,
        text,
        browser.find(EDITOR),
    )


def answer(browser, alt):
    browser.wait(lambda: browser.find(DIALOG).is_displayed())
    browser.driver.switch_to.active_element.send_keys(alt, Keys.ENTER)
    browser.wait(lambda: not browser.find(DIALOG).is_displayed())


def test_chosen_image_is_asked_about_inserted_and_published(editor, tmp_path):
    path = tmp_path / "gate.jpg"
    path.write_bytes(file("JPEG", drawn((1000, 600))))
    assert editor.find("[data-image-choose]").is_displayed()

    editor.find("[data-image-picker]").send_keys(str(path))
    answer(editor, "A [red] gate")

    image = Image.objects.get()
    assert (image.alt, image.format) == ("A [red] gate", "jpg")
    assert value(editor) == f"Before  after.\n\n![A \\[red\\] gate]({image.name.address})"
    assert editor.driver.switch_to.active_element == editor.find(EDITOR)
    editor.wait(lambda: editor.all("[data-preview] img"))
    loaded = "return document.querySelector('[data-preview] img').naturalWidth"
    editor.driver.execute_script("document.querySelector('[data-preview] img').scrollIntoView()")
    editor.wait(lambda: editor.driver.execute_script(loaded))
    editor.save()
    assert Revision.objects.get().image_uses.get().image == image
    assert editor.complaints() == []


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_image_is_handed_over_and_undo_takes_it_out(editor, kind):
    assert hand_over(editor, kind, file())
    answer(editor, "A gate.")
    inserted = f"Before  after.\n\n{Image.objects.get().markdown}"
    assert value(editor) == inserted

    editor.find(EDITOR).send_keys(Keys.CONTROL, "z")

    assert value(editor) == "Before  after."
    assert editor.complaints() == []


def test_text_beside_a_picture_of_it_is_pasted_as_text(editor):
    assert not hand_over(editor, "paste", file(), text="the text")
    assert not editor.find(DIALOG).is_displayed()


def test_escape_leaves_the_text_as_it_was(editor):
    hand_over(editor, "drop", file())
    editor.wait(lambda: editor.find(DIALOG).is_displayed())

    editor.driver.switch_to.active_element.send_keys("A gate.", Keys.ESCAPE)

    editor.wait(lambda: not editor.find(DIALOG).is_displayed())
    assert editor.driver.switch_to.active_element == editor.find(EDITOR)
    assert value(editor) == "Before  after."
    assert not Image.objects.exists()


def test_wrong_kind_is_told_before_it_is_sent(editor):
    assert hand_over(editor, "drop", b"<svg/>", name="gate.svg", type="image/svg+xml")
    editor.wait(lambda: editor.find(DIALOG).is_displayed())

    assert "no PNG, JPEG, WebP, GIF or AVIF" in editor.find("[data-image-error]").text
    assert not editor.find(f"{DIALOG} [type=submit]").is_enabled()


def test_too_large_a_file_is_told_before_it_is_sent(browser, author, settings):
    settings.MAX_IMAGE_BYTES = 1000
    browser.log_in(author)
    browser.open("/admin/articles/article/add/")
    hand_over(browser, "drop", bytes(1001))
    browser.wait(lambda: browser.find(DIALOG).is_displayed())

    assert "larger than 1000" in browser.find("[data-image-error]").text


def test_refusal_of_the_server_stands_in_place_and_the_words_stay(editor):
    hand_over(editor, "drop", b"no image at all")
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    field = editor.driver.switch_to.active_element

    field.send_keys("A gate.", Keys.ENTER)

    editor.wait(lambda: "This is no PNG" in editor.find("[data-image-error]").text)
    assert field.get_attribute("value") == "A gate."
    assert editor.find(f"{DIALOG} [type=submit]").is_enabled()
    editor.find("[data-image-cancel]").click()
    assert value(editor) == "Before  after."


def test_expired_session_is_told_and_nothing_is_lost(editor, author):
    hand_over(editor, "drop", file())
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    editor.driver.delete_cookie("sessionid")

    editor.driver.switch_to.active_element.send_keys("A gate.", Keys.ENTER)

    editor.wait(lambda: "You are logged out" in editor.find("[data-image-error]").text)
    editor.wait(lambda: editor.find("[data-login]").is_displayed())
    log_in_here(editor, author)
    assert editor.find("[name=alt]").get_attribute("value") == "A gate."
    editor.find(f"{DIALOG} [type=submit]").click()
    editor.wait(lambda: not editor.find(DIALOG).is_displayed())
    assert value(editor) == f"Before  after.\n\n{Image.objects.get().markdown}"


def test_several_files_are_asked_about_one_by_one(editor, tmp_path):
    paths = []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.png")
        paths[-1].write_bytes(file())
    editor.find("[data-image-picker]").send_keys("\n".join(map(str, paths)))

    for name in ("one", "two"):
        editor.wait(lambda name=name: editor.find("[data-image-file]").text == f"{name}.png")
        editor.driver.switch_to.active_element.send_keys(name, Keys.ENTER)

    editor.wait(lambda: Image.objects.count() == 2 and not editor.find(DIALOG).is_displayed())
    one, two = Image.objects.order_by("pk")
    assert value(editor) == f"Before  after.\n\n{one.markdown}\n\n{two.markdown}"


def test_button_is_reached_and_pressed_by_keyboard(editor):
    editor.find(EDITOR).send_keys(Keys.SHIFT, Keys.TAB)
    editor.driver.switch_to.active_element.send_keys(Keys.END)  # the toolbar is one stop
    button = editor.driver.switch_to.active_element
    assert button.get_attribute("data-image-choose") is not None
    editor.driver.execute_script(
        "window.opened = 0; document.querySelector('[data-image-picker]').addEventListener('click', (event) => {"
        " window.opened += 1; event.preventDefault(); })"
    )

    ActionChains(editor.driver).send_keys(Keys.ENTER).perform()
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    ActionChains(editor.driver).send_keys(Keys.ENTER).perform()  # the upload has the focus

    assert editor.driver.execute_script("return window.opened") == 1


def press_upload_of_data(browser, source, written):
    start = source.index(written)
    browser.type(EDITOR, source)
    browser.driver.execute_script(
        """const button = document.createElement("button"); button.type = "button";
        Object.assign(button.dataset, { uploadDataImage: "", start: arguments[0], end: arguments[1] });
        document.querySelector("#content").append(button); button.click();""",
        start,
        start + len(written),
    )


def test_data_image_becomes_an_uploaded_one(editor):
    data = f"data:image/png;base64,{base64.b64encode(file()).decode()}"

    press_upload_of_data(editor, f"\U0001f6aa ![An \\*old\\* gate]({data}) after.", data)
    editor.wait(lambda: editor.find(DIALOG).is_displayed())
    assert editor.driver.switch_to.active_element.get_attribute("value") == "An *old* gate"
    answer(editor, "!")

    image = Image.objects.get()
    assert image.alt == "An *old* gate!"
    assert value(editor) == f"\U0001f6aa {image.markdown} after."


def test_data_image_in_html_gets_its_address(editor):
    data = f'src="data:image/png;base64,{base64.b64encode(file()).decode()}"'

    press_upload_of_data(editor, f'<img {data} alt="A gate">', data)
    answer(editor, "A gate")

    assert value(editor) == f'<img src="{Image.objects.get().name.address}" alt="A gate">'


@pytest.mark.parametrize("data", ["data:image/png;base64,!!!", "just words"])
def test_data_image_that_is_none_is_told(editor, data):
    press_upload_of_data(editor, f"![a]({data})", data)
    editor.wait(lambda: editor.find(DIALOG).is_displayed())

    assert "No whole image stands" in editor.find("[data-image-error]").text


def test_everything_works_without_script(browser, author, save, tmp_path):
    article = save().article
    path = tmp_path / "gate.png"
    path.write_bytes(file())
    browser.log_in(author)
    browser.script(enabled=False)
    browser.open(f"/admin/articles/article/{article.pk}/change/")
    assert not browser.find("[data-image-choose]").is_displayed()
    listed = browser.find(".links a[target=_blank]").get_attribute("href")
    browser.driver.get(listed)
    browser.click(".object-tools a")
    browser.find("[name=file]").send_keys(str(path))
    browser.find("[name=alt]").send_keys("A gate.")
    browser.click(".submit-row button")

    line = browser.find("textarea").get_attribute("value")
    browser.script(enabled=True)
    assert line == Image.objects.get().markdown


@pytest.fixture
def wide(save, author, moderator) -> Article:
    image = workflow.upload_image(ContentFile(file("JPEG", drawn((2000, 1000)))), alt="A gate", by=author)
    revision = save(f"{image.markdown}\n")
    workflow.publish(revision, by=moderator)
    return revision.article


def test_page_on_a_phone_loads_the_copy_that_fits(browser, wide):
    browser.size(360)
    browser.open(f"/articles/{wide.slug}/")

    width = browser.driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    chosen = "return document.querySelector('article img').currentSrc"
    browser.wait(lambda: browser.driver.execute_script(chosen))
    assert width <= 0
    assert browser.driver.execute_script(chosen).endswith("-640.jpg")
    assert browser.complaints() == []


def test_removed_data_image_is_uploaded_with_one_click(editor):
    editor.type(EDITOR, f"![A gate](data:image/png;base64,{base64.b64encode(file()).decode()}) after.")
    editor.wait(lambda: editor.all("[data-upload-data-image]"))

    editor.driver.execute_script("arguments[0].click()", editor.find("[data-upload-data-image]"))
    answer(editor, "!")

    assert value(editor) == f"{Image.objects.get().markdown} after."
    editor.wait(lambda: not editor.all("[data-upload-data-image]"))
    assert editor.complaints() == []
