"""Traits: what is in a waiting submission, as rows by which an event elsewhere finds the reviews that it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Self

from django.db import models
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from .reviews import Review


class TraitQuerySet(QuerySet["Trait"]):
    def of_new_hosts(self, hosts: Collection[str]) -> Self:
        """Return the traits of reviews that link to one of these hosts, as new to the site."""
        return self.filter(kind="new host", value__in=hosts)

    def rare_hosts(self, hosts: Collection[str], most: int) -> tuple[set[str], set[str]]:
        """Split the hosts that reviews link to as new: those in at most so many reviews, and the others. One query."""
        counts = self.of_new_hosts(hosts).order_by().values_list("value").annotate(n=Count("pk"))
        numbers: dict[str, int] = dict(counts)
        rare = {host for host, number in numbers.items() if number <= most}
        return rare, numbers.keys() - rare


class Trait(models.Model):
    """A value in the submission of a pending review. A review that ended has none.

    A flagged value is a character, word or domain whose allowance could cover one of its findings; an empty one stands
    for any, where they are too many. A reading is that of a new domain, as twins of it read.
    """

    class Kind(models.TextChoices):
        FLAGGED = "flagged", _("flagged")
        HOST = "host", _("domain")
        NEW_HOST = "new host", _("domain new to the site")
        READING = "reading", _("reading of a domain")

    review = models.ForeignKey(Review, models.CASCADE, related_name="traits")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.CharField(_("value"), max_length=600)

    objects = TraitQuerySet.as_manager()

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "value", "review"], name="trait_once")]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.kind} {self.value}"


def record_traits(review: Review, traits: Iterable[tuple[str, str]]) -> None:
    """Replace the traits of a review; without any, remove them. Takes one query if nothing changed."""
    new = {(str(kind), value) for kind, value in traits}
    stored = {(kind, value): pk for pk, kind, value in review.traits.values_list("pk", "kind", "value")}
    if gone := [pk for trait, pk in stored.items() if trait not in new]:
        Trait.objects.filter(pk__in=gone).delete()
    Trait.objects.bulk_create(
        (Trait(review=review, kind=kind, value=value) for kind, value in sorted(new - stored.keys())),
        ignore_conflicts=True,
    )
