"""The catalogues of the interface are whole: every message of the code, in every language, with its placeholders."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import Message
from django.conf import settings
from django.utils import translation

from . import catalogues

FILES = catalogues.files()
TAGS = [path.parts[-3] for path in FILES]
each_file = pytest.mark.parametrize("path", FILES, ids=TAGS)

_PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sd]|%[sd]|\{\w*\}")
_ELEMENT = re.compile(r"</?\w+>")


def strings(message: Message) -> list[tuple[str, str]]:
    """Return each form of a translation with the form of the message that it has to agree with."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[1], string) for string in message.string]


def test_site_offers_the_languages_that_are_there():
    assert {tag for tag, _ in settings.LANGUAGES} == {"en", *TAGS}


@each_file
def test_catalogue_is_that_of_the_code(path):
    catalog = catalogues.merged(catalogues.read(path), catalogues.extract())

    assert path.read_bytes() == catalogues.written(catalog), "run `make messages`"
    assert path.with_suffix(".mo").read_bytes() == catalogues.compiled(catalog), "run `make messages`"


def test_no_message_hides_in_another_string():
    """Where Python is older than 3.12, the extraction does not look into f-strings."""
    code = Path(settings.BASE_DIR, "articles").rglob("*.py")
    assert [
        path for path in code if re.search(r"\{(?:_|n?gettext)\(", path.read_text(encoding="utf-8"))
    ] == []


@each_file
def test_everything_is_translated(path):
    assert [message.id for message in catalogues.untranslated(catalogues.read(path))] == []


@each_file
def test_placeholders_and_elements_stay(path):
    for message in catalogues.read(path):
        for original, string in strings(message) if message.id else ():
            expected, found = (Counter(_PLACEHOLDER.findall(text)) for text in (original, string))
            if isinstance(message.id, str) or string is message.string[-1]:
                assert found.keys() == expected.keys(), string
            assert found.keys() <= expected.keys(), string  # a form for one or two may spell the number
            for text in ("{}", "%s"):
                assert found[text] in (0, expected[text]), string
            assert Counter(_ELEMENT.findall(string)) == Counter(_ELEMENT.findall(original)), string


@each_file
def test_ends_agree(path):
    """A space, a colon or an ellipsis at an end belongs to what stands beside the message on the page."""
    for message in catalogues.read(path):
        for original, string in strings(message) if message.id else ():
            assert string.startswith(" ") == original.startswith(" "), string
            assert original.endswith(" ") or not string.endswith(" "), string
            forms = [original] if isinstance(message.id, str) else message.id
            for end in (":", "…", "."):
                assert any(string.endswith(end) == form.endswith(end) for form in forms), string


@each_file
def test_plural_forms_are_those_of_django(path):
    """Django keeps one formula for its own messages; two would be looked up one after the other."""
    catalog = catalogues.read(path)
    with translation.override(path.parts[-3]):
        django = translation.trans_real.catalog()

    for number in range(220):
        assert eval_plural(catalog.plural_expr, number) == django._catalog._plurals[0](number)


def eval_plural(formula: str, number: int) -> int:
    return int(translation.trans_real.gettext_module.c2py(formula)(number))


@pytest.mark.parametrize(
    ("source", "name", "messages"),
    [
        ('_("One")\n_("Two" " and a half")\n', "a.py", ["One", "Two and a half"]),
        ('ngettext("%(n)d word", "%(n)d words", n)', "a.py", [("%(n)d word", "%(n)d words")]),
        ("gettext(variable)", "a.py", []),
        ('_("\\u201cOne\\u201d", name=1)', "a.py", ["\u201cOne\u201d"]),
        ("{% load i18n %}<p>{% translate \"It's\" %}\n  {{ _('two') }}</p>", "a.html", ["It's", "two"]),
        (
            "{% blocktranslate count n=n %}{{ n }} word{% plural %}{{ n }} words{% endblocktranslate %}",
            "a.html",
            [("%(n)s word", "%(n)s words")],
        ),
        ("{# translate #}{% comment %}{% translate 'no' %}{% endcomment %}", "a.html", []),
    ],
)
def test_extraction_finds(source, name, messages):
    assert [message for message, _, _ in catalogues.messages_of(source, name)] == messages
