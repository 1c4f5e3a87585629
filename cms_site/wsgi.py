import os

import django

from cms_site import environment

environment.load()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_site.settings")
django.setup(set_prefix=False)

from articles.reader.recording import RecordingHandler  # noqa: E402 - after the set-up

application = RecordingHandler()
