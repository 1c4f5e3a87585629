"""What authors type in: a version of an article, and choices where two versions clash. Rules stand in the workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from articles.text.content import Content, ContentMerge
from articles.text.diff.passages import Passage
from articles.text.page.images import Format
from articles.workflow import with_lf


def _accept_nul(form: forms.Form) -> None:
    """The workflow refuses a NUL with its place."""
    for field in form.fields.values():
        field.validators = [v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)]


def _as_typed(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


class EditorWidget(AdminMarkdownxWidget):
    """markdownx's field, driven by our own script: Tab leaves it, and its preview stands in the editor's page."""

    template_name = "django/forms/widgets/textarea.html"

    @property
    def media(self) -> forms.Media:
        script = forms.Script("articles/editor.js", type="module")
        return forms.Media(css={"all": ["articles/editor.css"]}, js=[script])  # type: ignore[list-item]


class ArticleForm(forms.Form):
    """A version of an article as its author writes it. Nothing is stripped: every character is the author's."""

    title = forms.CharField(label=_("Title"), strip=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    slug = forms.CharField(
        label=_("Address"),
        strip=False,
        widget=forms.TextInput(attrs={"dir": "auto", "data-follows-title": True}),
        help_text=_("The last part of the page's address. It takes effect when the version is published."),
    )
    language = forms.CharField(
        label=_("Language"),
        initial="en",
        help_text=_("The language tag of the text, such as en, ar or pt-BR; characters are judged by it."),
    )
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separated by commas."))
    source = MarkdownxFormField(
        label=_("Text"), required=False, strip=False, widget=EditorWidget(attrs={"dir": "auto", "rows": 30})
    )
    summary = forms.CharField(
        label=_("What you changed"), required=False, strip=False, help_text=_("One line for the history.")
    )
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _accept_nul(self)

    @classmethod
    def initial_from(cls, content: Content, *, base: int) -> dict[str, Any]:
        return {
            "title": content.title,
            "slug": content.slug,
            "language": content.language,
            "tags": _as_typed(content.tags),
            "source": content.source,
            "base": base,
        }

    @property
    def content(self) -> Content:
        return self.typed(self.cleaned_data)

    @staticmethod
    def typed(data: Mapping[str, str]) -> Content:
        """What stands in the fields, valid or not."""
        return Content(
            title=data.get("title", ""),
            slug=data.get("slug", ""),
            source=with_lf(data.get("source", "")),
            language=data.get("language", ""),
            tags=tuple(dict.fromkeys(tag.strip() for tag in data.get("tags", "").split(",") if tag.strip())),
            summary=data.get("summary", ""),
        )


class Side(models.TextChoices):
    MINE = "mine", _("Yours")
    THEIRS = "theirs", _("Theirs")
    BOTH = "both", _("Both, yours first")
    OWN = "own", _("As written here:")


class ChoicesForm(forms.Form):
    """Two versions that clash: a choice for each place, or a text of one's own. Nothing is chosen beforehand.

    `theirs` is the number of the version that the person's own is brought together with.
    """

    theirs = forms.IntegerField(widget=forms.HiddenInput)

    class Media:
        js = (forms.Script("articles/choices.js", type="module"),)

    def __init__(self, merge: ContentMerge, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merge = merge
        self.places: dict[str, Passage] = {
            name: Passage(*map(_as_typed, sides)) for name, sides in merge.clashes.items()
        }
        self.places |= {str(k): part for k, part in enumerate(merge.passages) if not part.is_settled}
        for name, place in self.places.items():
            is_source = name.isdigit()
            text = place.mine.removesuffix("\n")
            self.fields[f"side-{name}"] = forms.ChoiceField(
                choices=[choice for choice in Side.choices if is_source or choice[0] != Side.BOTH],
                widget=forms.RadioSelect,
                label=_("What to keep"),
                error_messages={"required": _("Choose what to keep here.")},
            )
            self.fields[f"own-{name}"] = forms.CharField(
                label=_("A text of your own"),
                initial=text,
                required=False,
                strip=False,
                widget=forms.Textarea(
                    attrs={"dir": "auto", "rows": min(20, text.count("\n") + len(text) // 80 + 2)}
                ),
            )
        _accept_nul(self)

    def clean(self) -> None:
        for name in self.places:
            own = self.cleaned_data.get(f"own-{name}", "").replace("\r\n", "\n")
            side = self.cleaned_data.get(f"side-{name}")
            if side and side != Side.OWN and own not in (self[f"own-{name}"].initial, ""):
                self.add_error(
                    f"side-{name}", _("You wrote a text of your own but chose another. Choose again.")
                )

    @property
    def passages(self) -> list[tuple[Passage, forms.BoundField | None, forms.BoundField | None]]:
        """The text in order, with its two fields where there is something to choose."""
        return [
            (part, None, None) if part.is_settled else (part, self[f"side-{k}"], self[f"own-{k}"])
            for k, part in enumerate(self.merge.passages)
        ]

    @property
    def short_fields(self) -> list[tuple[str, Passage, forms.BoundField, forms.BoundField]]:
        return [
            (
                str(ArticleForm.base_fields[name].label),
                self.places[name],
                self[f"side-{name}"],
                self[f"own-{name}"],
            )
            for name in self.merge.clashes
        ]

    @property
    def chosen(self) -> dict[str, str]:
        """The fields of `ArticleForm` as they were settled and chosen."""
        source = (
            part.mine if part.is_settled else self._chosen(str(k))
            for k, part in enumerate(self.merge.passages)
        )
        return {
            **{name: _as_typed(value) for name, value in self.merge.fields.items()},
            **{name: self._chosen(name) for name in self.merge.clashes},
            "source": "".join(source),
        }

    def _chosen(self, name: str) -> str:
        place, side = self.places[name], self.cleaned_data[f"side-{name}"]
        if side != Side.OWN:
            return {Side.MINE: place.mine, Side.THEIRS: place.theirs, Side.BOTH: place.both}[side]
        own: str = self.cleaned_data[f"own-{name}"]
        ends_line = (place.mine or place.theirs).endswith("\n")
        return f"{own}\n" if own and ends_line else own


class ImageForm(forms.Form):
    """An image to upload. What the file is, its content tells."""

    file = forms.FileField(
        label=_("Image"),
        allow_empty_file=True,  # the workflow says what is wrong with it
        widget=forms.FileInput(attrs={"accept": ",".join(format.content_type for format in Format)}),
        help_text=_("PNG, JPEG, WebP, GIF or AVIF. Place, camera and other notes in the file are not kept."),
    )
    alt = forms.CharField(
        label=_("What does it show?"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For those who cannot see it. Leave it empty if the image is decoration only."),
    )
