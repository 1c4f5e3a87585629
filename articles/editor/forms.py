"""Forms of the editor: choices between two clashing versions, and images. The workflow validates their content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import SoftwareShare
from articles.revisions.forms import ArticleForm, accept_nul, as_typed
from articles.text.content import ContentMerge
from articles.text.content.marking import shortened
from articles.text.diff.passages import Passage, join_passages
from articles.text.page.images import Format


class Side(models.TextChoices):
    MINE = "mine", _("Yours")
    THEIRS = "theirs", _("Theirs")
    BOTH = "both", _("Both, yours first")
    OWN = "own", _("As written here:")


MOST_CHOICES = 30  # passages of the source to choose between; more are joined with their neighbours
MOST_SHOWN = 20_000  # code points of one side that the page compares, shared by the passages
LEAST_SHOWN = 300  # of each passage
BEFORE_DIFFERENCE = 60  # code points before the first difference of a long passage


class ChoicesForm(forms.Form):
    """The choices of an author between two clashing versions: a side, or another text, for each passage.

    Nothing is preselected. `theirs` is the number of the revision that the author's version is merged with.
    """

    theirs = forms.IntegerField(widget=forms.HiddenInput)

    class Media:
        js = (forms.Script("articles/choices.js", type="module"),)

    def __init__(self, merge: ContentMerge, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merge = merge
        self.places: dict[str, Passage] = {
            name: Passage(*map(as_typed, sides)) for name, sides in merge.clashes.items()
        }
        self._source = join_passages(merge.passages, most=MOST_CHOICES)
        self.places |= {str(k): part for k, part in enumerate(self._source) if not part.is_merged}
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
                label=_("Your own text"),
                initial=text,
                required=False,
                strip=False,
                widget=forms.Textarea(
                    attrs={"dir": "auto", "rows": min(20, text.count("\n") + len(text) // 80 + 2)}
                ),
            )
        accept_nul(self)

    def clean(self) -> None:
        for name in self.places:
            own = self.cleaned_data.get(f"own-{name}", "").replace("\r\n", "\n")
            side = self.cleaned_data.get(f"side-{name}")
            if side and side != Side.OWN and own not in (self[f"own-{name}"].initial, ""):
                self.add_error(
                    f"side-{name}", _("You wrote your own text but chose another side. Choose again.")
                )

    @property
    def passages(self) -> list[tuple[Passage, forms.BoundField | None, forms.BoundField | None]]:
        """The passages in order: those that clash as they are drawn, with their fields, the others with None."""
        return [
            (part, None, None) if part.is_merged else (self._drawn(part), self[f"side-{k}"], self[f"own-{k}"])
            for k, part in enumerate(self._source)
        ]

    def _drawn(self, place: Passage) -> Passage:
        """Return what the page draws of a passage: of a long one, the text around its first difference."""
        most = max(LEAST_SHOWN, MOST_SHOWN // len(self.places))
        if max(len(place.mine), len(place.theirs)) <= most:
            return place
        pairs = enumerate(zip(place.mine, place.theirs, strict=False))
        common = next(
            (n for n, (ours, other) in pairs if ours != other), min(len(place.mine), len(place.theirs))
        )
        start = max(0, common - BEFORE_DIFFERENCE)
        sides = (shortened(side[start:], most) for side in (place.mine, place.theirs))
        return Passage(*(f"\N{HORIZONTAL ELLIPSIS}{side}" if start else side for side in sides))

    @property
    def short_fields(self) -> list[tuple[str, Passage, forms.BoundField, forms.BoundField]]:
        return [
            (
                str(ArticleForm.base_fields[name].label),
                _in_words(name, self.places[name]),
                self[f"side-{name}"],
                self[f"own-{name}"],
            )
            for name in self.merge.clashes
        ]

    @property
    def chosen(self) -> dict[str, str]:
        """The data of `ArticleForm`: the merged fields and the chosen sides. Needs a valid form."""
        source = (
            part.mine if part.is_merged else self._chosen(str(k)) for k, part in enumerate(self._source)
        )
        return {
            **{name: as_typed(value) for name, value in self.merge.fields.items()},
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


def _in_words(name: str, place: Passage) -> Passage:
    """Return what the page draws of a short field: of a choice, what it is called."""
    if name != "software_share":
        return place
    names = {value: str(label) for value, label in SoftwareShare.choices}
    return Passage(*(names.get(side, side) for side in (place.mine, place.theirs)))


class ImageForm(forms.Form):
    """An image to upload. What the file is, its content tells."""

    file = forms.FileField(
        label=_("Image"),
        allow_empty_file=True,  # the workflow refuses it with a message
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
