"""`palimpsest verify-proof`: whether a downloaded file proves that a version stood in the log of its site.

It needs `cryptography`, which the extra `proof` brings; it is imported only if a proof is verified.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from articles.text.cli.running import Failure, Output, read_bytes, read_text
from articles.text.cli.terminal import escape_invisible

if TYPE_CHECKING:
    from articles.proofs.notes import Checkpoint
    from articles.proofs.proof import Proof

SUMMARY = (
    "Verify a proof of a version, without the site it came from."
    " The exit status is 0 if it is whole, 1 if it proves nothing, 2 after an error."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("proof", metavar="FILE", help='a downloaded proof, or "-" for standard input')
    parser.add_argument("--key", metavar="VKEY", help="the site's key, as its /seal/key shows it")
    parser.add_argument("--against", metavar="CHECKPOINT", help="file with a checkpoint that somebody kept")


def run(options: Namespace, out: Output, err: Output) -> int:
    """Write what is proven and return 0, or why nothing is and return 1."""
    try:
        from articles.proofs.notes import NoteError, VerifierKey
        from articles.proofs.proof import Proof, ProofError
    except ModuleNotFoundError as error:
        raise Failure(
            f"verify-proof needs {error.name}. Install it: pip install 'palimpsest[proof]'"
        ) from None
    try:
        key = VerifierKey.parse(options.key.strip()) if options.key else None
    except NoteError as error:
        raise Failure(f"--key: {error}") from None
    data = read_bytes(options.proof)
    against = read_text(options.against) if options.against else ""
    try:
        proof = Proof.parse(data)
        checkpoint = proof.verify(key=key, against=against)
    except ProofError as error:
        out.write(f"Not proven. {escape_invisible(str(error))}\n")
        return 1
    for line in _told(proof, checkpoint):
        out.write(f"{escape_invisible(line)}\n")
    if key is None:
        err.write(
            "The key is the proof's own. Compare it with the one the site publishes, or give that with --key.\n"
        )
    return 0


def _told(proof: Proof, checkpoint: Checkpoint) -> Sequence[str]:
    """Return the lines that say what is proven."""
    version = proof.version
    return [
        f"Proven: version {version['number']} of “{version['title']}”, as “{version['slug']}”.",
        f"Written by {version['author']}, {version['created_at']}.",
        f"SHA-256: {proof.sha256}",
        f"Sealed in the log {checkpoint.origin} as entry {proof.index} of the first {checkpoint.size}.",
        f"Key: {proof.verifier_key}",
    ]
