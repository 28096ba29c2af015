"""Bytes that grow towards what was not tried yet, for every parser of a bag's bytes (atheris).

    pip install 'atheris>=3'
    PYTHONPATH=tests/support python tests/fuzz/fuzz_parsers.py --seconds 300 zip tar

Bounded in time, memory and size of input. What breaks a parser ends the run with the error, and its
bytes are left in the folder of the corpus; the same command with `--again FILE` tries them once.
Asked for by nobody else: atheris is large, and hypothesis holds the same parsers in every test run.
"""

from __future__ import annotations

import argparse
import functools
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import BinaryIO

import atheris

with atheris.instrument_imports(include=["muniment", "tarfile", "zipfile"]):
    from bagbuilder import Bag
    from bagcheck import check

    from muniment.bags.baginfo import read_bag_info
    from muniment.bags.declaration import PATH as MARKER
    from muniment.bags.declaration import read_declaration
    from muniment.bags.encodings import Encoding, find_encoding
    from muniment.bags.fetchlist import read_fetch_list
    from muniment.bags.homes import _BagNames
    from muniment.bags.manifests import ManifestName, ManifestSet, manifest_name, read_manifest
    from muniment.bags.profile_reading import read_profile
    from muniment.bags.tagtext import TagText
    from muniment.model.errors import UsageError
    from muniment.model.findings import Finding, Report
    from muniment.model.paths import unsafe_reason
    from muniment.render import json as as_json
    from muniment.render import text as as_text
    from muniment.storage.archive import open_tar, open_zip
    from muniment.storage.containers import Container
    from muniment.storage.executors import Executor
    from muniment.storage.ranges import HashedRanges, RangeBatch, ReadAt, hash_places
    from muniment.storage.tar_stream import TarStream

LONGEST_INPUT = 1 << 14
SECONDS_EACH = 20
MEMORY_MIB = 2048
ENCODINGS = ("UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "UTF-32", "Shift_JIS", "UTF-7", "GB18030")


def encoding_of(number: int) -> Encoding:
    encoding = find_encoding(ENCODINGS[number % len(ENCODINGS)])
    assert encoding is not None
    return encoding


def name_of(path: str) -> ManifestName:
    name = manifest_name(path)
    assert name is not None
    return name


def asked(data: bytes) -> tuple[TagText, list[Finding], bool, bytes]:
    """The first byte chooses the encoding and the version; the others are the file."""
    choice = data[0] if data else 0
    found: list[Finding] = []
    text = TagText(path="tag.txt", encoding=encoding_of(choice >> 1), report=found.append)
    return text, found, bool(choice & 1), data[1:]


def told(findings: Iterable[Finding]) -> None:
    """Whatever a finding says can be put into JSON and be written out as UTF-8."""
    for finding in findings:
        assert finding.message
        json.dumps(dict(finding.evidence)).encode()


def declaration(data: bytes) -> None:
    found: list[Finding] = []
    read_declaration(data, found.append)
    told(found)


def manifest(data: bytes) -> None:
    text, found, strict, rest = asked(data)
    manifests = ManifestSet()
    for path in ("manifest-sha256.txt", "manifest-md5.txt", "manifest-madeup.txt"):
        read_manifest(text, io.BytesIO(rest), manifests, name=name_of(path), strict=strict)
    for path in manifests.index:
        assert unsafe_reason(path) is None, path
    told(found)


def tag_manifest(data: bytes) -> None:
    text, found, strict, rest = asked(data)
    manifests, name = ManifestSet(), name_of("tagmanifest-sha512.txt")
    read_manifest(text, io.BytesIO(rest), manifests, name=name, strict=strict)
    for path in manifests.index:
        assert unsafe_reason(path) is None, path
        assert not path.startswith("data/")
    told(found)


def bag_info(data: bytes) -> None:
    text, found, strict, rest = asked(data)
    info = read_bag_info(text, io.BytesIO(rest), strict=strict)
    assert all(":" not in field.label for field in info.fields)
    told(found)


def fetch_list(data: bytes) -> None:
    text, found, strict, rest = asked(data)
    manifests = ManifestSet()
    listed = io.BytesIO(b"0" * 64 + b"  data/a\n" + b"0" * 64 + b"  data/b/c\n")
    plain = TagText(path="manifest-sha256.txt", encoding=encoding_of(0), report=found.append)
    read_manifest(plain, listed, manifests, name=name_of("manifest-sha256.txt"), strict=True)
    for entry in read_fetch_list(text, io.BytesIO(rest), manifests, strict=strict):
        assert entry.path in manifests.index
        assert entry.length is None or entry.length >= 0
    told(found)


def profile(data: bytes) -> None:
    with suppress(UsageError):
        read_profile(data, "profile.json")


class MemoryArchive:
    """An archive's bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __str__(self) -> str:
        return "archive"

    def opened(self) -> BinaryIO:
        return io.BytesIO(self._data)

    @contextmanager
    def reading(self) -> Iterator[ReadAt]:
        yield self._read_at

    def hashed(self, batches: Iterable[RangeBatch], executor: Executor) -> Iterator[HashedRanges]:
        work = functools.partial(hash_places, self._read_at)
        return (hashed for _, hashed in executor.map(work, batches))

    def _read_at(self, size: int, offset: int) -> bytes:
        return self._data[offset : offset + size]


def judged(container: Container) -> None:
    """A bag in an archive gets a report that can be shown, and nothing in it lies outside."""
    for listing in container.listings():
        for path, size in listing.files:
            assert not path.startswith("/"), path
            assert ".." not in path.split("/"), path
            assert size >= 0
    report = Report(command="verify", subjects=(check(container),))
    for render in (as_json.render, as_text.render):
        "".join(render(report)).encode()


def zip_archive(data: bytes) -> None:
    judged(open_zip(MemoryArchive(data), name="bag", marker=MARKER))


def tar_archive(data: bytes) -> None:
    judged(open_tar(MemoryArchive(data), name="bag", marker=MARKER))


def tar_stream(data: bytes) -> None:
    judged(
        TarStream(
            lambda: io.BytesIO(data),
            name="bag",
            marker=MARKER,
            announcements=_BagNames(),
            rewindable=True,
        )
    )


def tag_files(name: str) -> list[bytes]:
    """A tag file of a few right bags, with the byte that chooses how it is read."""
    made = []
    for number, declared in enumerate(ENCODINGS):
        for strict in (0, 1):
            bag = Bag(version="1.0" if strict else "0.97", encoding=declared).seal()
            bag.add(
                "fetch.txt", "https://example.org/a 12 data/a", "https://example.org/c - data/b/c"
            )
            made.append(bytes([number << 1 | strict]) + bag.files[name])
    return made


def tars() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return [Bag().seal().write_tar(Path(folder) / "bag.tar", "bag").read_bytes()]


def zips() -> list[bytes]:
    """The same bag twice, its members as they lie and packed."""
    made = []
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with io.BytesIO() as stream:
            with zipfile.ZipFile(stream, "w", packing) as archive:
                for name, content in Bag().seal().members("bag"):
                    archive.writestr(name, content or b"")
            made.append(stream.getvalue())
    return made


def profiles() -> list[bytes]:
    folder = resources.files("muniment.schemas")
    return [each.read_bytes() for each in folder.iterdir() if each.name.startswith("profile-")]


PARSERS: dict[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]] = {
    "declaration": (declaration, lambda: [each[1:] for each in tag_files("bagit.txt")]),
    "manifest": (manifest, lambda: tag_files("manifest-sha256.txt")),
    "tag-manifest": (tag_manifest, lambda: tag_files("tagmanifest-sha256.txt")),
    "bag-info": (bag_info, lambda: tag_files("bag-info.txt")),
    "fetch": (fetch_list, lambda: tag_files("fetch.txt")),
    "profile": (profile, profiles),
    "zip": (zip_archive, zips),
    "tar": (tar_archive, tars),
    "tar-stream": (tar_stream, tars),
}


def fuzz(name: str, seconds: int, again: Path | None) -> None:
    """Feed one parser, in this process, which atheris ends."""
    parser, seeds = PARSERS[name]
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={SECONDS_EACH}",
        f"-rss_limit_mb={MEMORY_MIB}",
        f"-artifact_prefix={corpus}/broke-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *limits, str(again or corpus)], parser)
    atheris.Fuzz()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parsers", nargs="*", metavar="PARSER", help=", ".join(PARSERS))
    arguments.add_argument("--seconds", type=int, default=60, help="for each parser")
    arguments.add_argument("--again", type=Path, help="bytes that broke the one parser named")
    given = arguments.parse_args()
    names = given.parsers or list(PARSERS)
    if len(names) == 1:
        fuzz(names[0], given.seconds, given.again)
    command = [sys.executable, __file__, "--seconds", str(given.seconds)]
    codes = {name: subprocess.run([*command, name], check=False).returncode for name in names}
    sys.exit(any(codes.values()))


if __name__ == "__main__":
    main()
