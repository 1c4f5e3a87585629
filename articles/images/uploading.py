"""Images: upload them, record which revisions use them, and delete unused ones."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import permissions
from articles.revisions.errors import WorkflowError
from articles.revisions.events import Event
from articles.revisions.log import log_event
from articles.revisions.revisions import Revision
from articles.revisions.steps import require
from articles.revisions.validation import line_fault
from articles.text.page.images import PREFIX, ImageName, image_tokens

from .decoding import ImageRefused, Written, written_anew
from .images import MAX_ALT, MAX_FILE_NAME, Image, ImageUse
from .indexing import index_image, unindex_image

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def upload_image(file: File[bytes], *, alt: str, by: User, token: str = "") -> Image:
    """Store an image and its smaller copies, without metadata, under a random name; return its row.

    An import of an export gives the `token` of the name that texts have for it already; no other image may have it.

    `alt` says what the image shows; empty for decoration. The file's name is kept for the search of writers, unless it
    is no short line; readers never get it. Raises `ValidationError` if the file is larger than
    `MAX_IMAGE_BYTES` or is no image, or if `alt` is no single line.
    """
    require(permissions.can_upload(by))
    alt = alt.strip()
    if fault := line_fault(alt, limit=MAX_ALT):
        raise ValidationError({"alt": [fault]})
    written = _written(file, token=token or secrets.token_hex(12))
    image = Image(
        token=written.name.token,
        format=written.name.format,
        width=written.name.width,
        height=written.name.height,
        moving=written.name.moving,
        size_bytes=len(written.data),
        sha256=hashlib.sha256(written.data).hexdigest(),
        alt=alt,
        file_name=_name_of(file),
        uploaded_by=by,
        uploaded_by_name=by.get_username(),
        uploaded_at=timezone.now(),
    )
    # Files come first: a crash in between leaves files without a row, which `unused_images` finds.
    try:
        for path, data in zip(image.paths, [written.data, *written.copies.values()], strict=True):
            default_storage.save(path, ContentFile(data))
        with transaction.atomic():
            image.save()
            index_image(image)
            _log(Event.Action.UPLOAD_IMAGE, image, by=by)
    except BaseException:
        _delete_files(image)
        raise
    return image


def _name_of(file: File[bytes]) -> str:
    name = PurePath(file.name or "").name
    return "" if line_fault(name, limit=MAX_FILE_NAME) else name


def _written(file: File[bytes], *, token: str) -> Written:
    limit = settings.MAX_IMAGE_BYTES
    if not file.size:
        raise ValidationError({"file": [_("The file is empty.")]})
    if file.size > limit:
        raise ValidationError(
            {
                "file": [
                    _("The file is larger than %(limit)s. Make it smaller.")
                    % {"limit": filesizeformat(limit)}
                ]
            }
        )
    try:
        return written_anew(file.read(), token=token)
    except ImageRefused as refusal:
        raise ValidationError({"file": [str(refusal)]}) from None


def record_image_uses(revision: Revision, page: str) -> None:
    """Record the images that a new revision names in its source, on its page or as its cover.

    Runs in the transaction of the revision. Raises `ValidationError` if the cover is no image of this site.
    """
    cover = ImageName.of(PREFIX + revision.cover)
    tokens = image_tokens(revision.source) | image_tokens(page) | ({cover.token} if cover else set())
    if not tokens:
        return
    # Locked, so that nobody deletes an image before the revision is written.
    images = list(Image.objects.select_for_update().filter(token__in=tokens).order_by("pk"))
    if cover and cover not in (image.name for image in images):
        raise ValidationError({"cover": [_("There is no such image. Upload it first.")]})
    ImageUse.objects.bulk_create(ImageUse(revision=revision, image=image) for image in images)


@transaction.atomic
def delete_image(image: Image, *, by: User | None) -> None:
    """Delete an image that no revision uses. `by` is the uploader, a moderator, or None for the operator.

    Raises `WorkflowError` if a revision uses it. Does nothing if it is deleted already.
    """
    require(by is None or permissions.can_delete_image(by, image))
    if not Image.objects.select_for_update().filter(pk=image.pk).exists():
        return  # somebody was quicker
    if image.uses.exists():
        raise WorkflowError(_("A version shows this image, so it is kept."))
    transaction.on_commit(lambda: _delete_files(image))
    Image.objects.filter(pk=image.pk).delete()
    unindex_image(image.pk)
    _log(Event.Action.DELETE_IMAGE, image, by=by)


def _log(action: Event.Action, image: Image, *, by: User | None) -> None:
    detail = f"{image.name.file()} {image.alt}".rstrip()
    log_event(action, None, by=by, detail=detail)


def _delete_files(image: Image) -> None:
    for path in image.paths:
        default_storage.delete(path)
