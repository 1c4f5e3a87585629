"""The page of one revision: what to look at first, and what else is known."""

import html
import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.demo.spinner import spin
from articles.models import Remark
from tests.conftest import CLEAN, FLAGGED, content

LONG = (
    "A tide mill stores the high water behind a gate and lets it out through the wheel when the sea has fallen."
    " The miller works twice a day, at hours that shift by fifty minutes from one day to the next, so he sleeps when"
    " he can. Nobody who has lived beside one forgets the sound of the gate when it falls shut.\n\n"
)
OTHER = (
    "Bread needs four things: flour, water, salt and time. The last is the one that bakers save on, and the one that"
    " you taste. Let the dough rest overnight in the cold, and bake it in a pot with a lid until the crust is dark.\n\n"
)


@pytest.fixture
def page(client, moderator):
    client.force_login(moderator)

    def page(review, query=""):
        return client.get(f"{review.get_absolute_url()}{query}")

    return page


@pytest.fixture
def write(author):
    def write(slug, source):
        revision = workflow.save_revision(None, by=author, content=content(source, slug=slug))
        return workflow.submit(revision, by=author)

    return write


def test_wording_comes_gravest_first_with_a_way_to_its_place(published, save, author, page):
    text = CLEAN + "It is 12 feet high.\n"
    live = workflow.submit(save(text), by=author)
    review = workflow.submit(save(text.replace("12", "21").replace("hangs", "hung")), by=author)

    response = page(review, "?view=source")

    assert [found.topics[0] for found in response.context["highlights"]] == ["number", "wording"]
    assert 'href="#change-1"' in response.content.decode()
    assert live.revision.number == 2


def test_marked_page_is_drawn_as_for_readers(write, page):
    review = write("mill", "# A mill\n\n![A door](https://far.example/door.png)\n\n    code\n")

    marked = page(review).content.decode().partition('<article class="prose marked"')[2]

    assert re.search("<h2[^>]*>.*A mill.*</h2>", marked)
    assert 'data-box="Picture removed: A door"' in marked
    assert re.search('<pre[^>]* tabindex="0"', marked)


def test_spacing_and_moves_are_folded_away(published, save, author, moderator, page):
    far = "".join(f"Line {n} of the text stands here.\n" for n in range(20))
    first = workflow.submit(save("One line.\n" + far + "Two.\n"), by=author)
    context = page(first, "?since=decision").context
    assert context["since"] == "live"  # nothing is decided on it yet
    workflow.reject(first, by=moderator, reason="No.")
    review = workflow.submit(save("One  line.\n" + far + "Three.\n"), by=author)

    context = page(review, "?since=decision&view=source").context

    assert context["since"] == "decision"
    assert len(context["quiet"].sections) == 1
    assert [section.change for section in context["comparison"].sections if section.change] == [2]


def test_switch_compares_with_ones_own_last_decision_else_with_anybodys(
    published, save, author, moderator, administrator, page, client
):
    workflow.reject(workflow.submit(save("First.\n"), by=author), by=moderator, reason="Shorter.")
    workflow.reject(workflow.submit(save("Second.\n"), by=author), by=administrator, reason="Longer.")
    review = workflow.submit(save("Third.\n"), by=author)

    assert page(review).context["before"].number == 1
    since = page(review, "?since=decision")
    assert since.context["before"].number == 2
    assert "your last decision" in since.content.decode()
    assert "Shorter." in since.content.decode()
    client.force_login(administrator)
    assert client.get(f"{review.get_absolute_url()}?since=decision").context["before"].number == 3


def brought_in(response):
    """The findings that the page lists, each with the version that brought it in."""
    return [pair for _kind, places in response.context["kinds"] for pair in places]


def test_findings_tell_who_first_brought_them_in_and_stand_apart_from_inherited_ones(
    save, author, other_author, moderator, page
):
    workflow.approve(workflow.submit(save(FLAGGED), by=author), by=moderator)
    save(FLAGGED + "A g\u200bate.\n", by=other_author)
    review = workflow.submit(save(FLAGGED + "A g\u200bate and a d\u043eor.\n"), by=author)

    response = page(review)

    seen = {item.finding.text: (rev.number, rev.author_name) for item, rev in brought_in(response)}
    assert seen == {"\u200b": (2, "other_author"), "\u043e": (3, "author")}
    text = response.content.decode()
    assert "1 kind of finding was there before" in text
    for shown in ("U+043E", "Cyrillic small letter o", "U+200B", "version 2"):
        assert shown in text


def test_findings_tell_who_brought_in_that_very_character(save, author, other_author, moderator, page):
    """Equal ones may come from several versions."""
    workflow.approve(workflow.submit(save("A g\u200bate.\n"), by=author), by=moderator)
    save("A g\u200bate.\n\nA d\u200boor.\n", by=other_author)
    review = workflow.submit(save("A g\u200bate.\n\nA d\u200boor, a w\u200ball.\n"), by=author)

    response = page(review)

    assert [(item.finding.start, rev.number) for item, rev in brought_in(response)] == [(13, 2), (22, 3)]
    (inherited,) = re.findall(
        r"<caption>There before</caption>.*?<tbody>(.*?)</tbody>", response.content.decode(), re.DOTALL
    )
    assert inherited.endswith("<td>version 1, <bdi>author</bdi></td></tr>")


def test_inherited_findings_tell_which_versions_brought_them_in(save, author, other_author, moderator, page):
    for n, person in enumerate([author, other_author, author, other_author, author]):
        old = "".join(f"Line {k} with a g\u200bate.\n\n" for k in range(n + 1))
        workflow.approve(workflow.submit(save(old, by=person), by=person), by=moderator)
    review = workflow.submit(save(old + "More.\n"), by=author)

    shown = page(review).content.decode()

    assert (
        "version 1, <bdi>author</bdi>; version 2, <bdi>other_author</bdi>; version 3, <bdi>author</bdi>; 2 more"
        in shown
    )


def test_finding_in_a_title_tells_who_first_had_it(save, author, other_author, page):
    save(by=other_author, title="Tid\u0435s")
    review = workflow.submit(save("More.\n", title="Tid\u0435s"), by=author)

    ((item, version),) = brought_in(page(review))

    assert (item.field, version.number, version.author_name) == ("title", 1, "other_author")


# What readers don't see


def unseen(response, which="unseen"):
    """What the page lists, as (kind, line, text), group by group."""
    groups = response.context[which].groups
    return [(str(group.kind), *row) for group in groups for row in group.rows]


def test_unseen_texts_that_it_brings_in_stand_apart_from_those_there_before(
    save, author, moderator, page, write
):
    old = "One. <!-- old --> ![alternative](/a)\n"
    workflow.approve(workflow.submit(save(old), by=author), by=moderator)
    review = workflow.submit(
        save(f"New.\n\n{old}\nTwo. <!-- old --> <!-- new --> [](https://b.example)\n"), by=author
    )

    response = page(review)

    assert unseen(response) == [
        ("address", 5, "[](https://b.example)"),
        ("comment", 5, " old "),  # once more than before
        ("comment", 5, " new "),
    ]
    assert unseen(response, "unseen_before") == [
        ("comment", 3, " old "),
        ("alternative text", 3, "alternative"),
    ]
    text = response.content.decode()
    assert "What readers don’t see" in text
    assert '<dt>Comment <span class="count">2</span></dt>' in text
    assert '<span class="meta">line 5</span> <bdi class="char"> new </bdi>' in text
    assert "2 texts were there before" in text


def test_long_comment_is_new_where_only_its_end_changed(save, author, moderator, page):
    long = "a" * 1000
    workflow.approve(workflow.submit(save(f"One. <!--{long}b-->\n"), by=author), by=moderator)
    review = workflow.submit(save(f"One. <!--{long}c-->\n"), by=author)

    response = page(review)

    assert response.context["unseen"].total == 1
    assert response.context["unseen_before"].total == 0


def test_unseen_texts_are_compared_with_what_the_page_compares_with(published, save, author, moderator, page):
    first = workflow.submit(save(CLEAN + "One. <!-- a -->\n"), by=author)
    workflow.reject(first, by=moderator, reason="No.")
    review = workflow.submit(save(CLEAN + "Two. <!-- a -->\n"), by=author)

    assert page(review).context["unseen"].total == 1
    since = page(review, "?since=decision")
    assert (since.context["unseen"].total, since.context["unseen_before"].total) == (0, 1)
    assert "It brings in none." in since.content.decode()


def test_text_without_unseen_ones_has_no_list_of_them(write, page):
    assert "What readers don’t see" not in page(write("one", "One.\n")).content.decode()


def test_no_kind_of_unseen_text_crowds_out_another(write, page):
    source = "![a](/b) " * 150 + "c <!-- d --> " * 120 + "[](https://e.example)\n"

    response = page(write("one", source))

    groups = response.context["unseen"].groups
    assert [(str(g.kind), g.total, len(g.rows)) for g in groups] == [
        ("address", 1, 1),
        ("comment", 120, 24),
        ("alternative text", 150, 25),
    ]
    assert response.context["unseen"].total == 271
    assert "150 in all; the first 25 are listed." in response.content.decode()


def test_unseen_text_is_escaped_and_moves_nothing_around_it(write, page):
    text = page(write("one", "One. <!--</bdi><script>x</script>\"'\u202eevil-->\n")).content.decode()

    assert (
        '<bdi class="char">&lt;/bdi&gt;&lt;script&gt;x&lt;/script&gt;&quot;&#x27;'
        '<span class="unseen" data-box="RLO"></span>evil</bdi>'
    ) in text
    assert "<script>x" not in text


HIDDEN = "".join(chr(0xE0000 + ord(char)) for char in "buy <now>")
SHOWN = 'hidden text: <bdi class="char">buy &lt;now&gt;</bdi>'


def test_hidden_text_is_decoded(published, save, author, page):
    review = workflow.submit(save(CLEAN + f"Words{HIDDEN} here.\n"), by=author)

    assert 'Hidden text: “<bdi class="value">buy &lt;now&gt;</bdi>”' in page(review).content.decode()


def test_hidden_text_is_shown_wherever_its_finding_is_listed(
    client, published, save, author, moderator, page
):
    review = workflow.submit(save(CLEAN + f"Words{HIDDEN} here.\n"), by=author)
    later = workflow.submit(save(CLEAN + f"Words{HIDDEN} here.\nMore.\n"), by=author)
    revision = later.revision
    allow = re.search(r'href="([^"]*/allowances/add/[^"]*)"', page(later).content.decode())

    assert review.revision.number + 1 == revision.number
    for address in (revision.get_absolute_url() + "?escape=1", html.unescape(allow[1])):
        assert SHOWN in client.get(address).content.decode(), address


def test_authors_record_and_where_links_lead(published, save, author, moderator, page):
    workflow.approve(workflow.submit(save("See [a](https://known.example/).\n"), by=author), by=moderator)
    review = workflow.submit(save("See [a](https://known.example/) [b](https://new.example/).\n"), by=author)

    evidence = page(review).context["evidence"]

    assert evidence.record == {"approved": 1, "pending": 1}
    assert [(row.host, row.articles, row.is_new) for row in evidence.hosts] == [
        ("new.example", 0, True),
        ("known.example", 1, False),
    ]


def test_same_text_in_disguise_is_found_in_another_article(write, page):
    original = write("original", LONG * 2)
    write("different", OTHER)
    copy = write("copy", (LONG * 2).replace("e", "\u0435").upper())

    (found,) = page(copy).context["evidence"].resembling

    assert found.revision == original.revision
    assert found.percent >= 90


def test_one_tools_swaps_are_found_in_another_article(write, page):
    first = write("first", spin(LONG * 6, seed=1))
    write("honest", OTHER)
    second = write("second", spin(OTHER * 9, seed=2))

    (found,) = page(second).context["evidence"].same_swaps

    assert found.revision == first.revision
    assert len(found.shared) >= 4
    assert all(len(swap) == 2 for swap in found.shared)
    assert [item.revision.slug for item in page(second).context["evidence"].resembling] == ["honest"]


@pytest.mark.parametrize("query", ["", "?since=decision"])
def test_page_takes_the_same_few_queries(
    published, save, write, author, moderator, page, query, django_assert_max_num_queries
):
    for n in range(6):
        write(f"copy{n}", spin(LONG * 4, seed=n))
        workflow.reject(workflow.submit(save(f"Draft {n}.\n"), by=author), by=moderator, reason="No.")
    links = " ".join(f"[{n}](https://h{n}.example/)" for n in range(20))
    review = workflow.submit(save(spin(LONG * 4, seed=9) + links), by=author)
    assert len(page(review).context["evidence"].resembling) == 6

    with django_assert_max_num_queries(48):
        page(review, query)


def test_refused_remark_is_told_and_its_words_stand_in_the_form_once(save, author, page, client):
    review = workflow.submit(save("The mill grinds.\n"), by=author)
    talk = reverse("review-talk", args=[review.pk])
    sent = {"remark": 1, "text": "Who says <so>?\n", "passage": "not there"}

    page(review)
    answer = client.post(talk, sent, follow=True)

    assert "The passage is not in version 1." in answer.content.decode()
    assert field_of(answer, "say-new") == "Who says <so>?\n"
    assert field_of(page(review), "say-new") == ""
    assert not Remark.objects.exists()


def test_refused_answer_stands_below_what_it_answers(save, author, moderator, page, client):
    review = workflow.submit(save("The mill grinds.\n"), by=author)
    said = workflow.remark(review.revision, by=moderator, text="How often?")
    page(review)

    answer = client.post(
        reverse("review-talk", args=[review.pk]),
        {"answer": f"remark-{said.pk}", "text": "x" * 2001},
        follow=True,
    )

    assert "A remark is at most 2000 characters" in answer.content.decode()
    assert field_of(answer, f"say-remark-{said.pk}") == "x" * 2001
    assert field_of(answer, "say-new") == ""


def field_of(response, name):
    """What a browser has in the field: the first line end is markup."""
    text = re.search(rf'<textarea id="{name}"[^>]*>\n?([^<]*)</textarea>', response.content.decode())[1]
    return html.unescape(text)
