"""A MediaWiki's export comes in as a stream: every revision as a claim, and nothing of a file that is broken."""

import base64
import bz2
import gzip
from datetime import UTC, datetime

import pytest

from articles.exchange.imports import export_xml
from articles.models import Article, Image, Revision
from tests import pictures
from tests.exchange.imports.importing import bring_in, history_of

pytestmark = pytest.mark.usefixtures("administrator")

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11"><siteinfo><sitename>Ambry</sitename>'
    "<dbname>ambry</dbname><base>https://wiki.example.org/</base><namespaces><namespace key='0'/>"
    "<namespace key='14'>Category</namespace></namespaces></siteinfo>"
)


def revision(id, text, *, at="2024-01-01T00:00:00Z", by="Ada", comment="", **attributes):
    marks = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f"<revision><id>{id}</id><timestamp>{at}</timestamp><contributor><username>{by}</username></contributor>"
        f"<comment>{comment}</comment><model>wikitext</model><text xml:space='preserve'{marks}>{text}</text></revision>"
    )


def page(title, *revisions, id=1, ns=0, more=""):
    return f"<page><title>{title}</title><ns>{ns}</ns><id>{id}</id>{more}{''.join(revisions)}</page>"


@pytest.fixture
def export(tmp_path):
    def export(*pages, name="wiki.xml", end="</mediawiki>"):
        path = tmp_path / name
        path.write_text(HEAD + "".join(pages) + end)
        return path

    return export


def test_revisions_become_versions_with_their_originals(export):
    path = export(
        page(
            "Tide &amp; light",
            revision(1, "'''The''' tide.", by="Ada Brenn", comment="begin"),
            revision(2, "The tide. [[Category:Sea]]", at="2024-02-01T10:00:00Z", by="192.0.2.1"),
        )
    )

    assert bring_in(path)[0] == 0

    assert history_of("tide-light") == [
        (1, "Ada Brenn", "begin", "**The** tide.\n"),
        (2, "192.0.2.1", "", "The tide.\n"),
    ]
    last = Revision.objects.get(number=2)
    assert (last.title, last.tags) == ("Tide & light", ["Sea"])
    assert last.claimed_at == datetime(2024, 2, 1, 10, tzinfo=UTC)
    assert (last.original.format, last.original.bytes) == ("mediawiki", b"The tide. [[Category:Sea]]")
    assert "Brought in 0 versions" in bring_in(path)[1]


def test_hidden_parts_stay_out(export):
    hidden = "<revision><id>2</id><timestamp>2024-01-02T00:00:00Z</timestamp><contributor deleted='deleted'/>"
    hidden += "<comment deleted='deleted'/><model>wikitext</model><text>Two.</text></revision>"
    path = export(page("Tide", revision(1, "", deleted="deleted"), hidden))

    status, out = bring_in(path)

    assert status == 1
    assert "its text is hidden in the wiki" in out
    assert history_of("tide") == [(1, "", "", "Two.\n")]


def test_revisions_are_put_in_the_order_of_their_times(export):
    path = export(
        page(
            "Tide",
            revision(7, "Second.", at="2020-01-01T00:00:00Z"),
            revision(8, "Third.", at="2020-01-01T00:00:00Z"),
            revision(9, "First.", at="2019-01-01T00:00:00Z"),
        )
    )

    bring_in(path)

    assert [row[3] for row in history_of("tide")] == ["First.\n", "Second.\n", "Third.\n"]


def test_only_articles_of_the_wiki_go_live(export):
    path = export(
        page("Tide", revision(1, "Tide."), id=1),
        page("Talk:Tide", revision(2, "Talk."), id=2, ns=1),
        page("Ebb", revision(3, "#REDIRECT [[Tide]]"), id=3, more='<redirect title="Tide"/>'),
    )

    bring_in(path, state="published")

    assert list(Article.objects.public().values_list("slug", flat=True)) == ["tide"]
    assert Article.objects.count() == 3


def test_pictures_of_the_export_or_of_a_folder_are_shown(export, tmp_path):
    contents = base64.b64encode(pictures.file()).decode()
    upload = f"<upload><filename>A.png</filename><contents>{contents}</contents></upload>"
    path = export(
        page("Tide", revision(1, "[[File:a.png]] [[File:B.png]]"), id=1),
        page("File:A.png", revision(2, "Light."), upload, id=2, ns=6),
    )
    (tmp_path / "files" / "b").mkdir(parents=True)
    (tmp_path / "files" / "b" / "B.png").write_bytes(pictures.file(image=pictures.drawn(colour="green")))

    bring_in(path, pictures=tmp_path / "files")

    addresses = [image.name.address for image in Image.objects.order_by("pk")]
    assert history_of("tide")[0][3] == f"![a]({addresses[0]}) ![B]({addresses[1]})\n"


def test_text_that_is_too_long_is_left_out_and_never_held(export, settings):
    settings.MAX_SOURCE_BYTES = 1_000
    path = export(page("Tide", revision(1, "x" * 5_000), revision(2, "Short.")))

    status, out = bring_in(path)

    assert status == 1
    assert "revision 1 is longer than a text may be" in out
    assert history_of("tide") == [(1, "Ada", "", "Short.\n")]


def test_revision_that_stands_twice_comes_in_once(export):
    path = export(page("Tide", revision(1, "One."), revision(1, "Other."), revision(2, "Two.")))

    status, out = bring_in(path)

    assert (status, "stands twice" in out) == (1, True)
    assert [row[3] for row in history_of("tide")] == ["One.\n", "Two.\n"]


BROKEN = {
    "not an export": "<rss/>",
    "document type": '<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD,
    "cut": HEAD + "<page><title>Ca",
    "deep": HEAD + "<a>" * 20,
    "unknown": HEAD + "<page>" + "<x/>" * 1_100,
    "long title": HEAD + f"<page><title>{'x' * 3_000}",
    "long tag": HEAD + f'<page a="{"x" * 1_200_000}"/></mediawiki>',
    "long comment": HEAD + f"<!--{'x' * 1_200_000}--></mediawiki>",
    "number twice": HEAD + 2 * page("Twice", revision(7, "Text.")) + "</mediawiki>",
    "control": HEAD + "<page><title>&#0;",
    "stub": HEAD
    + page("T", "<revision><id>1</id><text bytes='5' id='1' location='tt:1'/></revision>")
    + "</mediawiki>",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_export_is_refused_whole(tmp_path, export, fault):
    good = page("Good", revision(1, "Good."))
    path = tmp_path / "broken.xml"
    path.write_text(BROKEN[fault].replace("</siteinfo>", f"</siteinfo>{good}"))

    status, out = bring_in(path, state="published")

    assert (status, out[:10]) == (2, "broken.xml")
    assert not Article.objects.exists()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_packed_export_reads_like_a_plain_one_and_a_cut_one_is_refused(export, tmp_path, pack):
    data = pack(export(page("Tide", revision(1, "Tide."))).read_bytes())
    suffix = {gzip.compress: "gz", bz2.compress: "bz2"}[pack]
    (tmp_path / f"cut.xml.{suffix}").write_bytes(data[:-12])
    assert "cut off" in bring_in(tmp_path / f"cut.xml.{suffix}")[1]
    assert not Article.objects.exists()

    (tmp_path / f"whole.xml.{suffix}").write_bytes(data)
    assert bring_in(tmp_path / f"whole.xml.{suffix}")[0] == 0


def test_bomb_is_refused_by_its_ratio(export, tmp_path, monkeypatch):
    monkeypatch.setattr(export_xml, "FREE_BYTES", 100_000)
    path = tmp_path / "bomb.xml.gz"
    path.write_bytes(gzip.compress((HEAD + " " * 2_000_000).encode()))

    assert "500 times its size" in bring_in(path)[1]
