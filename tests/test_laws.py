"""Laws 1 and 5 of the design, for any text; laws 2 and 3 stand in `text/test_sanitizer.py` and `text/test_diff.py`."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import workflow
from articles.models import Article, Revision
from tests.conftest import content

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
TITLE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=100).map(
    lambda text: f"{text}t"
)
FORM_TEXT = TEXT.map(lambda text: text.replace("\r", "\r\n"))
UNSTORABLE = st.sampled_from(["\0", "\ud800", "\udbff\ud800", "\udfff"])


@settings(max_examples=60)
@given(source=TEXT)
def test_stored_source_equals_what_was_submitted(author, source):
    revision = workflow.save_revision(
        None, by=author, content=content(source, slug=f"s{Article.objects.count()}")
    )

    assert Revision.objects.with_text().get(pk=revision.pk).source == source.replace("\r\n", "\n")


@settings(max_examples=40)
@given(source=FORM_TEXT, title=TITLE)
def test_text_through_the_admin_is_stored_as_typed(client, author, source, title):
    client.force_login(author)
    slug = f"a{Article.objects.count()}"
    response = client.post(
        "/admin/articles/article/add/", {"title": title, "slug": slug, "language": "en", "source": source}
    )

    assert response.status_code == 302, response.context["form"].errors
    revision = Revision.objects.with_text().get(slug=slug)
    assert (revision.source, revision.title) == (source.replace("\r\n", "\n"), title)


@settings(max_examples=30)
@given(before=TEXT, bad=UNSTORABLE, after=TEXT)
def test_unstorable_characters_are_refused_with_their_place(author, before, bad, after):
    with pytest.raises(ValidationError) as error:
        workflow.save_revision(None, by=author, content=content(before + bad + after))

    lines = before.replace("\r\n", "\n").split("\n")
    place = f"Line {len(lines)}: character {len(lines[-1]) + 1} "
    assert error.value.message_dict["source"][0].startswith(place)
    assert not Article.objects.exists()


@settings(max_examples=30)
@given(source=TEXT, mine=TEXT, theirs=TEXT)
def test_no_save_overwrites_and_no_unchanged_save_makes_a_revision(
    author, other_author, source, mine, theirs
):
    slug = f"c{Article.objects.count()}"
    first = workflow.save_revision(None, by=author, content=content(source, slug=slug))
    article = first.article
    count = article.revisions.count

    again = workflow.save_revision(article, by=other_author, content=content(source, slug=slug), base=1)
    assert (again, count()) == (first, 1)

    second = workflow.save_revision(article, by=other_author, content=content(theirs, slug=slug), base=1)
    if second == first:  # the same text once more
        return
    if mine.replace("\r\n", "\n") == second.source:  # what both wrote is no conflict
        assert workflow.save_revision(article, by=author, content=content(mine, slug=slug), base=1) == second
        return
    with pytest.raises(workflow.EditConflict) as conflict:
        workflow.save_revision(article, by=author, content=content(mine, slug=slug), base=1)
    assert conflict.value.submitted.source == mine.replace("\r\n", "\n")
    assert [r.source for r in article.revisions.with_text().order_by("number")] == [
        source.replace("\r\n", "\n"),
        theirs.replace("\r\n", "\n"),
    ]
