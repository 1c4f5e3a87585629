"""Names of languages, and the tags that are registered."""

import pytest
from babel import localedata
from django.utils import translation

from articles import workflow
from articles.models import Revision
from articles.revisions import validation
from articles.revisions.data.generate_own_names import FILE, own_names
from articles.revisions.language_names import is_registered, likely_tag, name_of, named_languages
from tests.conftest import content


def test_language_has_a_name_for_the_reader_and_its_own():
    by_tag = {language.tag: language for language in named_languages()}

    assert by_tag["ru"].names == "Russian – русский"
    assert by_tag["en"].names == "English"
    assert by_tag["tlh"].names == "Klingon"
    assert "und" not in by_tag
    with translation.override("de"):
        assert "Russisch – русский" in {language.names for language in named_languages()}


def test_languages_are_sorted_by_the_reader_s_names():
    names = [language.name.casefold() for language in named_languages()]

    assert names == sorted(names)
    assert len(names) > 600


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("sr-Latn", "Serbian (Latin)"),
        ("zh-Hant-TW", "Chinese (Traditional, Taiwan)"),
        ("en-GB", "British English"),
        ("qaa", "qaa"),
        ("zz", "zz"),
        ("de-1901", "de-1901"),
    ],
)
def test_name_of_a_tag_with_script_and_region(tag, name):
    assert name_of(tag) == name


def test_interface_without_names_gets_english_ones():
    with translation.override("xx"):
        assert name_of("ru") == "Russian"


def test_name_is_understood_in_every_likely_language():
    with translation.override("de"):
        assert likely_tag("Russisch").tag_and_name == "ru – Russisch"
        assert likely_tag("Russian").tag == "ru"
    assert likely_tag("Russisch") is None
    assert likely_tag(" русский ").tag == "ru"
    assert likely_tag("pt_br").tag == "pt-BR"


def test_tag_of_odd_shape_is_not_registered():
    assert is_registered("en-US")
    assert not is_registered("en_US")
    assert not is_registered("en\n")


def test_stored_own_names_are_those_of_babel():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    try:
        assert [tuple(line.split("\t")) for line in lines if not line.startswith("#")] == list(own_names())
    finally:
        localedata._cache.clear()  # of every language: 140 MB


@pytest.fixture
def odd(save, monkeypatch):
    """A revision whose language an earlier release took."""
    with monkeypatch.context() as earlier:
        earlier.setattr(validation, "is_registered", lambda tag: True)
        revision = save(language="xx-nonsense")
    return Revision.objects.with_text().get(pk=revision.pk)


def test_stored_language_is_kept_restored_and_copied(odd, save, author):
    kept = save("Newer.\n", language="xx-nonsense")
    save("Newest.\n", language="ru")
    restored = workflow.restore(odd, by=author)
    copy = workflow.duplicate(odd, by=author)

    assert {r.language for r in (kept, restored, copy)} == {"xx-nonsense"}


def test_changed_language_is_checked(odd, save):
    with pytest.raises(validation.ValidationError) as refusal:
        save("Newer.\n", language="xx-folly")
    assert list(refusal.value.message_dict) == ["language"]


def test_moderator_fixes_a_text_in_a_stored_language(odd, author, moderator):
    review = workflow.submit(odd, by=author)

    fixed = workflow.fix_and_approve(
        review, by=moderator, content=content("Fixed.\n", language="xx-nonsense")
    )

    assert fixed.language == "xx-nonsense"
