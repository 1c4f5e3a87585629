import os

from django.core.asgi import get_asgi_application

from cms_site import environment

environment.load()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_site.settings")
application = get_asgi_application()
