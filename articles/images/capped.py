"""The upload handler that limits how much of a file is read before the permission is checked."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class CappedUpload(FileUploadHandler):
    """An upload handler that drops all after `MAX_IMAGE_BYTES` and one chunk, enough to see that it is too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.MAX_IMAGE_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers after this one hold the file
