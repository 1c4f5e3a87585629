"""The main job on a real text, where the samples lie beside the project: every labelled look-alike is flagged
in the command, the queue, the comparison and the page, and honest typography is not."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article, Review
from tests.sent_forms import decision_on

SAMPLES = Path(__file__).parent.parent.parent / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples beside the project")


@pytest.fixture(scope="module")
def labels():
    return json.loads((SAMPLES / "spun-wiki-page.labels.json").read_text())


@pytest.fixture(scope="module")
def source():
    return (SAMPLES / "spun-wiki-page.txt").read_bytes().decode()


@pytest.fixture
def submitted(author):
    call_command(
        "save_article", str(SAMPLES / "spun-wiki-page.txt"), "--slug", "spun", "--title", "A spun page",
        "--author", "author", "--submit", stdout=StringIO(),
    )  # fmt: skip
    return Article.objects.get(slug="spun").latest_revision


def offsets(items):
    return {item["offset"] for item in items}


MARK = re.compile(
    r'<mark (?:id="odd-[0-9]+" tabindex="-1" )?class="finding (?:warning|alert)(?: new)?"[^>]*>([^<]*)'
)


def marked_letters(html):
    return [re.sub(r"&(\w+);", "?", text) for text in MARK.findall(html)]


def test_scan_finds_every_look_alike_and_no_dash(source, labels):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("scan", str(SAMPLES / "spun-wiki-page.txt"), "--format", "json", stdout=out)

    (report,) = json.loads(out.getvalue())
    flagged = {
        i for f in report["findings"] if f["severity"] != "notice" for i in range(f["start"], f["end"])
    }
    assert len(labels["homoglyphs"]) == 298
    assert offsets(labels["homoglyphs"]) <= flagged
    assert not offsets(labels["typography_not_to_flag"]) & flagged
    assert len(flagged - offsets(labels["homoglyphs"])) <= 80
    meant = {f["start"]: f["meant"] for f in report["findings"]}
    assert all(meant[label["offset"]] == label["intended"] for label in labels["homoglyphs"])


def test_revision_keeps_them_all(submitted, source, labels):
    assert submitted.source == source
    rows = submitted.findings.filter(field="source", severity__in=["warning", "alert"])
    assert offsets(labels["homoglyphs"]) <= {i for row in rows for i in range(row.start, row.end)}


def test_queue_diff_and_page_mark_them_all(client, moderator, submitted, labels, source):
    letters = sorted(source[label["offset"]] for label in labels["homoglyphs"])
    client.force_login(moderator)
    review = Review.objects.get()
    assert review.warnings + review.alerts >= 298
    said = f"{review.warnings + review.alerts}</b> letters pass for others"
    assert said in client.get("/moderation/").content.decode()

    diff = client.get(review.get_absolute_url(), {"view": "source"}).content.decode()
    start = diff.index('<table class="diff')
    table = diff[start : diff.index("</table>", start)]
    assert _contains(marked_letters(table), letters)

    form = decision_on(client, review, decision="approve", reason="To be read.")
    client.post(review.get_absolute_url(), form)
    page = client.get("/articles/spun/?escape=1").content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    assert _contains(marked_letters(article), letters)
    for dash in "\u2014":
        assert dash not in marked_letters(article)


def _contains(marked, letters):
    from collections import Counter

    return not Counter(letters) - Counter("".join(marked))
