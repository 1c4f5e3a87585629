"""The URLs of the site, except those of the admin."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter, StringConverter

from articles.account import mail
from articles.http import look
from articles.models import Facet
from articles.moderator import (
    across,
    allowances,
    bulk,
    changes,
    deciding,
    decisions,
    feed,
    hiding,
    notes,
    oversight,
    people,
    queue,
    rules,
    sweeps,
)
from articles.reader import (
    authors,
    comparisons,
    corrections,
    feeds,
    history,
    lists,
    media,
    pages,
    programs,
    proofs,
    sealed,
    search,
    sitemaps,
)
from articles.text.page import images


class NumberConverter(IntConverter):
    """A number of at most nine digits, so that each fits its column."""

    regex = "[0-9]{1,9}"


class SlugConverter(StringConverter):
    """A slug in any script; the workflow decides which slugs are valid."""

    regex = r"[^/\x00]+"


class ValueConverter(StringConverter):
    """A tag, a name or a language; a tag may hold a slash."""

    regex = r"[^\x00\n]+"


class YearConverter(StringConverter):
    regex = "[0-9]{4}"


class MonthConverter(StringConverter):
    regex = "0[1-9]|1[0-2]"


register_converter(NumberConverter, "number")
register_converter(SlugConverter, "uslug")
register_converter(ValueConverter, "value")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")


urlpatterns = [
    path("", pages.article_list, name="article-list"),
    path("articles/", pages.article_list, {"is_index": True}, name="article-index"),
    path("search/", search.search, name="search"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<number:number>.xml", sitemaps.part, name="sitemap-part"),
    path("robots.txt", programs.robots, name="robots"),
    path("opensearch.xml", programs.open_search, name="open-search"),
    path("accent.css", look.accent, name="accent"),
    path("llms.txt", programs.llms, name="llms"),
    path("feed/", feeds.feed, {"format": "atom"}, name="feed"),
    path("feed.json", feeds.feed, {"format": "json"}, name="feed-json"),
    path("tags/", lists.facet_list, {"kind": Facet.Kind.TAG}, name="tag-list"),
    path("tags/<value:value>/", lists.facet, {"kind": Facet.Kind.TAG}, name="tag"),
    path("languages/", lists.facet_list, {"kind": Facet.Kind.LANGUAGE}, name="language-list"),
    path("languages/<value:value>/", lists.facet, {"kind": Facet.Kind.LANGUAGE}, name="language"),
    path("authors/", lists.facet_list, {"kind": Facet.Kind.AUTHOR}, name="author-list"),
    path("authors/<value:value>/", lists.facet, {"kind": Facet.Kind.AUTHOR}, name="author"),
    path("archive/", lists.facet_list, {"kind": Facet.Kind.MONTH}, name="archive"),
    path("archive/<year:year>/<month:month>/", lists.month, name="month"),
    path("articles/<uslug:slug>/", pages.article, name="article"),
    path("articles/<uslug:slug>.md", pages.article_twin, name="article-twin"),
    path("articles/<uslug:slug>/history/", history.revision_list, name="history"),
    path("articles/<uslug:slug>/revisions/<number:number>/", pages.revision, name="revision"),
    path("articles/<uslug:slug>/revisions/<number:number>/source", pages.source, name="source"),
    path("articles/<uslug:slug>/revisions/<number:number>/proof", proofs.proof, name="proof"),
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
    path("articles/<uslug:slug>/corrections/", corrections.article_corrections, name="article-corrections"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/feed/", corrections.correction_feed, name="corrections-feed"),
    path("moderation/", queue.review_list, name="queue"),
    path("moderation/live.json", queue.live, name="queue-live"),
    path("moderation/bulk/", bulk.bulk, name="queue-bulk"),
    path("moderation/several/", bulk.decide_many, name="decide-many"),
    path("moderation/several/<number:pk>/", bulk.batch, name="batch"),
    path("moderation/several/<number:pk>/take-back/", bulk.take_back, name="batch-take-back"),
    path("moderation/<number:pk>/", deciding.review, name="review"),
    path("moderation/<number:pk>/claim/", decisions.claim, name="review-claim"),
    path("moderation/<number:pk>/undo/", decisions.undo, name="review-undo"),
    path("moderation/<number:pk>/notes/", notes.review_notes, name="review-notes"),
    path("moderation/compare/<number:old>..<number:new>/", across.compare_across, name="compare-across"),
    path("moderation/<number:pk>/talk/", decisions.say, name="review-talk"),
    path("moderation/<number:pk>/fix/", deciding.fix, name="review-fix"),
    path("moderation/<number:pk>/carry-over/", decisions.carry_over, name="review-carry-over"),
    re_path(rf"^{images.PREFIX[1:]}(?P<file>{images.FILE})\Z", media.image, name="image"),
    path("moderation/changes/", changes.change_list, name="changes"),
    path("moderation/changes/mark/", changes.mark, name="changes-mark"),
    path("moderation/changes/<number:pk>/unmark/", changes.unmark, name="change-unmark"),
    path("moderation/changes/feed/", feed.feed_address, name="change-feed-address"),
    path("moderation/changes.atom", feed.change_feed, name="change-feed"),
    path("moderation/watched/", changes.watched, name="watched"),
    path("moderation/watch/<number:pk>/", changes.watch, name="watch"),
    path("moderation/allowances/", allowances.allowance_list, name="allowances"),
    path("moderation/allowances/add/", allowances.allowance_add, name="allowance-add"),
    path("moderation/allowances/<number:pk>/", allowances.allowance, name="allowance"),
    path("moderation/hidden/", hiding.hiding_list, name="hidings"),
    path("moderation/hidden/<number:pk>/unhide/", hiding.unhide, name="unhide"),
    path("moderation/hide/<number:pk>/", hiding.hide, name="hide"),
    path("moderation/rules/", rules.rule_list, name="rules"),
    path("moderation/rules/add/", rules.rule_add, name="rule-add"),
    path("moderation/rules/<number:pk>/", rules.rule, name="rule"),
    path("moderation/rules/<number:pk>/replay/", rules.rule_replay, name="rule-replay"),
    path("moderation/rules/<number:pk>/switch/", rules.rule_switch, name="rule-switch"),
    path("moderation/rules/<number:pk>/hits/", rules.rule_hits, name="rule-hits"),
    path("moderation/people/", people.people_list, name="people"),
    path("moderation/people/<number:pk>/", people.person, name="person"),
    path("moderation/people/<number:pk>/period/", sweeps.plan, name="sweep-plan"),
    path("moderation/sweeps/<number:pk>/", sweeps.sweep, name="sweep"),
    path("moderation/sweeps/<number:pk>/change/", sweeps.change, name="sweep-change"),
    path("moderation/log/", oversight.log, name="log"),
    path("moderation/log.csv", oversight.log_csv, name="log-csv"),
    path("moderation/log.jsonl", oversight.log_jsonl, name="log-jsonl"),
    path("moderation/reviews.csv", oversight.reviews_csv, name="reviews-csv"),
    path("moderation/report/", oversight.report, name="report"),
    path("seal/checkpoint", sealed.checkpoint, name="seal-checkpoint"),
    path("seal/key", sealed.key, name="seal-key"),
    re_path(rf"^seal/tile/{sealed.TILE}\Z", sealed.tile, name="seal-tile"),
    path("account/mail/", mail.preferences, name="mail"),
    path("account/mail/stop/", mail.stop, name="mail-stop"),
]
