"""What may be written, field by field, up to the very limit."""

import pytest
from django.core.exceptions import ValidationError

from articles import workflow
from articles.models import Article
from articles.revisions.validation import line_fault, require_free_slug, require_short, validated
from tests.conftest import content


def refused(**changes):
    """The fields that are refused, with their messages."""
    try:
        validated(content(**changes))
    except ValidationError as error:
        return {field: messages[0] for field, messages in error.message_dict.items()}
    return {}


@pytest.mark.parametrize(
    ("field", "taken", "refused_value", "message"),
    [
        ("title", "x" * 200, "x" * 201, "201 characters; at most 200 fit."),
        ("title", "\u00e9", "", "Give the article a title that can be seen."),
        ("title", "\u200ba", "\u200b\u2800 ", "Give the article a title that can be seen."),
        ("title", "a b", "a\u2029b", "Character 2 (U+2029) does not belong into a line of text. Remove it."),
        ("summary", "x" * 500, "x" * 501, "501 characters; at most 500 fit."),
        ("summary", "", "\0", "Character 1 (U+0000) does not belong into a line of text. Remove it."),
        ("excerpt", "x" * 500, "x" * 501, "501 characters; at most 500 fit."),
        ("description", "x" * 300, "x" * 301, "301 characters; at most 300 fit."),
        ("cover", f"{'0' * 24}-1x1.png", "a.png", "This is not the name of an uploaded image."),
        ("cover", "", "..", "This is not the name of an uploaded image."),
        ("change_kind", "typo", "?", "Choose one of these: correction, update, typo."),
        ("software_share", "none", "?", "Choose one of these: none, assisted, generated."),
        ("software_share", "", "some", "Choose one of these: none, assisted, generated."),
        ("slug", "x" * 200, "x" * 201, "201 characters; at most 200 fit."),
        (
            "slug",
            "a\u0301-1_b",
            "\u0301a",
            "An address consists of letters, digits, hyphens and underscores.",
        ),
        ("slug", "-", "", "An address consists of letters, digits, hyphens and underscores."),
        (
            "language",
            "de-x-" + "-".join(["abcdefg"] * 3) + "-abcdef",
            "de-x-" + "-".join(["abcdefg"] * 3) + "-abcdefg",
            "36 characters; at most 35 fit.",
        ),
        (
            "tags",
            tuple(map(str, range(30))),
            tuple(map(str, range(31))),
            "At most 30 tags, each of them once.",
        ),
        ("tags", ("a", "b"), ("a", "a"), "At most 30 tags, each of them once."),
        (
            "tags",
            ("x" * 50,),
            ("x" * 51,),
            "A tag is 1 to 50 characters of text, one of them visible, without a comma.",
        ),
        (
            "tags",
            (),
            ("a", "b,c"),
            "A tag is 1 to 50 characters of text, one of them visible, without a comma.",
        ),
        (
            "tags",
            ("\u200ba",),
            ("a", "\u200b"),
            "A tag is 1 to 50 characters of text, one of them visible, without a comma.",
        ),
    ],
)
def test_limit_of_each_field(field, taken, refused_value, message):
    assert refused(**{field: taken}) == {}
    assert refused(**{field: refused_value}) == {field: message}


@pytest.mark.parametrize(
    "tag",
    ["ru", "sr-Latn", "zh-Hant-TW", "tlh", "qaa", "x-mine", "en-x-house", "de-1901", "i-klingon", "EN-us"],
)
def test_registered_language_is_taken(tag):
    assert refused(language=tag) == {}


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("Russian", "ru – Russian"),
        ("rusian", "ru – Russian"),
        ("\u0440\u0443\u0441\u0441\u043a\u0438\u0439", "ru – Russian"),
        ("Deutsch", "de – German"),
        ("en_US", "en-US – American English"),
        ("xx-nonsense", None),
        ("xx", None),
        ("zzz", None),
        ("a", None),
        ("en-Xxxx", None),
        ("de-abcd-abcd", None),
        ("sr-Latn-Cyrl", None),
        ("en-", None),
        ("", None),
    ],
)
def test_other_language_is_refused_with_the_likely_tag(typed, likely):
    message = refused(language=typed)["language"]

    if likely:
        assert message == f"“{typed}” is no language tag. Probably meant: {likely}."
    else:
        assert message.startswith("No language has this tag.")


def test_stored_language_is_not_checked_again():
    validated(content(language="xx-nonsense"), checks_language=False)
    with pytest.raises(ValidationError):
        validated(content(language="a\nb"), checks_language=False)


def test_every_wrong_field_is_named_once():
    assert refused(title="\n", slug="a b", language="?", tags=("",), source="\0").keys() == {
        "title",
        "slug",
        "language",
        "tags",
        "source",
    }
    assert refused(title="\n")["title"].startswith("Character 1 (U+000A)")
    assert refused(slug="\n")["slug"].startswith("Character 1 (U+000A)")
    assert refused(language="\n")["language"].startswith("Character 1 (U+000A)")


def test_source_is_limited_in_bytes(settings):
    settings.MAX_SOURCE_BYTES = 4

    assert refused(source="\u00e9\u00e9") == {}
    assert "4 bytes" in refused(source="\u00e9\u00e9x")["source"]


def test_what_is_valid_is_given_as_html():
    assert validated(content("*a*")).html == "<p><em>a</em></p>\n"


def test_line_of_exactly_the_limit_fits():
    assert line_fault("ab", limit=2) == ""
    assert line_fault("abc", limit=2) == "3 characters; at most 2 fit."


@pytest.mark.parametrize("reason", ["x" * 2_001, "a\0b"])
def test_reason_is_short_text(reason):
    require_short("x" * 2_000)
    with pytest.raises(ValidationError) as refusal:
        require_short(reason)

    assert refusal.value.message_dict == {"reason": ["A reason is at most 2000 characters of text."]}


def test_address_of_another_article_is_taken(author):
    workflow.save_revision(None, by=author, content=content(slug="ebb"))
    article = Article.objects.get()

    require_free_slug("flood", None)
    require_free_slug("ebb", article)
    for other in (None, Article(pk=article.pk + 1)):
        with pytest.raises(ValidationError) as refusal:
            require_free_slug("ebb", other)
        assert list(refusal.value.message_dict) == ["slug"]
