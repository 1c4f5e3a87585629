"""The fields beside the text in a real browser: languages by name, tags in use, what stands for empty fields."""

import pytest
from selenium.webdriver.common.keys import Keys

from articles.models import Revision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def details(browser, save, author):
    """The sheet of the one article, whose tags others may take up."""
    save(tags=("Django", "tide mill"))
    article = save("The *sea* rises.\n", tags=("Sea",)).article
    browser.log_in(author)
    browser.open(f"/admin/articles/article/{article.pk}/change/")
    browser.sheet("details")
    return browser


def options(browser, field):
    return [option.text for option in browser.all(f"#id_{field} + .options:not([hidden]) > li")]


def field(browser, name):
    return browser.find(f"#id_{name}")


def value(browser, name):
    return field(browser, name).get_property("value")


def state(browser, name):
    """Whether the list is open, and the text of the option that a screen reader is told of."""
    element = field(browser, name)
    active = element.get_attribute("aria-activedescendant")
    return element.get_attribute("aria-expanded"), browser.find(f"#{active}").text if active else None


@pytest.mark.parametrize("typed", ["rus", "Рус", "Russian", "ru"])
def test_language_is_found_by_any_of_its_names(details, typed):
    language = field(details, "language")
    language.send_keys(Keys.CONTROL, "a", Keys.NULL, typed)
    details.wait(lambda: options(details, "language"))

    assert options(details, "language")[0] == "Russian – русский – ru"
    language.send_keys(Keys.ARROW_DOWN)
    assert state(details, "language") == ("true", "Russian – русский – ru")
    language.send_keys(Keys.ENTER)

    assert value(details, "language") == "ru"
    assert state(details, "language") == ("false", None)
    assert "Russian – русский" in details.find("[data-language-name]").text
    details.wait(lambda: details.find("[data-preview-page]").get_attribute("lang") == "ru")
    details.save()
    assert Revision.objects.latest("number").language == "ru"
    assert details.complaints() == []


def test_keys_go_through_the_list_and_escape_leaves_the_text_alone(details):
    language = field(details, "language")
    language.send_keys(Keys.CONTROL, "a", Keys.NULL, "serb", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    second = state(details, "language")
    language.send_keys(Keys.ARROW_UP)

    assert second[1] != state(details, "language")[1]
    assert state(details, "language")[1].startswith("Serbian – ")
    language.send_keys(Keys.ESCAPE)
    assert (state(details, "language"), value(details, "language")) == (("false", None), "serb")
    language.send_keys(Keys.ALT, Keys.ARROW_DOWN, Keys.NULL)
    assert state(details, "language") == ("true", None)


def test_whole_name_becomes_the_tag_when_one_goes_on(details):
    language = field(details, "language")
    language.send_keys(Keys.CONTROL, "a", Keys.NULL, "Klingon", Keys.TAB)

    details.wait(lambda: value(details, "language") == "tlh")


def test_checks_go_by_the_former_language_while_a_name_is_typed(details):
    language = field(details, "language")
    language.send_keys(Keys.CONTROL, "a", Keys.NULL, "Gree")
    details.wait(lambda: language.get_attribute("data-settled") == "en")

    language.send_keys(Keys.ENTER)

    assert value(details, "language") == "el"
    assert language.get_attribute("data-settled") is None
    details.wait(lambda: details.find("[data-preview-page]").get_attribute("lang") == "el")


def test_unknown_language_is_refused_at_its_field_with_the_likely_tag(details):
    details.type("#id_language", "Rusian")
    details.find("[name=_save]").click()

    details.wait(lambda: details.all(".field.language .errorlist"))
    assert "Probably meant: ru – Russian" in details.find(".field.language .errorlist").text
    assert field(details, "language").is_displayed()


def test_tag_is_completed_in_its_first_spelling(details):
    tags = field(details, "tags")
    tags.send_keys(Keys.END, ", ｄｊ")
    details.wait(lambda: options(details, "tags") == ["Django"])

    tags.send_keys(Keys.ARROW_DOWN, Keys.ENTER)

    assert value(details, "tags") == "Sea, Django, "
    tags.send_keys("ti")
    details.wait(lambda: options(details, "tags") == ["tide mill"])
    details.find("[name=tags] + .options li").click()
    assert value(details, "tags") == "Sea, Django, tide mill, "
    details.save()
    assert Revision.objects.latest("number").tags == ["Sea", "Django", "tide mill"]
    assert details.complaints() == []


def test_tag_in_the_middle_is_replaced_alone(details):
    details.type("[name=tags]", "one, dj, three")
    tags = field(details, "tags")
    tags.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 7, Keys.ALT, Keys.ARROW_DOWN, Keys.NULL)
    details.wait(lambda: options(details, "tags") == ["Django"])

    tags.send_keys(Keys.ARROW_DOWN, Keys.ENTER)

    assert value(details, "tags") == "one, Django, three"


def test_empty_fields_follow_the_text(details):
    assert field(details, "excerpt").get_attribute("placeholder") == "The sea rises."

    details.type("[name=source]", "It falls again.\n")
    details.wait(lambda: field(details, "excerpt").get_attribute("placeholder") == "It falls again.")


def test_kind_of_change_belongs_to_one_version(details):
    details.sheet("details")
    details.find(".change_kind label:has([value=typo])").click()
    details.type("[name=source]", "It rises.\n")
    details.save()

    assert Revision.objects.latest("number").change_kind == "typo"
    assert details.find("[name=change_kind]:checked").get_attribute("value") == ""


def test_list_fits_a_phone(details):
    details.size(390, 844)
    details.sheet("details")
    language = field(details, "language")
    language.send_keys(Keys.CONTROL, "a", Keys.NULL, "s")
    details.wait(lambda: options(details, "language"))

    option = details.find("#id_language + .options li")
    width = details.driver.execute_script("return document.documentElement.scrollWidth")
    assert width == 390
    assert option.size["height"] >= 44
    option.click()
    assert value(details, "language") != "s"


def test_details_work_without_scripts(details):
    details.script(enabled=False)
    details.driver.refresh()
    details.sheet("details")
    assert field(details, "language").get_attribute("list") == "languages"

    field(details, "language").clear()
    field(details, "language").send_keys("ru")
    field(details, "tags").send_keys(", harbour")
    details.click("[name=_save]")

    latest = Revision.objects.latest("number")
    assert (latest.language, latest.tags) == ("ru", ["Sea", "harbour"])
