"""The form of a revision, which the editor and the moderators' correction share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from articles.text.content import Content
from articles.text.content.defaults import Defaults
from articles.text.content.tags import split_tags

from .revisions import ChangeKind, SoftwareShare
from .writing import with_lf

if TYPE_CHECKING:
    from django.forms import Textarea as MarkdownWidget  # markdownx has no types
else:
    MarkdownWidget = AdminMarkdownxWidget


def accept_nul(form: forms.Form) -> None:
    """Let NUL through every field: the operation refuses it with its position."""
    for field in form.fields.values():
        field.validators = [v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)]


def as_typed(value: str | Sequence[str]) -> str:
    """Return a value as its field shows it; tags joined by commas."""
    return value if isinstance(value, str) else ", ".join(value)


def in_one_line(value: str) -> str:
    """Return a value with a space for each line end, which a field of several lines lets in."""
    return with_lf(value).replace("\n", " ")


class EditorWidget(MarkdownWidget):
    """markdownx's field with our own script: Tab leaves the field, and the editor's page shows the preview."""

    template_name = "django/forms/widgets/textarea.html"

    @property
    def media(self) -> forms.Media:
        script = forms.Script("articles/editor.js", type="module")
        return forms.Media(js=[script])  # type: ignore[list-item]


class ArticleForm(forms.Form):
    """The fields of a revision. Nothing is stripped: every character is the author's, except around tags."""

    title = forms.CharField(
        label=_("Title"),
        strip=False,
        widget=forms.TextInput(attrs={"dir": "auto", "placeholder": _("Title")}),
    )
    slug = forms.CharField(
        label=_("Address"),
        strip=False,
        widget=forms.TextInput(attrs={"dir": "auto", "data-follows-title": True}),
        help_text=_("The last part of the page's address. It takes effect when the version is published."),
    )
    language = forms.CharField(
        label=_("Language"),
        initial="en",
        widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "That of the text: characters are judged by it. Type its name, or its tag, such as en or pt-BR."
        ),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Separated by commas."),
    )
    source = MarkdownxFormField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=EditorWidget(attrs={"dir": "auto", "rows": 30, "placeholder": _("Text")}),
    )
    excerpt = forms.CharField(
        label=_("Excerpt"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
        help_text=_("Shown in lists. Empty means the beginning of the text."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}),
        help_text=_("Shown by search engines. Empty means the beginning of the excerpt."),
    )
    cover = forms.CharField(
        label=_("Cover"),
        required=False,
        strip=False,
        widget=forms.Select,
        help_text=_("The picture beside links to the article: one of the text, or one that you uploaded."),
    )
    summary = forms.CharField(
        label=_("What you changed"), required=False, strip=False, help_text=_("One line for the history.")
    )
    change_kind = forms.CharField(
        label=_("Kind of change"),
        required=False,
        initial="",
        strip=False,
        widget=forms.RadioSelect(choices=[("", _("not said")), *ChangeKind.choices]),
    )
    software_share = forms.CharField(
        label=_("Share of software"),
        required=False,
        strip=False,
        widget=forms.Select(choices=[("", _("not said")), *SoftwareShare.choices]),
        help_text=_(
            "How much of the text AI or another program wrote. Readers see it under the title, and programs read it."
        ),
    )
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def is_wrong_in_details(self) -> bool:
        """Return whether all that is wrong stands in the sheet *Details*, which opens then."""
        return bool(self.errors) and not {"title", "source", "base", NON_FIELD_ERRORS} & self.errors.keys()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accept_nul(self)
        self.offer_covers({})

    def offer_covers(self, covers: Mapping[str, str]) -> None:
        """Offer pictures as cover, by name of file with a label, beside the one that is chosen."""
        chosen = str(self["cover"].value() or "")
        labels = {"": _("the first picture of the text"), **({chosen: chosen} if chosen else {}), **covers}
        self.fields["cover"].widget.choices = list(labels.items())

    def show_defaults(self, defaults: Defaults) -> None:
        """Show in the empty fields what stands for them."""
        for name in ("excerpt", "description"):
            self.fields[name].widget.attrs["placeholder"] = getattr(defaults, name)

    @classmethod
    def initial_from(cls, content: Content, *, base: int) -> dict[str, Any]:
        """Return the initial values for editing a content; `base` is the number of its revision."""
        return {
            "title": content.title,
            "slug": content.slug,
            "language": content.language,
            "tags": as_typed(content.tags),
            "source": content.source,
            "excerpt": content.excerpt,
            "description": content.description,
            "cover": content.cover,
            "software_share": content.software_share,
            "base": base,
        }

    @property
    def content(self) -> Content:
        """The content that was submitted; the form must be valid."""
        return self.typed(self.cleaned_data)

    @staticmethod
    def typed(data: Mapping[str, str]) -> Content:
        """Return the content of the fields, valid or not."""
        return Content(
            title=data.get("title", ""),
            slug=data.get("slug", ""),
            source=with_lf(data.get("source", "")),
            language=data.get("language", ""),
            tags=split_tags(data.get("tags", "")),
            summary=data.get("summary", ""),
            excerpt=in_one_line(data.get("excerpt", "")),
            description=in_one_line(data.get("description", "")),
            cover=data.get("cover", ""),
            change_kind=data.get("change_kind", ""),
            software_share=data.get("software_share", ""),
        )
