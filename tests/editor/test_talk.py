"""The conversation beside the editor."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Remark, Revision
from tests.conftest import content
from tests.editor.test_editor import change, text


@pytest.fixture
def article(save):
    return save().article


def talk(article):
    return reverse("admin:articles_article_talk", args=[article.pk])


def test_remark_on_the_whole_version_is_made_without_a_script(client, author, article):
    client.force_login(author)

    response = client.post(
        talk(article), {"remark": "1", "text": "Is it <b>read</b>?\r\nBy whom?"}, follow=True
    )

    page = text(response)
    assert Remark.objects.get().text == "Is it <b>read</b>?\nBy whom?"
    assert response.redirect_chain[-1][0] == f"{change(article)}?talk=1#talk"
    assert 'value="talk" checked' in page
    assert "Is it &lt;b&gt;read&lt;/b&gt;?" in page
    assert "Your remark stands in the conversation." in page


def test_flagged_characters_of_a_remark_are_marked(client, author, article):
    workflow.remark(Revision.objects.with_text().get(), by=author, text="The p\u0430per.")
    client.force_login(author)

    _before, _words, thread = text(client.get(change(article))).partition('class="thread"')

    assert "<mark" in thread
    assert "The p\u0430per." not in thread


@pytest.mark.parametrize(
    ("near", "start"), [("0", 6), ("11", 6), ("13", 18), ("20", 18), ("999", 18), ("", 6), ("x", 6)]
)
def test_remark_is_about_the_passage_nearest_to_where_it_was_selected(client, author, save, near, start):
    article = save("First tides, then tides again.\n").article
    client.force_login(author)

    client.post(talk(article), {"remark": "1", "text": "?", "passage": "tides", "near": near})

    remark = Remark.objects.get()
    assert remark.span == (start, start + 5)
    assert remark.quote == "tides"


def test_passage_that_is_not_saved_yet_is_refused_with_its_reason(client, author, article):
    client.force_login(author)

    page = text(client.post(talk(article), {"remark": "1", "text": "?", "passage": "not there"}, follow=True))

    assert "The passage is not in version 1. Save your text first." in page
    assert not Remark.objects.exists()


def test_words_that_were_refused_stand_in_the_form_again_for_their_author_alone(
    client, author, other_author, article
):
    other = workflow.save_revision(None, by=author, content=content("x\n", slug="other"), base=None).article
    client.force_login(author)
    client.post(talk(article), {"remark": "1", "text": "Too early.", "passage": "not saved"})
    client.force_login(other_author)
    assert "Too early." not in text(client.get(change(article)))
    client.force_login(author)
    client.post(talk(article), {"remark": "1", "text": "Again.", "passage": "not saved"})

    assert "Again." not in text(client.get(change(other)))
    assert "Again.</textarea>" in text(client.get(change(article)))
    assert "Again." not in text(client.get(change(article)))


def test_answer_settling_and_opening_again_are_forms(client, author, moderator, article):
    remark = workflow.remark(Revision.objects.with_text().get(), by=moderator, text="Which table?")
    client.force_login(author)

    page = text(
        client.post(talk(article), {"answer": f"remark-{remark.pk}", "text": "The old one."}, follow=True)
    )
    assert "The old one." in page
    page = text(client.post(talk(article), {"resolve": remark.pk, "text": "Done."}, follow=True))
    assert "settled by <bdi>author</bdi>" in page
    assert [answer.text for answer in remark.answered_by.all()] == ["The old one.", "Done."]
    page = text(client.post(talk(article), {"resolve": remark.pk, "text": ""}, follow=True))
    assert "Author has settled this already." in page
    page = text(client.post(talk(article), {"reopen": remark.pk, "text": ""}, follow=True))
    assert "settled by" not in page


def test_decision_is_answered_in_the_editor(client, author, moderator, article):
    review = workflow.submit(Revision.objects.with_text().get(), by=author)
    workflow.request_changes(review, by=moderator, reason="Which table?")
    client.force_login(author)

    client.post(talk(article), {"answer": f"decision-{review.pk}", "text": "The old one."})

    assert Remark.objects.get().answers_review == review


def test_summary_without_a_change_is_kept_and_the_author_is_told(client, author, article):
    client.force_login(author)
    initial = client.get(change(article)).context["form"].initial
    fields = {**initial, "tags": "", "summary": "Please look again.", "_save": ""}

    page = text(client.post(change(article), fields, follow=True))

    assert "Nothing changed, so no new version was made." in page
    assert "What you wrote about it stands in the conversation." in page
    assert Remark.objects.get().text == "Please look again."


@pytest.mark.parametrize(
    "posted",
    [
        {"resolve": "0"},
        {"reopen": "x"},
        {"answer": "remark-0"},
        {"answer": "decision-0"},
        {"answer": ""},
        {"answer": "tree-1"},
        {"remark": "9"},
        {},
    ],
)
def test_what_is_not_there_is_not_found(client, author, article, posted):
    client.force_login(author)

    assert client.post(talk(article), {"text": "?"} | posted).status_code == 404


def test_remark_of_another_article_is_not_found(client, author, article):
    copy = workflow.duplicate(Revision.objects.with_text().get(), by=author)
    remark = workflow.remark(copy, by=author, text="?")
    client.force_login(author)

    assert client.post(talk(article), {"resolve": remark.pk}).status_code == 404
    assert client.post(talk(copy.article), {"resolve": remark.pk}).status_code == 302


def test_script_gets_the_thread_or_an_error(client, author, moderator, reader, article):
    remark = workflow.remark(Revision.objects.with_text().get(), by=moderator, text="Which table?")
    workflow.resolve(remark, by=moderator)

    def post(**fields):
        return client.post(talk(article), {"script": "", "text": ""} | fields)

    assert post(remark="1", text="?").status_code == 401
    client.force_login(reader)
    assert post(remark="1", text="?").status_code == 403
    client.force_login(author)
    assert post(remark="1").json() == {"error": "Write what you have to say."}
    assert post(remark="1").status_code == 400
    assert post(resolve=remark.pk).status_code == 409
    answer = post(remark="1", text="Here.")
    assert answer.status_code == 200
    assert text(answer).lstrip().startswith('<div data-fresh="talk" data-open="1">')
    assert "Here." in text(answer)


def test_review_page_has_the_same_conversation(client, author, moderator, article):
    workflow.remark(Revision.objects.with_text().get(), by=author, text="Between us.", passage=(0, 8))
    review = workflow.submit(Revision.objects.with_text().get(), by=author)
    client.force_login(moderator)
    talk = reverse("review-talk", args=[review.pk])
    page = text(client.get(review.get_absolute_url()))
    assert "Between us." in page
    assert f'action="{talk}"' in page

    response = client.post(talk, {"remark": "1", "text": "Which table?"}, follow=True)

    assert response.redirect_chain[-1][0] == f"{review.get_absolute_url()}#talk"
    assert Remark.objects.get(text="Which table?").author == moderator
    assert "Write what you have to say." in text(client.post(talk, {"remark": "1", "text": " "}, follow=True))


def test_long_conversation_is_drawn_in_parts(client, author, article):
    revision = Revision.objects.with_text().get()
    for n in range(31):
        workflow.remark(revision, by=author, text=f"Remark {n:02}.")
    client.force_login(author)

    newest, older = text(client.get(change(article))), text(client.get(change(article) + "?talk=2"))

    assert "Remark 30." in newest
    assert "Remark 01." in newest
    assert "Remark 00." not in newest
    assert "?talk=2#talk" in newest
    assert "Remark 00." in older
    assert "Remark 01." not in older
    assert "?talk=1#talk" in older


@pytest.mark.parametrize("talk", ["", "0", "-1", "2", "9" * 12, "x", "\N{ARABIC-INDIC DIGIT TWO}"])
def test_part_that_is_none_shows_the_nearest(client, author, article, talk):
    workflow.remark(Revision.objects.with_text().get(), by=author, text="Between us.")
    client.force_login(author)

    assert "Between us." in text(client.get(change(article), {"talk": talk}))


def test_new_article_is_talked_about_once_it_is_saved(client, author):
    client.force_login(author)

    assert "Save the article first" in text(client.get(reverse("admin:articles_article_add")))


def test_answer_that_comes_too_late_to_settle_is_not_kept(client, author, moderator, article):
    remark = workflow.remark(Revision.objects.with_text().get(), by=moderator, text="Which table?")
    workflow.resolve(remark, by=moderator)
    client.force_login(author)

    answer = client.post(talk(article), {"script": "", "resolve": remark.pk, "text": "The old one."})

    assert answer.status_code == 409
    assert not remark.answered_by.exists()


def test_refusal_to_settle_again_names_nobody_who_is_hidden(
    client, author, moderator, administrator, article
):
    revision = Revision.objects.with_text().get()
    remark = workflow.remark(revision, by=moderator, text="Which table?")
    workflow.resolve(remark, by=author)
    workflow.hide(revision, by=administrator, parts=["author"], reason="Private.")
    client.force_login(moderator)

    answer = client.post(talk(article), {"script": "", "resolve": remark.pk, "text": ""})

    assert answer.json() == {"error": "(name hidden) has settled this already."}
