"""The decision on one review through its page: bound to what the page showed, and never without the correction."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Event, Review
from tests.conftest import CLEAN, FLAGGED
from tests.sent_forms import decision_in_list, decision_on, fields_of

PRIVATE = "Ask the keeper at 555 0147 after six."


def live():
    return Article.objects.get(slug="tides").published_revision


def text(response):
    return response.content.decode()


@pytest.fixture
def pending(published, save, author):
    return workflow.submit(save(published.source + "More.\n"), by=author)


@pytest.fixture
def post(client, moderator):
    client.force_login(moderator)

    def post(review, form, *, to="review"):
        return client.post(reverse(to, args=[review.pk]), form)

    return post


# What changed since


def test_live_text_that_was_hidden_meanwhile_is_not_put_live_again(
    client, save, author, moderator, administrator, post
):
    first = save(f"{CLEAN}{PRIVATE}\n")
    workflow.publish(first, by=administrator)
    review = workflow.submit(save(f"{CLEAN}{PRIVATE}\nMore.\n"), by=author)
    form = decision_on(client, review, decision="approve", reason="Checked with the register.")
    workflow.hide(first, by=administrator, parts=["text"], reason="A private number.")

    response = post(review, form)

    page = text(response)
    assert response.status_code == 409
    assert "Approving version 2 would have brought back what was taken from readers" in page
    assert "administrator hid the text of live version 1." in page
    assert "A private number." in page
    assert "Checked with the register.</textarea>" in page
    assert live() is None
    review.refresh_from_db()
    assert review.state == "pending"


def test_page_that_is_opened_anew_asks_for_the_tick_and_says_what_returns(
    client, save, author, moderator, administrator, post
):
    first = save(f"{CLEAN}{PRIVATE}\n")
    workflow.publish(first, by=administrator)
    workflow.hide(first, by=administrator, parts=["text"], reason="A private number.")
    review = workflow.submit(save(f"{CLEAN}{PRIVATE}\nMore.\n"), by=author)
    form = decision_on(client, review, decision="approve", reason="Fine.")
    page = text(client.get(review.get_absolute_url()))
    lead = page.split('id="lead"', 1)[1].split("</p>", 1)[0]
    assert "Approving brings back what <bdi>administrator</bdi> hid" in lead
    assert "The tide table hangs by the door." in lead
    assert "The tide table hangs by the door." in page.split('id="worst"', 1)[1].split("</p>", 1)[0]
    assert PRIVATE in page

    refused = post(review, form)
    assert refused.status_code == 409
    assert "Confirm that it is to go live all the same" in text(refused)
    assert live() is None
    without_reason = post(review, form | {"sure": "on", "reason": ""})
    assert "Say why readers are to have again" in text(without_reason)
    assert live() is None

    assert post(review, form | {"sure": "on"}).status_code == 302
    assert live() == review.revision


def test_reason_travels_to_the_version_that_waits_now_and_is_not_sent_before(
    client, save, author, pending, post
):
    form = decision_on(client, pending, decision="reject", reason="No source.")
    newer = workflow.submit(save("Newer.\n"), by=author)

    refused = post(pending, form)
    assert refused.status_code == 409
    assert "author submitted version 3; it takes the place of 2." in text(refused)
    assert reverse("compare", args=["tides", 2, 3]) in text(refused)

    looked = post(newer, {"look": "1", "reason": "No source, still."})
    assert looked.url == newer.get_absolute_url()
    newer.refresh_from_db()
    assert newer.state == "pending"
    form = decision_on(client, newer, decision="reject")
    assert form["reason"] == ["No source, still."]
    post(newer, form)
    newer.refresh_from_db()
    assert (newer.state, newer.reason) == ("rejected", "No source, still.")
    later = workflow.submit(save("Later.\n"), by=author)
    assert decision_on(client, later)["reason"] == [""]


def test_kept_reasons_are_of_one_article_and_few(client, pending, author, post):
    for n in range(12):
        post(pending, {"look": "1", "reason": f"Reason {n}"})

    assert len(client.session["kept_reasons"]) == 1
    post(pending, {"look": "1", "reason": "x" * 9_999})
    assert len(client.session["kept_reasons"][str(pending.revision.article_id)]) == workflow.MAX_REASON
    post(pending, {"look": "1", "reason": " "})
    assert client.session["kept_reasons"] == {}


def test_version_whose_text_was_hidden_meanwhile_is_told_without_its_text(
    client, pending, administrator, post, moderator
):
    form = decision_on(client, pending, decision="approve", reason="Fine.")
    workflow.hide(pending.revision, by=administrator, parts=["text"], reason="Libel.")

    response = post(pending, form)

    assert response.status_code == 409
    assert "administrator hid the text of version 2." in text(response)
    assert "Fine.</textarea>" in text(response)
    assert "Tides" not in text(response)
    assert post(pending, {"decision": "approve"}).status_code == 404
    assert post(pending, {"look": "1"}).status_code == 404


def test_somebody_elses_decision_is_told_with_who_and_why(client, pending, administrator, post):
    form = decision_on(client, pending, decision="approve", reason="I had a reason.")
    workflow.reject(pending, by=administrator, reason="First.")

    response = post(pending, form)

    assert response.status_code == 409
    for told in (
        "rejected by administrator",
        "administrator rejected version 2.",
        "First.",
        "I had a reason.",
    ):
        assert told in text(response)


@pytest.mark.parametrize("seen", [None, "", "x", "1.2.3", "\N{ARABIC-INDIC DIGIT ONE}"])
@pytest.mark.parametrize("to", ["review", "review-fix"])
def test_form_that_does_not_say_what_was_seen_decides_nothing(client, pending, post, seen, to):
    form = decision_on(client, pending, decision="approve", reason="Kept.", source="Other.\n")
    del form["seen"]

    response = post(pending, form | ({} if seen is None else {"seen": seen}), to=to)

    assert response.status_code == 400
    assert "The form did not say what its page showed." in text(response)
    assert "Kept." in text(response)
    pending.refresh_from_db()
    assert pending.state == "pending"


def test_form_that_is_shown_again_stays_bound_to_its_first_page(client, save, pending, administrator, post):
    form = decision_on(client, pending, decision="reject")
    again = post(pending, form)
    assert "Say why" in text(again)
    assert again.context["seen"] == workflow.Seen.read(form["seen"][0])


# The correction


@pytest.mark.parametrize("decision", ["approve", "request changes", "reject"])
def test_correction_is_never_left_out_in_silence(client, pending, post, decision):
    form = decision_on(client, pending, decision=decision, reason="Kept.", source="Corrected.\n")

    response = post(pending, form)

    assert response.status_code == 400
    assert "You changed the text" in text(response)
    for kept in ("Corrected.", "Kept.", 'name="leave_out"'):
        assert kept in text(response)
    pending.refresh_from_db()
    assert (pending.state, live().number) == ("pending", 1)

    assert post(pending, form | {"leave_out": "on"}).status_code == 302
    pending.refresh_from_db()
    assert pending.is_decided
    assert live().source != "Corrected.\n"


def test_correction_is_published_by_fix_from_the_same_form(client, pending, post):
    form = decision_on(client, pending, decision="fix", source="Corrected.\n")

    assert post(pending, form).status_code == 302

    assert (live().number, live().source) == (3, "Corrected.\n")


@pytest.mark.parametrize(
    "source", [CLEAN + "\nMore.\n", "\n\nIndented\ttab\u2028and \N{ZERO WIDTH JOINER} more.\n", " x \n\n"]
)
def test_form_as_it_stands_changes_nothing_in_the_text(client, published, save, author, post, source):
    revision = save(source, tags=("sea", "tide"), excerpt="A \u201cquoted\u201d one", description="<b>&amp;")
    review = workflow.submit(revision, by=author)
    form = decision_on(client, review, decision="approve")
    form["source"] = [form["source"][0].replace("\n", "\r\n")]  # as browsers send it

    assert post(review, form).status_code == 302
    assert live() == revision


# Several


def test_list_binds_each_row_to_what_it_showed(client, pending, save, author, administrator, post):
    form = decision_in_list(client, review=[pending.pk], decision="approve", reason="Fine.")
    workflow.publish(save("Newer.\n"), by=administrator)

    response = client.post(reverse("decide-many"), form, follow=True)

    (result,) = response.context["items"]
    assert result.state == "refused"
    assert "administrator published version 3." in result.text
    assert Review.objects.get(pk=pending.pk).state == "pending"


def test_list_that_says_nothing_decides_nothing(client, pending, post):
    form = {"review": [pending.pk], "decision": "approve", "seen": ["x", "1.2"]}

    page = client.post(reverse("queue-bulk"), form).content.decode()
    sent = fields_of(page, "data-batch") | {"decision": "approve"}
    (result,) = client.post(reverse("decide-many"), sent, follow=True).context["items"]

    assert result.state == "refused"
    assert result.text == "The list did not say what it showed of this version."


def test_list_confirms_nothing(client, published, pending, moderator, post):
    workflow.unpublish(published.article, by=moderator)
    form = decision_in_list(client, review=[pending.pk], decision="approve", reason="Fine.", sure="on")

    (result,) = client.post(reverse("decide-many"), form, follow=True).context["items"]

    assert result.state == "refused"
    assert live() is None


# Who


@pytest.mark.parametrize("role", ["reader", "author", "other_author"])
def test_who_may_not_decide_may_not_with_what_somebody_saw(client, request, moderator, pending, role):
    client.force_login(moderator)
    form = decision_on(client, pending, decision="approve")
    client.force_login(request.getfixturevalue(role))
    events = Event.objects.count()

    assert client.post(reverse("review", args=[pending.pk]), form).status_code == 403
    assert client.post(reverse("review-fix", args=[pending.pk]), form).status_code == 403

    assert Event.objects.count() == events
    client.force_login(moderator)
    assert client.post(reverse("review", args=[pending.pk]), form).status_code == 302


def test_own_version_has_no_form_and_takes_no_decision(client, published, save, moderator, post):
    own = workflow.submit(save(FLAGGED, by=moderator), by=moderator)

    assert "data-decision" not in text(client.get(own.get_absolute_url()))
    seen = str(workflow.see(Review.objects.for_decision().get(pk=own.pk)))
    assert post(own, {"decision": "approve", "seen": seen}).status_code == 403


def test_button_that_decides_the_same_says_what_its_page_showed(client, pending, save, author, moderator):
    workflow.request_changes(pending, by=moderator, reason="Name the source.")
    again = workflow.submit(save(pending.revision.source + "\n"), by=author)
    client.force_login(moderator)
    page = text(client.get(reverse("review", args=[again.pk])))
    address = reverse("review-carry-over", args=[again.pk])
    (fields,) = re.findall(rf'action="{address}"(.*?)</form>', page, re.DOTALL)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', fields)

    client.post(address, {"seen": seen})

    again.refresh_from_db()
    assert (again.state, again.reason) == ("changes requested", "Name the source.")
