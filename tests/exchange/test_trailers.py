"""Trailers say everything of a version in a commit's message, and come back exactly."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.exchange.trailers import State, Trailers, TrailersFault, message, read

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
ODD = st.sampled_from(
    ["", " ", '"', '"a"', "Version 3", "Summary: x", "a\n\nArticle: 9", "# a", "a\r", " a ", "null", "\x85"]
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
TRAILERS = st.builds(
    Trailers,
    article=st.integers(1, 2**53),
    number=st.integers(1, 2**31),
    state=st.sampled_from(State),
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    written_at=MOMENTS,
    author=st.one_of(ODD, TEXT),
    summary=st.one_of(ODD, TEXT),
    based_on=st.none() | st.integers(1, 2**31),
    claimed_author=st.one_of(ODD, TEXT),
    claimed_at=st.none() | MOMENTS,
    hidden=st.sampled_from([(), ("text",), ("text", "author")]),
)
SAVED = Trailers(
    article=7,
    number=3,
    state=State.SAVED,
    sha256="0a" * 32,
    written_at=datetime(2027, 3, 1, 12, tzinfo=UTC),
    author="Marit Solheim",
    summary="A table of the tides",
    based_on=2,
)


@given(TRAILERS)
def test_all_that_a_commit_says_comes_back_exactly(trailers: Trailers):
    assert read(message(trailers)) == trailers


def test_message_reads_like_one_of_a_person():
    assert message(SAVED) == (
        "A table of the tides\n"
        "\n"
        "Article: 7\n"
        "Version: 3\n"
        "Based-on: 2\n"
        "State: saved\n"
        "Author: Marit Solheim\n"
        "Written-at: 2027-03-01T12:00:00.000000Z\n"
        f"Sha256: {'0a' * 32}\n"
    )


@pytest.mark.parametrize("summary", ["  ", "Version 9 offline", " a", "Version 9", '"quoted"', "two\nlines"])
def test_summary_that_git_would_change_stands_in_a_trailer(summary: str):
    text = message(replace(SAVED, summary=summary))

    assert text.startswith("Version 3\n\nSummary: ")
    assert read(text) == replace(SAVED, summary=summary)


def test_commit_without_summary_names_the_version():
    assert message(replace(SAVED, summary="")).startswith("Version 3\n\nArticle: 7\n")
    assert message(replace(SAVED, summary="", state=State.OFFLINE)).startswith(
        "Version 3 offline\n\nArticle: 7\n"
    )


def test_git_finds_the_same_trailers():
    trailers = replace(
        SAVED, claimed_author="  Ann", claimed_at=datetime(1999, 1, 1, tzinfo=UTC), hidden=("text",)
    )

    parsed = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message(trailers),
        text=True,
        capture_output=True,
        check=True,
    )

    assert parsed.stdout == message(trailers).partition("\n\n")[2]


def test_moment_is_written_in_utc():
    east = replace(
        SAVED, written_at=datetime(2027, 3, 1, 17, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    )

    assert message(east) == message(SAVED)


@pytest.mark.parametrize(
    "text", ["", "words", "words\n\nSigned-off-by: A <a@b.example>\n", "a\n\nArticle: 1\nmore\n"]
)
def test_message_of_another_program_has_no_trailers(text: str):
    assert read(text) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Version: 3", "Version: -3"),
        ("Version: 3", "Version: 03"),
        ("Article: 7", "Article: " + "7" * 40),
        ("State: saved", "State: sold"),
        ("Written-at: 2027", "Written-at: 20270"),
        ("Sha256: 0a", "Sha256: zz"),
        ("Author: Marit Solheim", 'Author: "Marit'),
    ],
)
def test_damaged_trailers_are_told_from_none(old: str, new: str):
    with pytest.raises(TrailersFault, match="damaged"):
        read(message(SAVED).replace(old, new))
