"""What a reader may ask of the site that it brings pages to: the address of a page, and that of a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from articles.images.imported_images import ImportedImage
from articles.images.uploading import upload_image
from articles.models import Article, Image
from articles.text.page.images import ImageName
from articles.workflow import imported_slugs

from .reporting import Report
from .sources import SourceRefused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SLUGS_A_QUERY = 1_000
NO_PICTURE = ""
PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"))  # what names of files end with


@dataclass(slots=True)
class Destination:
    """The site, for one run of an import. A dry run uploads nothing."""

    by: User
    report: Report
    is_dry: bool = False
    slugs: dict[str, str] = field(default_factory=dict)  # by the keys of pages
    pictures: dict[str, str] = field(default_factory=dict)  # addresses by the keys of files

    def give_slugs(self, source: str, wishes: Iterable[tuple[str, str]]) -> None:
        """Give each page of a source, by its key, an address: the one it has, the one it wishes, or a free one like it.

        Two queries for a thousand pages.
        """
        wishes = iter(wishes)
        given: set[str] = set()
        while some := list(islice(wishes, SLUGS_A_QUERY)):
            known = imported_slugs(source, [key for key, _ in some])
            wished = {key: slug for key, slug in some if key not in known}
            taken = set(Article.objects.filter(slug__in=wished.values()).values_list("slug", flat=True))
            self.slugs |= known
            for key, slug in wished.items():
                self.slugs[key] = self._free(slug, given, is_taken=slug in taken)
                given.add(self.slugs[key])

    def _free(self, wished: str, given: set[str], *, is_taken: bool) -> str:
        if wished not in given and not is_taken:
            return wished
        others = (f"{wished}-{number}" for number in count(2))
        slug = next(
            each for each in others if each not in given and not Article.objects.filter(slug=each).exists()
        )
        self.report.say(wished, f"this address is taken; the page comes in at “{slug}”")
        return slug

    def address(self, key: str) -> str | None:
        """Return the address of a page's article; None for a page that does not come in."""
        slug = self.slugs.get(key)
        return reverse("article", args=[slug]) if slug else None

    def picture(self, key: str, name: str, size: int, read: Callable[[], bytes]) -> str | None:
        """Return the address of a file as an image of this site, uploaded the first time; None if it is none.

        `key` tells the file from others of the source. An equal file of an earlier run is not uploaded again.
        """
        if key not in self.pictures:
            self.pictures[key] = self._uploaded(name, size, read)
        return self.pictures[key] or None

    def picture_named(self, name: ImageName, size: int, read: Callable[[], bytes]) -> None:
        """Upload an image under the name that it had on the site of an export, unless the site has it."""
        key = name.file()
        if key not in self.pictures:
            is_known = Image.objects.filter(token=name.token).exists()
            self.pictures[key] = (
                name.address if is_known else self._uploaded(key, size, read, token=name.token)
            )

    def _uploaded(self, name: str, size: int, read: Callable[[], bytes], *, token: str = "") -> str:
        if size > settings.MAX_IMAGE_BYTES:
            self.report.leave_out(
                name, [f"a picture of {size:,} bytes; at most {settings.MAX_IMAGE_BYTES:,}"]
            )
            return NO_PICTURE
        try:
            data = read()
        except SourceRefused as refusal:
            self.report.leave_out(name, [str(refusal)])
            return NO_PICTURE
        digest = sha256(data).hexdigest()
        known = ImportedImage.objects.select_related("image").filter(digest=digest).first()
        if known and not token:
            return known.image.name.address
        self.report.pictures += 1
        if self.is_dry:
            return NO_PICTURE
        try:
            with transaction.atomic():
                image = upload_image(ContentFile(data, name=name), alt="", by=self.by, token=token)
                ImportedImage.objects.get_or_create(digest=digest, defaults={"image": image})
        except ValidationError as error:
            self.report.pictures -= 1
            self.report.leave_out(name, [" ".join(error.messages)])
            return NO_PICTURE
        return image.name.address
