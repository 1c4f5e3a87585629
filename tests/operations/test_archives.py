"""An archive is read only if every byte of it is accounted for."""

import io
import json
import stat
import tarfile

import pytest

from articles.operations import archives
from articles.operations.errors import BadBackup

FACTS = archives.Facts("2027-03-01T12:00:00+00:00", "0.1.0", "sqlite", "3.40", ["articles.0001_initial"])
CONTENT = {"database": b"rows" * 500, "media/images/a-1x1.png": b"picture"}


@pytest.fixture
def archive(tmp_path):
    """Writes an archive and returns its path."""

    def archive(content=CONTENT, facts=FACTS):
        path = tmp_path / "backup.tar"
        with archives.writing(path, facts) as writer:
            for name, data in content.items():
                writer.add(name, io.BytesIO(data), len(data))
        return path

    return archive


def read(path):
    with archives.reading(path) as archive:
        return {name: archive.open(name).read() for name in archive.members}, archive.facts


def remade(path, change):
    """Write the members of an archive anew, as `change` returns them from pairs of header and data."""
    with tarfile.open(path) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]
    with tarfile.open(path, "w") as tar:
        for member, data in change(members):
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def test_archive_comes_back_as_it_was_written_for_its_owner_only(archive):
    path = archive()

    assert read(path) == (CONTENT, FACTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_interrupted_archive_leaves_nothing(tmp_path):
    with (
        pytest.raises(OSError, match="unexpected end of data"),
        archives.writing(tmp_path / "backup.tar", FACTS) as writer,
    ):
        writer.add("database", io.BytesIO(b"short"), 6)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [600, 3_000, 4_000])  # in the database, in the picture, in the manifest
def test_flipped_byte_is_found(archive, place):
    path = archive()
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)

    with pytest.raises(BadBackup):
        read(path)


@pytest.mark.parametrize("size", [0, 100, 2_000, 3_600])
def test_cut_archive_is_refused(archive, size):
    path = archive()
    path.write_bytes(path.read_bytes()[:size])

    with pytest.raises(BadBackup):
        read(path)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_missing_file_is_found(archive, number):
    path = archive()
    remade(path, lambda members: [each for n, each in enumerate(members) if n != number])

    with pytest.raises(BadBackup, match=r"missing|no manifest"):
        read(path)


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "media/../../key", "media/images/../key", "media//key", "media/.key", "key", "media/"],
)
def test_name_that_leads_elsewhere_is_refused(archive, name):
    with pytest.raises(BadBackup, match="no place in a backup"):
        archive({**CONTENT, name: b"x"})


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_only_plain_files_are_read(archive, kind):
    def change(members):
        members[1][0].type, members[1][0].linkname = kind, "/etc/passwd"
        return members

    path = archive()
    remade(path, change)

    with pytest.raises(BadBackup):
        read(path)


def test_second_file_of_a_name_is_refused(archive):
    path = archive()
    remade(path, lambda members: [*members, members[0]])

    with pytest.raises(BadBackup, match="twice"):
        read(path)


def test_format_of_a_later_release_is_named(archive):
    def change(members):
        manifest = json.loads(members[-1][1]) | {"format": 2}
        return [*members[:-1], (members[-1][0], json.dumps(manifest).encode())]

    path = archive()
    remade(path, change)

    with pytest.raises(BadBackup, match="format 2; this release knows format 1"):
        read(path)
