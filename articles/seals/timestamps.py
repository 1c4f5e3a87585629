"""Timestamps: an authority's signed word for when a checkpoint existed (RFC 3161)."""

from __future__ import annotations

from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampRequest

from .entries import SealedCheckpoint
from .errors import SealError
from .fetching import fetch

_GRANTED = (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)


def stamp(row: SealedCheckpoint) -> None:
    """Ask the authority of `TIMESTAMP_URL` for a timestamp of a stored checkpoint, and store it; nothing without one.

    The answer has to be for this note and this question; with `TIMESTAMP_ROOTS`, its certificate has to lead to one of
    those. Raises `SealError`; the checkpoint then has no timestamp, and the next call asks again.
    """
    if not settings.TIMESTAMP_URL or row.timestamp:
        return
    note = row.note.encode()
    builder = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.cert_request(cert_request=True).build()
    answer = _ask(settings.TIMESTAMP_URL, request.as_bytes())
    try:
        response = decode_timestamp_response(answer)
    except ValueError as error:
        raise _refused(f"answers with no timestamp: {error}") from None
    _verify(response, request, note)
    row.timestamp = answer
    row.save(update_fields=["timestamp"])


def _verify(response: TimeStampResponse, request: TimeStampRequest, note: bytes) -> None:
    if response.status not in _GRANTED:
        raise _refused(f"refuses: {'; '.join(response.status_string) or PKIStatus(response.status).name}")
    info = response.tst_info
    if info.message_imprint.message != request.message_imprint.message or info.nonce != request.nonce:
        raise _refused("answers another question")
    if not settings.TIMESTAMP_ROOTS:
        return
    try:
        verifier = VerifierBuilder.from_request(request)
        for root in load_pem_x509_certificates(Path(settings.TIMESTAMP_ROOTS).read_bytes()):
            verifier = verifier.add_root_certificate(root)
        verifier.build().verify_message(response, note)
    except (OSError, ValueError) as error:
        raise SealError(f"TIMESTAMP_ROOTS cannot be read: {error}") from None
    except VerificationError as error:
        raise _refused(f"is not to be trusted: {error}") from None


def _ask(url: str, question: bytes) -> bytes:
    try:
        return fetch(url, data=question, headers={"Content-Type": "application/timestamp-query"})
    except (OSError, ValueError) as error:
        raise _refused(f"of TIMESTAMP_URL does not answer: {error}") from None


def _refused(what: str) -> SealError:
    return SealError(
        f"The checkpoint is signed, but has no timestamp: the authority {what}. Run `seal` again."
    )
