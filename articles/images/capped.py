"""How much of an uploaded file is taken in, before anybody has asked who sends it."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class CappedUpload(FileUploadHandler):
    """Drops what comes after the first `MAX_IMAGE_BYTES` and one more chunk: enough to tell that it is too much."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.MAX_IMAGE_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers after this one hold the file
