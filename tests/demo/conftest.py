"""The demo, made once for the tests of a module."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction


def run(*options: str) -> str:
    out = StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def first_output(django_db_setup, django_db_blocker):
    """What the first run printed; its data stand until the module's tests are done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run()
        transaction.set_rollback(True)
