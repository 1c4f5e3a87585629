"""Text that was read in another encoding (more cases stand in tests/cases/scan/misread.json)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks.fields import Field
from articles.text.checks.mojibake import find_misread
from articles.text.markdown import Where
from articles.text.unicode.encodings import misreadings

SENTENCES = {
    "cs": "Příliš žluťoučký kůň",
    "pl": "Źle świeci żółta łódź",
    "tr": "Şişli’de güneş ışığı",
    "fr": "Le café où naît l’été",
    "nb": "Ærlig talt: Åse går på skøyter",
    "el": "Καλημέρα κόσμε",
    "ru": "Съешь ещё этих булок",
    "uk": "Щастя їжак ґанок",
    "he": "שלום לכולם",
    "ar": "صباح الخير للجميع",
    "th": "สวัสดีตอนเช้า",
    "hi": "सभी को नमस्ते",
}


def found_in(text: str, language: str) -> list[tuple[int, int, str | None]]:
    return list(find_misread(Field(text, language, Where.SUMMARY)))


def spoiled(text: str, encoding: str) -> str:
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("encoding", [misreading.name for misreading in misreadings()])
@pytest.mark.parametrize("language", SENTENCES)
def test_what_was_meant_is_restored(language: str, encoding: str) -> None:
    text = spoiled(SENTENCES[language], encoding)

    for start, end, meant in reversed(found_in(text, language)):
        assert meant is not None
        text = text[:start] + meant + text[end:]

    assert text == SENTENCES[language]


@pytest.mark.parametrize("language", SENTENCES)
def test_text_as_it_was_written_is_left_alone(language: str) -> None:
    for text in SENTENCES.values():
        assert found_in(text, language) == []


def test_places_count_in_the_whole_text() -> None:
    text = "é " * 500 + "\n" + spoiled("née ", "cp1252") * 500

    assert [start for start, _, _ in found_in(text, "fr")] == [
        place for place in range(len(text)) if text[place] == "Ã"
    ]


@given(
    st.text(st.sampled_from("aÃ©Â»вЂРС\u00a0“”√ƒ├é鈥\n"), max_size=80), st.sampled_from(["fr", "ru", "zh"])
)
def test_spans_are_in_order_and_change_what_they_cover(text: str, language: str) -> None:
    last = 0
    for start, end, meant in found_in(text, language):
        assert last <= start < end <= len(text)
        assert meant != text[start:end]
        last = end
