"""Keeping scratch copies: one statement a write, with no look at what the text would become."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import regex
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import permissions
from articles.tasks import SHORT, task

from .articles import Article
from .revisions import Revision
from .scratch_copies import ScratchCopy, ScratchCopyQuerySet
from .steps import require
from .validation import MAX_TAGS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_REPLACED = 20  # copies of one person and article
RETENTION = timedelta(days=30)  # of a replaced copy
MAX_EDITS = 2**31 - 1
MAX_TAG_LINE = 52 * MAX_TAGS  # code points: tags of 50, each with a comma and a space
MAX_VALUE = 200  # code points of a field that has no limit of its own

_TOKEN = regex.compile(r"[0-9a-f]{32}")


def keep_scratch_copy(
    article: Article | None, *, by: User, token: str, edits: int, fields: Mapping[str, str]
) -> None:
    """Keep what a person typed in the editor page with this token; in one statement, except for the first of a page.

    `edits` counts the page's edits: a request that arrives after a later one changes nothing. The first write of a
    page replaces the person's other copies of the article, which stay for `RETENTION`, at most `MOST_REPLACED`.
    Raises `PermissionDenied` where the person may not save, `ValidationError` for what no save could take.
    """
    require(permissions.can_edit(by) if article else permissions.can_create(by))
    _require_limits(token, edits, fields)
    copy = ScratchCopy(owner=by, article=article, token=token, edits=edits, written_at=timezone.now())
    copy.fields = dict(fields)
    written = ["article", "data", "title", "length", "edits", "written_at", "replaced_at"]
    own = ScratchCopy.objects.visible_to(by)
    if own.filter(token=token, edits__lt=edits).update(**{name: getattr(copy, name) for name in written}):
        return
    with transaction.atomic():
        if own.filter(token=token).exists():
            return  # a later edit was here first
        # Two first writes of one page may meet here; then the second one is taken.
        ScratchCopy.objects.bulk_create(
            [copy], update_conflicts=True, unique_fields=["owner", "token"], update_fields=written
        )
        others = own.about(article).exclude(token=token)
        if others.current().update(replaced_at=copy.written_at):
            _delete_surplus(others)
            delete_old_scratch_copies.enqueue()


def discard_scratch_copy(copy: ScratchCopy, *, by: User) -> None:
    """Take a copy off the offers; it can be brought back for `RETENTION`."""
    require(permissions.can_see_scratch_copy(by, copy))
    others = ScratchCopy.objects.visible_to(by).filter(article=copy.article_id)
    with transaction.atomic():
        if others.current().filter(pk=copy.pk).update(replaced_at=timezone.now()):
            _delete_surplus(others)
            delete_old_scratch_copies.enqueue()


def drop_scratch_copies(by: User, tokens: Collection[str]) -> None:
    """Delete the copies whose text a save contains, in the transaction of that save. No query without tokens."""
    if tokens:
        ScratchCopy.objects.visible_to(by).filter(token__in=tokens).delete()


@task(title=gettext_lazy("Delete old unsaved texts"), queue_name=SHORT)
def delete_old_scratch_copies() -> str:
    """Delete the copies that were replaced longer than `RETENTION` ago, and say how many there were."""
    old = ScratchCopy.objects.filter(replaced_at__lt=timezone.now() - RETENTION)
    deleted, _by_model = old.delete()
    return _("Deleted: %(number)d.") % {"number": deleted}


def _delete_surplus(copies: ScratchCopyQuerySet) -> None:
    """Delete all but the newest `MOST_REPLACED` replaced copies."""
    surplus = copies.replaced().values_list("pk", flat=True)[MOST_REPLACED:]
    ScratchCopy.objects.filter(pk__in=list(surplus)).delete()


def _require_limits(token: str, edits: int, fields: Mapping[str, str]) -> None:
    """Raise `ValidationError` with a message for each field that is longer than a save would take."""
    if not _TOKEN.fullmatch(token) or not 0 < edits <= MAX_EDITS:
        raise ValidationError(
            _("This page of the editor is damaged. Copy your text, then load the page again.")
        )
    errors = {}
    for name, value in fields.items():
        if name == "source":
            length, limit = len(value.encode(errors="surrogatepass")), settings.MAX_SOURCE_BYTES
            message = _("%(length)d bytes; at most %(limit)d fit.")
        else:
            length, limit = len(value), _limit(name)
            message = _("%(length)d characters; at most %(limit)d fit.")
        if length > limit:
            errors[name] = [message % {"length": length, "limit": limit}]
    if errors:
        raise ValidationError(errors)


def _limit(name: str) -> int:
    """Return how many code points of a field are kept."""
    if name == "tags":
        return MAX_TAG_LINE
    column = next((field for field in Revision._meta.fields if field.name == name), None)
    return getattr(column, "max_length", None) or MAX_VALUE
