"""The least that a Wagtail site needs; its SQLite database lies in the folder that PEER_FOLDER names."""

import os
from pathlib import Path

SECRET_KEY = "of a site that lives for minutes"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "peer",
    *(f"wagtail.{name}" for name in "users snippets documents images search sites admin".split()),
    "wagtail",
    "modelcluster",
    "taggit",
    *(f"django.contrib.{name}" for name in "auth contenttypes sessions messages staticfiles".split()),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "peer.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(os.environ["PEER_FOLDER"]) / "peer.sqlite3",
        # As on our site: a save waits for the disk.
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
USE_TZ = True
WAGTAIL_SITE_NAME = "Peer"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
