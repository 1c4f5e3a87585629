from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from articles.http import lately
from articles.http.look import accent_of, check_accent, logo_of
from articles.http.reporting import report_errors
from articles.http.static import check_collected
from articles.http.tracing import check_tracing
from articles.people.checks import check_names, check_site_url


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("articles")

    def ready(self) -> None:
        """Refuse to start with settings that cannot be met, register the system checks, and watch what is written."""
        accent_of(settings.SITE_ACCENT)
        logo_of(settings.SITE_LOGO)
        check_tracing()
        report_errors()
        connection_created.connect(lately.watch, weak=False)
        register(check_names, Tags.database)
        register(check_site_url, Tags.urls, deploy=True)
        register(check_accent, Tags.templates)
        register(check_collected, Tags.staticfiles, deploy=True)
