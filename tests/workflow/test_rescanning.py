"""Rescanning stores what the checks find now, and what hangs on it; what would change is said before."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from articles import workflow
from articles.models import Body, IntroducedFinding, LiveChange, Rendering, Review, Revision
from articles.revisions import triggers
from articles.text.checks import MAX_FINDINGS
from articles.text.unicode.tables import UNICODE_VERSION
from tests.conftest import CLEAN, FLAGGED, content

OLD = "1.0.0"


def run(*args):
    """Exit status, standard output and standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("rescan", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def table(out):
    """The numbers of each line of the table: before, after and the difference."""
    rows = re.findall(r"^(\S.*?)  +([\d,]+)  +([\d,]+)  +([+-]?[\d,]+)$", out, re.M)
    return {name: tuple(int(number.replace(",", "")) for number in numbers) for name, *numbers in rows}


def stored():
    """All that a rescan may write."""
    return [
        list(rows.order_by("pk").values_list())
        for rows in (Rendering.objects.all(), IntroducedFinding.objects.all(), LiveChange.objects.all())
    ] + [list(Review.objects.order_by("pk").values_list("alerts", "warnings", "risk", "causes", "counts"))]


def forget(*revisions):
    """Leave the revisions as checks of other Unicode data would have that find nothing in them."""
    IntroducedFinding.objects.filter(revision__in=revisions).delete()
    nothing = dict.fromkeys(("alerts", "warnings", "new_alerts", "new_warnings"), 0)
    Rendering.objects.filter(revision__in=revisions).update(unicode_version=OLD, **nothing)


@pytest.fixture
def live(save, author, moderator):
    """Version 1 clean and live, version 2 with a look-alike live after a review."""
    workflow.publish(save(), by=moderator)
    workflow.approve(workflow.submit(save(FLAGGED), by=author), by=moderator)
    return Revision.objects.with_text().get(number=2)


def test_under_the_same_data_nothing_changes(live, save, author):
    workflow.submit(save(FLAGGED + "A second \N{ZERO WIDTH SPACE}word.\n", summary="p\u0430per"), by=author)
    before = stored()

    status, out, err = run("--dry-run")

    assert (status, err) == (0, "")
    assert out.splitlines()[0].split() == ["check", "before", "after", "difference"]
    assert {numbers[2] for numbers in table(out).values()} == {0}
    assert table(out)["warnings brought in"][0] > 0
    assert out.endswith(
        "0 of 3 versions would get other findings, 0 waiting versions another assessment.\n"
        f"Scanned with Unicode {UNICODE_VERSION} to the same result would be 0 more.\n"
    )
    assert run()[0] == 0
    assert stored() == before


def test_dry_run_compares_by_check_and_writes_nothing(live):
    check = live.findings.get().check_id
    forget(live)
    before = stored()

    status, out, _ = run("--dry-run")

    assert status == 1
    assert table(out) == {
        check: (0, 1, 1),
        "alerts brought in": (0, 0, 0),
        "warnings brought in": (0, 1, 1),
        "alerts in all": (0, 0, 0),
        "warnings in all": (0, 1, 1),
    }
    assert "1 of 2 versions would get other findings" in out
    assert stored() == before


def test_findings_and_counters_are_stored_anew_and_what_went_live_is_counted_by_them(live):
    rows = list(live.findings.values_list("check_id", "start", "end", "message"))
    html, change = live.renderings.get().html, LiveChange.objects.get(revision=live)
    forget(live)
    LiveChange.objects.update(alerts=0, warnings=0)

    status, out, _ = run()

    assert (status, "1 of 2 versions got other findings" in out) == (0, True)
    first, second = live.renderings.order_by("pk")
    assert (first.unicode_version, first.kept_page) == (OLD, None)
    assert (second.unicode_version, second.html, second.flagged) == (UNICODE_VERSION, html, 1)
    assert second.kept_page is not None
    assert list(live.findings.values_list("check_id", "start", "end", "message")) == rows
    again = LiveChange.objects.get(revision=live)
    assert (again.alerts, again.warnings) == (change.alerts, change.warnings) != (0, 0)
    assert again.worst == live.findings.get()
    assert run("--dry-run")[0] == 0


def test_finding_that_is_none_any_more_goes_and_other_rows_keep_their_keys(live):
    (kept,) = live.findings.all()
    kept.message = "said otherwise before"
    kept.pk, kept.check_id = None, "no-such-check"
    kept.save()
    LiveChange.objects.filter(revision=live).update(worst=kept)
    key = live.findings.first().pk

    status, out, _ = run()

    assert (status, table(out)["no-such-check"]) == (0, (1, 0, -1))
    assert [row.pk for row in live.findings.all()] == [key]
    assert LiveChange.objects.get(revision=live).worst_id == key


def test_readers_get_the_new_counts_at_once(live):
    forget(live)
    reader = Client()
    assert b"page-notice" not in reader.get("/articles/tides/").content

    run()

    assert b"page-notice" in reader.get("/articles/tides/").content


def test_what_waits_is_judged_anew_and_found_by_the_check(published, save, author):
    review = workflow.submit(save(FLAGGED), by=author)
    check, risk = review.revision.findings.get().check_id, Review.objects.get().risk
    forget(review.revision)
    Review.objects.update(alerts=0, warnings=0, counts={}, facts=[], gravity="notice", risk=0, risk_parts=[])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")

    assert "1 waiting version another assessment" in run("--dry-run")[1]
    assert Review.objects.get().warnings == 0
    run()

    again = Review.objects.get()
    assert (again.warnings, again.risk) == (1, risk)
    assert list(Review.objects.pending().search(check=check)) == [again]
    assert run("--dry-run")[0] == 0


def test_only_what_waits_may_be_out_of_date(published, save, author):
    workflow.submit(save(FLAGGED), by=author)
    Review.objects.update(warnings=0)

    status, out, _ = run("--dry-run")

    assert status == 1
    assert "0 of 2 versions would get other findings, 1 waiting version another assessment." in out


def test_version_whose_findings_stay_gets_the_version_of_the_data_without_a_row_more(live):
    Rendering.objects.update(unicode_version=OLD)

    assert run("--dry-run")[0] == 0
    status, out, _ = run()

    assert status == 0
    assert f"Scanned with Unicode {UNICODE_VERSION} to the same result were 2 more." in out
    assert list(Rendering.objects.values_list("unicode_version", flat=True)) == [UNICODE_VERSION] * 2


def test_stopped_and_started_again_it_does_the_rest(live, save):
    forget(live, save("p\u0430per and p\u0430per\n"))
    changed = Revision.objects.with_text().get(number=2)
    workflow.rescan(workflow.findings_change(changed, before=content(CLEAN)))

    status, out, _ = run()

    assert (status, "1 of 3 versions got other findings" in out) == (0, True)
    assert Rendering.objects.count() == 5


def test_counters_count_what_has_no_row(save):
    revision = save("p\u0430per " * (MAX_FINDINGS + 5))
    forget(revision)

    _, out, _ = run()

    assert table(out)["warnings brought in"][1] == MAX_FINDINGS + 5
    assert revision.findings.count() == MAX_FINDINGS
    assert revision.renderings.latest().new_warnings == MAX_FINDINGS + 5


def test_slugs_choose_the_articles(live, author):
    other = workflow.save_revision(None, by=author, content=content(FLAGGED, slug="o"))
    forget(live, other)

    run("o")

    assert (other.renderings.count(), live.renderings.count()) == (2, 1)
    assert run("nowhere") == (2, "", "There is no article at nowhere.")


def test_damaged_text_keeps_its_findings_and_is_an_error(live, save):
    forget(live)
    with triggers.dropped(connection):
        QuerySet.update(Body.objects.filter(revision=live), data=b"x")

    for arguments in ([], ["--dry-run"]):
        status, _, err = run(*arguments)

        assert status == 2
        assert "tides: version 2: " in err
        assert err.endswith("1 version is damaged; their findings stay as they are.")
    assert live.renderings.count() == 1


def test_queries_do_not_grow_with_versions_that_stay(save, django_assert_max_num_queries):
    for n in range(15):
        save(f"{FLAGGED}{n}\n")

    with django_assert_max_num_queries(8):
        run()
