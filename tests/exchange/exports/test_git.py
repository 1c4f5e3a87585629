"""The git repository of a site: a commit for each version, nothing hidden in any object, and always the same ids."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pygit2
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from articles import workflow
from articles.exchange import front_matter, trailers
from articles.exchange.exports import commits as exports_commits
from articles.exchange.exports import git as exports_git
from articles.exchange.exports import packs as exports_packs
from articles.exchange.exports.exporting import Format, export
from articles.exchange.exports.selection import Selection
from articles.exchange.exports.target import ExportRefused
from articles.models import Article, Revision
from tests.conftest import CLEAN, content
from tests.exchange.exports.exporting import hide, write
from tests.management.test_commands import run
from tests.pictures import file
from tests.revisions.test_bodies import damage

pytestmark = pytest.mark.django_db
DRAFTS, MAIN = "drafts", "main"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """No test cuts the power: nothing has to wait for the disk."""
    monkeypatch.setattr(exports_packs.os, "fsync", lambda file: None)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "export"


@pytest.fixture
def written(folder):
    """Exports, and returns the repository."""

    def written(path=folder, **selection):
        export(
            path,
            Selection(**selection),
            format=Format.GIT,
            tell=lambda done, total: None,
            warn=warnings.append,
        )
        return pygit2.Repository(str(path))

    warnings = written.warnings = []
    return written


def commits(repository, branch):
    """The commits of a branch, the first one first."""
    if f"refs/heads/{branch}" not in repository.references:
        return []
    tip = repository.branches[branch].target
    return list(repository.walk(tip, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE))


def files(commit):
    """The articles in the tree of a commit, by name."""
    folder = commit.tree["articles"] if "articles" in commit.tree else ()  # noqa: SIM401, it has no `get`
    return {entry.name: entry.data.decode() for entry in folder}


def sources(commit):
    return {name: front_matter.read(text).source for name, text in files(commit).items()}


def objects(path):
    """All that the repository holds, also what no branch leads to."""
    git = ["git", "-C", str(path), "cat-file", "--batch", "--batch-all-objects", "--unordered"]
    return subprocess.run(git, capture_output=True, check=True).stdout


def faults(path):
    """What git's strict check says of a repository."""
    git = ["git", "-C", str(path), "fsck", "--strict", "--full"]
    check = subprocess.run(git, capture_output=True, text=True)
    return check.stdout + check.stderr + (f"status {check.returncode}" if check.returncode else "")


def test_each_version_is_a_commit_that_says_all_of_it(save, author, other_author, written):
    save("One.\n", summary="First")
    write("ebb", "Ebb\rand --- no end", by=other_author, title="Ebb: “low”", tags=("sea", "a: b"))
    save("Two.\n", by=other_author, summary=" spaces ", change_kind="typo", software_share="assisted")

    history = commits(written(), DRAFTS)

    revisions = Revision.objects.with_text().order_by("pk")
    assert len(history) == len(revisions) == 3
    for commit, revision in zip(history, revisions, strict=True):
        said = trailers.read(commit.message)
        assert (said.article, said.number, said.sha256) == (
            revision.article_id,
            revision.number,
            revision.sha256,
        )
        assert (said.author, said.written_at) == (revision.author_name, revision.created_at)
        assert said.based_on == (revision.based_on and revision.based_on.number)
        read = front_matter.read(files(commit)[f"{revision.slug}.md"])
        assert (read.source, said.summary) == (revision.source, revision.summary)
        assert read == front_matter.read(front_matter.written(revision.content))
        assert commit.author.email.startswith("noreply@")
        assert commit.author.time == int(revision.created_at.timestamp())


def test_claims_of_an_import_are_author_and_date(save, written, monkeypatch):
    claimed = {"claimed_author": "Ada <ada@home>", "claimed_at": datetime(1999, 1, 2, tzinfo=UTC)}
    monkeypatch.setattr(Revision, "save", lambda self, save=Revision.save: _claim(self, claimed, save))
    revision = save()

    [commit] = commits(written(), DRAFTS)

    assert (commit.author.name, commit.author.time) == ("Ada ada@home", 915_235_200)
    assert (commit.committer.name, commit.committer.time) == ("author", int(revision.created_at.timestamp()))
    said = trailers.read(commit.message)
    assert (said.claimed_author, said.claimed_at) == tuple(claimed.values())


def _claim(revision, claimed, save):
    for name, value in claimed.items():
        setattr(revision, name, value)
    save(revision)


def test_main_holds_what_readers_saw(save, moderator, author, written):
    workflow.publish(save("One.\n"), by=moderator)
    save("A draft.\n")
    workflow.publish(save("Three.\n"), by=moderator)
    workflow.unpublish(Article.objects.get(), by=moderator, reason="old")

    history = commits(written(), MAIN)

    assert [sources(commit) for commit in history] == [{"tides.md": "One.\n"}, {"tides.md": "Three.\n"}, {}]
    assert [trailers.read(commit.message).state for commit in history] == ["live", "live", "offline"]


def test_taking_an_approval_back_shows_again_what_was_live(published, save, author, moderator, written):
    review = workflow.submit(save("Two.\n"), by=author)
    workflow.approve(review, by=moderator)
    workflow.undo(review, by=moderator)
    review.refresh_from_db()
    workflow.reject(review, by=moderator, reason="No.")
    review.refresh_from_db()
    workflow.undo(review, by=moderator)

    history = commits(written(), MAIN)

    assert [sources(commit)["tides.md"] for commit in history] == [CLEAN, "Two.\n", CLEAN]


def test_taking_a_first_approval_back_takes_the_file_away(save, author, moderator, written):
    review = workflow.submit(save(), by=author)
    workflow.approve(review, by=moderator)
    workflow.undo(review, by=moderator)

    assert [len(files(commit)) for commit in commits(written(), MAIN)] == [1, 0]


def test_article_that_moves_is_one_file_that_is_renamed(save, moderator, author, written):
    workflow.publish(save("One.\n" * 30), by=moderator)
    moved = workflow.save_revision(
        Article.objects.get(), by=author, content=content("One.\n" * 30, slug="ebb"), base=1
    )
    workflow.publish(moved, by=moderator)

    repository = written()

    for branch in (DRAFTS, MAIN):
        before, after = commits(repository, branch)
        assert (list(files(before)), list(files(after))) == (["tides.md"], ["ebb.md"])
        change = repository.diff(before, after)
        change.find_similar()
        [delta] = change.deltas
        assert delta.status_char() == "R"


def test_files_never_collide(author, written):
    first = write("Tides", "First.\n", by=author)
    write("tides", "Second.\n", by=author)
    long = "ä" * 200
    write(long, "Third.\n", by=author)
    write(f"{long[:-1]}b", "Fourth.\n", by=author)
    workflow.save_revision(first.article, by=author, content=content("First.\n", slug="ebb"), base=1)

    last = commits(written(), DRAFTS)[-1]

    found = sources(last)
    assert sorted(found.values()) == ["First.\n", "Fourth.\n", "Second.\n", "Third.\n"]
    assert len({name.casefold() for name in found}) == 4
    assert all(len(name.encode()) < 255 for name in found)
    assert {"ebb.md", f"{'ä' * 100}.md"} < found.keys()


def test_pictures_come_along_once(save, author, moderator, written, settings, tmp_path, folder):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = workflow.upload_image(ContentFile(file()), alt="A gate.", by=author)
    save(f"{image.markdown}\n")
    workflow.publish(save(f"Again: {image.markdown}\n"), by=moderator)

    repository = written()

    stored = (settings.MEDIA_ROOT / "images" / image.name.file()).read_bytes()
    for branch in (DRAFTS, MAIN):
        tree = commits(repository, branch)[-1].tree
        assert [entry.name for entry in tree["media/images"]] == [image.name.file()]
        assert tree[image.name.address.strip("/")].data == stored
    assert faults(folder) == ""


def test_lost_picture_is_told_and_the_rest_is_written(save, author, written, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = workflow.upload_image(ContentFile(file()), alt="", by=author)
    save(f"{image.markdown}\n")
    (settings.MEDIA_ROOT / "images" / image.name.file()).unlink()

    [commit] = commits(written(), DRAFTS)

    assert "media" not in commit.tree
    assert written.warnings == [f"{image.name.file()}: the file of a picture is missing"]


def test_damaged_text_is_told_and_the_rest_is_written(save, folder):
    save("One.\n")
    save("Two.\n")
    save("Three.\n")
    damage(2, data=b"garbage")

    status, _out = run("export_articles", folder)

    history = commits(pygit2.Repository(str(folder)), DRAFTS)
    assert (status, [sources(commit)["tides.md"] for commit in history]) == (
        1,
        ["One.\n", "One.\n", "Three.\n"],
    )


# Hidden parts


@pytest.fixture
def secrets(save, administrator, moderator):
    """Three versions; of the second, which was live, everything is hidden."""
    workflow.publish(save("One.\n", summary="first"), by=moderator)
    secret = save(
        "SECRET text\n", title="SECRET title", tags=("SECRET",), summary="SECRET summary", by=administrator
    )
    workflow.publish(secret, by=administrator)
    save("Three.\n", summary="third")
    return secret


def test_nothing_hidden_stands_in_any_object(secrets, administrator, written, folder):
    hide(secrets, administrator)

    repository = written()

    found = objects(folder)
    assert b"SECRET" not in found
    assert b"administrator" not in found
    saved, hidden, after = commits(repository, DRAFTS)
    assert hidden.tree.id == saved.tree.id
    said = trailers.read(hidden.message)
    assert (said.number, said.sha256, said.hidden) == (2, secrets.sha256, ("author", "summary", "text"))
    assert (said.author, said.summary, hidden.author.name) == ("", "", "(no name)")
    assert sources(after) == {"tides.md": "Three.\n"}
    assert [sources(commit) for commit in commits(repository, MAIN)] == [{"tides.md": "One.\n"}, {}, {}]


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_what_is_hidden_later_leaves_the_repository(
    secrets, administrator, written, folder, monkeypatch, chunk
):
    monkeypatch.setattr(exports_git, "CHUNK", chunk)
    written()
    assert b"SECRET" in objects(folder)

    hide(secrets, administrator)
    repository = written()

    assert b"SECRET" not in objects(folder)
    assert faults(folder) == ""
    fresh = written(folder.with_name("fresh"))
    assert tips(repository) == tips(fresh)


def test_what_is_hidden_later_leaves_a_repository_that_git_has_packed_anew(
    secrets, administrator, written, folder
):
    written()
    subprocess.run(["git", "-C", str(folder), "gc", "-q"], check=True)
    assert written.warnings == []
    hide(secrets, administrator)

    repository = written()

    assert b"SECRET" not in objects(folder)
    assert faults(folder) == ""
    assert tips(repository) == tips(written(folder.with_name("fresh")))


def test_what_is_shown_again_comes_back(secrets, administrator, written, folder):
    before = tips(written())
    hide(secrets, administrator, "summary")
    assert tips(written()) != before
    workflow.unhide(secrets.hidings.get(), by=administrator)

    assert tips(written()) == before


def test_deleted_account_leaves_its_recorded_name(save, author, other_author, written, folder):
    save("One.\n", by=other_author)
    before = tips(written())
    other_author.delete()

    assert tips(written()) == before
    assert b"other_author" in objects(folder)


# What the public sees


def test_public_export_has_what_readers_see(save, author, moderator, written, folder):
    workflow.publish(save("One.\n"), by=moderator)
    save("DRAFT\n")
    write("ebb", "NEVER PUBLIC\n", by=author)
    gone = write("flow", "GONE\n", by=author)
    workflow.publish(gone, by=moderator)
    workflow.unpublish(gone.article, by=moderator)

    repository = written(is_public=True)

    assert [sources(commit) for commit in commits(repository, MAIN)] == [{"tides.md": "One.\n"}]
    assert commits(repository, DRAFTS) == []
    found = objects(folder)
    assert not any(word in found for word in (b"DRAFT", b"NEVER", b"GONE", b"flow", b"ebb"))


def test_article_that_goes_offline_leaves_a_public_export(published, moderator, written, folder):
    written(is_public=True)
    workflow.unpublish(published.article, by=moderator)

    repository = written(is_public=True)

    assert commits(repository, MAIN) == []
    assert b"tide" not in objects(folder)


def test_some_articles_alone(save, author, written):
    save()
    write("ebb", by=author)

    [commit] = commits(written(articles=(Article.objects.get(slug="ebb").pk,)), DRAFTS)

    assert list(files(commit)) == ["ebb.md"]


# Again and again


def tips(repository):
    return [str(repository.branches[name].target) for name in (DRAFTS, MAIN) if name in repository.branches]


@pytest.fixture
def history(save, author, moderator):
    """Nine steps of two articles."""
    for number in range(1, 4):
        workflow.publish(save(f"Version {number}.\n", summary=f"Change {number}"), by=moderator)
    ebb = write("ebb", by=author)
    workflow.publish(ebb, by=moderator)
    save("A draft.\n")


def test_second_export_writes_nothing(history, written, folder):
    before = tips(written())
    stamps = {path: path.stat().st_mtime_ns for path in folder.rglob("*.pack")}

    status, out = run("export_articles", folder)

    assert (status, out) == (0, f"{folder}: 0 commits written.\n")
    assert tips(written()) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.pack")} == stamps


@pytest.mark.parametrize("chunk", [1, 2, 3, 500])
def test_export_goes_on_where_the_last_one_ended(
    history, save, moderator, written, folder, monkeypatch, chunk
):
    monkeypatch.setattr(exports_git, "CHUNK", chunk)
    written()
    packs = set(folder.rglob("*.pack"))
    workflow.publish(save("And on.\n"), by=moderator)

    repository = written()

    assert packs < set(folder.rglob("*.pack"))
    assert faults(folder) == ""
    monkeypatch.setattr(exports_git, "CHUNK", 500)
    assert tips(repository) == tips(written(folder.with_name("fresh")))


class Killed(BaseException):
    """Stands for a process that ends here."""


MOMENTS = [
    (exports_commits.CommitWriter, "commit"),
    (exports_packs.PackWriter, "close"),
    (exports_packs, "sync"),
    (exports_git, "sync"),
    (exports_git.GitExport, "_set_branches"),
    (exports_git.GitExport, "_delete"),
    (exports_git, "_write"),
]


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment[0].__name__}.{moment[1]}")
def test_export_that_is_killed_goes_on(
    secrets, administrator, written, folder, monkeypatch, moment, is_after
):
    """Killed at each moment in turn, in a first export and in one that has to take out what was hidden."""
    monkeypatch.setattr(exports_git, "CHUNK", 2)
    owner, name = moment
    act = getattr(owner, name)
    for part in (None, "text"):
        if part:
            hide(secrets, administrator, part)
        for turn in range(50):
            left = turn

            def killed(*args, **kwargs):
                nonlocal left
                left -= 1
                if left < 0 and not is_after:
                    raise Killed
                result = act(*args, **kwargs)
                if left < 0:
                    raise Killed
                return result

            monkeypatch.setattr(owner, name, killed)
            try:
                written()
                break
            except Killed:
                continue
        monkeypatch.setattr(owner, name, act)
        fresh = written(folder.with_name(f"fresh-{part}"))
        assert tips(written()) == tips(fresh)
        assert faults(folder) == ""
    assert b"SECRET text" not in objects(folder)


def test_pack_that_never_counted_leaves_nothing_behind(secrets, administrator, written, folder, monkeypatch):
    """Killed when the pack is there, and the line that makes it count is not."""
    synced = iter(range(9))

    def sync(file, act=exports_git.sync):
        if next(synced) == 1:
            raise Killed
        act(file)

    monkeypatch.setattr(exports_git, "sync", sync)
    with pytest.raises(Killed):
        written()
    assert b"SECRET" in objects(folder)
    (folder / "palimpsest-packs").unlink(missing_ok=True)  # its line was not on the disk
    hide(secrets, administrator)

    written()

    assert b"SECRET" not in objects(folder)
    assert run("export_articles", folder) == (0, f"{folder}: 0 commits written.\n")


# Folders of others


def test_folder_with_something_else_is_refused(save, tmp_path):
    save()
    (tmp_path / "letter.txt").write_text("mine")

    status, out = run("export_articles", tmp_path)

    assert status == 2
    assert "holds something else" in out
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_repository_of_somebody_else_is_refused(save, tmp_path):
    save()
    pygit2.init_repository(str(tmp_path))

    assert run("export_articles", tmp_path)[0] == 2


def test_branch_with_other_commits_is_refused(save, written, folder):
    save()
    repository = written()
    tip = repository[repository.branches[DRAFTS].target]
    repository.create_commit("refs/heads/drafts", tip.author, tip.author, "mine", tip.tree_id, [tip.id])

    with pytest.raises(ExportRefused, match="no export made"):
        written()
    assert repository.branches[DRAFTS].peel().message == "mine"


@pytest.mark.parametrize("link", ["objects/pack", "palimpsest-steps", "refs/heads/main"])
def test_symbolic_link_is_not_followed(published, written, folder, tmp_path, link):
    written()
    elsewhere = tmp_path / "elsewhere"
    (folder / link).rename(elsewhere)
    (folder / link).symlink_to(elsewhere)

    with pytest.raises(ExportRefused, match="is a symbolic link"):
        written()


def test_other_selection_is_refused(save, folder, author):
    save()
    run("export_articles", folder)

    for args in (["--public"], ["tides"], ["--format", "jsonl"]):
        status, out = run("export_articles", folder, *args)
        assert (status, "another kind" in out) == (2, True), args


def test_export_of_nothing_is_an_empty_repository(db, written):
    repository = written()

    assert repository.head_is_unborn


def test_unknown_article_is_an_error(db, folder):
    assert run("export_articles", folder, "nowhere") == (2, "There is no article at nowhere.")
    assert not folder.exists()


@pytest.mark.parametrize("damage_done", ["palimpsest-steps", "palimpsest-packs", "objects", "refs", "HEAD"])
def test_repository_that_lost_something_is_mended_or_refused(history, written, folder, damage_done):
    before = tips(written())
    lost = folder / damage_done
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()

    status, out = run("export_articles", folder)

    if status == 0:
        assert (tips(pygit2.Repository(str(folder))), faults(folder)) == (before, "")
    else:
        assert (status, "folder" in out) == (2, True)


def test_damaged_list_of_packs_is_refused(history, written, folder):
    written()
    (folder / "palimpsest-packs").write_text("9 ../../x - -\n")

    with pytest.raises(ExportRefused, match="is damaged"):
        written()


def test_text_that_is_hidden_while_the_export_runs_is_left_out(
    secrets, administrator, written, folder, monkeypatch
):
    texts = exports_commits.CommitWriter.texts

    def hiding_first(*args):
        hide(secrets, administrator)
        monkeypatch.setattr(exports_commits.CommitWriter, "texts", texts)
        return texts(*args)

    monkeypatch.setattr(exports_commits.CommitWriter, "texts", hiding_first)
    saved, hidden, _after = commits(written(), DRAFTS)

    assert b"SECRET text" not in objects(folder)
    assert sources(hidden) == sources(saved)
    assert tips(written()) == tips(written(folder.with_name("fresh")))


def test_fix_of_a_moderator_and_its_undoing_are_followed(published, save, author, moderator, written):
    review = workflow.submit(save("Two.\n"), by=author)
    workflow.fix_and_approve(review, by=moderator, content=content("Fixed.\n"))
    review.refresh_from_db()
    workflow.undo(review, by=moderator)

    history = commits(written(), MAIN)

    assert [sources(commit)["tides.md"] for commit in history] == [CLEAN, "Fixed.\n", CLEAN]


def test_export_with_drafts_is_for_its_owner_alone(published, folder):
    before = os.umask(0o022)
    try:
        run("export_articles", folder)
        run("export_articles", folder.with_name("public"), "--public")
    finally:
        os.umask(before)

    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]} == {0}


def test_approval_for_later_that_is_taken_back_changes_nothing(published, save, author, moderator, written):
    review = workflow.submit(save("Two.\n"), by=author)
    later = timezone.now() + timedelta(days=1)
    workflow.schedule(review.revision, by=moderator, starts_at=later, zone="UTC")
    review.refresh_from_db()
    assert review.state == "approved"
    workflow.undo(review, by=moderator)

    assert [sources(commit)["tides.md"] for commit in commits(written(), MAIN)] == [CLEAN]
