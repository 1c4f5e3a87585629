"""Text that was read in another encoding (more cases stand in tests/cases/scan/misread.json)."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks.mojibake import ENCODINGS, WINDOW, find_misread

LANGUAGES = [
    "Příliš žluťoučký kůň",
    "Źle świeci żółta łódź",
    "Şişli’de güneş ışığı",
    "Le café où naît l’été",
    "Καλημέρα κόσμε",
]


def spoiled(text: str, encoding: str) -> str:
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize(
    "encoding", [name for name in ENCODINGS if name not in ("cp1251", "cp1253", "koi8-r")]
)
@pytest.mark.parametrize("text", LANGUAGES)
def test_what_was_meant_is_restored(text: str, encoding: str) -> None:
    found = spoiled(text, encoding)

    for start, end, meant in reversed(list(find_misread(found))):
        found = found[:start] + meant + found[end:]

    assert found == text


def test_text_as_it_was_written_is_left_alone() -> None:
    assert not [found for text in LANGUAGES for found in find_misread(text)]


def test_places_count_in_the_whole_text() -> None:
    text = "é " * WINDOW + "\n" + spoiled("née ", "cp1252") * WINDOW

    assert [start for start, _, _ in find_misread(text)] == [
        match for match in range(len(text)) if text[match] == "Ã"
    ]


@given(st.text(st.sampled_from("aÃ©Â»вЂРС\u00a0“”√ƒ\n"), max_size=80))
def test_spans_are_in_order_and_change_what_they_cover(text: str) -> None:
    end = 0
    for start, after, meant in find_misread(text):
        assert end <= start < after <= len(text)
        assert meant != text[start:after]
        end = after


def test_clean_text_loads_no_more_than_it_needs() -> None:
    scans = "from articles.text.checks import scan; scan('plain'); scan('na\\u00efve')"
    program = f"import sys; {scans}; assert 'ftfy' not in sys.modules"

    run = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3], capture_output=True)

    assert run.returncode == 0, run.stderr.decode()
