"""Spendings: what each account and IP address has asked for in the minute that runs."""

from __future__ import annotations

from django.db import models


class Spending(models.Model):
    """The units that somebody spent of a budget in a minute. Names nobody: the key is a keyed hash of both.

    A row stands for the last minute in which there was anything to count; `articles/http/counts.py` writes and sweeps.
    """

    id = models.BigIntegerField(primary_key=True)
    minute = models.IntegerField()  # since 1970
    units = models.IntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.id}: {self.units}"
