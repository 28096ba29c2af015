"""Reading leaves no trace: not even the time of last access changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from privileges import without_privileges

from muniment.storage.hashing import HashBatch, hash_batch
from muniment.storage.opening import Opener

LONG_AGO = 10**18
MODIFIED = LONG_AGO + 10**9  # read since it was modified: any other reading would now be noted


def old_file(folder: Path, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(b"x")
    os.utime(path, ns=(LONG_AGO, MODIFIED))
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone lets files be read unnoticed")
def test_digesting_a_file_leaves_its_time_of_access(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    hash_batch(HashBatch(base=str(tmp_path), paths=("file",), sizes=(1,), algorithms=("md5",)))
    assert path.stat().st_atime_ns == LONG_AGO


def test_the_files_of_another_owner_are_opened_all_the_same(tmp_path: Path) -> None:
    paths = [old_file(tmp_path, name) for name in ("a", "b")]
    opener = Opener()
    with without_privileges(tmp_path):
        for path in paths:
            descriptor = opener(str(path))
            assert os.read(descriptor, 2) == b"x"
            os.close(descriptor)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    path.chmod(0o000)
    opener = Opener()
    with without_privileges(tmp_path):
        for _ in range(2):
            with pytest.raises(PermissionError):
                opener(str(path))


def test_a_link_is_opened_only_when_asked(tmp_path: Path) -> None:
    old_file(tmp_path)
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(OSError, match="symbolic links"):
        Opener()(str(tmp_path / "link"))
    os.close(Opener(follow_links=True)(str(tmp_path / "link")))
