"""A sequencer that is killed, for real, in the middle of its work: the next one goes on, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from articles.seals.entries import SealedEntry, SealLog
from articles.seals.sequencing import count_unsealed, seal_new

from .test_page import database_url
from .test_sequencing import is_whole

ROOT = Path(__file__).parents[2]
SEALS = """
import django
django.setup()
from articles.seals import sequencing
sequencing.AT_ONCE = 1
for _ in sequencing.seal_new():
    print("one", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_sequencer_leaves_a_whole_log(history):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "cms_site.settings",
    }
    for parts in (1, 7):
        process = subprocess.Popen(
            [sys.executable, "-c", SEALS], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(parts):
            process.stdout.readline()
        process.kill()
        process.communicate()

        assert SealedEntry.objects.count() == SealLog.stored().size >= parts
        assert is_whole()
        assert count_unsealed() > 0

    sum(seal_new())

    assert count_unsealed() == 0
    assert is_whole()
