"""The admin pages of accounts: Django's own, which also refuse unfit names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from .names import validate_full_name, validate_name

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[User]
    _CreationForm = AdminUserCreationForm[User]
    _ChangeForm = UserChangeForm[User]
    _UserAdmin = UserAdmin[User]
else:  # cannot be subscripted
    _ModelForm, _CreationForm, _ChangeForm, _UserAdmin = (
        object,
        AdminUserCreationForm,
        UserChangeForm,
        UserAdmin,
    )


class NamedForm(_ModelForm):
    """The part of a form that refuses unfit names. One that stays as it is passes, so that other fields can change."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for field in ("username", "first_name", "last_name"):
            if field not in self.changed_data or self.has_error(field):
                continue
            try:
                if field == "username":
                    validate_name(self.cleaned_data[field], account=self.instance)
                else:
                    validate_full_name(self.cleaned_data[field])
            except ValidationError as error:
                self.add_error(field, error)
        return cleaned


class AccountCreationForm(NamedForm, _CreationForm):
    """Makes an account."""


class AccountChangeForm(NamedForm, _ChangeForm):
    """Changes an account, and may rename it."""


class AccountForms(_UserAdmin):
    """The list and the forms of accounts."""

    add_form = AccountCreationForm
    form = AccountChangeForm
