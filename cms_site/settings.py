"""The one settings file. Every value of a deployment comes from the environment; `docs/settings.md` lists them."""

import os
import warnings
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def env_flag(name: str, default: str = "0") -> bool:
    return env(name, default).lower() in {"1", "true", "yes", "on"}


# Without a key in the environment each process makes its own, so that no known key is ever in use.
SECRET_KEY = env("SECRET_KEY") or get_random_secret_key()
DEBUG = env_flag("DEBUG")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# Number of own proxies in front; each adds an address to X-Forwarded-For, and only these are trusted.
TRUSTED_PROXIES = int(env("TRUSTED_PROXIES", "0"))
LIMITS = env_flag("LIMITS", "1")
# Long texts that are compared at the same time on this host, in all processes. One processor is left to readers.
HEAVY_AT_ONCE = int(env("HEAVY_AT_ONCE", str(max(1, (os.cpu_count() or 1) - 1))))
SITE_NAME = env("SITE_NAME", "Palimpsest")
SITE_OWNER = env("SITE_OWNER")  # who publishes the site, with an address perhaps; stands below each page
SITE_LICENCE = env("SITE_LICENCE")
SITE_DESCRIPTION = env("SITE_DESCRIPTION")  # one line, for feeds, link previews and programs
SITE_IMAGE = env("SITE_IMAGE")  # path or URL of a picture, for previews of links to pages without one
SITE_ACCENT = env("SITE_ACCENT")  # colour of links and buttons, or two: on light and on dark backgrounds
SITE_LOGO = env("SITE_LOGO")  # path on the site, or name of a static file, of the picture beside the name
# Folder whose `templates`, `static` and `locale` come before the project's own.
SITE_THEME = env("SITE_THEME")
PURGE_KEYS = env("PURGE_KEYS")  # header for a CDN: Surrogate-Key or Cache-Tag
# Whether moderators may decide on their own text; the log shows when they did.
ALLOW_SELF_APPROVAL = env_flag("ALLOW_SELF_APPROVAL")
# So many versions of an author approved in a row let the author publish without a reviewer; 0 trusts nobody by record.
TRUST_AFTER = int(env("TRUST_AFTER", "0"))

INSTALLED_APPS = [
    "articles.apps.ArticlesConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "markdownx",
    "axes",
    "django_tasks_db",
]

MIDDLEWARE = [
    "articles.http.middleware.log_requests",
    "articles.http.measuring.measure_requests",  # before all that answers
    "articles.http.tracing.trace_requests",
    "articles.reader.recording.recorded_pages",  # after what counts requests, before what sets headers
    "articles.http.middleware.set_security_headers",
    "articles.http.health.answer_probes",  # before what asks for a host or for HTTPS
    "articles.http.purging.purge_keys",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",  # by cookie or browser; needs no session
    "articles.http.heavy.heavy_work",
    "articles.http.schedules.keep_schedules",  # before what reads articles
    "articles.reader.published.published_pages",  # after what sets headers, before sessions and accounts
    "articles.reader.keeping.kept_pages",
    "articles.http.replicas.read_from_replicas",  # after the pages that are kept
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "articles.http.encoding.RequireUtf8",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "articles.http.limits.writes",
    "articles.http.background.short_tasks",  # after what refuses a request
    "django.contrib.messages.middleware.MessageMiddleware",
    "articles.http.middleware.record_origin",
    "articles.http.trouble.TroubleMiddleware",
    "axes.middleware.AxesMiddleware",  # last, by its own documentation
]

ROOT_URLCONF = "cms_site.urls"
WSGI_APPLICATION = "cms_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*([Path(SITE_THEME) / "templates"] if SITE_THEME else []), BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.http.site.site_context",
            ],
        },
    },
]

# The primary, and replicas from which visitors read; `articles/http/replicas.py` says when.
_URLS = {
    "default": env("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
    **{f"replica {number}": url for number, url in enumerate(env_list("REPLICA_URLS"), start=1)},
}
DATABASES = {
    alias: dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    for alias, url in _URLS.items()
}
DATABASE_ROUTERS = ["articles.http.replicas.Router"] if len(DATABASES) > 1 else []
for alias, database in DATABASES.items():
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;",
            "timeout": 20,  # seconds a writer waits for another
            "transaction_mode": "IMMEDIATE",  # a transaction that will write takes its lock first and cannot deadlock
        }
        # Tests use a real file, as the site does: an in-memory database knows neither WAL nor waiting writers.
        database["TEST"] = {"NAME": str(BASE_DIR / "db.sqlite3.test")}
    else:
        database["CONN_MAX_AGE"] = 0  # connections return to the pool, which every thread draws on
        database["OPTIONS"] = {
            # Pages ask short questions; to compile one takes a second, and its plan looks dear enough for that.
            # A database gives up a host that is silent, whose locks would keep others from saving.
            "options": "-c jit=off -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
            " -c tcp_user_timeout=3000",
            # Seconds, after which a host gives up a database that is silent; by itself, Linux waits for minutes.
            "connect_timeout": 2,
            "keepalives_idle": 3,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            "tcp_user_timeout": 3000,  # milliseconds, for what was sent and not received
            **database.get("OPTIONS", {}),
            "pool": {
                "min_size": 1,
                "max_size": int(env("DATABASE_POOL_SIZE", "20")),
                "timeout": 2,  # seconds for a connection; then readers get what is cached, writers a message
                "reconnect_timeout": 2,  # seconds of trying anew; the next request begins afresh
            },
        }
    if alias != "default":
        database["TEST"] = {"MIRROR": "default"}

TASKS = {"default": {"BACKEND": "articles.tasks.backend.KeyedBackend", "QUEUES": ["default", "short"]}}

REDIS_URL = env("REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "articles.http.cache.SpareableRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": env("REDIS_PREFIX", "palimpsest"),
        }
    }
    SESSION_ENGINE = (
        "django.contrib.sessions.backends.cached_db"  # the database keeps sessions that Redis loses
    )

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "articles.account.backends.AccountBackend"]
# Ten wrong passwords for a name from an address lock that pair for a quarter of an hour. The pair, not the name:
# nobody can lock another out. Guessing from one address under many names meets the limit a minute instead.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "articles.http.limits.address_of"
AXES_LOCKOUT_CALLABLE = "articles.http.limits.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "article-list"

# The languages of the interface that people may choose; `articles/locale` has those that are translated. An article's
# language is its author's choice among all there are.
LANGUAGES = [(tag, tag) for tag in env_list("LANGUAGES", "en,de,ar")]
LANGUAGE_CODE = env("LANGUAGE_CODE", "en")  # where a browser asks for none of them
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = "articles.locale"  # beside the catalogues: dates and times where Django's read oddly
LOCALE_PATHS = [Path(SITE_THEME) / "locale"] if SITE_THEME else []
TIME_ZONE = env("TIME_ZONE", "UTC")
USE_TZ = True

STATICFILES_DIRS = [Path(SITE_THEME) / "static"] if SITE_THEME else []
STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
WHITENOISE_USE_FINDERS = True  # before `collectstatic`, files are served as they are
warnings.filterwarnings("ignore", "No directory at: ", UserWarning)  # nor is there a folder for it
WHITENOISE_AUTOREFRESH = DEBUG

MAX_SOURCE_BYTES = int(env("MAX_SOURCE_BYTES", "262144"))
# A text over the limit must still reach the form, which says so and keeps it. Percent-encoding can triple its size.
DATA_UPLOAD_MAX_MEMORY_SIZE = max(16 * 1024 * 1024, 4 * MAX_SOURCE_BYTES)

# Images are stored in a folder, or in a bucket of S3 or what speaks like it; the site serves them in either case.
# django-storages takes key, region and endpoint from the variables that AWS defines.
MEDIA_ROOT = env("MEDIA_ROOT", str(BASE_DIR / "media"))
S3_BUCKET = env("S3_BUCKET")
if S3_BUCKET:
    from botocore.config import Config  # here, since only sites with a bucket have it

    # Seconds; by itself, the library tries for minutes, while the thread answers nobody else.
    _PATIENCE = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2})
    _IMAGES = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": S3_BUCKET, "client_config": _PATIENCE},
    }
else:
    _IMAGES = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES = {
    "default": _IMAGES,
    "staticfiles": {"BACKEND": "articles.http.static.HashedStorage"},
}
BACKUP_ROOT = env("BACKUP_ROOT", str(BASE_DIR / "backups"))
MAX_IMAGE_BYTES = int(env("MAX_IMAGE_BYTES", str(10 * 1024 * 1024)))
FILE_UPLOAD_HANDLERS = [
    "articles.images.capped.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The editor's stock addresses are not routed: what it shows comes from our own guarded view.
MARKDOWNX_URLS_PATH = "/admin/articles/article/live/"
MARKDOWNX_UPLOAD_URLS_PATH = ""

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds from signing in, whatever is done meanwhile: a working day
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if env_flag("HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # Bound to this host and to TLS by their names: no other host of the domain can set them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env_flag("HSTS_SUBDOMAINS", "1")
    SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the browsers' preload list is for the domain's owner to ask
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Events are write-once, so an IP address in the log can never be deleted.
LOG_ADDRESSES = env_flag("LOG_ADDRESSES")

NAME_REVIEWERS = env_flag("NAME_REVIEWERS")  # to readers, who else are told that it was a moderator

ALLOWANCE_DAYS = int(env("ALLOWANCE_DAYS", "365"))  # what the form proposes

# Mail to moderators, sent by `notify_moderators`.
QUEUE_AGE_HOURS = int(env("QUEUE_AGE_HOURS", "24"))
QUEUE_BURST = int(env("QUEUE_BURST", "20"))
QUEUE_BURST_MINUTES = int(env("QUEUE_BURST_MINUTES", "60"))
DIGEST_HOUR = int(env("DIGEST_HOUR", "6"))  # in UTC, when the mails are due that come once a day
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env('EMAIL_HOST') else 'console'}.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST")
EMAIL_PORT = int(env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 5  # seconds; without a worker, the request that causes a mail sends it
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "palimpsest@localhost")

# Seals of the history, made by `seal`
SEAL_KEY = env("SEAL_KEY")  # 32 bytes in base64, the seed of the Ed25519 key that signs checkpoints
TIMESTAMP_URL = env("TIMESTAMP_URL")  # authority that stamps each checkpoint (RFC 3161)
TIMESTAMP_ROOTS = env("TIMESTAMP_ROOTS")  # file with the certificates, in PEM, that its own must lead to

# What an operator sees of the running site
METRICS_TOKEN = env("METRICS_TOKEN")  # who asks for /metrics has to bear it; without it there are none
PROMETHEUS_MULTIPROC_DIR = env("PROMETHEUS_MULTIPROC_DIR")  # folder in which all processes count
SLOW_REQUEST_MS = int(env("SLOW_REQUEST_MS", "1000"))  # requests that take longer are logged; 0 logs none
SENTRY_DSN = env("SENTRY_DSN")
# Variables of OpenTelemetry that the site looks at itself; its packages read these and all others
OTEL_EXPORTER_OTLP_ENDPOINT = env("OTEL_EXPORTER_OTLP_ENDPOINT")
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
OTEL_EXPORTER_OTLP_PROTOCOL = env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
OTEL_TRACES_EXPORTER = env("OTEL_TRACES_EXPORTER", "otlp")
OTEL_SDK_DISABLED = env_flag("OTEL_SDK_DISABLED")

LOG_LEVEL = env("LOG_LEVEL", "WARNING").upper()
if env("LOG_FORMAT") == "json":
    from pythonjsonlogger.core import RESERVED_ATTRS  # here, since it adds to the start of every command

    _LINE = {
        "()": "pythonjsonlogger.json.JsonFormatter",
        "fmt": ["asctime", "levelname", "name", "request_id", "message"],
        "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        "reserved_attrs": [*RESERVED_ATTRS, "request", "server_time"],  # Django's own records hold the form
    }
else:
    _LINE = {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "articles.http.request_ids.RequestIdFilter"}},
    "formatters": {"line": _LINE},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "level": LOG_LEVEL,
            "filters": ["request_id"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django's own handlers would repeat each line, or mail what a form held
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"propagate": False}},
}
