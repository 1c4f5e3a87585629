from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class ArticlePage(Page):
    body = models.TextField()
    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "article.html"
