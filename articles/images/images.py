"""Images that were uploaded, and the revisions that use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Max, Min, QuerySet, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.revisions.withholding import hidden_texts
from articles.revisions.write_once import WriteOnce, WriteOnceQuerySet
from articles.search.index import matching
from articles.text.page.images import Format, ImageName

FOLDER = "images"  # in the storage
MAX_ALT = 500  # code points
MAX_FILE_NAME = 200  # code points
INDEXED = 2  # the kind of key in the index of words: an image


class ImageQuerySet(QuerySet["Image"]):
    def unused(self) -> Self:
        """Keep the images that no revision uses."""
        return self.filter(uses__isnull=True)

    def of_article(self, article: int) -> Self:
        """Keep the images that any revision of an article uses; `article` is its key."""
        return self.filter(pk__in=ImageUse.objects.filter(revision__article=article).values("image"))

    def found_by(self, query: str) -> Self:
        """Keep the images with all words of a query in alternative text, name of the file or uploader's name.

        An empty query keeps all, and one without any word keeps none.
        """
        if not query.strip():
            return self
        keys = matching(INDEXED, query)
        return self.none() if keys is None else self.filter(pk__in=keys)


class ImageUseQuerySet(WriteOnceQuerySet["ImageUse"]):
    def places(self, user: permissions.Person) -> QuerySet[Any, Any]:
        """Return a row for each image and article that uses it: first and last number, and count of revisions.

        A hidden title is replaced unless the person may see it. One query.
        """
        title = F("revision__article__latest_revision__title")
        is_hidden = hidden_texts("revision__article__latest_revision")
        hidden = When(is_hidden, then=Value(gettext("(hidden)")))
        rows: QuerySet[Any, Any] = (
            self.values(
                "image",
                "revision__article",
                slug=F("revision__article__slug"),
                title=title if permissions.can_hide(user) else Case(hidden, default=title),
            )
            .annotate(first=Min("revision__number"), last=Max("revision__number"), count=Count("pk"))
            .order_by("image", "-last", "revision__article")
        )
        return rows


class Image(models.Model):
    """A stored image; its name tells format and size. Never changed, and deleted only while no revision uses it."""

    token = models.CharField(_("token"), max_length=24, unique=True)
    format = models.CharField(_("format"), max_length=4, choices=[(f.value, f.name) for f in Format])
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    moving = models.BooleanField(_("moving"))
    size_bytes = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    alt = models.CharField(_("what it shows"), max_length=MAX_ALT, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=MAX_FILE_NAME, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("uploaded by"), null=True, related_name="+"
    )
    uploaded_by_name = models.CharField(_("uploaded by"), max_length=150)
    uploaded_at = models.DateTimeField(_("uploaded at"), db_index=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.alt or self.name.file()

    @property
    def name(self) -> ImageName:
        """The name of the file, as sources and pages write it."""
        return ImageName(self.token, self.width, self.height, Format(self.format), self.moving)

    @property
    def markdown(self) -> str:
        """The Markdown that shows the image."""
        return self.name.markdown(self.alt)

    @property
    def paths(self) -> Iterator[str]:
        """The paths of the image and its copies in the storage."""
        return (f"{FOLDER}/{file}" for file in self.name.files)


class ImageUse(WriteOnce):
    """A revision that uses an image, recorded when it is saved, so that finding uses reads no text."""

    revision = models.ForeignKey(  # the constraint below begins with it
        "articles.Revision", models.PROTECT, related_name="image_uses", db_index=False
    )
    image = models.ForeignKey("articles.Image", models.PROTECT, related_name="uses")

    objects: ClassVar[Any] = ImageUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of an image")
        verbose_name_plural = _("uses of images")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["revision", "image"], name="image_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.image_id}"
