"""What fires each BAG and FET rule that verifying tells of, and what nearly does."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bagbuilder import UTF_8_MARK, Bag
from bagcheck import check
from fixture_forms import Fixture, Pair
from privileges import without_privileges

from muniment.bags.homes import open_bag
from muniment.bags.tagtext import LONGEST_LINE
from muniment.model.findings import Finding

M, T, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
URL = "https://example.org/hello.txt"
NFC, NFD = "data/caf\xe9", "data/cafe\u0301"
Make = Callable[[], Bag]


def of_bag(make: Make) -> Fixture:
    """What verifying a bag in a folder finds."""

    def findings(home: Path) -> Iterable[Finding]:
        return check(make().write(home / "bag")).findings

    return findings


def bags(fires: Make, near_miss: Make) -> Pair:
    """Two bags in folders."""
    return Pair(of_bag(fires), of_bag(near_miss))


def declared(old: str, new: str) -> Make:
    """A bag with a piece of bagit.txt replaced."""
    return lambda: Bag().edit("bagit.txt", old, new).seal()


def described(*lines: str, version: str = "1.0") -> Make:
    """A bag with further lines in bag-info.txt."""
    return lambda: (bag := Bag(version=version)).add(bag.info_path, *lines).seal()


def listed(line: str, version: str = "1.0", path: str = M) -> Make:
    """A bag with a further line in a manifest."""
    return lambda: Bag(version=version).add(path, line).seal()


def payload(path: str, written: str | None = None, version: str = "1.0") -> Make:
    """A bag with one more payload file, its path in the manifest as told."""
    return lambda: Bag(version=version).put_listed(path, b"x", written).seal()


def fetched(line: str, version: str = "1.0") -> Make:
    """A bag with a line in fetch.txt."""
    return lambda: Bag(version=version).add("fetch.txt", line).seal()


def marked(path: str) -> Make:
    """A bag with a byte order mark before a tag file."""
    return lambda: (bag := Bag()).put(path, UTF_8_MARK + bag.files[path]).seal()


def twice(version: str, *, same: bool) -> Make:
    """A bag whose manifest lists a file twice."""
    other = "data/hello.txt" if same else "data/maps/north.txt"

    def make() -> Bag:
        bag = Bag(version=version)
        return bag.add(M, bag.line(other, written="data/hello.txt")).seal()

    return make


def two_manifests(version: str, *listed_too: str) -> Make:
    """A bag with two manifests, one of which may leave a file out."""

    def make() -> Bag:
        bag = Bag(version=version, algorithms=("md5", "sha256"))
        return bag.list_files(M, "sha256", ["data/hello.txt", *listed_too]).seal()

    return make


def tag_list(version: str, *left_out: str) -> Make:
    """A bag whose tag manifest leaves files out."""

    def make() -> Bag:
        bag = Bag(version=version)
        left = [path for path in bag.tag_files if path not in left_out]
        return bag.list_files(T, "sha256", left)

    return make


def tag_lists(path: str, *, tag_algorithms: tuple[str, ...] = ("sha256",)) -> Make:
    """A bag with a tag manifest that lists one more file than the others."""

    def make() -> Bag:
        bag = Bag(algorithms=("md5", "sha256")).seal("md5", "sha256").put("notes.txt", b"x")
        for algorithm in tag_algorithms:
            bag.add(f"tagmanifest-{algorithm}.txt", bag.line(path, algorithm))
        return bag

    return make


def with_pipe(path: str) -> Fixture:
    """What is found where a pipe lies in a bag, or beside it."""

    def findings(home: Path) -> Iterable[Finding]:
        folder = Bag().seal().write(home / "bag")
        os.mkfifo(folder / path)
        return check(folder).findings

    return findings


def locked(mode: int) -> Fixture:
    """What somebody finds who may not read everything, where the file's mode is this."""

    def findings(home: Path) -> Iterable[Finding]:
        folder = Bag().seal().write(home / "bag")
        (folder / "data/hello.txt").chmod(mode)
        with without_privileges(home):
            return check(folder).findings

    return findings


def in_tar(name: str = "bag.tar", top: str = "bag") -> Fixture:
    """What verifying a bag in a tar finds."""

    def findings(home: Path) -> Iterable[Finding]:
        return check(open_bag(Bag().seal().write_tar(home / name, top))).findings

    return findings


def cut_tar(keep: float) -> Fixture:
    """What is found in a tar of which a part arrived."""

    def findings(home: Path) -> Iterable[Finding]:
        archive = Bag().seal().write_tar(home / "bag.tar", "bag")
        archive.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * keep)])
        return check(open_bag(archive)).findings

    return findings


def zip_with(change: Callable[[bytes], bytes]) -> Fixture:
    """What is found in a zip whose bytes were changed."""

    def findings(home: Path) -> Iterable[Finding]:
        archive = Bag().seal().write_zip(home / "bag.zip", "bag")
        archive.write_bytes(change(archive.read_bytes()))
        return check(open_bag(archive)).findings

    return findings


def doubled_tar(home: Path) -> Iterable[Finding]:
    """What is found in a tar that holds a path twice."""
    archive = Bag().seal().write_tar(home / "bag.tar", "bag")
    Bag(payload={"data/hello.txt": b"Other\n"}).write_tar(archive, "bag", "a")
    return check(open_bag(archive)).findings


def with_beside(name: str) -> Fixture:
    """What is found in a tar with one more member."""

    def findings(home: Path) -> Iterable[Finding]:
        archive = Bag().seal().write_tar(home / "bag.tar", "bag")
        with tarfile.open(archive, "a") as more:
            more.addfile(tarfile.TarInfo(name))
        return check(open_bag(archive)).findings

    return findings


def packaged(name: str) -> Fixture:
    """What packaging a file of that name finds, the second opinion asked."""

    def findings(home: Path) -> Iterable[Finding]:
        from muniment.workflow import PackageRequest, SecondOpinion, package

        source = home / "source"
        source.mkdir()
        (source / name).write_bytes(b"x")
        record = home / "record.yaml"
        record.write_text("title: T\nidentifier: t-1\ntype: Text\n", encoding="utf-8")
        request = PackageRequest(
            sources=(source,),
            record=record,
            output=home / "out",
            second_opinion=SecondOpinion.ALWAYS,
        )
        report = package(request, now=lambda: datetime(2024, 1, 1, tzinfo=UTC))
        return [finding for subject in report.subjects for finding in subject.findings]

    return findings


D = "d" * 64
LONG = "x" * (2 * LONGEST_LINE)

FIXTURES: dict[str, Pair] = {
    # the declaration
    "BAG-101": bags(lambda: Bag().drop("bagit.txt").seal(), lambda: Bag(info=None)),
    "BAG-102": bags(declared(": 1.0", ":1.0"), declared("\n", "\r\n")),
    "BAG-103": bags(declared("1.0", "1.1"), declared("1.0", "0.96")),
    "BAG-104": bags(declared("UTF-8", "UTF-9"), declared("UTF-8", "utf-8")),
    "BAG-105": bags(marked("bagit.txt"), marked(INFO)),
    "BAG-106": bags(
        lambda: Bag(encoding="ISO-8859-1").seal(), lambda: Bag(encoding="Utf-8").seal()
    ),
    "BAG-107": bags(declared("UTF-8", "utf8"), declared("UTF-8", "UTF-8")),
    # required elements
    "BAG-110": bags(
        lambda: Bag(payload={}).no_folder("data").seal(), lambda: Bag(payload={}).seal()
    ),
    "BAG-111": bags(lambda: Bag().drop(M).seal(), lambda: Bag(payload={}).seal()),
    "BAG-112": bags(
        lambda: Bag().rename(M, "manifest-SHA256.txt").seal(),
        lambda: Bag(version="0.97").rename(M, "manifest-SHA256.txt").seal(),
    ),
    "BAG-113": bags(
        lambda: Bag(algorithms=("madeup", "sha256")).seal(),
        lambda: Bag(algorithms=("sha3256", "sha256")).seal(),
    ),
    "BAG-114": bags(lambda: Bag().folder("fetch.txt").seal(), lambda: Bag().folder("fetch").seal()),
    "BAG-115": bags(
        lambda: Bag(version="0.97").rename(M, "manifest-SHA256.txt").seal(),
        lambda: Bag(version="0.97").rename(M, "manifest-sha256.txt").seal(),
    ),
    # manifests
    "BAG-120": bags(listed("# comment"), lambda: Bag(line_end="\r").seal()),
    "BAG-121": bags(
        lambda: Bag(payload={}).put("data/x", b"").add(M, "d" * 63 + "  data/x").seal(),
        lambda: Bag(payload={}).put("data/x", b"").add(M, D.upper() + "\tdata/x").seal(),
    ),
    "BAG-122": bags(listed(f"{D}  ../x"), payload("data/..x")),
    "BAG-123": bags(listed(f"{D}  notes.txt"), payload("data/data")),
    "BAG-124": bags(twice("1.0", same=True), twice("0.97", same=True)),
    "BAG-125": bags(twice("0.97", same=True), twice("0.97", same=False)),
    "BAG-126": bags(twice("1.0", same=False), twice("1.0", same=True)),
    "BAG-127": bags(listed(f"{D}  data/maps"), payload("data/maps/.keep")),
    "BAG-128": bags(lambda: Bag().edit(M, "  data/h", " *data/h").seal(), payload("data/*x")),
    "BAG-129": bags(lambda: Bag().edit(M, "  data/h", "  ./data/h").seal(), payload("data/.x")),
    "BAG-130": bags(payload("data/1%", "data/1%"), payload("data/1%", "data/1%25")),
    "BAG-131": bags(described(f"Note: {LONG}"), described(f"Note: {LONG[: LONGEST_LINE - 9]}")),
    "BAG-132": bags(marked(M), lambda: Bag(encoding="UTF-16", codec="utf-16").seal()),
    "BAG-133": bags(
        lambda: Bag().put(INFO, b"Note: f\xfcr\n").seal(),
        lambda: Bag(encoding="ISO-8859-1").put(INFO, b"Note: f\xfcr\n").seal(),
    ),
    "BAG-134": bags(
        lambda: Bag().put(INFO, b"Note: a").seal(), lambda: Bag().put(INFO, b"Note: a\r").seal()
    ),
    # tag manifests
    "BAG-140": bags(tag_lists("tagmanifest-md5.txt"), tag_lists("notes.txt")),
    "BAG-141": bags(tag_lists("data/hello.txt"), tag_lists("notes.txt")),
    "BAG-142": bags(tag_list("1.0", M), tag_list("1.0", INFO)),
    "BAG-143": bags(tag_list("1.0", INFO), tag_list("1.0")),
    "BAG-144": bags(
        tag_lists("notes.txt"), tag_lists("notes.txt", tag_algorithms=("md5", "sha256"))
    ),
    "BAG-145": bags(lambda: Bag().seal("sha512"), lambda: Bag().seal("sha256")),
    "BAG-146": bags(tag_list("0.97", M), tag_list("0.97", INFO)),
    # bag-info.txt
    "BAG-150": bags(described("a b"), described("Note: a", "  b")),
    "BAG-151": bags(described("Note : a"), described("My note: a : b")),
    "BAG-152": bags(described("Note : a", version="0.97"), described("Note:  a", version="0.97")),
    "BAG-153": bags(described("Note:  a"), described("Note:\ta")),
    "BAG-154": bags(
        described("Payload-Oxum: 12.2", "PAYLOAD-OXUM: 12.2"), described("Payload-Oxum: 12.2")
    ),
    "BAG-155": bags(described("Payload-Oxum: 12"), described("Oxum: 12")),
    "BAG-156": bags(described("Bag-Size: 1 MB", "Bag-Size: 1 MB"), described("Note: a", "Note: a")),
    "BAG-157": bags(described("Bagging-Date: 2023-02-29"), described("Bagging-Date: 2024-02-29")),
    "BAG-158": bags(
        described("Bag-Group-Identifier: g", "Bag-Count: 1 of x"),
        described("Bag-Group-Identifier: g", "Bag-Count: 1 of ?"),
    ),
    "BAG-159": bags(
        described("Bag-Count: 1 of 2"),
        described("Bag-Count: 1 of 2", "Bag-Group-Identifier: g"),
    ),
    "BAG-160": bags(described("Note:a"), described("Note: a:b")),
    "BAG-161": bags(described("", "Note: a"), described("Note: a", " ", "Other: b")),
    # completeness
    "BAG-201": bags(
        lambda: Bag().seal().drop("data/hello.txt"),
        lambda: Bag().add("fetch.txt", f"{URL} 6 data/hello.txt").seal().drop("data/hello.txt"),
    ),
    "BAG-202": bags(
        lambda: Bag().seal().put("data/x", b""), lambda: Bag().seal().put("notes/x", b"")
    ),
    "BAG-203": bags(two_manifests("1.0"), two_manifests("1.0", "data/maps/north.txt")),
    "BAG-204": bags(two_manifests("0.97"), two_manifests("0.97", "data/maps/north.txt")),
    "BAG-205": bags(lambda: Bag().seal().drop(INFO), lambda: Bag(info=None).seal()),
    "BAG-206": bags(described("Payload-Oxum: 12.3"), described("Payload-Oxum: 12.2")),
    # fixity
    "BAG-301": bags(
        lambda: Bag().seal().put("data/hello.txt", b"hello\n"),
        lambda: Bag().seal().put("data/hello.txt", b"Hello\n"),
    ),
    "BAG-302": bags(
        lambda: Bag().seal().edit(INFO, "City", "city"),
        lambda: Bag().edit(INFO, "City", "city").seal(),
    ),
    "BAG-303": Pair(locked(0o000), locked(0o444)),
    "BAG-304": Pair(
        zip_with(lambda data: data.replace(b"Hello\n", b"Hallo\n", 1)),
        zip_with(lambda data: data),
    ),
    # what to watch for
    "BAG-401": bags(
        lambda: Bag().put("x", b"Hello\n").seal().link("data/hello.txt", "../x"),
        lambda: Bag().put("x", b"Hello\n").seal(),
    ),
    "BAG-402": bags(
        lambda: Bag().seal().link("data/hello.txt", "../../x"),
        lambda: Bag().put("x", b"Hello\n").seal().link("data/hello.txt", "../data/../x"),
    ),
    "BAG-403": Pair(with_pipe("data/pipe"), with_pipe("../pipe")),
    "BAG-404": bags(lambda: Bag().put_listed(NFC, b"x").seal().rename(NFC, NFD), payload(NFD)),
    "BAG-405": bags(payload("data/HELLO.txt"), payload("data/maps/HELLO.txt")),
    "BAG-406": bags(payload("data/nul.txt"), payload("data/null.txt")),
    "BAG-407": bags(payload("data/.DS_Store"), payload("data/DS_Store")),
    "BAG-408": bags(lambda: Bag().folder("data/x").seal(), payload("data/x/.keep")),
    "BAG-409": bags(
        payload("data/1%", "data/1%25", version="0.97"), payload("data/1%25", version="0.97")
    ),
    "BAG-420": Pair(cut_tar(0.5), cut_tar(1)),
    "BAG-421": Pair(doubled_tar, in_tar()),
    "BAG-422": Pair(in_tar(top=""), in_tar()),
    "BAG-423": Pair(in_tar("letters.tar"), in_tar("bag.tar")),
    "BAG-424": Pair(with_beside("beside.txt"), with_beside("bag/beside.txt")),
    "BAG-490": Pair(packaged("100%.txt"), packaged("100.txt")),
    # fetch.txt
    "FET-101": bags(fetched("nonsense"), fetched(f"{URL}\t-  data/hello.txt")),
    "FET-102": bags(fetched("hello.txt 6 data/hello.txt"), fetched("urn:x:hello 6 data/hello.txt")),
    "FET-103": bags(fetched(f"{URL} x data/hello.txt"), fetched(f"{URL} - data/hello.txt")),
    "FET-104": bags(fetched(f"{URL} 6 bagit.txt"), fetched(f"{URL} 6 data/hello.txt")),
    "FET-105": bags(fetched(f"{URL} 6 data/x"), fetched(f"{URL} 6 data/maps/north.txt")),
    "FET-106": bags(fetched(f"{URL} 6 data/x", "0.97"), fetched(f"{URL} 6 data/x")),
    "FET-107": bags(
        fetched(f"{URL} 6 data/hello.txt\n{URL} 6 data/hello.txt"),
        fetched(f"{URL} 6 data/hello.txt\n{URL} 6 data/maps/north.txt"),
    ),
    "FET-108": bags(fetched("file:///x 6 data/hello.txt"), fetched("files://x/ 6 data/hello.txt")),
    "FET-201": bags(
        lambda: Bag().add("fetch.txt", f"{URL} 6 data/hello.txt").seal().drop("data/hello.txt"),
        fetched(f"{URL} 6 data/hello.txt"),
    ),
    "FET-202": bags(fetched(f"{URL} 7 data/hello.txt"), fetched(f"{URL} - data/hello.txt")),
}
