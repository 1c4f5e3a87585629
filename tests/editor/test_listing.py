"""The list of articles: its columns, its filters, and what it says of each article."""

import pytest
from django.contrib import admin
from django.utils import timezone

from articles import workflow
from articles.editor import changelist, filters
from articles.models import Article, Review
from articles.search import index
from articles.text.content.tags import MAX_TAG
from tests.conftest import FLAGGED, content
from tests.editor.test_editor import text

LIST = "/admin/articles/article/"


@pytest.fixture
def write(author):
    """Saves version 1 of an article of its own."""

    def write(slug, source="x\n", by=author, **fields):
        fields = {"title": slug, "slug": slug} | fields
        return workflow.save_revision(None, by=by, content=content(source, **fields))

    return write


@pytest.fixture
def shown(client):
    """The slugs that a filter leaves."""

    def shown(**query):
        response = client.get(LIST, query)
        assert response.status_code == 200
        return {article.slug for article in response.context["cl"].result_list}

    return shown


def choices(client, parameter, **query):
    changelist = client.get(LIST, query).context["cl"]
    [spec] = [spec for spec in changelist.filter_specs if spec.parameter_name == parameter]
    return list(spec.choices(changelist))


def test_list_shows_language_flags_and_last_editor(client, author, other_author, save):
    save()
    save(FLAGGED, by=other_author, language="fr")
    client.force_login(author)

    page = text(client.get(LIST))

    for cell in ("<bdi>French</bdi>", "<bdi>other_author</bdi>", "1 character", "<bdi>Tides</bdi>"):
        assert cell in page


def test_list_is_named_by_what_it_holds(client, author, save):
    save()
    client.force_login(author)

    page = client.get(LIST).content.decode()

    assert "<title>Articles – " in page
    assert "<h1>Articles</h1>" in page
    assert ">New article</a>" in page
    assert "Add article" not in page


def test_all_are_offered_only_where_some_are_left_out(client, author, save):
    save()
    client.force_login(author)

    assert "Show all" not in text(client.get(LIST))
    assert "Show all" in text(client.get(LIST, {"q": "tides"}))
    assert "Show all" in text(client.get(LIST, {"state": "draft"}))


def test_language_is_named_in_the_language_of_the_interface(client, author, save):
    save(language="de")
    save(language="tlh", title="Another")
    client.force_login(author)

    assert "<bdi>Klingon</bdi>" in text(client.get(LIST))
    save(language="de")
    assert "<bdi>الألمانية</bdi>" in text(client.get(LIST, headers={"accept-language": "ar"}))


def test_state_names_the_version_and_what_readers_see_and_the_next_step_is_one_link(
    client, author, moderator, save
):
    client.force_login(author)

    def cells():
        page = text(client.get(LIST))
        [row] = [row for row in page.split("<tr>") if "<bdi>Tides</bdi>" in row]
        cells = dict(part.split('">', 1) for part in row.split('class="field-')[1:])
        return cells["state"].split("</td>")[0], cells["next_step"].split("</td>")[0]

    revision = save()
    article, edit = revision.article, f'<a href="{LIST}{revision.article_id}/change/">'
    assert cells() == ("version 1 is a draft", f"{edit}Continue writing</a>")
    first = workflow.submit(revision, by=author)
    save("Second.\n")
    assert cells() == ("version 1 waits", '<a href="/articles/tides/revisions/1/">See what waits</a>')
    workflow.request_changes(first, by=moderator, reason="Say when.")
    assert cells() == ("changes requested in version 1", f"{edit}Answer the reason</a>")
    second = article.revisions.with_text().get(number=2)
    workflow.approve(workflow.submit(second, by=author), by=moderator)
    assert cells() == ("version 2 is published", '<a href="/articles/tides/">Read it</a>')
    third = save("Third.\n")
    assert cells() == ("version 3 is a draft; readers see version 2", f"{edit}Continue writing</a>")
    review = workflow.submit(third, by=author)
    assert cells() == (
        "version 3 waits; readers see version 2",
        '<a href="/articles/tides/compare/2..3/">See what waits</a>',
    )
    workflow.withdraw(review, by=author)
    workflow.unpublish(article, by=moderator)
    assert cells()[0] == "version 3 is a draft"
    assert cells()[1] == f"{edit}Continue writing</a>"


def test_unpublished_and_archived_articles_say_so(client, author, moderator, published):
    client.force_login(author)
    workflow.unpublish(published.article, by=moderator)
    assert "version 1 was unpublished" in text(client.get(LIST))

    workflow.archive(published.article, by=author)

    page = text(client.get(LIST, {"state": "archived"}))
    assert "archived, with version 1" in page
    assert "/articles/tides/history/" in page


def test_approved_versions_that_are_not_live_say_so(client, author, moderator, save):
    review = workflow.submit(save(), by=author)
    Review.objects.filter(pk=review.pk).update(state="approved", decided_at=timezone.now())
    client.force_login(author)

    page = text(client.get(LIST))

    assert "version 1 is approved, not published" in page
    assert "Publish it</a>" in page


def test_list_is_filtered_by_state_and_language(author, moderator, published, client, write, shown):
    write("a-draft", language="fr")
    workflow.submit(write("waiting"), by=author)
    workflow.reject(workflow.submit(write("refused"), by=author), by=moderator, reason="No.")
    client.force_login(author)
    workflow.archive(write("gone").article, by=author)

    assert shown(state="published") == shown(state="public") == {"tides"}
    assert shown(state="draft") == {"a-draft"}
    assert shown(state="waiting") == {"waiting"}
    assert shown(state="changes requested") == {"refused"}
    assert shown(state="archived") == {"gone"}
    assert shown() == shown(mine="any") == {"tides", "a-draft", "waiting", "refused"}
    assert shown(flagged="yes") == set()
    assert shown(language="fr") == {"a-draft"}
    for odd in ("\0", "nothing"):
        assert len(shown(state=odd)) == len(shown(language=odd)) == 4


def test_first_choice_of_state_says_what_it_leaves_out(client, author, save):
    save()
    client.force_login(author)

    assert choices(client, "state")[0]["display"] == "All but the archive"
    assert choices(client, "state")[0]["selected"] is True


def test_list_offers_so_many_languages_and_the_one_in_its_address(client, author, write, shown, monkeypatch):
    monkeypatch.setattr(filters, "MOST_LANGUAGES", 2)
    for language in ("de", "en", "fr", "it"):
        write(language, language=language)
    client.force_login(author)

    def offered(**query):
        return [choice["display"] for choice in choices(client, "language", **query)][1:], len(shown(**query))

    assert offered() == (["German (de)", "English (en)"], 4)
    assert offered(language="it") == (["German (de)", "English (en)", "Italian (it)"], 1)
    assert offered(language="en") == (["German (de)", "English (en)"], 1)


def test_list_is_filtered_by_any_author_of_the_newest_version(
    client, author, other_author, reader, write, save, shown
):
    write("mine")
    save()
    save("Theirs.\n", by=other_author)
    client.force_login(author)

    assert shown(author="author") == shown(mine="newest") == {"mine"}
    assert shown(author="other_author") == {"tides"}
    assert shown(mine="any") == {"mine", "tides"}
    for name in ("nobody", "reader", "\0", "a" * 5000):
        assert shown(author=name) == set()
    assert shown(author="") == {"mine", "tides"}


def test_authors_are_suggested_up_to_a_number(client, author, other_author, reader, write, monkeypatch):
    write("one")
    write("two", by=other_author)
    client.force_login(author)

    assert choices(client, "author")[0]["suggestions"] == ["author", "other_author"]
    assert '<option value="other_author">' in text(client.get(LIST))
    monkeypatch.setattr(filters, "MOST_AUTHORS", 1)
    assert choices(client, "author")[0]["suggestions"] == ["author"]


def test_hidden_name_is_found_by_administrators_only(client, author, administrator, save, shown):
    workflow.hide(save(), by=administrator, parts=["author"], reason="Private.")

    client.force_login(author)
    assert shown(author="author") == set()
    client.force_login(administrator)
    assert shown(author="author") == {"tides"}


@pytest.mark.parametrize("typed", ["Sea Side", "sea side", "SEA SIDE", "\uff33ea side"])
def test_list_is_filtered_by_equal_tags(client, author, write, shown, typed):
    write("one", tags=("Sea Side", "tide"))
    write("two", tags=("Sea",))
    write("three", tags=("sea-side",), source="Sea side, Sea, Side.\n")
    client.force_login(author)

    assert shown(tag=typed) == {"one"}
    assert shown(tag="sea") == {"two"}
    assert shown(tag="side") == shown(tag="\0") == shown(tag="nothing") == set()
    assert shown(tag=typed, q="tide") == {"one"}
    assert shown(tag="sea", q="tide") == set()


def test_only_the_newest_version_has_tags(client, author, save, shown):
    save(tags=("sea",))
    save(tags=("tide",))
    client.force_login(author)

    assert (shown(tag="sea"), shown(tag="tide")) == (set(), {"tides"})


def test_tags_of_a_hidden_text_are_not_found(client, author, administrator, save, shown):
    workflow.hide(save(tags=("sea",)), by=administrator, parts=["text"], reason="Private.")
    client.force_login(author)

    assert shown(tag="sea") == set()


def test_longest_tag_is_saved_and_found(client, author, write, shown):
    """One character of it becomes 18 when it is folded."""
    longest = "\ufdfa" * MAX_TAG
    write("one", tags=(longest,))
    client.force_login(author)

    assert shown(tag=longest) == {"one"}
    assert shown(tag="\ufdfa" * (MAX_TAG - 1)) == set()
    assert shown(tag="a" * 10_000) == set()


def test_search_finds_no_label(client, author, write, shown):
    write("one", tags=("sea",))
    client.force_login(author)

    label = index.label("sea").small
    for query in (label[0], label, label[1:], label[1:5], "736561"):
        assert shown(q=query) == set()


def test_typed_filter_keeps_the_others(client, author, save):
    save()
    client.force_login(author)

    page = text(client.get(LIST, {"state": "draft", "author": "author", "tag": "<sea>"}))

    assert '<input type="hidden" name="state" value="draft">' in page
    assert 'name="tag" value="&lt;sea&gt;"' in page
    assert '<a href="?state=draft&amp;tag=%3Csea%3E">All</a>' in page


def test_list_is_searched(client, author, published):
    client.force_login(author)

    assert "1 article" in text(client.get(LIST, {"q": "Tid"}))
    assert "0 articles" in text(client.get(LIST, {"q": "nothing"}))


def test_list_counts_so_many_articles_and_says_if_there_are_more(client, author, write, monkeypatch):
    monkeypatch.setattr(changelist, "COUNTED", 3)
    monkeypatch.setattr(admin.site.get_model_admin(Article), "list_per_page", 2)
    for n in range(6):
        write(f"n{n}")
    client.force_login(author)

    def page(number):
        response = client.get(LIST, {"p": number})
        return [article.slug for article in response.context["cl"].result_list], text(response)

    first, second, third = page(1), page(2), page(3)
    assert [slugs for slugs, _ in (first, second, third)] == [["n5", "n4"], ["n3", "n2"], ["n1", "n0"]]
    assert "more than 3 articles" in first[1]
    assert "more than 5 articles" in second[1]
    assert "6 articles" in third[1]
    assert "more than" not in third[1]
    assert "3 results" not in first[1]
    assert 'href="?p=2"' in first[1]


@pytest.mark.parametrize("page", ["0", "-1", "4", "9" * 9, "9" * 30, "x"])
def test_page_that_is_none_shows_the_first(client, author, save, page):
    save()
    client.force_login(author)

    assert "<bdi>Tides</bdi>" in text(client.get(LIST, {"p": page}, follow=True))


def test_list_is_sorted_by_time_only(client, author, write):
    for slug in ("b", "a", "c"):
        write(slug)
    client.force_login(author)

    def slugs(**query):
        return [article.slug for article in client.get(LIST, query).context["cl"].result_list]

    assert slugs() == slugs(o="1") == ["c", "a", "b"]
    assert slugs(o="6") == ["b", "a", "c"]


def test_list_counts_no_choices(client, author, save):
    save()
    client.force_login(author)

    assert client.get(LIST, {"_facets": "True"}).context["cl"].add_facets is False
