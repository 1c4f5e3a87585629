"""The admin: articles, images, ready-made reasons, background tasks and accounts.

Every save of an article is a call of the workflow.
"""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from articles import permissions, workflow
from articles.account.forms import LoginForm
from articles.editor.admin import ArticleEditor
from articles.editor.images import ImageAdmin
from articles.editor.listing import ArticleList
from articles.editor.reasons import ReasonTemplateAdmin
from articles.models import Article
from articles.people.admin import AccountForms
from articles.tasks.admin import BackgroundTaskAdmin

__all__ = ["AccountAdmin", "ArticleAdmin", "BackgroundTaskAdmin", "ImageAdmin", "ReasonTemplateAdmin"]

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.login_form = LoginForm
admin.site.enable_nav_sidebar = False  # the bar and the desk link the few lists


@admin.register(Article)
class ArticleAdmin(ArticleEditor, ArticleList):
    """The list of articles and the editor, in one model admin as Django requires."""


admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(AccountForms):
    """Accounts; deleting one is an operation."""

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        workflow.delete_account(obj, by=permissions.signed_in(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset:
            self.delete_model(request, account)
