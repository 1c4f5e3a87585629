from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from articles.demo import TEXTS
from articles.demo.play import make_articles
from articles.demo.waiting import WAITING
from articles.models import ReasonTemplate, Revision

ACCOUNTS = {  # name and group; without one, a superuser
    "author": "authors",
    "second_author": "authors",
    "moderator": "moderators",
    "administrator": None,
}
REASONS = {
    "Advertising": "The text or a link of it advertises. We publish nothing that sells.",
    "Look-alike letters": "Letters are replaced by others that look the same. Type the words anew, then submit again.",
    "No source": "Say where this is known from, with a link or the name of a book.",
    "Not what the summary says": "The change does something else than its summary says.",
}


class Command(BaseCommand):
    help = (
        "Make the demo's accounts and articles, each only where it is missing: what people did to them stays."
        " The password of a new account is random and shown once."
    )
    requires_system_checks = []  # runs at every start

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset-passwords", action="store_true", help="give the accounts new passwords")

    def handle(self, *, reset_passwords: bool, **options: Any) -> None:
        passwords = make_accounts(reset_passwords=reset_passwords)
        if passwords:
            self.stdout.write(f"{'Account':<16}{'Password':<20}Group")
        for name, password in passwords.items():
            self.stdout.write(f"{name:<16}{password:<20}{ACCOUNTS[name] or '(superuser)'}")
        make_reasons()
        if made := make_missing_articles():
            self.stdout.write(f"{made} demo articles made.")
        self.stdout.write("Read at /, decide what waits at /moderation/, write at /admin/.")
        if not passwords:
            self.stdout.write(f"The accounts are {', '.join(ACCOUNTS)}.")
            self.stdout.write("New passwords for them: manage.py demo --reset-passwords")


def make_accounts(*, reset_passwords: bool) -> dict[str, str]:
    """The passwords of the accounts that were missing or, if asked, of all, which then are new."""
    users = get_user_model()._default_manager.in_bulk(ACCOUNTS, field_name="username")
    passwords = {}
    with transaction.atomic():
        for name, group in ACCOUNTS.items():
            user = users.get(name)
            if user and not reset_passwords:
                continue
            passwords[name] = secrets.token_urlsafe(12)
            if user is None:
                user = get_user_model()(username=name, is_staff=True, is_superuser=group is None)
            user.set_password(passwords[name])
            user.save()
            if group and name not in users:
                user.groups.add(Group.objects.get(name=group))
    return passwords


def make_reasons() -> None:
    """Ready-made reasons, where there are none: whoever has some, or deleted some, keeps what is there."""
    if not ReasonTemplate.objects.exists():
        ReasonTemplate.objects.bulk_create(
            ReasonTemplate(name=name, text=text) for name, text in REASONS.items()
        )


def make_missing_articles() -> int:
    """How many were made. An article counts as there if it ever stood, or asked to stand, at the slug."""
    slugs = {path.stem for path in TEXTS.glob("*.md")} | WAITING.keys()
    missing = slugs.difference(Revision.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    if missing:
        users = get_user_model()._default_manager.in_bulk(ACCOUNTS, field_name="username")
        try:
            make_articles(missing, users=users)
        except PermissionDenied:
            raise CommandError(
                "An account of the demo may not do its part: has it lost its group? No article of the demo"
                " is half made."
            ) from None
    return len(missing)
