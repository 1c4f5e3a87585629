"""What a request costs: so many queries for each address and role, none of them through a whole large table."""

import hashlib
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from articles import workflow
from articles.http import paging
from articles.models import Article, Publication, Review, Revision
from tests.conftest import content
from tests.management.test_commands import run

LARGE = ("revision", "livechange", "body", "publication", "rendering", "finding", "event", "review")

# Most queries of each address of the site, in all with session, account and rights: for a visitor, an author and a
# moderator. None where the address is not for them. Where requests are limited, one of them counts.
MOST = {
    "article-list": (1, 6, 6),
    "article-index": (1, 6, 6),
    "search": (2, 7, 7),
    **dict.fromkeys(("tag-list", "language-list", "author-list", "archive"), (1, 6, 6)),
    **dict.fromkeys(("tag", "language", "author", "month"), (1, 7, 7)),
    "feed": (5, 9, 9),
    "feed-json": (5, 9, 9),
    "sitemap": (4, 8, 8),
    "robots": (0, 4, 4),
    "open-search": (0, 4, 4),
    "llms": (2, 6, 6),
    "article": (1, 13, 13),
    "article-twin": (4, 8, 8),
    "history": (5, 11, 12),
    "article-corrections": (4, 8, 8),
    "corrections": (2, 6, 6),
    "corrections-feed": (2, 2, 2),
    "revision": (5, 10, 10),
    "source": (2, 6, 6),
    "authors": (8, 12, 12),
    "authors-json": (7, 11, 11),
    "compare": (7, 11, 11),
    "compare-json": (3, 7, 7),
    "compare-diff": (3, 7, 7),
    "queue": (None, None, 16),
    "queue-live": (None, None, 5),
    "review": (None, None, 34),
    "allowances": (None, None, 8),
    "rules": (None, None, 6),
    "changes": (None, None, 7),
    "watched": (None, None, 7),
    "change-feed-address": (None, None, 5),
    "allowance-add": (None, None, 4),
    "people": (None, None, 10),
    "person": (None, None, 28),
    "log": (None, None, 5),
    "log-csv": (None, None, 4),
    "log-jsonl": (None, None, 4),
    "reviews-csv": (None, None, 4),
    "report": (None, None, 16),
    "mail": (None, 6, 6),
    "admin:index": (None, 13, 15),
    "admin:articles_article_changelist": (None, 9, 9),
    "admin:articles_article_add": (None, 7, 7),
    "admin:articles_article_change": (None, 16, 16),
}
# An image is a file; allowances, rules, seals and hidden parts are few, and for single rows; the others are for POST.
ELSEWHERE = {
    *("compare-across", "image", "allowance", "hidings", "hide", "unhide"),
    *("rule", "rule-add", "rule-hits", "rule-replay", "rule-switch"),
    *("decide-many", "batch", "batch-take-back"),
    *("queue-bulk", "review-claim", "review-fix", "review-undo", "review-carry-over", "review-talk"),
    *("changes-mark", "change-unmark", "watch", "change-feed"),
    *("set-language", "mail-stop", "favicon", "sitemap-part", "accent"),
    *("sweep-plan", "sweep", "sweep-change", "review-notes"),
    *("seal-checkpoint", "seal-key", "seal-tile", "proof"),
}


@pytest.fixture
def site(save, author, moderator):
    """An article of six versions, four of them published, the newest waiting."""
    for n in range(5):
        revision = save(f"Version {n}.\n", tags=("sea",), change_kind="correction" if n else "")
        if n != 2:
            workflow.publish(revision, by=moderator)
    review = workflow.submit(save("Waiting.\n"), by=author)
    places = {
        "slug": "tides",
        "number": 2,
        "old": 1,
        "new": 2,
        "pk": review.pk,
        "object_id": Article.objects.get().pk,
        "year": f"{timezone.now():%Y}",
        "month": f"{timezone.now():%m}",
    }
    values = {"tag": "sea", "language": "en", "author": "author"}

    def address(name):
        pattern = next(iter(get_resolver().reverse_dict.getlist(name)), None)
        if name == "person":
            return reverse(name, args=[author.pk])
        if name.startswith("admin:"):
            return reverse(name, args=[places["object_id"]] if name.endswith("_change") else [])
        own = {"value": values.get(name.partition("-")[0])}
        return reverse(name, kwargs={key: (places | own)[key] for key in pattern[0][0][1]})

    return {name: address(name) for name in MOST}


def test_every_address_of_the_site_is_counted():
    ours = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert ours == {name for name in MOST if ":" not in name} | ELSEWHERE


@pytest.mark.parametrize("role", range(3), ids=["visitor", "author", "moderator"])
def test_each_address_takes_few_queries_in_each_role(
    role, site, author, moderator, django_assert_max_num_queries, subtests
):
    client = Client()
    if role:
        client.force_login([author, moderator][role - 1])
    for name, most in MOST.items():
        if most[role] is None:
            continue
        with subtests.test(name):
            client.get(site[name])  # what a process keeps for good, such as content types, is not counted
            with django_assert_max_num_queries(most[role]):
                assert client.get(site[name]).status_code == 200


def plans_of(act, *, is_small=True):
    """What the database says it does for each query of an action, where it has an index to use."""
    plans = []

    def explained(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            with connection.cursor() as cursor:
                prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
                cursor.cursor.execute(prefix + sql, params)
                plans.append((sql, "\n".join(str(row[-1]) for row in cursor.cursor.fetchall())))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and is_small:  # the tables of a test need no index
            cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(explained):
        act()
    return plans


WHOLE_TABLE = re.compile(
    rf"Seq Scan on articles_({'|'.join(LARGE)})\b|^SCAN (articles_({'|'.join(LARGE)}))(?! USING)", re.M
)


# Whoever exports the log asks for all of it, and a report counts a whole period.
WHOLE_BY_NATURE = {"log-csv", "log-jsonl", "reviews-csv", "report"}


def is_the_end_of_a_list(sql):
    """SQLite calls it a scan too when it walks a table by its key and stops after a page."""
    return re.search(r'ORDER BY "?(articles_\w+"."id|\d+)"? DESC LIMIT \d+$', sql) is not None


def test_no_page_reads_a_large_table_from_end_to_end(site, moderator, client):
    client.force_login(moderator)
    for name, url in site.items():
        if name in WHOLE_BY_NATURE:
            continue
        for who in (client, Client()):
            for sql, plan in plans_of(lambda who=who, url=url: who.get(url)):
                assert is_the_end_of_a_list(sql) or not WHOLE_TABLE.search(plan), (name, sql, plan)


# Searches and further pages of the lists: each narrows a list by something that an index has.
NARROWED = {
    "article-list": ("after=2026-11-25T00:00:00%2B00:00,1", "before=2020-01-01T00:00:00%2B00:00,1"),
    "search": (
        "q=tides",
        "q=tid*",
        "q=waitign",
        "tag=sea",
        "q=tides&language=en&author=author",
        "from=2020-01-01&to=2020-02-01",
        "q=tides&after=0,2026-11-25T00:00:00%2B00:00,1",
    ),
    "tag": ("after=2026-11-25T00:00:00%2B00:00,1", "before=2020-01-01T00:00:00%2B00:00,1"),
    "tag-list": ("after=a", "before=z"),
    "history": (
        "after=3",
        "before=3",
        "author=author",
        "at=3",
        "at=2020-01",
        "at=2030-01",
        "author=author&after=3",
    ),
    "queue": (
        *(
            "after=1,1",
            "before=1,9",
            "order=oldest",
            "order=newest&after=2026-11-25T00:00:00%2B00:00,3",
            "level=alert",
            "check=host",
            "host=sea.example",
            "kind=new",
            "age=old",
            "q=tides&check=invisible&order=oldest",
            "cause=alert",
            "language=fr",
            "author=author",
            "claim=nobody",
            "claim=me",
        ),
        "q=tides",
    ),
    "corrections": ("after=2026-11-25T00:00:00%2B00:00,1", "before=2020-01-01T00:00:00%2B00:00,1"),
    "article-corrections": ("after=2026-11-25T00:00:00%2B00:00,1",),
    "changes": (
        "after=2026-11-25T00:00:00%2B00:00,1",
        "before=2020-01-01T00:00:00%2B00:00,1",
        *(
            "unseen=on",
            "flagged=on",
            "new=on",
            "watched=on",
            "language=fr",
            "author=author",
            "since=2020-01-01",
        ),
    ),
    "log": (
        "before=3",
        "after=2026-11-25T00:00:00%2B00:00,3",
        "before=2020-01-01T00:00:00%2B00:00,3",
        "person=author",
        "action=publish",
        "article=tides",
        "first=2020-01-01&last=2020-01-02",
    ),
    "admin:articles_article_changelist": (
        "q=tides",
        "language=fr",
        "mine=any",
        "mine=newest",
        "author=author",
        "tag=sea",
        "flagged=yes",
        *(f"state={state}" for state in workflow.State.values),
    ),
}


def test_no_search_reads_a_large_table_from_end_to_end(site, moderator, client, subtests):
    client.force_login(moderator)
    for name, queries in NARROWED.items():
        for query in queries:
            with subtests.test(name, query=query):
                for sql, plan in plans_of(lambda url=f"{site[name]}?{query}": client.get(url)):
                    assert is_the_end_of_a_list(sql) or not WHOLE_TABLE.search(plan), (sql, plan)


# Of the accounts on a page the list of people counts all that they wrote, and one account wrote the seeded site.
WHOLE_WHEN_SEEDED = WHOLE_BY_NATURE | {"people"}


def seed_and_believe(scale):
    """Seed a site, and let PostgreSQL plan as if its large tables were `scale` times as large."""
    call_command("seed", articles=150, revisions=500, verbosity=0)
    tables = [f"articles_{name}" for name in (*LARGE, "article", "facet")]
    large = "SELECT oid FROM pg_class WHERE relname = ANY(%s)"
    indexes = f"SELECT indexrelid FROM pg_index WHERE indrelid IN ({large})"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "UPDATE pg_class SET reltuples = reltuples * %s"
            f" WHERE reltuples > 0 AND (oid IN ({large}) OR oid IN ({indexes}))",
            [scale, tables, tables],
        )
        # It counts the pages of a table by itself, so each of them has to stand for many.
        cursor.execute(f"SET LOCAL seq_page_cost = {scale}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics")
def test_no_list_reads_a_large_table_on_a_site_of_100_000_revisions(site, moderator, client, subtests):
    """Where PostgreSQL hashes an `Exists`, it reads all rows, and does so only if it knows that they are many."""
    client.force_login(moderator)
    seed_and_believe(scale=200)
    narrowed = ("queue", "changes", "admin:articles_article_changelist")
    addresses = [
        *site.items(),
        *((name, f"{site[name]}?{query}") for name in narrowed for query in NARROWED[name]),
    ]
    for name, url in addresses:
        if name in WHOLE_WHEN_SEEDED:
            continue
        with subtests.test(url):
            for sql, plan in plans_of(lambda url=url: client.get(url), is_small=False):
                assert not WHOLE_TABLE.search(plan), (sql, plan)


def test_log_of_past_days_is_found_by_its_time(site, moderator, client):
    client.force_login(moderator)

    plans = plans_of(lambda: client.get(site["log"], {"first": "2020-01-01", "last": "2020-01-02"}))

    [plan] = [plan for sql, plan in plans if 'FROM "articles_event"' in sql]
    assert re.search(r"Index Cond: .*at >= .*at < |USING INDEX event_at \(at>\? AND at<\?\)", plan), plan


def test_reading_a_whole_table_would_be_noticed(site):
    plans = plans_of(lambda: list(Revision.objects.filter(title="x")))

    assert any(WHOLE_TABLE.search(plan) for _, plan in plans)


# Pages of lists


@pytest.fixture
def many(author, moderator, monkeypatch):
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    for n in range(8):
        revision = workflow.save_revision(
            None, by=author, content=content(f"{n}\n", slug=f"n{n}", title=f"Title {n}")
        )
        workflow.approve(workflow.submit(revision, by=author), by=moderator)
    same = Publication.objects.order_by("pk").first().published_at
    Article.objects.update(first_published_at=same)  # ties are told apart by the second key


def turn(client, url, rel):
    """The titles on each page from one on, as far as the links lead."""
    pages = []
    while url:
        page = client.get(url).content.decode()
        pages.append([int(n) for n in re.findall(r"<bdi>Title (\d)</bdi>", page)])
        link = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        last, url = url, link and "/" + link[1].replace("&amp;", "&")
    return pages, last


def test_pages_of_a_list_hold_each_row_once_in_both_directions(client, many):
    forward, last = turn(client, "/", "next")
    back, _ = turn(client, last, "prev")

    assert forward == [[7, 6, 5], [4, 3, 2], [1, 0]]
    assert back[0] == [1, 0]
    assert back[1:] == [[4, 3, 2], [7, 6, 5]]


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=1999-01-01T00:00:00%2B00:00,1",
        "after=1",
        "before=,,,",
        "after=2020-01-01,x",
        "after=1999-01-01T00:00:00,1",
        "after=2020-01-01,1",
        "after=0001-01-01T00:00:00%2B14:00,1",
        "after=9999-12-31T23:59:59-23:59,1",
        "before=9e9,1",
        "after=" + "9" * 400,
    ],
)
def test_place_that_is_none_shows_the_first_page(client, many, query):
    assert b"Title 7" in client.get(f"/?{query}").content


def test_history_goes_on_below_a_number(client, save, moderator, monkeypatch):
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    for n in range(7):
        workflow.publish(save(f"{n}\n"), by=moderator)

    first = client.get("/articles/tides/history/").content.decode()
    second = client.get("/articles/tides/history/?after=5").content.decode()

    assert re.findall(r'name="old" value="(\d)"', first) == ["7", "6", "5"]
    assert re.findall(r'name="old" value="(\d)"', second) == ["4", "3", "2"]
    assert reverse("compare", args=["tides", 1, 2]) in second


# A site of any size


def test_seeded_site_is_whole_and_the_same_each_time(db, client):
    assert run("seed", "--articles", 20, "--revisions", 100, "--seed", 3)[0] == 0
    texts = [revision.source for revision in Revision.objects.with_text()]

    assert (Article.objects.count(), Revision.objects.count()) == (20, 100)
    assert run("verify_history")[0] == 0
    assert Review.objects.pending().exists()
    live = Article.objects.public().first()
    for url in ("/", live.get_absolute_url(), reverse("history", args=[live.slug])):
        assert client.get(url).status_code == 200
    assert run("seed", "--articles", 5, "--revisions", 5, "--seed", 3)[0] == 2
    assert hashlib.sha256("".join(sorted(texts)).encode()).hexdigest().startswith("5766922a")


def test_seeded_articles_are_edited_like_any_other(db, administrator):
    call_command("seed", articles=3, revisions=9, verbosity=0)
    article = Article.objects.select_related("latest_revision").first()

    revision = workflow.save_revision(
        article, by=administrator, content=content(slug=article.slug), base=article.latest_revision.number
    )

    assert revision.number == article.latest_revision.number + 1
    assert run("verify_history")[0] == 0


def test_seeding_needs_a_revision_for_each_article(db):
    assert run("seed", "--articles", 5, "--revisions", 4)[0] == 2
    assert not Article.objects.exists()
