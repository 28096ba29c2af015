"""Copying: byte for byte, digested on the way, and never of a file that is not what it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from privileges import without_privileges

from muniment.storage import copying
from muniment.storage.copying import CHANGED, CopyBatch, CopyJob, copy_batch
from muniment.storage.hashing import CHUNK_BYTES, digest_of


def job_of(source: Path, target: Path) -> CopyJob:
    status = source.stat()
    return CopyJob(
        source=str(source), path=target.name, size=status.st_size, modified=status.st_mtime_ns
    )


def copy(*jobs: CopyJob, to: Path | None) -> copying.CopiedBatch:
    target = None if to is None else str(to)
    return copy_batch(CopyBatch(jobs=jobs, target=target, algorithms=("md5", "sha256")))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES * 2 + 3])
def test_bytes_time_and_digests(size: int, tmp_path: Path) -> None:
    data = os.urandom(size)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(data)
    os.utime(source, ns=(10**18, 10**18 + 123_456_789))
    copied = copy(job_of(source, target), to=tmp_path)
    assert copied.faults == {}
    assert copied.digests == ((digest_of(data, "md5"), digest_of(data, "sha256")),)
    assert target.read_bytes() == data
    assert target.stat().st_mtime_ns == source.stat().st_mtime_ns
    assert source.read_bytes() == data


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"longer than before"),
        lambda path: path.write_bytes(b"short"),
        lambda path: os.utime(path, ns=(1, 1)),
    ],
    ids=["longer", "shorter", "touched"],
)
def test_a_file_that_changed_since_it_was_planned(change: object, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"as planned")
    job = job_of(source, tmp_path / "target")
    assert callable(change)
    change(source)
    assert copy(job, to=tmp_path).faults == {0: CHANGED}


@pytest.mark.parametrize("size", [10, CHUNK_BYTES + 10])
@pytest.mark.parametrize("how", ["grows", "shrinks", "is written over"])
def test_a_file_that_changes_while_it_is_read(
    size: int, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"x" * size)
    job = job_of(source, target)
    read = os.read
    done: list[str] = []

    def reading(descriptor: int, wanted: int) -> bytes:
        if not done:
            done.append(how)
            with source.open("r+b") as stream:
                if how == "shrinks":
                    stream.truncate(size - 1)
                else:
                    stream.seek(size if how == "grows" else size - 1)
                    stream.write(b"y")
        return read(descriptor, wanted)

    monkeypatch.setattr(os, "read", reading)
    assert copy(job, to=tmp_path).faults == {0: CHANGED}


def test_a_link_put_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    job = job_of(source, tmp_path / "target")
    source.rename(tmp_path / "elsewhere")
    source.symlink_to("elsewhere")
    assert list(copy(job, to=tmp_path).faults) == [0]
    assert not (tmp_path / "target").exists()


def test_a_pipe_put_in_the_files_place_does_not_stop_the_run(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    job = job_of(source, tmp_path / "target")
    source.unlink()
    os.mkfifo(source)
    assert copy(job, to=tmp_path).faults == {0: CHANGED}


def test_one_fault_does_not_stop_the_others(tmp_path: Path) -> None:
    jobs = []
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(name.encode())
        jobs.append(job_of(tmp_path / name, tmp_path / f"copy-{name}"))
    (tmp_path / "b").unlink()
    copied = copy(*jobs, to=tmp_path)
    assert copied.faults == {1: os.strerror(2)}
    assert [len(row) for row in copied.digests] == [2, 0, 2]
    assert (tmp_path / "copy-c").read_bytes() == b"c"


def test_an_unreadable_file_is_a_fault_of_its_own(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    job = job_of(source, tmp_path / "target")
    source.chmod(0o000)
    with without_privileges(tmp_path):
        assert copy(job, to=tmp_path).faults == {0: os.strerror(13)}


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        copy(job_of(source, target), to=tmp_path)
    assert target.read_bytes() == b"old"


def test_a_disk_that_takes_little_at_a_time_gets_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"0123456789")
    write = os.write
    monkeypatch.setattr(os, "write", lambda to, data: write(to, bytes(data)[:3]))
    assert copy(job_of(source, target), to=tmp_path).faults == {}
    assert target.read_bytes() == b"0123456789"


def test_without_a_target_a_file_is_digested_where_it_lies(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    status = source.stat()
    job = CopyJob(source=str(source), path="x", size=1, modified=status.st_mtime_ns)
    assert copy(job, to=None).digests == ((digest_of(b"x", "md5"), digest_of(b"x", "sha256")),)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_the_null_device_stands_for_a_file_of_no_bytes(tmp_path: Path) -> None:
    job = CopyJob(source=os.devnull, path="keep", size=0, modified=5 * 10**9)
    assert copy(job, to=tmp_path).digests[0][0] == digest_of(b"", "md5")
    assert (tmp_path / "keep").stat().st_size == 0
