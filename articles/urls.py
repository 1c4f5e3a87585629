"""The addresses of the site; the admin's stand in `admin.py`."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter, StringConverter

from articles.http import site
from articles.text.page import images
from articles.views import allowances, hiding, history, media, moderation, oversight, reader


class NumberConverter(IntConverter):
    """A revision's number: nine digits at most, so that every one fits the column."""

    regex = "[0-9]{1,9}"


class SlugConverter(StringConverter):
    """An address in any script; what it may hold is the workflow's rule."""

    regex = r"[^/\x00]+"


register_converter(NumberConverter, "number")
register_converter(SlugConverter, "uslug")

urlpatterns = [
    path("", reader.article_list, name="article-list"),
    path("articles/<uslug:slug>/", reader.article, name="article"),
    path("articles/<uslug:slug>/history/", history.history, name="history"),
    path("articles/<uslug:slug>/revisions/<number:number>/", reader.revision, name="revision"),
    path("articles/<uslug:slug>/revisions/<number:number>/source", reader.source, name="source"),
    path("articles/<uslug:slug>/compare/<number:old>..<number:new>/", reader.compare, name="compare"),
    path(
        "articles/<uslug:slug>/compare/<number:old>..<number:new>.json",
        reader.compare_json,
        name="compare-json",
    ),
    path(
        "articles/<uslug:slug>/compare/<number:old>..<number:new>.diff",
        reader.compare_diff,
        name="compare-diff",
    ),
    path("moderation/", moderation.queue, name="queue"),
    path("moderation/live.json", moderation.live, name="queue-live"),
    path("moderation/bulk/", moderation.bulk, name="queue-bulk"),
    path("moderation/<number:pk>/", moderation.review, name="review"),
    path("moderation/<number:pk>/claim/", moderation.claim, name="review-claim"),
    path("moderation/<number:pk>/undo/", moderation.undo, name="review-undo"),
    path("moderation/<number:pk>/fix/", moderation.fix, name="review-fix"),
    path("moderation/<number:pk>/carry-over/", moderation.carry_over, name="review-carry-over"),
    re_path(rf"^{images.PREFIX[1:]}(?P<file>{images.FILE})\Z", media.image, name="image"),
    path("moderation/allowances/", allowances.allowance_list, name="allowances"),
    path("moderation/allowances/add/", allowances.allowance_add, name="allowance-add"),
    path("moderation/allowances/<number:pk>/", allowances.allowance, name="allowance"),
    path("moderation/hidden/", hiding.hiding_list, name="hidings"),
    path("moderation/hidden/<number:pk>/lift/", hiding.lift, name="lift"),
    path("moderation/hide/<number:pk>/", hiding.hide, name="hide"),
    path("moderation/log/", oversight.log, name="log"),
    path("moderation/log.csv", oversight.log_csv, name="log-csv"),
    path("moderation/log.jsonl", oversight.log_jsonl, name="log-jsonl"),
    path("moderation/report/", oversight.report, name="report"),
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
]
