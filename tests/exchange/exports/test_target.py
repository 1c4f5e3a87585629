"""The folder of an export: nothing outside of it is written, and nothing of somebody else is touched."""

import pytest

from articles.exchange.exports.target import MARK, ExportRefused, Target

KIND = {"format": "folder"}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "export"


def write(folder, files, **kind):
    with Target(folder, kind=KIND | kind) as target:
        made = [target.put(path, data) for path, data in files.items()]
        return made, target.finish()


def found(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_second_export_writes_only_what_differs_and_deletes_what_is_gone(folder):
    assert write(folder, {"a/one.md": b"1", "a/two.md": b"2", "three.md": b"3"}) == ([True] * 3, 0)

    assert write(folder, {"a/one.md": b"1", "a/two.md": b"zwei"}) == ([False, True], 1)

    files = found(folder)
    mark = files.pop(MARK)
    assert files == {"a/one.md": b"1", "a/two.md": b"zwei"}
    write(folder.with_name("fresh"), files)
    assert found(folder.with_name("fresh")) == files | {MARK: mark}


def test_file_that_somebody_deleted_comes_back(folder):
    write(folder, {"one.md": b"1"})
    (folder / "one.md").unlink()

    assert write(folder, {"one.md": b"1"}) == ([True], 0)


def test_file_of_somebody_else_is_left_alone(folder):
    write(folder, {"one.md": b"1"})
    (folder / "notes.txt").write_text("mine")

    write(folder, {})

    assert set(found(folder)) == {MARK, "notes.txt"}


def test_export_that_was_stopped_goes_on(folder):
    with Target(folder, kind=KIND) as target:
        target.put("one.md", b"1")
        target.put("two.md", b"2")  # and no `finish`
    (folder / ".palimpsest-new").write_bytes(b"half")

    assert write(folder, {"one.md": b"1", "three.md": b"3"}) == ([False, True], 1)
    assert set(found(folder)) == {MARK, "one.md", "three.md"}


@pytest.mark.parametrize("left", [b"", b'{"form', b'{"format": "folder"}'])
def test_export_that_was_stopped_at_its_first_line_goes_on(folder, left):
    folder.mkdir()
    (folder / MARK).write_bytes(left)

    assert write(folder, {"one.md": b"1"}) == ([True], 0)


def test_line_that_was_cut_off_counts_for_nothing(folder):
    write(folder, {"one.md": b"1", "two.md": b"2"})
    mark = (folder / MARK).read_bytes()
    (folder / MARK).write_bytes(mark[:-3])

    write(folder, {"one.md": b"1", "two.md": b"2"})

    assert (folder / MARK).read_bytes() == mark


def test_folder_that_holds_something_else_is_refused(folder):
    folder.mkdir()
    (folder / "one.md").write_text("mine")

    with pytest.raises(ExportRefused, match="holds something else"):
        write(folder, {"one.md": b"1"})
    assert found(folder) == {"one.md": b"mine"}


def test_export_of_another_kind_is_refused(folder):
    write(folder, {"one.md": b"1"})

    with pytest.raises(ExportRefused, match="another kind"):
        write(folder, {"one.md": b"2"}, format="jsonl")
    assert found(folder)["one.md"] == b"1"


def test_place_that_is_no_folder_is_refused(folder, tmp_path):
    folder.write_text("a file")

    for place in (folder, folder / "below", tmp_path / "no" / "such", tmp_path / "nul\0"):
        with pytest.raises(ExportRefused, match="cannot be written"):
            write(place, {})


def test_only_one_export_writes_at_a_time(folder):
    with Target(folder, kind=KIND), pytest.raises(ExportRefused, match="Another export is writing"):
        Target(folder, kind=KIND)

    write(folder, {"one.md": b"1"})


def test_symbolic_links_are_not_followed(folder, tmp_path):
    outside = tmp_path / "outside"
    (outside / "a").mkdir(parents=True)
    (outside / "one.md").write_text("mine")
    write(folder, {"one.md": b"1", "a/two.md": b"2"})
    (folder / "one.md").unlink()
    (folder / "one.md").symlink_to(outside / "one.md")
    (folder / "a" / "two.md").unlink()
    (folder / "a").rmdir()
    (folder / "a").symlink_to(outside / "a")

    with pytest.raises(ExportRefused, match="no folder, or a link"):
        write(folder, {"one.md": b"changed", "a/two.md": b"changed"})
    (folder / "a").unlink()
    write(folder, {"one.md": b"changed"})

    assert found(outside) == {"one.md": b"mine"}
    assert not (folder / "one.md").is_symlink()
    assert (folder / "one.md").read_bytes() == b"changed"


def test_link_is_not_deleted_for_the_file_that_was_there(folder, tmp_path):
    write(folder, {"one.md": b"1"})
    (folder / "one.md").unlink()
    (folder / "one.md").symlink_to(tmp_path)

    write(folder, {})

    assert (folder / "one.md").is_symlink()


def test_mark_that_is_a_link_is_refused(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    folder.mkdir()
    (folder / MARK).symlink_to(elsewhere)

    with pytest.raises(ExportRefused):
        write(folder, {})
    assert elsewhere.read_text() == "mine"


@pytest.mark.parametrize("path", ["../out.md", "a/../../out.md", "/out.md", "a//b.md", "./out.md", "a/.."])
def test_path_that_leads_outside_is_refused(folder, path):
    with pytest.raises(ExportRefused):
        write(folder, {path: b"1"})
    assert [found.name for found in folder.parent.iterdir()] == ["export"]
