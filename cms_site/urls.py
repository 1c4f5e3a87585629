from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language

from articles.editor.desk import desk
from articles.http.limits import limited
from articles.http.site import logout
from articles.reader.lost import not_found

handler404 = "articles.reader.lost.not_found"
handler500 = "articles.http.trouble.server_error"

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=static("articles/icon.svg")), name="favicon"),
    # The admin's shortcut to an object's page tells its address to any member of staff.
    re_path("^admin/r/", not_found, {"exception": None}),
    # Pages of the cache, which hold no token, have its form, too. All that it changes is a cookie.
    path("language/", csrf_exempt(set_language), name="set-language"),
    path("admin/login/", limited("login", per_minute=30, only=("POST",))(admin.site.login)),
    path("admin/logout/", logout),
    path("admin/", admin.site.admin_view(desk)),
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
]
