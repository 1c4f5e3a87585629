"""Signed notes and checkpoints: others' notes are read, and nothing that is malformed or wrongly signed passes."""

from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.proofs.notes import (
    Checkpoint,
    NoteError,
    SigningKey,
    VerifierKey,
    open_checkpoint,
    open_note,
    text_of,
)

SEED = b64encode(bytes(range(32))).decode()
KEY = SigningKey.from_seed("example.com/log", SEED)
WITNESS = SigningKey.from_seed("witness.example", b64encode(bytes(32)).decode())
ROOT = bytes(range(100, 132))
CHECKPOINT = Checkpoint("example.com/log", 12, ROOT)
NOTE = CHECKPOINT.signed(KEY)

# What the library of Go's checksum database makes of a text and a key, as its documentation prints it.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\N{EM DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def with_signature(note, key):
    """The note with a further signature."""
    return note + key.sign(text_of(note)).rpartition("\n\n")[2]


def test_notes_of_other_programs_are_read():
    opened = open_note(GO_NOTE, [VerifierKey.parse(GO_KEY)])

    assert opened.signers == ("PeterNeumann",)
    assert opened.text.endswith("what your problem is.\n")


def test_keys_are_written_as_they_are_read():
    assert str(VerifierKey.parse(GO_KEY)) == GO_KEY
    assert VerifierKey.parse(str(KEY.verifier)) == KEY.verifier


def test_checkpoint_has_its_form():
    lines = NOTE.split("\n")

    assert lines[:4] == ["example.com/log", "12", b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("\N{EM DASH} example.com/log ")
    assert lines[5:] == [""]


def test_checkpoint_is_read_as_it_was_signed():
    assert open_checkpoint(NOTE, [KEY.verifier]) == CHECKPOINT
    assert Checkpoint.parse(text_of(NOTE)) == CHECKPOINT


def test_signatures_of_unknown_keys_are_ignored():
    note = with_signature(NOTE, WITNESS)

    assert open_checkpoint(note, [KEY.verifier]) == CHECKPOINT
    assert open_note(note, [KEY.verifier, WITNESS.verifier]).signers == ("example.com/log", "witness.example")


def test_key_of_the_same_name_is_another_key():
    namesake = SigningKey.from_seed("example.com/log", b64encode(bytes(32)).decode())

    with pytest.raises(NoteError, match="No known key signed this note"):
        open_note(NOTE, [namesake.verifier])
    assert open_note(with_signature(NOTE, namesake), [KEY.verifier]).signers == ("example.com/log",)


def test_wrong_signature_by_a_known_key_spoils_the_note():
    signed_elsewhere = KEY.sign("something else\n").rpartition("\n\n")[2]

    with pytest.raises(NoteError, match="the note was altered"):
        open_note(NOTE + signed_elsewhere, [KEY.verifier])


def test_witness_alone_does_not_vouch_for_a_log():
    note = WITNESS.sign(str(CHECKPOINT))

    assert open_note(note, [WITNESS.verifier]).signers == ("witness.example",)
    with pytest.raises(NoteError, match="did not sign this checkpoint"):
        open_checkpoint(note, [WITNESS.verifier])


@given(st.data())
def test_changed_byte_is_noticed(data):
    raw = bytearray(NOTE.encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(NoteError):
        open_checkpoint(raw.decode("utf-8", "surrogateescape"), [KEY.verifier])


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    for read in (text_of, Checkpoint.parse, VerifierKey.parse, lambda text: text_of(text + NOTE)):
        with suppress(NoteError):
            read(text)


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("", "A note is text"),
        ("text\n", "A note is text"),
        ("text\n\n", "A note is text"),
        (NOTE[:-1], "A note is text"),
        (NOTE.replace("\N{EM DASH}", "-"), "A signature has the form"),
        (NOTE.replace("\N{EM DASH} ", "\N{EM DASH}  "), "A signature has the form"),
        (NOTE.replace("=\n", "\n"), "no base64|canonical"),
        (NOTE.replace("12\n", "12\r\n"), "no other control character"),
        (NOTE + "\N{EM DASH} example.com/log AAAA\n", "cut off"),
        (NOTE + "\N{EM DASH} a+b AAAA\n", "name of a key"),
        (NOTE + "\N{EM DASH} a\N{NO-BREAK SPACE}b AAAA\n", "name of a key"),
        (NOTE + "\N{EM DASH} a AAAAAAA=\n" * 100, "more than 100 signatures"),
        ("\udc80" + NOTE, "lone surrogate"),
        ("x" * 1_000_000 + NOTE, "longer than"),
        ("\N{EM DASH}" * 400_000 + NOTE, "longer than"),
    ],
)
def test_malformed_note_is_refused(note, message):
    with pytest.raises(NoteError, match=message):
        open_note(note, [KEY.verifier])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends with a line end"),
        ("log\n12\n", "three lines"),
        ("\n12\n" + b64encode(ROOT).decode() + "\n", "not empty"),
        ("log\n012\n" + b64encode(ROOT).decode() + "\n", "number of entries"),
        ("log\n+1\n" + b64encode(ROOT).decode() + "\n", "number of entries"),
        ("log\n\N{ARABIC-INDIC DIGIT ONE}\n" + b64encode(ROOT).decode() + "\n", "number of entries"),
        ("log\n9999999999999999999\n" + b64encode(ROOT).decode() + "\n", "cannot have"),
        ("log\n99999999999999999999\n" + b64encode(ROOT).decode() + "\n", "number of entries"),
        ("log\n12\n" + b64encode(ROOT[1:]).decode() + "\n", "32 bytes, not 31"),
        ("log\n12\nnot base64\n", "no base64"),
        ("log\n12\n" + b64encode(ROOT).decode() + "\n\n", "further line"),
    ],
)
def test_malformed_checkpoint_is_refused(text, message):
    with pytest.raises(NoteError, match=message):
        Checkpoint.parse(text)


def test_further_lines_are_kept():
    text = str(CHECKPOINT) + "anything\n"

    assert Checkpoint.parse(text).extensions == ("anything",)
    assert str(Checkpoint.parse(text)) == text


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "has the form"),
        ("name+12345678", "has the form"),
        ("name+12345678+AAAA", "no Ed25519 key"),
        ("name+c74f20a3+!", "has the form"),
        (GO_KEY.replace("PeterNeumann", "PeterNewmann"), "does not fit"),
        (GO_KEY.replace("c74f20a3", "c74f20a4"), "does not fit"),
        (GO_KEY.replace("PeterNeumann", "Peter Neumann"), "name of a key"),
        (GO_KEY + "\n", "has the form"),
    ],
)
def test_malformed_key_is_refused(key, message):
    with pytest.raises(NoteError, match=message):
        VerifierKey.parse(key)


@pytest.mark.parametrize(
    "seed", ["", "short", b64encode(bytes(31)).decode(), b64encode(bytes(33)).decode(), SEED[:-1]]
)
def test_seed_of_another_size_is_refused_and_not_told(seed):
    with pytest.raises(NoteError) as refused:
        SigningKey.from_seed("example.com/log", seed)

    assert not seed or seed not in str(refused.value)


def test_key_keeps_its_secret():
    assert SEED not in repr(KEY)
    assert repr(KEY) == "SigningKey('example.com/log')"


def test_log_signs_under_its_own_name():
    with pytest.raises(NoteError, match="under the name of its log"):
        CHECKPOINT.signed(WITNESS)


@pytest.mark.parametrize("text", ["", "no line end", "tab\tinside\n", "lone \udc80\n"])
def test_text_that_no_note_can_hold_is_not_signed(text):
    with pytest.raises(NoteError):
        KEY.sign(text)
