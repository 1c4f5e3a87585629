from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import workflow
from articles.images.images import FOLDER
from articles.management.wording import counted
from articles.models import Image

MIN_AGE = timedelta(days=1)  # of an image: somebody may still be writing the text that will show it


class Command(BaseCommand):
    help = (
        "List images that no version of any article shows, and files that belong to no image, if older than a day."
        " Ends with 0 if there is none (left), 1 if there are some, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="delete what is listed")

    def handle(self, *, delete: bool, **options: Any) -> None:
        before = timezone.now() - MIN_AGE
        try:
            left = self._images(before, delete=delete) + self._files(before, delete=delete)
        except OSError as error:
            raise CommandError(f"The storage does not answer: {error}", returncode=2) from None
        if left:
            raise SystemExit(1)

    def _images(self, before: datetime, *, delete: bool) -> int:
        """List the unused images, delete them if asked, and return how many are left."""
        left = 0
        for image in Image.objects.unused().filter(uploaded_at__lt=before).iterator():
            size = counted(image.size_bytes, "byte", "bytes")
            self.stdout.write(
                f"{image.name.address}: {size}, uploaded by {image.uploaded_by_name}"
                f" on {image.uploaded_at:%Y-%m-%d}"
            )
            if delete:
                left += not self._delete(image)
            else:
                left += 1
        return left

    def _files(self, before: datetime, *, delete: bool) -> int:
        """List the stray files, delete them if asked, and return how many are left."""
        left = 0
        for path in stray_files(before):
            self.stdout.write(f"{path}: a file without an image")
            if delete:
                default_storage.delete(path)
            else:
                left += 1
        return left

    def _delete(self, image: Image) -> bool:
        """Delete an image; return False if a version shows it meanwhile."""
        try:
            workflow.delete_image(image, by=None)
        except workflow.WorkflowError as error:
            self.stderr.write(f"{image.name.address}: {error}")
            return False
        return True


def stray_files(before: datetime) -> Iterator[str]:
    """Yield the paths of files without an image, left by an interrupted upload or deletion `before` a time."""
    try:
        names = sorted(default_storage.listdir(FOLDER)[1])
    except FileNotFoundError:  # nothing was ever uploaded
        return
    known = set(Image.objects.values_list("token", flat=True))
    for name in names:
        path = f"{FOLDER}/{name}"
        if name.partition("-")[0] not in known and default_storage.get_modified_time(path) < before:
            yield path
