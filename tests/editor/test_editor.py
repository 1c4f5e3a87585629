"""The editor: what authors type, see and keep."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from articles import workflow
from articles.http import heavy, limits
from articles.models import Article, Review, Revision
from articles.templatetags.prose import drawn
from tests.conftest import CLEAN, FLAGGED, content
from tests.revisions.test_bodies import damage

ADD = "/admin/articles/article/add/"
LIVE = "/admin/articles/article/live/"
FIELDS = {"title": "Tides", "slug": "tides", "language": "en", "tags": "sea, harbour", "source": CLEAN}


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def text(response):
    return response.content.decode()


def test_author_writes_submits_and_reads_the_decision(client, author, moderator):
    client.force_login(author)
    response = client.post(ADD, FIELDS | {"source": FLAGGED, "_submit": ""}, follow=True)

    page = text(response)
    assert "1 character is flagged" in page
    assert "waiting for a moderator" in page
    assert "U+0430" in page
    workflow.reject(Review.objects.get(), by=moderator, reason="Mind the paper.")
    assert "Mind the paper." in text(client.get(change(Article.objects.get())))


def test_message_tells_what_was_removed(client, author):
    client.force_login(author)

    response = client.post(ADD, FIELDS | {"source": "a <script>x</script> b\n"}, follow=True)

    assert "did not reach the page" in text(response)


def test_moderator_publishes_at_once_and_author_has_no_such_button(client, author, moderator):
    client.force_login(author)
    assert "_publish" not in text(client.get(ADD))

    client.force_login(moderator)
    assert "_publish" in text(client.get(ADD))
    response = client.post(ADD, FIELDS | {"_publish": ""}, follow=True)
    assert "The version is published." in text(response)
    assert Article.objects.get().published_revision.tags == ["sea", "harbour"]


def test_submitting_what_is_saved_tells_that_alone(client, author):
    client.force_login(author)
    client.post(ADD, FIELDS | {"_save": ""})
    fields = FIELDS | {"base": 1}
    [article] = Article.objects.all()

    page = text(client.post(change(article), fields | {"_submit": ""}, follow=True))

    assert "The version is waiting for a moderator." in page
    assert "Nothing changed" not in page


def test_fields_without_a_visible_label_say_what_they_are_while_they_are_empty(client, author):
    client.force_login(author)
    form = client.get(ADD).context["form"]

    assert 'placeholder="Title"' in str(form["title"])
    assert 'placeholder="Text"' in str(form["source"])


@pytest.mark.parametrize(("wrong", "opens"), [("slug", True), ("title", False)])
def test_sheet_with_the_field_to_mend_is_open_without_scripts(client, author, wrong, opens):
    client.force_login(author)

    page = client.post(ADD, FIELDS | {wrong: "", "_save": ""}).content.decode()

    assert "Not saved." in page
    assert ('value="details" checked' in page) is opens


def test_button_that_is_not_offered_only_submits(client, author):
    client.force_login(author)

    client.post(ADD, FIELDS | {"_publish": ""})

    assert Article.objects.get().published_revision is None
    assert Review.objects.get().causes == [Review.Cause.AUTHOR]


def test_saving_without_a_change_says_so(client, author, save):
    revision = save(tags=("sea", "harbour"))
    client.force_login(author)

    response = client.post(change(revision.article), FIELDS | {"base": 1}, follow=True)

    assert "no new version" in text(response)
    assert Revision.objects.count() == 1


BASE = "Stays.\n\nThe gate is red.\n\nThe bell rings.\n"
MINE = BASE.replace("is red", "is blue").replace("bell", "loud bell")
THEIRS = BASE.replace("is red", "is <b>green</b>").replace("rings", "tolls")


@pytest.fixture
def clash(client, author, other_author, save):
    """Both changed the same words, and other places too: what the author posts, and where."""
    article = save(BASE).article
    save(THEIRS, by=other_author)
    client.force_login(author)
    return change(article), FIELDS | {"source": MINE, "base": 1}


def choose(client, clash, **choices):
    url, fields = clash
    return client.post(url, fields | {"theirs": 2, "_choose": ""} | choices)


def test_conflict_asks_place_by_place_and_saves_nothing(client, clash):
    response = client.post(*clash)

    page = text(response)
    assert response.status_code == 409
    assert "other_author saved version 2" in page
    assert page.count("Both changed this") == 1
    assert "green" in page
    assert "<b>green" not in page
    assert "blue" in page
    assert 'name="_save"' not in page
    assert 'name="base" value="1"' in page
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("side", "own", "kept"),
    [
        ("mine", "The gate is blue.", "The gate is blue.\n"),
        ("theirs", "The gate is blue.", "The gate is <b>green</b>.\n"),
        ("both", "The gate is blue.", "The gate is blue.\nThe gate is <b>green</b>.\n"),
        ("own", "The gate is old.\r\nOr new?", "The gate is old.\nOr new?\n"),
        ("own", "", ""),
    ],
)
def test_what_was_chosen_is_saved_once_it_is_confirmed(client, clash, side, own, kept):
    url, fields = clash

    response = choose(client, clash, **{"side-1": side, "own-1": own})

    form = response.context["form"]
    expected = f"Stays.\n\n{kept}\nThe loud bell tolls.\n"
    assert form["source"].value().replace("\r\n", "\n") == expected
    assert form["base"].value() == 2
    assert "what you chose" in text(response)
    assert Revision.objects.count() == 2
    client.post(url, fields | {"source": form["source"].value(), "base": 2})
    assert Revision.objects.first().source == expected


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({}, "Choose what to keep here."),
        ({"side-1": "theirs", "own-1": "My new words."}, "Choose again."),
        ({"side-1": "nobody"}, "nobody"),
    ],
)
def test_a_place_without_a_clear_choice_is_asked_again(client, clash, choices, message):
    response = choose(client, clash, **choices)

    page = text(response)
    assert response.status_code == 409
    assert message in page
    assert choices.get("own-1", "") in page
    assert 'name="base" value="1"' in page
    assert Revision.objects.count() == 2


def test_saving_past_the_choice_asks_again(client, clash):
    client.post(*clash)

    assert client.post(*clash).status_code == 409
    assert Revision.objects.count() == 2


def test_clashing_titles_and_tags_are_a_choice_too(client, author, other_author, save):
    article = save(BASE, tags=("sea",)).article
    save(BASE, by=other_author, title="Ebb", tags=("ebb", "sea"))
    client.force_login(author)
    clash = change(article), FIELDS | {"source": BASE, "title": "Flood", "tags": "sea, flood", "base": 1}

    asked = text(client.post(*clash))
    chosen = choose(client, clash, **{"side-title": "theirs", "side-tags": "own", "own-tags": "sea"})

    assert "Ebb" in asked
    assert "ebb, sea" in re.sub("<[^>]*>", "", asked)
    form = chosen.context["form"]
    assert (form["title"].value(), form["tags"].value(), form["base"].value()) == ("Ebb", "sea", 2)


@pytest.mark.parametrize("number", ["", "x", "99", "9" * 30])
def test_a_choice_against_no_such_version_is_refused(client, clash, number):
    assert choose(client, clash, theirs=number).status_code == 404


def test_without_a_known_base_both_texts_stand_there_and_the_next_save_goes_on(client, clash):
    url, fields = clash

    response = client.post(url, fields | {"base": ""})

    page = text(response)
    assert response.status_code == 409
    assert "From their version 2 to yours" in page
    assert 'name="base" value="2"' in page
    client.post(url, fields | {"base": 2})
    assert Revision.objects.first().source == MINE


def test_changes_in_different_places_are_merged_for_the_author_to_confirm(client, author, other_author, save):
    base = "The first paragraph.\n\nThe second paragraph.\n\nThe third paragraph.\n"
    article = save(base).article
    save(base.replace("third", "last"), by=other_author, title="Ebb")
    client.force_login(author)
    mine = FIELDS | {"source": base.replace("first", "opening"), "tags": "", "base": 1}

    response = client.post(change(article), mine)

    form = response.context["form"]
    merged = "The opening paragraph.\n\nThe second paragraph.\n\nThe last paragraph.\n"
    assert response.status_code == 409
    assert (form["source"].value(), form["title"].value(), form["base"].value()) == (merged, "Ebb", 2)
    assert "holds both changes" in text(response)
    assert "Your text as you sent it" in text(response)
    assert Revision.objects.count() == 2
    client.post(change(article), mine | {"source": merged, "title": "Ebb", "base": 2})
    assert Revision.objects.first().source == merged


def test_refused_text_comes_back_whole_with_the_reason(client, author):
    client.force_login(author)
    source = "word " * 60_000

    response = client.post(ADD, FIELDS | {"source": source, "title": " "})

    page = text(response)
    assert response.status_code == 200
    assert "Not saved. Your text is below" in page
    assert "262" in page
    assert source.strip() in page
    assert "Give the article a title that can be seen." in page


def test_nul_is_refused_with_its_place(client, author):
    client.force_login(author)

    response = client.post(ADD, FIELDS | {"source": "one\nt\0wo", "title": "T\0"})

    assert response.context["form"].errors["source"][0].startswith("Line 2: character 2 is a NUL")
    assert "Character 2 (U+0000)" in response.context["form"].errors["title"][0]


def test_leading_and_trailing_spaces_survive_the_form(client, author):
    client.force_login(author)

    client.post(ADD, FIELDS | {"source": "\n\n  text \n\n", "title": " Tides "})

    revision = Revision.objects.get()
    assert (revision.source, revision.title) == ("\n\n  text \n\n", " Tides ")
    assert "\n\n\n  text \n\n</textarea>" in text(client.get(change(revision.article)))


def test_article_is_unpublished_and_never_deleted(client, administrator, published):
    client.force_login(administrator)
    article = published.article

    assert client.get(f"/admin/articles/article/{article.pk}/delete/").status_code == 403
    assert client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post("/admin/articles/article/", {"action": "delete_selected", "_selected_action": article.pk})
    assert Article.objects.filter(pk=article.pk).exists()
    client.post(
        f"/admin/articles/article/{article.pk}/unpublish/",
        {"reason": "Outdated.", "public_reason": "See Ebb."},
    )
    assert Article.objects.get().published_revision is None
    assert Article.objects.get().public_reason == "See Ebb."


def test_restoring_adds_a_version(client, author, save):
    article = save("One.\n").article
    save("Two.\n")
    client.force_login(author)

    response = client.post(f"/admin/articles/article/{article.pk}/restore/1/", follow=True)

    assert "Version 3 now reads as version 1" in text(response)
    assert Revision.objects.first().source == "One.\n"


# What stands beside the text


def live(client, source="x", **fields):
    return client.post(LIVE, {"source": source, "language": "en", **fields})


def test_preview_is_what_the_page_shows(client, author, moderator, save):
    source = "# A\n\n*b* <script>x</script> [l](javascript:x)\n\n- [ ] c\n"
    client.force_login(author)

    preview = live(client, source.replace("\n", "\r\n")).json()["html"]

    revision = save(source)
    assert preview == drawn(revision.renderings.latest().html).whole
    assert preview in text(client.get("/articles/tides/revisions/1/"))
    assert preview in text(client.get(change(revision.article)))


@pytest.mark.parametrize(
    ("person", "status"),
    [(None, 401), ("reader", 403), ("author", 200), ("moderator", 200), ("administrator", 200)],
)
def test_live_answer_is_for_people_who_write(client, request, db, person, status):
    if person:
        client.force_login(request.getfixturevalue(person))

    response = live(client)

    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert ("html" in response.json()) == (status == 200)
    assert bool(response.json().get("error")) == (status != 200)


@pytest.mark.parametrize(
    ("codenames", "status"),
    [
        ((), 403),
        (("add_article",), 403),
        (("view_revision",), 403),
        (("review_revision", "view_revision"), 403),
        (("add_article", "view_revision"), 200),
        (("change_article", "view_revision"), 200),
    ],
)
def test_live_answer_is_for_staff_with_the_right_to_write(client, staff, codenames, status):
    client.force_login(staff(*codenames))

    assert live(client).status_code == status


def test_live_answer_is_for_staff_alone(client, author):
    author.is_staff = False
    author.save()
    client.force_login(author)

    assert live(client).status_code == 403


def test_live_answer_needs_a_post_with_a_text(client, author):
    client.force_login(author)

    assert client.get(LIVE, {"source": "x"}).status_code == 405
    response = client.post(LIVE, {"content": "x"})
    assert response.status_code == 400
    assert response.json() == {"error": "Send the text as “source”."}


def test_live_answer_needs_the_token_of_the_form_whatever_the_cookie_is_called(author, settings):
    from django.test import Client

    settings.CSRF_COOKIE_NAME = "another"
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    page = text(client.get(ADD))
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert live(client, csrfmiddlewaretoken=token).status_code == 200
    answer = live(client)
    assert answer.status_code == 403
    assert "too old to be sent" in text(answer)


def test_live_answers_are_limited_for_each_person(client, author, other_author, monkeypatch, one_minute):
    now = limits.time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now)  # the minute does not end meanwhile
    client.force_login(author)
    statuses = [live(client).status_code for _ in range(121)]
    response = live(client)

    assert statuses[:120] == [200] * 120
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    client.force_login(other_author)
    assert live(client).status_code == 200


def test_long_text_is_saved_while_others_take_all_turns_and_its_live_answer_comes_later(
    client, author, monkeypatch
):
    monkeypatch.setattr(heavy, "SECONDS_TO_WAIT", 0)
    monkeypatch.setattr(heavy, "SECONDS_OF_AUTHORS", 0)
    client.force_login(author)
    long = "The tide is out. " * 3000

    with heavy._working:
        short, refused = live(client), live(client, long)
        saved = client.post(ADD, FIELDS | {"source": long})

    assert short.status_code == 200
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "goes on by itself" in refused.json()["error"]
    assert saved.status_code == 302
    assert live(client, long).status_code == 200


def test_turn_of_a_save_lasts_until_it_is_answered(client, author, monkeypatch):
    taken = []
    monkeypatch.setattr(
        workflow, "save_revision", lambda *args, **kwargs: taken.append(heavy._working.locked())
    )
    client.force_login(author)

    with pytest.raises(AttributeError):  # the save was replaced, and made nothing
        client.post(ADD, FIELDS | {"source": "The tide is out. " * 3000})

    assert taken == [True]
    assert not heavy._working.locked()


def test_live_answer_tells_findings_of_every_field(client, author):
    client.force_login(author)

    answer = live(
        client,
        "\N{WOMAN} The p\u0430per &#x430;bc\n",
        title="P\u0430per",
        slug="p\u0430per",
        tags="se\u0430",
        summary="\u202e",
        language="en-GB",
    ).json()

    found = {(item["field"], item["written"]): item for item in answer["findings"]}
    assert {field for field, _ in found} == {"source", "title", "slug", "tags", "summary"}
    assert answer["total"] == len(answer["findings"])
    letter = found["source", "\u0430"]
    assert (letter["start"], letter["end"]) == (7, 8)
    assert letter["code_points"] == "U+0430"
    assert letter["name"] == "Cyrillic small letter a"
    assert (letter["meant"], letter["put"]) == ("a", "a")
    assert letter["place"] == "text, line 1, character 8"
    assert (letter["severity"], letter["check"]) == ("warning", "foreign-letter")
    assert "in a Latin word" in letter["message"]
    entity = found["source", "&#x430;"]
    assert entity["code_points"] == "U+0430"


def test_live_answer_tells_what_is_hidden_as_data_and_as_it_is_drawn(client, author):
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "<b>obey</b>" + "x" * 500)
    client.force_login(author)

    (item,) = live(client, f"flag{hidden} here\n").json()["findings"]

    assert item["payload"] == "<b>obey</b>" + "x" * 500
    assert item["payload_shown"].startswith('<bdi class="char">&lt;b&gt;obey&lt;/b&gt;xxx')
    assert item["payload_shown"].endswith("x…</bdi>")
    assert "spell a hidden text (511)" in item["message"]


@pytest.mark.parametrize(
    ("source", "put"),
    [
        ("in\u202evoice\n", ""),
        ("flag \U000e0068\U000e0069 here\n", ""),
        ("pass\ufe0fword\n", ""),
        ("ze\u0301ro e\u0301\n", "\u00e9"),
        ("This file contains hidden Unicode characters\n", None),
    ],
)
def test_replacement_is_offered_where_one_is_certain(client, author, source, put):
    client.force_login(author)

    assert {item["put"] for item in live(client, source).json()["findings"]} == {put}


def test_live_answer_lists_the_first_findings_and_counts_all(client, author):
    client.force_login(author)

    answer = live(client, "p\u0430per " * 1200).json()

    assert (len(answer["findings"]), answer["total"]) == (300, 1200)


def test_live_answer_tells_removals_with_their_rewrites(client, author):
    client.force_login(author)

    answer = live(client, "\N{WOMAN} a List<String> b <i onclick='x'>c</i>\n").json()

    tag, attribute = answer["removals"]
    assert (tag["start"], tag["end"], tag["written"]) == (8, 16, "<String>")
    assert "backticks" in tag["reason"]
    assert tag["place"] == "line 1, character 9"
    assert tag["rewrite"] == {
        "field": "source",
        "remedy": "code",
        "label": "Show it as code",
        "start": 4,
        "end": 16,
        "written": "List<String>",
        "text": "`List<String>`",
    }
    assert "onclick" in attribute["written"]
    assert answer["removals_total"] == 2


def test_live_answer_tells_what_readers_do_not_see(client, author):
    client.force_login(author)

    answer = live(client, "\N{WOMAN} a\n\nb <!-- c\u200b --> ![d](/e)\n").json()

    comment, alternative = answer["unseen"]
    assert comment == {
        "field": "source",
        "start": 7,
        "end": 18,
        "kind": "comment",
        "kind_label": "Comment",
        "shown": '<bdi class="char"> c<span class="unseen" data-box="ZWSP"></span> </bdi>',
        "place": "line 3, character 3",
    }
    assert (alternative["kind"], alternative["kind_label"]) == ("alternative text", "Alternative text")
    assert answer["unseen_total"] == 2


def test_live_answer_lists_at_most_a_hundred_unseen_texts_and_counts_all(client, author):
    client.force_login(author)

    answer = live(client, "a <!-- b --> " * 120).json()

    assert (len(answer["unseen"]), answer["unseen_total"]) == (100, 120)


def test_refused_text_has_no_unseen_ones(client, author):
    client.force_login(author)

    answer = live(client, "a\0 <!-- b -->").json()

    assert answer["refusal"]
    assert (answer["unseen"], answer["unseen_total"]) == ([], 0)


HOSTILE = "</bdi><script>x</script>\"'\u202eevil"
ESCAPED = (
    '&lt;/bdi&gt;&lt;script&gt;x&lt;/script&gt;&quot;&#x27;<span class="unseen" data-box="RLO"></span>evil'
)


@pytest.mark.parametrize(
    "source",
    [
        f"a <!--{HOSTILE}-->\n",
        f"a\n\n```x{HOSTILE}\n```\n",
        f"a\n\n[b]: /c ({HOSTILE})\n",
        f"![{HOSTILE}](/b)\n",
    ],
    ids=["comment", "info", "definition", "alternative"],
)
def test_unseen_text_is_escaped_and_moves_nothing_around_it(client, author, source):
    client.force_login(author)

    answer = live(client, source).json()

    (shown,) = {item["shown"] for item in answer["unseen"] if "evil" in item["shown"]}
    assert ESCAPED in shown
    assert "\u202e" not in shown


def test_long_unseen_text_is_cut(client, author):
    client.force_login(author)

    (item,) = live(client, f"a <!--{'b' * 1000}-->\n").json()["unseen"]

    assert item["shown"] == f'<bdi class="char">{"b" * 400}…</bdi>'


def test_page_of_the_editor_lists_unseen_texts_of_the_saved_version(client, author, save):
    article = save(f"a <!--{HOSTILE}-->\n").article
    client.force_login(author)

    page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()

    assert f'<span class="kind">Comment</span> <bdi class="char">{ESCAPED}</bdi>' in page


def test_subscript_is_offered_where_tildes_stay(client, author):
    client.force_login(author)

    (removal,) = live(client, "H~2~O\n").json()["removals"]

    assert removal["rewrite"]["label"] == "Write as subscript"
    assert removal["rewrite"]["text"] == "<sub>2</sub>"


def test_live_answer_tells_length_language_and_direction(client, author):
    client.force_login(author)

    answer = live(client, "word " * 1234, language="ar").json()

    assert answer["length"] == "1,234 words · 6 minutes to read"
    assert (answer["language"], answer["direction"]) == ("ar", "rtl")
    assert live(client, "").json()["length"] == "0 words"


GERMAN = "Das Haus am Fluss ist alt, aber die Familie wohnt noch immer dort und will nicht fort.\n"
MONGOLIAN = (  # only its script is certain
    "\u0413\u043e\u043b\u044b\u043d \u0445\u0430\u0436\u0443\u0443\u0433\u0438\u0439\u043d "
    "\u0431\u0430\u0439\u0448\u0438\u043d \u0445\u0443\u0443\u0447\u0438\u043d "
    "\u0431\u043e\u043b\u043e\u0432\u0447 \u0433\u044d\u0440 "
    "\u0431\u04af\u043b \u043d\u044c "
    "\u043e\u0434\u043e\u043e \u0442\u044d\u043d\u0434 "
    "\u0431\u0430\u0439\u043d\u0430\n"
)


@pytest.mark.parametrize(
    ("source", "language", "other", "offer"),
    [
        (GERMAN, "en", "de", "This text looks like German (de)."),
        (GERMAN * 50, "en", "de", "This text looks like German (de)."),
        (GERMAN, "", None, ""),
        (GERMAN, "de", None, ""),
        (GERMAN, "de-AT", None, ""),
        (f"{GERMAN}\nThe house by the river is old, but the family still lives there.\n", "en", None, ""),
        (MONGOLIAN, "en", None, ""),
        ("word " * 50, "en", None, ""),
        ("", "en", None, ""),
    ],
)
def test_language_is_offered_if_the_whole_text_is_in_another_one(
    client, author, source, language, other, offer
):
    client.force_login(author)

    answer = live(client, source, language=language).json()

    assert (answer["other_language"], answer["offer"]) == (other, offer)


def test_page_of_the_editor_offers_the_language_of_the_saved_version(client, author, save):
    client.force_login(author)

    offering = client.get(change(save(GERMAN).article)).content.decode()
    silent = client.get(change(save("word\n", slug="word").article)).content.decode()

    assert "<span data-offer-words>This text looks like German (de).</span>" in offering
    assert 'value="de" data-use-language' in offering
    assert "data-offer hidden" in silent
    assert "data-offer hidden" not in offering


@pytest.mark.parametrize("language", ["", "e", "\0", "x" * 500, "zh-Hant-TW", "<b>"])
def test_live_answer_bears_a_language_half_typed(client, author, language):
    client.force_login(author)

    assert live(client, "p\u0430per", language=language).json()["language"] == language


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x\n" * 140_000, "Line 131073: the text gets longer than 262144 bytes; it has 280000."),
        ("one\nt\0wo", "Line 2: character 2 is a NUL; remove it."),
        ("<b>" * 70, "64"),
    ],
)
def test_refused_text_is_told_with_limit_and_place(client, author, source, said):
    client.force_login(author)

    answer = live(client, source)

    assert answer.status_code == 200
    assert said in answer.json()["refusal"]
    assert answer.json()["html"] is None


def test_changes_are_those_since_the_version_begun_with(client, author, save):
    article = save("One two.\n").article
    save("One two three.\n")
    client.force_login(author)

    def compared(**fields):
        return live(client, "One too.\n", title="Tides", slug="tides", **fields).json()["comparison"]

    assert compared(article=article.pk, base=1) is None
    drawn = compared(article=article.pk, base=1, compare="yes")
    assert 'class="diff"' in drawn
    assert "three" not in drawn
    assert "three" in compared(article=article.pk, base=2, compare="yes")
    for article_pk, base in (("", ""), ("x", "1"), (article.pk, "9" * 30), ("0", "\u0661")):
        assert "All of it is new." in compared(article=article_pk, base=base, compare="yes")


def test_markup_of_the_author_stays_text_in_every_part(client, author):
    client.force_login(author)
    attack = "<img src=x onerror=alert(1)>"

    answer = live(client, f"{attack} \u202e{attack}\n", title=f"\u202e{attack}", compare="yes").json()

    for part in (answer["html"], answer["comparison"], *(item["shown"] for item in answer["findings"])):
        assert "<img src=x onerror" not in part


def test_editor_shows_what_is_wrong_with_the_text_that_was_refused(client, author):
    client.force_login(author)

    page = text(client.post(ADD, FIELDS | {"title": "", "source": "The p\u0430per <script>\n"}))

    assert "U+0430" in page
    assert "shown as text" in page
    assert "3 words" in page


@pytest.mark.parametrize(
    "url", ["/markdownx/markdownify/", "/markdownx/upload/", "/admin/markdownx/markdownify/"]
)
def test_stock_addresses_of_the_widget_are_not_routed(client, author, url):
    client.force_login(author)

    assert client.post(url, {"content": "x"}).status_code == 404


def test_reader_has_no_editor(client, reader, published):
    client.force_login(reader)

    assert client.get(change(published.article)).status_code == 302


def test_unknown_article_is_not_found(client, author):
    client.force_login(author)

    for pk in ("999", "x", "9" * 30):
        assert client.get(f"/admin/articles/article/{pk}/change/").status_code == 404


def test_bytes_that_are_no_text_are_refused_and_not_replaced(client, author):
    client.force_login(author)
    body = b"title=T&slug=t&language=en&source=a%ED%A0%80b"

    response = client.post(ADD, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert not Article.objects.exists()


def test_editor_starts_from_the_newest_text_that_is_not_damaged(client, author, save):
    article = save("First.\n").article
    save("Second.\n")
    damage(2, data=b"garbage")
    client.force_login(author)

    page = client.get(change(article))

    form = page.context["form"]
    assert (form["source"].value(), form["base"].value()) == ("First.\n", 2)
    assert "The stored text of version 2 is damaged" in page.content.decode()
    assert client.post(change(article), FIELDS | {"source": "Third.\n", "base": 2}).status_code == 302
    assert article.revisions.first().source == "Third.\n"


def test_conflict_with_a_damaged_text_keeps_the_authors(client, author, save):
    article = save("First.\n").article
    save("Second.\n")
    damage(2, data=b"garbage")
    client.force_login(author)

    page = client.post(change(article), FIELDS | {"source": "Mine.\n", "base": 1})

    assert page.status_code == 409
    assert page.context["form"]["source"].value() == "Mine.\n"


def test_page_about_a_damaged_text_gives_back_what_was_sent(client, author, save):
    article = save("First.\n").article
    save("Second.\n")
    damage(1, data=b"garbage")
    client.force_login(author)

    page = client.post(
        change(article), FIELDS | {"source": "Mine.\nAnd more.\n", "base": 1, "theirs": 2, "_choose": ""}
    )

    assert page.status_code == 500
    assert "Mine.\nAnd more.\n</textarea>" in page.content.decode()


def test_double_submit_is_no_conflict_with_oneself(client, author, save):
    article = save().article
    client.force_login(author)
    mine = FIELDS | {"source": "Once.\n", "base": 1}

    assert [client.post(change(article), mine).status_code for _ in range(2)] == [302, 302]
    assert Revision.objects.count() == 2


def test_author_takes_a_version_out_of_the_queue(client, author, save):
    review = workflow.submit(save(), by=author)
    client.force_login(author)
    url = f"/admin/articles/article/{review.revision.article_id}/withdraw/"

    assert url in text(client.get(change(review.revision.article)))
    client.post(url)

    review.refresh_from_db()
    assert review.state == Review.State.WITHDRAWN
    assert client.post(url).status_code == 404


def test_live_version_cannot_be_submitted(client, author, published):
    client.force_login(author)

    response = client.post(
        change(published.article), FIELDS | {"tags": "", "base": 1, "_submit": ""}, follow=True
    )

    assert "live already" in text(response)
    assert not Review.objects.exists()


def test_odd_base_is_told(client, author, save):
    article = save().article
    client.force_login(author)

    response = client.post(change(article), FIELDS | {"base": "abc"})

    assert response.status_code == 200
    assert "Enter a whole number" in text(response)


def test_unpublishing_is_told_with_its_reason(client, moderator, published):
    workflow.unpublish(published.article, by=moderator, reason="By order.")
    client.force_login(moderator)

    assert "By order." in text(client.get(change(published.article)))


def test_picture_from_elsewhere_is_not_loaded_and_the_author_is_told(client, author):
    client.force_login(author)

    page = text(client.post(ADD, FIELDS | {"source": "![a](https://example.org/a.png)\n"}, follow=True))

    assert "a picture from another site is not loaded" in page


# Staff whose rights do not fit a group


@pytest.fixture
def staff(db):
    def staff(*codenames):
        user = User.objects.create_user("clerk", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return user

    return staff


@pytest.mark.parametrize("codenames", [(), ("view_article",), ("change_article",), ("add_article",)])
def test_staff_who_may_not_see_drafts_see_none(client, staff, save, codenames):
    article = save(title="Secret").article
    client.force_login(staff(*codenames))
    pk = article.pk

    for url in (
        "/admin/",
        "/admin/articles/article/",
        change(article),
        f"/admin/articles/article/{pk}/history/",
        f"/admin/r/{ContentType.objects.get_for_model(Article).pk}/{pk}/",
    ):
        response = client.get(url, follow=True)
        assert "Secret" not in text(response), url
        assert "tides" not in text(response) + response.request["PATH_INFO"], url


def test_writing_needs_no_right_to_edit_others(client, staff):
    client.force_login(staff("add_article", "view_revision"))

    response = client.post(ADD, FIELDS | {"_submit": ""})

    assert response.status_code == 302
    assert Review.objects.pending().exists()


@pytest.mark.parametrize("pk", ["abc", "9" * 30, "0"])
def test_history_of_nothing_is_not_found(client, author, pk):
    client.force_login(author)

    assert client.get(f"/admin/articles/article/{pk}/history/").status_code == 404


# Where an article stands


def test_reason_stays_in_view_through_newer_drafts(client, author, moderator, save):
    review = workflow.submit(save(), by=author)
    workflow.request_changes(review, by=moderator, reason="Say when the tide turns.")
    article = save("A newer draft.\n").article
    client.force_login(author)

    page = text(client.get(change(article)))

    assert "Version 1: changes requested" in page
    assert "Say when the tide turns." in page
    assert "changes requested, version 2" in page


def standing(page):
    """What stands above the text; below it, the conversation names every decision."""
    return page.partition('data-fresh="standing"')[2].partition('data-fresh="state"')[0]


def test_reason_is_answered_by_what_is_published(client, author, moderator, save):
    workflow.reject(workflow.submit(save(), by=author), by=moderator, reason="Say when.")
    workflow.approve(workflow.submit(save("At noon.\n"), by=author), by=moderator)
    client.force_login(author)

    assert "Say when." not in standing(text(client.get(change(Article.objects.get()))))


def test_reason_before_what_was_public_is_not_brought_back_by_unpublishing(client, author, moderator, save):
    workflow.reject(workflow.submit(save(), by=author), by=moderator, reason="Say when.")
    workflow.approve(workflow.submit(save("At noon.\n"), by=author), by=moderator)
    workflow.reject(workflow.submit(save("Rejected.\n"), by=author), by=moderator, reason="Too short.")
    article = Article.objects.get()
    client.force_login(author)
    assert "Too short." in standing(text(client.get(change(article))))
    workflow.fix_and_approve(
        workflow.submit(save("At one.\n"), by=author), by=moderator, content=content("At two.\n")
    )
    workflow.unpublish(article, by=moderator)

    page = text(client.get(change(article)))

    assert "unpublished, version 5" in page
    assert "Too short." not in standing(page)


def test_waiting_version_is_named_and_withdrawn_behind_a_newer_draft(client, author, save):
    review = workflow.submit(save(), by=author)
    article = save("A newer draft.\n").article
    client.force_login(author)

    page = text(client.get(change(article)))
    answer = client.post(f"/admin/articles/article/{article.pk}/withdraw/", follow=True)

    assert "Version 1 waits for a moderator since" in page
    assert "/articles/tides/compare/1..2/" in page
    assert "Version 1 no longer waits for a moderator." in text(answer)
    review.refresh_from_db()
    assert review.state == Review.State.WITHDRAWN
    assert client.post(f"/admin/articles/article/{article.pk}/withdraw/").status_code == 404


def test_article_goes_into_the_archive_and_back(client, author, save):
    article = save().article
    url = f"/admin/articles/article/{article.pk}"
    client.force_login(author)

    archived = client.post(f"{url}/archive/", {"reason": "Old."}, follow=True)
    refused = client.post(change(article), FIELDS | {"base": 1, "source": "New.\n"})
    again = client.post(f"{url}/archive/", follow=True)

    assert "In the archive since" in text(archived)
    assert 'name="_save"' not in archived.content.decode()
    assert "This article is in the archive. Take it out of there to work on it." in text(refused)
    assert "New." in text(refused)
    assert "in the archive already" in text(again)
    assert article.revisions.count() == 1
    back = client.post(f"{url}/unarchive/", follow=True)
    assert "out of the archive" in text(back)
    assert 'name="_save"' in back.content.decode()
    assert client.post(change(article), FIELDS | {"base": 1, "source": "New.\n"}).status_code == 302


def test_copy_opens_as_an_article_of_its_own(client, author, save):
    article = save().article
    client.force_login(author)

    page = client.post(f"/admin/articles/article/{article.pk}/duplicate/", follow=True)

    copy = Article.objects.get(slug="tides-2")
    assert page.redirect_chain[-1][0] == change(copy)
    assert "This is a copy" in text(page)
