import pytest

from articles.text.unicode import invisibles as inv


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u0631",
        "\u0915\u094d\u200d\u0937",
        "\u0915\u094d\u200c\u0937",
        "\u09b0\u200d\u09cd\u09af",
    ],
)
def test_joiners_have_an_effect_in_their_contexts(text: str) -> None:
    place = next(at for at, char in enumerate(text) if char in "\u200c\u200d")

    assert inv.joiner_has_effect(text, place)


@pytest.mark.parametrize("text", ["a\u200cb", "a\u200db", "\u0915\u200c\u0916", "\u200d", "\N{MAN}\u200dx"])
def test_joiners_have_none_elsewhere(text: str) -> None:
    place = next(at for at, char in enumerate(text) if char in "\u200c\u200d")

    assert not inv.joiner_has_effect(text, place)


@pytest.mark.parametrize(
    ("tags", "is_flag"), [("gbeng\x7f", True), ("gbeng", False), ("ustx\x7f", False), ("gbwls\x7f!", True)]
)
def test_only_recommended_flags_are_flags(tags: str, *, is_flag: bool) -> None:
    assert bool(inv.FLAG_TAGS.match("".join(chr(0xE0000 + ord(char)) for char in tags))) is is_flag
