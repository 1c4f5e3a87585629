"""A reader's proof without a site: what is whole is proven, and no byte of it can change unnoticed."""

import json
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.proofs import tree
from articles.proofs.cli import main
from articles.proofs.notes import Checkpoint, SigningKey
from articles.proofs.proof import MAX_BYTES, Proof, ProofError
from articles.proofs.versions import COLUMNS, checksum, entry_of

from . import independent, rfc6962

KEY = SigningKey.from_seed("cms.example.org", b64encode(bytes(32)).decode())
OTHER = SigningKey.from_seed("cms.example.org", b64encode(bytes(range(32))).decode())
VERSION = dict.fromkeys(COLUMNS, "") | {
    "format": 1,
    "previous": "ab" * 32,
    "article": 7,
    "number": 3,
    "based_on": 2,
    "title": "Ebb & “flow”",
    "slug": "tides",
    "language": "en",
    "tags": ["sea", "mølle"],
    "author": "author",
    "created_at": "2026-03-01T12:00:00.000000+00:00",
    "claimed_at": None,
    "source": "A text\nof two lines.\n",
}
PLACE, SALT = 5, "0123456789abcdef" * 2
ENTRIES = [b"entry %d" % number for number in range(11)]


def log(version=VERSION):
    """The entries of a log with the version at its place."""
    entry = entry_of(version, sha256=checksum(version), key=42, salt=SALT)
    return [*ENTRIES[:PLACE], entry, *ENTRIES[PLACE + 1 :]]


def checkpoint(entries, *, key=KEY):
    return Checkpoint("cms.example.org", len(entries), rfc6962.tree_hash(entries)).signed(key)


def made(version=VERSION, *, by=KEY, **changes):
    entries = log(version)
    proof = Proof(
        version=version,
        sha256=checksum(version),
        index=PLACE,
        key=42,
        salt=SALT,
        path=tuple(rfc6962.audit_path(PLACE, entries)),
        checkpoint=checkpoint(entries, key=by),
        verifier_key=by.verifier,
    )
    return replace(proof, **changes)


PROOF = made()
DATA = bytes(PROOF)


def proves(data, **options):
    try:
        Proof.parse(data).verify(**options)
    except ProofError:
        return False
    return True


def test_whole_proof_is_proven():
    found = Proof.parse(DATA)

    assert found == PROOF
    assert found.verify() == found.verify(key=KEY.verifier, against=PROOF.checkpoint)
    assert found.verify().size == len(ENTRIES)
    assert independent.is_proven(DATA)


def test_file_is_readable_json_with_the_text():
    values = json.loads(DATA)

    assert values["proof"] == "palimpsest-proof/1"
    assert values["version"]["source"] == VERSION["source"]
    assert "Ebb & “flow”" in DATA.decode()


def test_every_changed_byte_is_found():
    missed = []
    for place in range(len(DATA)):
        for turned in (0x01, 0x20, 0x80):
            data = bytearray(DATA)
            data[place] ^= turned
            if proves(bytes(data)):
                missed.append((place, turned))

    assert missed == []


@given(st.data())
def test_every_lost_added_or_moved_stretch_is_found(data):
    start = data.draw(st.integers(0, len(DATA) - 1))
    end = data.draw(st.integers(start + 1, len(DATA)))
    stretch = DATA[start:end]

    assert not proves(DATA[:start] + DATA[end:])
    assert not proves(DATA[:end] + stretch + DATA[end:])


@given(st.binary(max_size=200))
def test_any_file_is_refused_in_words(data):
    with pytest.raises(
        ProofError, match=r"^The file is no whole proof\. It was altered or cut off; download it again\.$"
    ):
        Proof.parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"{}",
        b"[]",
        b"null",
        b"1" * 5_000,
        b"\xff",
        DATA.replace(b'"index": 5', b'"index": true'),
        DATA.replace(b'"index": 5', b'"index": 5.0'),
        DATA.replace(b'"index": 5', b'"index": -6'),
        DATA.replace(b'"key": 42', b'"key": 42, "key": 42'),
        DATA.replace(b"\n", b"\r\n"),
        DATA + b"\n",
        b"\xef\xbb\xbf" + DATA,
        json.dumps(json.loads(DATA)).encode(),
        json.dumps(json.loads(DATA) | {"more": 1}, ensure_ascii=False, indent=1).encode() + b"\n",
    ],
    ids=range(15),
)
def test_other_forms_are_refused(data):
    assert not proves(data)


def test_file_that_is_too_large_is_not_read(monkeypatch):
    assert MAX_BYTES == 64_000_000
    monkeypatch.setattr("articles.proofs.proof.MAX_BYTES", len(DATA))

    assert Proof.parse(DATA) == PROOF
    with pytest.raises(ProofError, match=r"^The file is larger than [0-9,]+ bytes, so it is no proof\.$"):
        Proof.parse(DATA + b"\n")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_part_of_the_version_is_covered(column):
    other = VERSION | {column: 9 if isinstance(VERSION[column], int) else "other"}

    assert not proves(bytes(replace(PROOF, version=other)))
    assert not proves(bytes(replace(PROOF, version=other, sha256=checksum(other))))
    assert not independent.is_proven(bytes(replace(PROOF, version=other, sha256=checksum(other))))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "0" * 64}, "does not have its checksum"),
        ({"sha256": "x"}, "does not have its checksum"),
        ({"index": PLACE + 1}, r"^The version is not in the log that the checkpoint sealed\.$"),
        ({"key": 43}, "not in the log"),
        ({"salt": "0" * 32}, "not in the log"),
        ({"path": PROOF.path[1:]}, "not in the log"),
        ({"path": ()}, "not in the log"),
        ({"checkpoint": checkpoint([*log(), b"one more"])}, "not in the log"),
        ({"checkpoint": checkpoint(log(), key=OTHER)}, "cannot be trusted"),
        ({"verifier_key": OTHER.verifier}, "cannot be trusted"),
        ({"checkpoint": "no note\n"}, r"^The proof's checkpoint cannot be trusted\. A note is"),
        (
            {"version": VERSION | {"format": 2}},
            "^The version is of another release, which this program cannot verify.$",
        ),
    ],
)
def test_what_is_wrong_is_said(changes, message):
    with pytest.raises(ProofError, match=message):
        made(**changes).verify()


def test_forged_history_passes_with_its_own_key_only():
    forged = made(VERSION | {"source": "Forged.\n"}, by=OTHER)

    assert forged.verify()
    with pytest.raises(ProofError, match="not with the one given"):
        forged.verify(key=KEY.verifier)


def test_kept_checkpoint_tells_of_a_rewritten_history():
    kept = checkpoint(log())
    rewritten = made(VERSION | {"source": "Rewritten by whoever has the key.\n"})

    assert PROOF.verify(against=kept)
    assert rewritten.verify(key=KEY.verifier)
    with pytest.raises(ProofError, match=r"^The kept checkpoint sealed another history than the proof's\.$"):
        rewritten.verify(against=kept)


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (checkpoint([*log(), b"more"]), r"\?size=12\.$"),
        (checkpoint(log(), key=OTHER), "kept checkpoint cannot be trusted"),
        ("nothing", "kept checkpoint cannot be trusted"),
    ],
)
def test_checkpoint_that_does_not_belong_to_the_proof_is_refused(kept, message):
    with pytest.raises(ProofError, match=message):
        PROOF.verify(against=kept)


# The command


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tides-3.proof.json"
    path.write_bytes(DATA)
    return path


def test_command_tells_what_is_proven(file, tmp_path, capsys):
    kept = tmp_path / "kept"
    kept.write_text(PROOF.checkpoint, encoding="utf-8")

    assert main(["verify-proof", str(file), "--key", str(KEY.verifier), "--against", str(kept)]) == 0
    out, err = capsys.readouterr()
    assert "Proven: version 3 of “Ebb & “flow””" in out
    assert "as entry 5 of the first 11" in out
    assert err == ""


def test_command_says_that_the_key_is_the_proofs_own(file, capsys):
    assert main(["verify-proof", str(file)]) == 0
    assert "Compare it with the one the site publishes" in capsys.readouterr().err


def test_command_ends_with_1_if_nothing_is_proven(file, capsys):
    file.write_bytes(DATA.replace(b"two lines", b"ten lines"))

    assert main(["verify-proof", str(file)]) == 1
    assert "Not proven. The version does not have its checksum" in capsys.readouterr().out
    file.write_bytes(DATA)
    assert main(["verify-proof", str(file), "--key", str(OTHER.verifier)]) == 1


@pytest.mark.parametrize(
    "arguments",
    [["nowhere"], ["{file}", "--key", "no key"], ["{file}", "--against", "nowhere"], [], ["{file}", "--odd"]],
)
def test_command_ends_with_2_after_an_error(file, capsys, arguments):
    assert main(["verify-proof", *(each.format(file=file) for each in arguments)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_command_names_no_terminal_codes_of_a_text(tmp_path, capsys):
    file = tmp_path / "proof"
    file.write_bytes(bytes(made(VERSION | {"title": "\x1b[31mred\u202e"})))

    assert main(["verify-proof", str(file)]) == 0
    assert r"\x1b[31mred\u202e" in capsys.readouterr().out


BLOCK = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocked())
from articles.proofs.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(blocked, *arguments):
    program = BLOCK.format(blocked=blocked)
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )


def test_command_needs_no_django(file):
    done = run({"django", "cms_site"}, "verify-proof", str(file))

    assert (done.returncode, done.stderr.count("\n")) == (0, 1)


def test_without_cryptography_only_this_command_says_what_to_install(file, tmp_path):
    text = tmp_path / "text.md"
    text.write_text("Fine.\n", encoding="utf-8")

    done = run({"cryptography"}, "verify-proof", str(file))
    assert done.returncode == 2
    assert (
        done.stderr
        == "palimpsest: verify-proof needs cryptography. Install it: pip install 'palimpsest[proof]'\n"
    )
    assert run({"cryptography"}, "scan", str(text)).returncode == 0
    assert "verify-proof" in run({"cryptography"}, "--help").stdout


def test_tree_of_the_proof_is_that_of_the_rfc():
    assert tree.root(map(tree.leaf_hash, log())) == rfc6962.tree_hash(log())
