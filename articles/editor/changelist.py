"""Pages of the list of articles: what one request reads, however many articles there are."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

from articles import workflow
from articles.models import Article

COUNTED = 200  # articles that are counted from the start of a page on
MOST_PAGES = 1_000_000


class ArticleChangeList(ChangeList):
    """Reads the keys of this page and of a few more in one query, which also counts them; then the rows of this page.

    An exact number of all would cost more than the page. `is_more` says that the list goes on beyond what was counted.
    """

    is_more = False

    def get_results(self, request: HttpRequest) -> None:
        if not 1 <= self.page_num <= MOST_PAGES:
            raise IncorrectLookupParameters
        start = (self.page_num - 1) * self.list_per_page
        keys = list(self.queryset.values_list("pk", flat=True)[start : start + COUNTED + 1])
        if start and not keys:
            raise IncorrectLookupParameters
        self.is_more = len(keys) > COUNTED
        self.result_count = start + min(len(keys), COUNTED)
        self.paginator = Paginator(range(self.result_count), self.list_per_page)
        self.result_list = self._rows(request, keys[: self.list_per_page])
        self.multi_page = self.result_count > self.list_per_page
        self.can_show_all = False
        self.show_admin_actions = True
        self.show_full_result_count = False
        self.full_result_count = (
            self.result_count if self.is_more else None
        )  # equal: the search names no number

    def _rows(self, request: HttpRequest, keys: list[int]) -> Any:
        articles = Article.objects.visible_to(request.user).for_editors().filter(pk__in=keys)
        rows = {article.pk: article for article in workflow.with_named_versions(articles)}
        return [rows[pk] for pk in keys if pk in rows]
