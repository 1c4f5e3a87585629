"""Forms of one's account: signing in, and one's mail. The operations check what was chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from articles.moderation.standings import Standing
from articles.people.preferences import Kind, MailPreferences, When


class LoginForm(AdminAuthenticationForm):
    """Django's form, which says why a suspended account is refused; only who knows the password reads that."""

    def confirm_login_allowed(self, user: Any) -> None:
        suspension = Standing.objects.filter(account=user).in_force(Standing.Kind.SUSPENDED).first()
        if suspension is None:
            super().confirm_login_allowed(user)
            return
        if suspension.until:
            text = _(
                "Your account is suspended up to and including %(day)s. The reason: \u201c%(reason)s\u201d"
            )
            day = date_format(suspension.until, "DATE_FORMAT")
        else:
            text, day = _("Your account is suspended. The reason: \u201c%(reason)s\u201d"), ""
        raise ValidationError(text % {"day": day, "reason": suspension.reason}, code="suspended")


class LanguageSelect(forms.Select):
    """Languages by their own names, each said to be in its language."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["lang"] = str(value)
        return option


class MailForm(forms.Form):
    """A language, and for each kind of mail when it comes."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the pages and of my mail"), widget=LanguageSelect
    )

    def __init__(self, data: Any = None, *, chosen: MailPreferences, language: str) -> None:
        """Take what was chosen, and the language of the page, for who never chose one."""
        initial = {kind: chosen.when(kind) for kind in Kind.values}
        super().__init__(data, initial=initial | {"language": chosen.language or language})
        names = [(tag, get_language_info(tag)["name_local"]) for tag, _name in settings.LANGUAGES]
        self.fields["language"].choices = names  # type: ignore[attr-defined]
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=When.choices, widget=forms.RadioSelect
            )
