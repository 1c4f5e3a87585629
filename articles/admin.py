"""The newsroom's door: articles, the editor, images, and ready-made reasons. Every save ends in the workflow."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from articles.editor.admin import ArticleEditor
from articles.editor.images import ImageAdmin
from articles.editor.listing import ArticleList
from articles.editor.reasons import ReasonTemplateAdmin
from articles.models import Article
from articles.tasks.admin import BackgroundTaskAdmin

__all__ = ["ArticleAdmin", "BackgroundTaskAdmin", "ImageAdmin", "ReasonTemplateAdmin"]

admin.site.site_header = admin.site.site_title = gettext_lazy("Palimpsest")
admin.site.index_title = gettext_lazy("Newsroom")
admin.site.enable_nav_sidebar = False  # one list needs no second way to it


@admin.register(Article)
class ArticleAdmin(ArticleEditor, ArticleList):
    """Both halves of one door."""

    class Media:
        css = {"all": ["articles/editor.css"]}
