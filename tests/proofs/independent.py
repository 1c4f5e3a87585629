"""A second verifier of a reader's proof, from docs/proofs.md alone; it shares no line with `articles.proofs`."""

import json
from base64 import b64decode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import rfc6962


def is_proven(data: bytes) -> bool:
    """Whether each step from the content to the signature holds."""
    proof = json.loads(data)
    version, entry = proof["version"], proof["entry"]

    content = json.dumps(list(version.values()), separators=(",", ":"))
    if sha256(content.encode("ascii")).hexdigest() != proof["sha256"]:
        return False

    text, _, signatures = proof["checkpoint"].rpartition("\n\n")
    origin, size, root = f"{text}\n".split("\n")[:3]
    name, key_id, key = proof["verifier_key"].split("+", 2)
    signature = b64decode(signatures.split(" ")[2])
    public = b64decode(key)[1:]
    if name != origin or signature[:4].hex() != key_id:
        return False
    if sha256(f"{name}\n".encode() + b"\x01" + public).digest()[:4].hex() != key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], f"{text}\n".encode())
    except InvalidSignature:
        return False

    leaf = ["palimpsest-seal/1", "revision", entry["salt"], entry["key"]]
    leaf += [version["article"], version["number"], version["format"], proof["sha256"]]
    bytes_of_leaf = json.dumps(leaf, separators=(",", ":")).encode("ascii")
    path = [b64decode(hash_) for hash_ in entry["path"]]
    return rfc6962.proves_leaf(bytes_of_leaf, entry["index"], int(size), path, b64decode(root))
