"""The URLs of the site, except those of the admin."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter, StringConverter

from articles.account import mail
from articles.http import health
from articles.moderator import allowances, decisions, hiding, item, oversight, queue
from articles.reader import authors, comparisons, history, media, pages
from articles.text.page import images


class NumberConverter(IntConverter):
    """A number of at most nine digits, so that each fits its column."""

    regex = "[0-9]{1,9}"


class SlugConverter(StringConverter):
    """A slug in any script; the workflow decides which slugs are valid."""

    regex = r"[^/\x00]+"


register_converter(NumberConverter, "number")
register_converter(SlugConverter, "uslug")

urlpatterns = [
    path("", pages.article_list, name="article-list"),
    path("articles/<uslug:slug>/", pages.article, name="article"),
    path("articles/<uslug:slug>/history/", history.revision_list, name="history"),
    path("articles/<uslug:slug>/revisions/<number:number>/", pages.revision, name="revision"),
    path("articles/<uslug:slug>/revisions/<number:number>/source", pages.source, name="source"),
    path("articles/<uslug:slug>/revisions/<number:number>/authors/", authors.authors, name="authors"),
    path(
        "articles/<uslug:slug>/revisions/<number:number>/authors.json",
        authors.authors_json,
        name="authors-json",
    ),
    path("articles/<uslug:slug>/compare/<number:old>..<number:new>/", comparisons.compare, name="compare"),
    path(
        "articles/<uslug:slug>/compare/<number:old>..<number:new>.json",
        comparisons.compare_json,
        name="compare-json",
    ),
    path(
        "articles/<uslug:slug>/compare/<number:old>..<number:new>.diff",
        comparisons.compare_diff,
        name="compare-diff",
    ),
    path("moderation/", queue.review_list, name="queue"),
    path("moderation/live.json", queue.live, name="queue-live"),
    path("moderation/bulk/", decisions.bulk, name="queue-bulk"),
    path("moderation/<number:pk>/", item.review, name="review"),
    path("moderation/<number:pk>/claim/", decisions.claim, name="review-claim"),
    path("moderation/<number:pk>/undo/", decisions.undo, name="review-undo"),
    path("moderation/<number:pk>/talk/", decisions.say, name="review-talk"),
    path("moderation/<number:pk>/fix/", decisions.fix, name="review-fix"),
    path("moderation/<number:pk>/carry-over/", decisions.carry_over, name="review-carry-over"),
    re_path(rf"^{images.PREFIX[1:]}(?P<file>{images.FILE})\Z", media.image, name="image"),
    path("moderation/allowances/", allowances.allowance_list, name="allowances"),
    path("moderation/allowances/add/", allowances.allowance_add, name="allowance-add"),
    path("moderation/allowances/<number:pk>/", allowances.allowance, name="allowance"),
    path("moderation/hidden/", hiding.hiding_list, name="hidings"),
    path("moderation/hidden/<number:pk>/unhide/", hiding.unhide, name="unhide"),
    path("moderation/hide/<number:pk>/", hiding.hide, name="hide"),
    path("moderation/log/", oversight.log, name="log"),
    path("moderation/log.csv", oversight.log_csv, name="log-csv"),
    path("moderation/log.jsonl", oversight.log_jsonl, name="log-jsonl"),
    path("moderation/report/", oversight.report, name="report"),
    path("account/mail/", mail.preferences, name="mail"),
    path("account/mail/stop/", mail.stop, name="mail-stop"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
