from __future__ import annotations

import secrets
from datetime import timedelta
from itertools import chain
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from articles.demo import TEXTS
from articles.demo.play import make_articles
from articles.demo.scenes import SCENES, play_scenes
from articles.demo.waiting import WAITING
from articles.management.naming import refuse_unfit_name
from articles.management.wording import counted
from articles.models import ReasonTemplate, Revision

SINCE = timedelta(days=800)  # how long ago the accounts were made, so before all articles
ACCOUNTS = {  # name and group; a superuser if the group is None
    "author": "authors",
    "second_author": "authors",
    "third_author": "authors",
    "moderator": "moderators",
    "administrator": None,
}
WRITERS = {  # name and group of those who wrote the articles; nobody can log in as one
    "Marit Solheim": "authors",
    "Tom Ashworth": "authors",
    "Jonas Reuter": "authors",
    "Élise Moreau": "authors",
    "Анна Лебедева": "authors",
    "Ελένη Μαρκάκη": "authors",
    "ليلى الحارثي": "authors",
    "मीरा जोशी": "authors",
    "小川 千夏": "authors",
    "ศิริพร แก้วใส": "authors",
    "Clara Winther": "moderators",
}
REASONS = {
    "Advertising": "The text or one of its links is an advertisement. We publish none.",
    "Look-alike letters": "Some letters are replaced by look-alikes. Type these words again, then submit.",
    "No source": "Name your source: a link, or the title of a book.",
    "Not what the summary says": "The summary does not describe the change. Correct the summary, then submit.",
}


class Command(BaseCommand):
    help = (
        "Create the accounts and articles of the demo that are missing; those that exist are not changed."
        " The password of a new account is random and is shown once."
    )
    requires_system_checks = []  # `make run` calls the command at every start

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
            self.stdout.write(f"Created {counted(made, 'demo article', 'demo articles')}.")
        self.stdout.write("Read articles at /, review versions at /moderation/, write at /admin/.")
        if not passwords:
            self.stdout.write(f"The accounts are {', '.join(ACCOUNTS)}.")
            self.stdout.write("To give them new passwords: manage.py demo --reset-passwords")


def make_accounts(*, reset_passwords: bool) -> dict[str, str]:
    """Create the missing accounts, and return the new passwords by name: of all accounts if `reset_passwords`."""
    people = ACCOUNTS | WRITERS
    users = get_user_model()._default_manager.in_bulk(people, field_name="username")
    passwords = {}
    with transaction.atomic():
        for name, group in people.items():
            user = users.get(name)
            if user and (name in WRITERS or not reset_passwords):
                continue
            if user is None:
                refuse_unfit_name(name)
                user = get_user_model()(
                    username=name,
                    is_staff=True,
                    is_superuser=group is None,
                    date_joined=timezone.now() - SINCE,
                )
            if name in ACCOUNTS:
                passwords[name] = secrets.token_urlsafe(12)
                user.set_password(passwords[name])
            else:
                user.set_unusable_password()
            user.save()
            if group and name not in users:
                user.groups.add(Group.objects.get(name=group))
    return passwords


def make_reasons() -> None:
    """Create the ready-made reasons of the demo, unless the site has any reason."""
    if not ReasonTemplate.objects.exists():
        ReasonTemplate.objects.bulk_create(
            ReasonTemplate(name=name, text=text) for name, text in REASONS.items()
        )


def make_missing_articles() -> int:
    """Create the missing articles, and return their number. An article exists if any revision has its slug.

    Raises `CommandError` if an account of the demo lacks a permission; no article is made then.
    """
    slugs = {path.stem for path in TEXTS.glob("*.md")} | WAITING.keys() | set(chain.from_iterable(SCENES))
    missing = slugs.difference(Revision.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for articles in SCENES:  # a scene is played as a whole or not at all
        if not missing.issuperset(articles):
            missing.difference_update(articles)
    if missing:
        users = get_user_model()._default_manager.in_bulk(ACCOUNTS | WRITERS, field_name="username")
        try:
            make_articles(missing, users=users)
            play_scenes(missing, users=users)
        except PermissionDenied:
            raise CommandError(
                "An account of the demo lacks a permission, so no article was made."
                " Put the account back into its group."
            ) from None
    return len(missing)
