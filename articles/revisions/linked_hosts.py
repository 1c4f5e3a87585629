"""Hosts that live pages link to."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.text.page import linked_hosts

if TYPE_CHECKING:
    from .articles import Article


class LinkedHostQuerySet(QuerySet):
    def counts(self, hosts: Collection[str]) -> dict[str, int]:
        """How many articles that are public now link to each of these hosts."""
        rows = self.filter(host__in=hosts).order_by()
        return dict(rows.values_list("host").annotate(n=Count("pk")))


class LinkedHost(models.Model):
    """A host that the live version of an article links to; written anew whenever that version changes."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="linked_hosts")
    host = models.CharField(_("host"), max_length=253)

    objects = LinkedHostQuerySet.as_manager()

    class Meta:
        verbose_name = _("linked host")
        verbose_name_plural = _("linked hosts")
        constraints = [models.UniqueConstraint(fields=["host", "article"], name="linked_host_once")]

    def __str__(self) -> str:
        return self.host


def record_linked_hosts(article: Article) -> None:
    """Note where the live version leads, or that none is live."""
    live = article.published_revision
    now = set(linked_hosts(live.renderings.latest().html)) if live else set()
    before = set(LinkedHost.objects.filter(article=article).values_list("host", flat=True))
    LinkedHost.objects.filter(article=article, host__in=before - now).delete()
    LinkedHost.objects.bulk_create(
        (LinkedHost(article=article, host=host) for host in now - before), ignore_conflicts=True
    )
