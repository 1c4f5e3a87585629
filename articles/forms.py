"""What people type in: the editor's form and a moderator's decision. Rules stand in the workflow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from .text.content import Content
from .workflow import MAX_REASON


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
        for field in self.fields.values():  # the workflow refuses a NUL with its place
            field.validators = [
                v for v in field.validators if not isinstance(v, ProhibitNullCharactersValidator)
            ]

    @classmethod
    def initial_from(cls, content: Content, *, base: int) -> dict[str, Any]:
        return {
            "title": content.title,
            "slug": content.slug,
            "language": content.language,
            "tags": ", ".join(content.tags),
            "source": content.source,
            "base": base,
        }

    @property
    def content(self) -> Content:
        data = self.cleaned_data
        return Content(
            title=data["title"],
            slug=data["slug"],
            source=data["source"],
            language=data["language"],
            tags=tuple(dict.fromkeys(tag.strip() for tag in data["tags"].split(",") if tag.strip())),
            summary=data["summary"],
        )


class DecisionForm(forms.Form):
    """A moderator's verdict; the button pressed is the decision."""

    decision = forms.ChoiceField(
        choices=[
            ("approve", _("Approve")),
            ("request changes", _("Request changes")),
            ("reject", _("Reject")),
        ]
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The author reads it. Needed for all but approval."),
    )
