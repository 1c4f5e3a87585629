"""Linked hosts: where live revisions link to."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.text.page import linked_hosts

if TYPE_CHECKING:
    from .articles import Article


class LinkedHostQuerySet(QuerySet["LinkedHost"]):
    def counts(self, hosts: Collection[str]) -> dict[str, int]:
        """Return how many public articles link to each of these hosts; hosts without a link are missing."""
        rows = self.filter(host__in=hosts).order_by()
        return dict(rows.values_list("host").annotate(n=Count("pk")))


class LinkedHost(models.Model):
    """A host that the live revision of an article links to."""

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
    """Replace an article's linked hosts with those of its live revision; remove all if none is live.

    Lock the article first.
    """
    live = article.published_revision
    hosts = set(linked_hosts(live.renderings.latest().html)) if live else set()
    stored = set(LinkedHost.objects.filter(article=article).values_list("host", flat=True))
    LinkedHost.objects.filter(article=article, host__in=stored - hosts).delete()
    LinkedHost.objects.bulk_create(
        (LinkedHost(article=article, host=host) for host in hosts - stored), ignore_conflicts=True
    )
