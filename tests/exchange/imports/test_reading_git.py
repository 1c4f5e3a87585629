"""A git wiki comes in with its whole history, and nothing of it is followed, run or written to a disk."""

from datetime import UTC, datetime

import pygit2
import pytest
from django.core.management import call_command

from articles import workflow
from articles.exchange.imports import git_opening, git_trees
from articles.exchange.imports.git_trees import Trees
from articles.exchange.imports.reading_git import fenced, page_name
from articles.models import (
    Article,
    Attribution,
    Event,
    Image,
    ImageUse,
    IntroducedFinding,
    Rendering,
    Revision,
)
from articles.text.content import Content
from tests import pictures
from tests.exchange.imports.importing import Wiki, bring_in, history_of

pytestmark = pytest.mark.usefixtures("administrator")


@pytest.fixture
def wiki(tmp_path):
    return Wiki(tmp_path / "wiki.git")


def test_versions_have_the_names_and_times_of_commits_as_claims(wiki, administrator):
    wiki.commit("begin", by="Ada Brenn", Home="The tide.\n")
    wiki.commit("a word\n\nand why\n", by="Bo Lind", zone=-210, Home="The high tide.\n")

    assert bring_in(wiki.folder)[0] == 0

    assert history_of("home") == [
        (1, "Ada Brenn", "begin", "The tide.\n"),
        (2, "Bo Lind", "a word and why", "The high tide.\n"),
    ]
    first = Revision.objects.get(number=1)
    assert first.claimed_at == datetime.fromtimestamp(1_600_000_060, UTC)
    assert first.author == administrator
    assert first.created_at > first.claimed_at


def test_memory_does_not_grow_with_commits_and_pages(wiki, monkeypatch):
    monkeypatch.setattr(git_trees, "MAX_KEPT", 10)
    trees = Trees(wiki.repository)
    for number in range(8):
        commit = wiki.commit(**{f"page{number}": "The tide.\n"})

        assert len(trees.folder(wiki.repository[commit].tree_id)) == number + 1
        assert sum(map(len, trees._folders.values())) <= 10


def test_history_is_what_saves_would_have_written(wiki):
    texts = [f"Line {n} of the log.\n\nThe p\u0430per by the door {n % 3}.\n" for n in range(7)]
    for text in [*texts, texts[0]]:
        wiki.commit("more", Home=text)

    bring_in(wiki.folder)

    call_command("verify_history", pages=True)
    assert Attribution.objects.count() == 8
    last = Revision.objects.get(number=8)
    assert last.renderings.get().warnings + last.renderings.get().alerts > 0
    assert IntroducedFinding.objects.filter(revision__number=1).exists()
    assert not IntroducedFinding.objects.filter(revision__number=2).exists()
    assert [row.revision.number for row in Rendering.objects.filter(kept_page__isnull=False)] == [8]
    origins = Attribution.objects.origins(last.article_id, 8)
    assert {run.number for run in origins.runs()} == {1}  # equal to the first version, so all is that one's


def test_second_run_brings_in_only_what_is_new(wiki):
    wiki.commit("one", Home="One.\n", Log="Log.\n")
    bring_in(wiki.folder)
    before = Revision.objects.count(), Event.objects.count()

    assert "Brought in 0 versions" in bring_in(wiki.folder)[1]
    assert (Revision.objects.count(), Event.objects.count()) == before

    wiki.commit("two", Home="Two.\n")
    assert "Brought in 1 version " in bring_in(wiki.folder)[1]
    assert [row[3] for row in history_of("home")] == ["One.\n", "Two.\n"]


def test_version_written_here_is_not_undone_by_a_later_run(wiki, administrator):
    wiki.commit("one", Home="One.\n")
    bring_in(wiki.folder)
    article = Article.objects.get()
    workflow.save_revision(
        article,
        by=administrator,
        content=Content(title="Home", slug="home", source="Here.\n"),
        base=1,
    )
    wiki.commit("two", Home="Two.\n")

    status, out = bring_in(wiki.folder)

    assert status == 1
    assert "Version 2 was written here" in out
    assert [row[3] for row in history_of("home")] == ["One.\n", "Here.\n"]


def test_renames_are_followed_and_a_page_made_again_goes_on(wiki):
    wiki.commit("old", files={"Old-lamp.md": "Oil and wick.\nA door.\nA stair.\n"})
    wiki.commit("moved", files={"Old-lamp.md": None, "keepers/Lamp.md": "Oil and wick.\nA door.\nA step.\n"})
    wiki.commit("gone", files={"keepers/Lamp.md": None})
    wiki.commit("again", files={"keepers/Lamp.md": "New.\n"})

    bring_in(wiki.folder)

    assert [row[2:] for row in history_of("keepers-lamp")] == [
        ("old", "Oil and wick.\nA door.\nA stair.\n"),
        ("moved", "Oil and wick.\nA door.\nA step.\n"),
        ("gone", ""),
        ("again", "New.\n"),
    ]
    assert [row.slug for row in Revision.objects.order_by("number")] == ["old-lamp", *3 * ["keepers-lamp"]]


def test_merge_counts_where_it_differs_from_both_parents(wiki):
    base = wiki.commit("base", Home="1\n")
    side = wiki.commit("side", head="refs/heads/side", parents=[base], Home="2\n", Side="Side.\n")
    main = wiki.commit("main", Home="3\n", Side=None)
    wiki.commit("merge", parents=[main, side], Home="2 and 3\n", Side="Side.\n")

    bring_in(wiki.folder)

    assert [row[2] for row in history_of("home")] == ["base", "side", "main", "merge"]
    assert [row[2] for row in history_of("side")] == ["side"]


def test_merge_that_takes_one_side_ends_with_what_the_wiki_shows(wiki):
    base = wiki.commit("base", Home="1\n", Old="Old.\n")
    main = wiki.commit("main", parents=[base], Home="main\n", Old=None)
    side = wiki.commit("side", head="refs/heads/side", parents=[base], Home="side\n", Old="Newer.\n")
    wiki.commit("merge", parents=[main, side], Home="main\n", Old=None)

    bring_in(wiki.folder, state="published")

    assert [row[3] for row in history_of("home")] == ["1\n", "main\n", "side\n", "main\n"]
    assert list(Article.objects.public().values_list("slug", flat=True)) == ["home"]


def test_page_that_a_side_renames_while_it_is_edited_is_not_public_twice(wiki):
    lines = "Oil.\nA wick.\nA door.\n"
    base = wiki.commit("base", Lamp=lines)
    side = wiki.commit("moved", head="refs/heads/side", parents=[base], Lamp=None, Light=lines)
    main = wiki.commit("edit", parents=[base], Lamp=lines + "More.\n", Light=None)
    wiki.commit("merge", parents=[main, side], Lamp=None, Light=lines + "More.\n")

    bring_in(wiki.folder, state="published")

    assert list(Article.objects.public().values_list("slug", flat=True)) == ["light"]
    assert history_of("light")[-1][3] == lines + "More.\n"


def test_other_branches_part_no_page_and_are_the_same_source(wiki):
    base = wiki.commit("base", Home="1\n")
    wiki.commit("moved", head="refs/heads/draft", parents=[base], Home=None, Start="1\n")
    for number in range(6):  # one of these has a lower id than the first commit
        wiki.commit("other", head=f"refs/heads/other{number}", parents=[], Home="Other.\n", Start=None)
    wiki.commit("main", parents=[base], Home="2\n")

    bring_in(wiki.folder, state="published")
    _, out = bring_in(wiki.folder, state="published", drafts=True)

    assert "2 known before" in out
    assert [row[3] for row in history_of("home")][:2] == ["1\n", "2\n"]
    assert Article.objects.public().get().published_revision.source == "2\n"


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("refs/heads/blob", "{blob}"),
        ("refs/heads/lost", "1" * 40),
        ("refs/heads/rubbish", "rubbish"),
        ("refs/heads/alias", "ref: refs/heads/main"),
        ("refs/heads/nowhere", "ref: refs/heads/none"),
    ],
)
def test_branch_of_no_commit_is_passed_over(wiki, reference, target):
    wiki.commit("one", Home="Home.\n")
    (wiki.folder / reference).write_text(target.format(blob=wiki.repository.create_blob(b"x")) + "\n")

    assert bring_in(wiki.folder)[0] == 0


@pytest.mark.parametrize("target", ["rubbish", "ref: ../../etc/passwd", "{tree}", "{blob}"])
def test_head_of_no_commit_is_refused(wiki, target):
    wiki.commit("one", Home="Home.\n")
    tree = wiki.repository.revparse_single("HEAD^{tree}").id
    blob = wiki.repository.create_blob(b"x")
    (wiki.folder / "HEAD").write_text(target.format(tree=tree, blob=blob) + "\n")

    status, out = bring_in(wiki.folder)

    assert (status, "--branch" in out) == (2, True)


@pytest.mark.parametrize("is_lost", [True, False])
def test_repository_that_lacks_a_text_is_refused_before_anything_comes_in(wiki, is_lost):
    wiki.commit("one", Door="Door.\n")
    wiki.commit("two", Home="Home.\n")
    blob = str(wiki.repository.revparse_single("HEAD:Home.md").id)
    path = wiki.folder / "objects" / blob[:2] / blob[2:]
    path.unlink()
    if not is_lost:
        path.write_bytes(b"rubbish")

    assert bring_in(wiki.folder)[0] == 2
    assert not Article.objects.exists()


@pytest.mark.parametrize("body", ["tree {tree}\n\nnobody\n", "tree {tree}\nauthor \ncommitter \n\nx\n"])
def test_commit_that_is_damaged_is_refused(wiki, body):
    wiki.commit("one", Home="Home.\n")
    tree = wiki.repository.revparse_single("HEAD^{tree}").id
    commit = wiki.repository.odb.write(pygit2.enums.ObjectType.COMMIT, body.format(tree=tree).encode())
    (wiki.folder / "refs/heads/main").write_text(f"{commit}\n")

    assert bring_in(wiki.folder)[0] == 2


@pytest.mark.parametrize("encoding", ["zip", "morse", "undefined"])
def test_commit_that_names_no_encoding_of_texts_is_read_as_latin_1(wiki, encoding):
    wiki.commit("one", Home=b"caf\xe9\n")
    who = "Ada <ada@example.org> 1600000000 +0000"
    tree = wiki.repository.revparse_single("HEAD^{tree}").id
    body = f"tree {tree}\nauthor {who}\ncommitter {who}\nencoding {encoding}\n\nx\n"
    commit = wiki.repository.odb.write(pygit2.enums.ObjectType.COMMIT, body.encode())
    (wiki.folder / "refs/heads/main").write_text(f"{commit}\n")

    bring_in(wiki.folder)

    assert [row[3] for row in history_of("home")] == ["café\n"]


def test_other_branches_stay_out_unless_asked_for_as_drafts(wiki, tmp_path):
    base = wiki.commit("base", Home="Live.\n")
    wiki.commit("draft", head="refs/heads/draft", parents=[base], Home="Draft.\n")

    assert "1 commits of other branches stay out" in bring_in(wiki.folder, state="published")[1]
    assert [row[3] for row in history_of("home")] == ["Live.\n"]

    bring_in(wiki.folder, state="published", drafts=True)
    article = Article.objects.get()
    assert (article.published_revision.number, article.latest_revision.number) == (1, 2)


def test_page_that_goes_live_counts_as_published_whatever_drafts_follow(wiki):
    base = wiki.commit("base", Home="Live.\n")
    wiki.commit("draft", head="refs/heads/draft", parents=[base], Home="Draft.\n")

    assert "(1 published)" in bring_in(wiki.folder, state="published", drafts=True)[1]


def test_page_deleted_in_the_end_stays_a_draft(wiki):
    wiki.commit("one", Spam="Buy.\n", Home="Home.\n")
    wiki.commit("gone", Spam=None)

    _, out = bring_in(wiki.folder, state="published")

    assert "Spam: it was deleted in the wiki" in out
    assert list(Article.objects.public().values_list("slug", flat=True)) == ["home"]


def test_flagged_text_waits_instead_of_going_live(wiki):
    wiki.commit("one", Home="The p\u0430per by the door.\n")

    _, out = bring_in(wiki.folder, state="published")

    assert "Home: waits for a moderator" in out
    assert not Article.objects.public().exists()


def test_pictures_are_uploaded_once_and_links_lead_to_the_site(wiki):
    image = pictures.file()
    files = {
        "images/tower.png": image,
        "same.png": image,
        "Home.md": "See [[the log|The log]].\n",
        "The-log.md": "",
    }
    wiki.commit("one", files=files)
    text = "![tower](images/tower.png) [[same.png|alt=again]] [log](The-log) `[[The log]]` [x](https://example.org)\n"
    wiki.commit("two", files={"Home.md": text})

    _status, _out = bring_in(wiki.folder)
    bring_in(wiki.folder)

    address = Image.objects.get().name.address
    assert [row[3] for row in history_of("home")] == [
        "See [the log](/articles/the-log/).\n",
        f"![tower]({address}) ![again]({address}) [log](/articles/the-log/) `[[The log]]` [x](https://example.org)\n",
    ]
    assert ImageUse.objects.get().revision.number == 2
    assert Revision.objects.get(article__slug="home", number=2).original.bytes.decode() == text


def test_other_formats_and_encodings_keep_their_bytes(wiki):
    wiki.commit("one", files={"A.mediawiki": "== A ==\n```\n", "B.md": "caf\xe9\r\n".encode("latin-1")})

    _status, out = bring_in(wiki.folder)

    assert "B.md is no UTF-8 at byte 3" in out
    assert history_of("a")[0][3] == "````mediawiki\n== A ==\n```\n````\n"
    assert history_of("b")[0][3] == "café\n"
    originals = {row.article.slug: row.original.bytes for row in Revision.objects.all()}
    assert originals == {"a": b"== A ==\n```\n", "b": b"caf\xe9\r\n"}


def test_text_that_cannot_be_stored_is_left_out_and_named(wiki, settings):
    settings.MAX_SOURCE_BYTES = 100
    wiki.commit("one", Home="One.\n")
    wiki.commit("nul", Home="a\0b\n")
    wiki.commit("long", Home="x" * 101)
    wiki.commit("four", Home="Four.\n")

    status, out = bring_in(wiki.folder)

    assert status == 1
    assert "Home.md has 101 bytes" in out
    assert [row[2] for row in history_of("home")] == ["one", "four"]
    assert "Brought in 0 versions" in bring_in(wiki.folder)[1]


EVIL = [b"..", b".git", b".GIT", b"git~1", b"a/b.md", b".g\xe2\x80\x8cit"]


@pytest.mark.parametrize("name", EVIL)
def test_name_that_no_file_may_have_refuses_the_whole_source(wiki, name):
    wiki.commit("good", Home="Good.\n")
    blob = wiki.repository.create_blob(b"x\n")
    tree = wiki.repository.odb.write(2, b"100644 " + name + b"\0" + bytes(blob.raw))
    who = wiki.repository[wiki.repository.head.target].author
    wiki.repository.create_commit(wiki.head, who, who, "evil", tree, [wiki.repository.head.target])

    status, out = bring_in(wiki.folder)

    assert status == 2
    assert "leads out of its folder or into git's own" in out
    assert not Article.objects.exists()


def test_links_and_other_repositories_are_never_followed(wiki, tmp_path):
    (tmp_path / "secret").write_text("palimpsest-was-here")
    link = wiki.repository.create_blob(str(tmp_path / "secret").encode())
    builder = wiki.repository.TreeBuilder()
    builder.insert("Passwd.md", link, 0o120000)
    builder.insert("Sub.md", wiki.repository.create_blob(b""), 0o160000)
    who = pygit2.Signature("A", "a@example.org", 1, 0)
    wiki.repository.create_commit(wiki.head, who, who, "links", builder.write(), [])

    status, out = bring_in(wiki.folder)

    assert status == 2
    assert "Nothing came in" in out
    assert not Article.objects.exists()


def test_repository_that_leans_on_files_elsewhere_is_refused(wiki, tmp_path):
    wiki.commit("one", Home="One.\n")
    (wiki.folder / "objects" / "info" / "alternates").write_text("/elsewhere\n")
    assert bring_in(wiki.folder)[0] == 2
    (wiki.folder / "objects" / "info" / "alternates").unlink()
    (wiki.folder / "refs" / "outside").symlink_to(tmp_path)
    assert "is not followed" in bring_in(wiki.folder)[1]
    assert not Article.objects.exists()


def test_bundle_reads_like_its_repository_and_leaves_nothing_behind(wiki, tmp_path, monkeypatch):
    wiki.commit("one", Home="One.\n")
    bundle = wiki.bundle(tmp_path / "wiki.bundle")
    (tmp_path / "unpacked").mkdir()
    monkeypatch.setattr(git_opening.tempfile, "tempdir", str(tmp_path / "unpacked"))

    assert bring_in(bundle)[0] == 0
    assert history_of("home") == [(1, "Ada", "one", "One.\n")]
    assert "Brought in 0 versions" in bring_in(wiki.folder)[1]  # the same source, wherever it lies
    assert list((tmp_path / "unpacked").iterdir()) == []


@pytest.mark.parametrize("cut", [20, 200, -30])
def test_damaged_bundle_is_refused(wiki, tmp_path, cut):
    for n in range(20):
        wiki.commit("more", Home=f"{n}\n" * n)
    data = wiki.bundle(tmp_path / "wiki.bundle").read_bytes()
    (tmp_path / "cut.bundle").write_bytes(data[:cut])

    status, out = bring_in(tmp_path / "cut.bundle")

    assert status == 2
    assert "cut.bundle" in out
    assert not Article.objects.exists()


def test_bundle_of_a_part_of_a_history_and_missing_git_are_refused(wiki, tmp_path, monkeypatch):
    part = tmp_path / "part.bundle"
    part.write_bytes(b"# v2 git bundle\n-" + b"a" * 40 + b" x\n" + b"b" * 40 + b" refs/heads/main\n\nPACK")
    assert "needs commit aaaa" in bring_in(part)[1]
    monkeypatch.setattr(git_opening.shutil, "which", lambda name: None)
    assert "not installed" in bring_in(part)[1]


def test_name_that_is_no_text_and_signs_that_steer_a_terminal_are_escaped(wiki):
    blob = wiki.repository.create_blob(b"x\n")
    entries = b"".join(
        b"100644 " + name + b"\0" + bytes(blob.raw) for name in (b"\x1b[2J.bin", b"caf\xe9.md", b"z\x1b.md")
    )
    tree = wiki.repository.odb.write(2, entries)
    who = b"A\x1b <a@example.org> 274877906944 +0000"
    commit = b"tree %s\nauthor %s\ncommitter %s\n\nodd\n" % (str(tree).encode(), who, who)
    wiki.repository.references.create(wiki.head, wiki.repository.odb.write(1, commit))

    status, out = bring_in(wiki.folder)

    assert status == 1
    assert "\x1b" not in out
    assert out.encode()
    assert "no such time: 274877906944" in out
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["caf", "z"]
    assert set(Revision.objects.values_list("claimed_author", "claimed_at")) == {("A", None)}


def test_names_are_read_as_the_programs_write_them():
    assert page_name("a\u202egnp.md") == "agnp"
    assert page_name("Cafe\u0301.md") == "Café"
    assert page_name("-.md") == "(no name)"


def test_fence_is_longer_than_any_inside():
    assert fenced("`````\n", "text").startswith("``````text\n")
