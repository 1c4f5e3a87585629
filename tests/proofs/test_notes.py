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
NAME = 'The name of a key is not empty and holds no space and no "+".'
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
        ("", "A note is text, an empty line, and signatures, each on a line of its own."),
        ("text\n", "A note is text, an empty line, and signatures, each on a line of its own."),
        ("text\n\n", "A note is text, an empty line, and signatures, each on a line of its own."),
        (NOTE[:-1], "A note is text, an empty line, and signatures, each on a line of its own."),
        (NOTE.replace("\N{EM DASH}", "-"), "A signature has the form: dash, name, signature."),
        (NOTE.replace("\N{EM DASH} ", "\N{EM DASH}  "), "A signature has the form: dash, name, signature."),
        (NOTE.replace("=\n", "\n"), "A signature is not base64 in its canonical form."),
        (
            NOTE.replace("12\n", "12\r\n"),
            "The text of a note ends with a line end and holds no other control character.",
        ),
        (NOTE + "\N{EM DASH} example.com/log AAAAAA==\n", "A signature is cut off."),
        (NOTE + "\N{EM DASH}  AAAAAAA=\n", NAME),
        (NOTE + "\N{EM DASH} example.com/log AAAA\n", "A signature is cut off."),
        (NOTE + "\N{EM DASH} a+b AAAA\n", NAME),
        (NOTE + "\N{EM DASH} a\N{NO-BREAK SPACE}b AAAA\n", NAME),
        (NOTE + "\N{EM DASH} a AAAAAAA=\n" * 100, "The note has more than 100 signatures."),
        ("\udc80" + NOTE, "A note is UTF-8; this one holds a lone surrogate."),
        ("x" * 1_000_000 + NOTE, "The note is longer than 1000000 bytes."),
        ("\N{EM DASH}" * 400_000 + NOTE, "The note is longer than 1000000 bytes."),
    ],
)
def test_malformed_note_is_refused(note, message):
    with pytest.raises(NoteError) as refused:
        open_note(note, [KEY.verifier])
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "A checkpoint ends with a line end."),
        ("log\n12\n", "A checkpoint has three lines: the origin, the number of entries, and the root."),
        ("\n12\n" + b64encode(ROOT).decode() + "\n", "The origin of a log is one line, and not empty."),
        (
            "log\n012\n" + b64encode(ROOT).decode() + "\n",
            "The second line of a checkpoint is the number of entries.",
        ),
        (
            "log\n+1\n" + b64encode(ROOT).decode() + "\n",
            "The second line of a checkpoint is the number of entries.",
        ),
        (
            "log\n\N{ARABIC-INDIC DIGIT ONE}\n" + b64encode(ROOT).decode() + "\n",
            "The second line of a checkpoint is the number of entries.",
        ),
        (
            "log\n9999999999999999999\n" + b64encode(ROOT).decode() + "\n",
            "A log cannot have 9999999999999999999 entries.",
        ),
        (
            "log\n99999999999999999999\n" + b64encode(ROOT).decode() + "\n",
            "The second line of a checkpoint is the number of entries.",
        ),
        ("log\n12\n" + b64encode(ROOT[1:]).decode() + "\n", "The root of a log has 32 bytes, not 31."),
        ("log\n12\nnot base64\n", "The root of the log is not base64 in its canonical form."),
        ("log\n12\n" + b64encode(ROOT).decode() + "\n\n", "A further line of a checkpoint is empty."),
    ],
)
def test_malformed_checkpoint_is_refused(text, message):
    with pytest.raises(NoteError) as refused:
        Checkpoint.parse(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("a\nb", 1, ROOT), "The origin of a log is one line, and not empty."),
        (("a\tb", 1, ROOT), "The origin of a log is one line, and not empty."),
        (("log", -1, ROOT), "A log cannot have -1 entries."),
        (("log", 1 << 63, ROOT), "A log cannot have 9223372036854775808 entries."),
        (("log", 1, ROOT, ("a\nb",)), "A further line of a checkpoint is empty."),
    ],
)
def test_checkpoint_that_would_read_as_another_is_not_made(values, message):
    with pytest.raises(NoteError) as refused:
        Checkpoint(*values)
    assert str(refused.value) == message


def test_empty_log_has_a_checkpoint():
    checkpoint = Checkpoint("log", 0, ROOT)

    assert Checkpoint.parse(str(checkpoint)) == checkpoint


def test_bounds_are_part_of_what_is_taken():
    line = NOTE.rpartition("\n\n")[2]
    unknown = line.replace("example.com/log", "a")
    padding = "x" * (1_000_000 - len(f"\n\n{line}".encode()))
    largest = KEY.sign(f"{padding}\n")

    assert open_note(f"{CHECKPOINT}\n{unknown * 99}{line}", [KEY.verifier]).signers == ("example.com/log",)
    assert len(largest.encode()) == 1_000_000
    assert open_note(largest, [KEY.verifier]).signers == ("example.com/log",)
    with pytest.raises(NoteError, match="longer than"):
        open_note(KEY.sign(f"{padding}x\n"), [KEY.verifier])


def test_text_may_hold_empty_lines():
    note = KEY.sign("one\n\ntwo\n")

    assert open_note(note, [KEY.verifier]).text == "one\n\ntwo\n"


def test_unknown_signers_are_named():
    note = with_signature(NOTE, WITNESS)

    with pytest.raises(NoteError) as refused:
        open_note(note, [])
    assert str(refused.value) == (
        "No known key signed this note. It is signed by: example.com/log, witness.example."
    )


def test_further_lines_are_kept():
    text = str(CHECKPOINT) + "anything\n"

    assert Checkpoint.parse(text).extensions == ("anything",)
    assert str(Checkpoint.parse(text)) == text


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "A key has the form name+id+key; copy it whole."),
        ("name+12345678", "A key has the form name+id+key; copy it whole."),
        ("name+12345678+AAAA", "The key is no Ed25519 key."),
        (f"name+12345678+{b64encode(bytes([1] * 32)).decode()}", "The key is no Ed25519 key."),
        (f"name+12345678+{b64encode(bytes([2] * 33)).decode()}", "The key is no Ed25519 key."),
        ("name+c74f20a3+AAA", "The key is not base64 in its canonical form."),
        (GO_KEY.replace("PeterNeumann", "Peter\x01Neumann"), NAME),
        (
            GO_KEY.replace("PeterNeumann", "Peter\udc80Neumann"),
            "A note is UTF-8; this one holds a lone surrogate.",
        ),
        ("name+c74f20a3+!", "A key has the form name+id+key; copy it whole."),
        (
            GO_KEY.replace("PeterNeumann", "PeterNewmann"),
            "The key's id does not fit its name and bytes; copy the key whole.",
        ),
        (
            GO_KEY.replace("c74f20a3", "c74f20a4"),
            "The key's id does not fit its name and bytes; copy the key whole.",
        ),
        (GO_KEY.replace("PeterNeumann", "Peter Neumann"), NAME),
        (GO_KEY + "\n", "A key has the form name+id+key; copy it whole."),
    ],
)
def test_malformed_key_is_refused(key, message):
    with pytest.raises(NoteError) as refused:
        VerifierKey.parse(key)
    assert str(refused.value) == message


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
    with pytest.raises(NoteError, match=r"^A checkpoint is signed under the name of its log\.$"):
        CHECKPOINT.signed(WITNESS)


@pytest.mark.parametrize("text", ["", "no line end", "tab\tinside\n", "lone \udc80\n"])
def test_text_that_no_note_can_hold_is_not_signed(text):
    with pytest.raises(NoteError):
        KEY.sign(text)
