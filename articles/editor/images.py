"""Images in the admin: the list for the site or one article, uploading, and the page of one image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from articles import permissions, workflow
from articles.http.limits import limited
from articles.http.parameters import parse_number
from articles.models import Article, Image, ImageUse

from .finding import find_images
from .forms import ImageForm

MOST_ARTICLES = 10  # that are named as showing an image

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Image]
else:  # only the type stubs know a generic class
    ModelAdmin = admin.ModelAdmin


class ArticleFilter(admin.SimpleListFilter):
    """A filter by article. It offers only the article in the address, since there may be thousands."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        pk = parse_number(request.GET.get("article"))
        articles = Article.objects.visible_to(request.user).select_related("latest_revision")
        return [(str(pk), str(article)) for article in articles.filter(pk=pk)] if pk else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        article = self.value()
        return queryset.of_article(int(article)) if article else queryset


class UseFilter(admin.SimpleListFilter):
    title = gettext_lazy("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("unused", _("not used yet"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unused() if self.value() == "unused" else queryset


class ImageList(ChangeList):
    """The list of images; one query reads which articles show the images of a page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = {image.pk: image for image in self.result_list}
        for image in rows.values():
            image.places = []
        for place in ImageUse.objects.filter(image__in=rows).places(request.user):
            rows[place["image"]].places.append(place)
        self.result_list = list(rows.values())


@admin.register(Image)
class ImageAdmin(ModelAdmin):
    list_display = ("thumbnail", "shows", "shown_in", "size", "uploaded_by_name", "uploaded_at")
    list_display_links = ("thumbnail", "shows")
    list_filter = (ArticleFilter, UseFilter)
    search_fields = ("alt", "file_name", "token", "uploaded_by_name")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["articles/images.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ImageList

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_see_drafts(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return permissions.can_see_drafts(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.can_upload(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return False  # an image never changes; another one is another upload

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return obj is not None and permissions.can_delete_image(request.user, obj)

    def get_urls(self) -> list[URLPattern]:
        return [path("find/", find_images, name="articles_image_find"), *super().get_urls()]

    # The list

    @admin.display(description=gettext_lazy("image"))
    def thumbnail(self, image: Image) -> str:
        alt = image.alt or image.file_name or _("decoration")
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" loading="lazy">', image.name.thumbnail, alt
        )

    @admin.display(description=gettext_lazy("what it shows"), ordering="alt")
    def shows(self, image: Image) -> str:
        name = format_html('<br><bdi class="help">{}</bdi>', image.file_name) if image.file_name else ""
        return format_html("<bdi>{}</bdi>{}", image.alt or _("decoration"), name)

    @admin.display(description=gettext_lazy("shown in"))
    def shown_in(self, image: Any) -> str:
        return shown_in(image.places)

    @admin.display(description=gettext_lazy("size"), ordering="size_bytes")
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}, {filesizeformat(image.size_bytes)}"  # noqa: RUF001

    # One image

    @method_decorator(limited("upload", per_minute=30, only=("POST",)))  # type: ignore[arg-type]
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Show the upload page and store an image. Answer in JSON if asked: Markdown, or errors by field."""
        if not permissions.can_upload(request.user):
            raise PermissionDenied
        wants_json = "application/json" in request.headers.get("Accept", "")
        form = ImageForm(request.POST or None, request.FILES or None)
        if form.is_bound and form.is_valid():
            try:
                image = workflow.upload_image(
                    form.cleaned_data["file"],
                    alt=form.cleaned_data["alt"],
                    by=permissions.signed_in(request),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                if wants_json:
                    return JsonResponse({"markdown": image.markdown, "address": image.name.address})
                messages.success(request, _("The image is stored. Copy its line into your text."))
                return redirect("admin:articles_image_change", image.pk)
        if wants_json:
            return JsonResponse({"errors": form.errors}, status=400)
        context = {"title": _("Upload an image"), "form": form, "max_image_bytes": settings.MAX_IMAGE_BYTES}
        return self._page(request, "admin/articles/image/upload.html", context)

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=parse_number(object_id))
        places = list(ImageUse.objects.filter(image=image).places(request.user))
        context = {
            "title": _("Image"),
            "image": image,
            "shown_in": shown_in(places),
            "may_delete": not places and self.has_delete_permission(request, image),
        }
        return self._page(request, "admin/articles/image/image.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, template, shared | context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except workflow.WorkflowError as error:
            messages.error(request, str(error))
            return redirect("admin:articles_image_change", object_id)

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        workflow.delete_image(obj, by=permissions.signed_in(request))


def shown_in(places: list[dict[str, Any]]) -> str:
    """Return HTML with links to the first articles that show an image, and the numbers of the versions that do."""
    links = format_html_join(
        "; ",
        '<a href="{}"><bdi>{}</bdi></a> ({})',
        (
            (reverse("history", args=[place["slug"]]), place["title"], _versions(place))
            for place in places[:MOST_ARTICLES]
        ),
    )
    more = len(places) - MOST_ARTICLES
    if more > 0:
        words = ngettext("and %(n)d more article", "and %(n)d more articles", more) % {"n": more}
        return format_html("{}; {}", links, words)
    return links or _("no version")


def _versions(place: dict[str, Any]) -> str:
    first, last, count = place["first"], place["last"], place["count"]
    if count == 1:
        return _("version %(number)d") % {"number": first}
    if count == last - first + 1:
        return _("versions %(first)d to %(last)d") % {"first": first, "last": last}
    return ngettext(
        "%(count)d version between %(first)d and %(last)d",
        "%(count)d versions between %(first)d and %(last)d",
        count,
    ) % {"count": count, "first": first, "last": last}
