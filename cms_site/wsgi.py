import os

from django.core.wsgi import get_wsgi_application

from cms_site import environment

environment.load()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_site.settings")
application = get_wsgi_application()
