"""update: what changes in a bag, what never does, and when nothing does (RFC 8493 2.1, 2.2, 3)."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from bagbuilder import PAYLOAD, Bag, digest
from bagcheck import Found, assert_found, check, rule_ids, weighty
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from privileges import without_privileges
from updates import changed, tree, updated

from muniment.bags.baginfo import BagInfo, read_bag_info
from muniment.bags.encodings import Encoding, find_encoding
from muniment.bags.tagtext import TagText
from muniment.bags.updating_text import edited_bag_info
from muniment.model.digests import Algorithm
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import BagState, Report, Verdict
from muniment.storage import hashing
from muniment.storage.journal import sole_writer

PREMIS = "metadata/premis.xml"
INFO, M, T = "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
HELLO, NORTH = "data/hello.txt", "data/maps/north.txt"


def found(report: Report) -> list[tuple[str, str | None]]:
    return [(each.rule.id, each.location.path) for each in report.subjects[0].findings]


def assert_refused(report: Report, bag: Path, before: dict[str, bytes], verdict: Verdict) -> None:
    """Nothing was touched, nothing left beside the bag, and it is said."""
    assert (report.verdict(), report.result) == (verdict, None)
    assert "update" in [skipped.check for skipped in report.subjects[0].checks_skipped]
    assert tree(bag) == before
    assert [path.name for path in bag.parent.iterdir()] == [bag.name]


def assert_right(bag: Path, *known: str) -> None:
    """The bag is valid and has no warning, but for those of rules that are known."""
    judged = check(bag)
    left = [found for found in weighty(judged.findings) if found.rule.id not in known]
    assert (judged.state, left) == (BagState.VALID, [])


class TestBagInfo:
    def test_a_field_takes_the_place_of_its_label_and_the_order_stays(self, tmp_path: Path) -> None:
        info = [("Contact-Name", "A"), ("Note", "first"), ("Contact-Name", "B"), ("Last", "z")]
        bag = Bag(info=info).seal().write(tmp_path / "bag")
        report = updated(bag, bag_info=(("contact-name", "C"), ("New", "n")))
        assert (bag / INFO).read_text() == "contact-name: C\nNote: first\nLast: z\nNew: n\n"
        assert changed(report) == {"added": [], "replaced": [INFO], "removed": []}
        assert report.subjects[0].state is BagState.VALID
        assert_right(bag)

    def test_a_label_given_twice_stands_twice(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        updated(bag, bag_info=(("Subject", "one"), ("Subject", "two")))
        assert (bag / INFO).read_text().endswith("Subject: one\nSubject: two\n")

    def test_a_label_is_removed_with_all_its_lines(self, tmp_path: Path) -> None:
        bag = Bag().put(INFO, "A: 1\nB: 2\n  more\nb: 3\nC: 4\n").seal().write(tmp_path / "bag")
        updated(bag, remove_bag_info=("B",))
        assert (bag / INFO).read_text() == "A: 1\nC: 4\n"

    def test_lines_of_other_labels_stay_byte_for_byte(self, tmp_path: Path) -> None:
        text = "Note: a\r\n\tfolded line\r\n   and another\rA: 1\nLong: " + "x " * 80 + "\r\n"
        bag = Bag().put(INFO, text.encode()).seal().write(tmp_path / "bag")
        updated(bag, bag_info=(("A", "2"),))
        assert (bag / INFO).read_bytes() == text.replace("A: 1\n", "A: 2\r\n").encode()

    def test_a_bag_without_bag_info_gets_one(self, tmp_path: Path) -> None:
        bag = Bag(info=None).seal().write(tmp_path / "bag")
        assert changed(updated(bag, bag_info=(("A", "1"),)))["added"] == [INFO]
        assert (bag / INFO).read_text() == "A: 1\n"
        assert_right(bag)

    def test_what_is_measured_stays(self, tmp_path: Path) -> None:
        info = [("Bagging-Date", "2001-02-03"), ("Bag-Size", "12 B"), ("Payload-Oxum", "12.2")]
        bag = Bag(info=info).seal().write(tmp_path / "bag")
        updated(bag, bag_info=(("A", "1"),), algorithms=(Algorithm.SHA512,))
        assert (bag / INFO).read_text() == (
            "Bagging-Date: 2001-02-03\nBag-Size: 12 B\nPayload-Oxum: 12.2\nA: 1\n"
        )

    def test_a_last_line_without_end_gets_one_before_a_new_line(self, tmp_path: Path) -> None:
        bag = Bag().put(INFO, "A: 1").seal().write(tmp_path / "bag")
        updated(bag, bag_info=(("B", "2"),))
        assert (bag / INFO).read_text() == "A: 1\nB: 2\n"

    @pytest.mark.parametrize(
        "change",
        [
            {"remove_bag_info": ("Nowhere",)},
            {"remove_bag_info": ("Payload-Oxum",)},
            {"remove_bag_info": ("A",), "bag_info": (("a", "2"),)},
        ],
    )
    def test_a_label_that_cannot_be_removed(self, tmp_path: Path, change: dict[str, Any]) -> None:
        bag = Bag().put(INFO, "A: 1\nPayload-Oxum: 12.2\n").seal().write(tmp_path / "bag")
        before = tree(bag)
        with pytest.raises(UsageError):
            updated(bag, **change)
        assert tree(bag) == before

    @pytest.mark.parametrize(
        ("encoding", "codec"),
        [
            ("ISO-8859-1", "iso-8859-1"),
            ("UTF-16", "utf-16"),
            ("UTF-16LE", "utf-16-le"),
            ("UTF-16BE", "utf-16-be"),
            ("UTF-32", "utf-32"),
            ("Shift_JIS", "shift_jis"),
        ],
    )
    def test_the_bags_own_encoding_is_written(
        self, tmp_path: Path, encoding: str, codec: str
    ) -> None:
        word = "\u5317" if codec in {"shift_jis", "utf-16"} else "caf\xe9"
        word = "north" if codec.startswith("utf-16-") else word
        bag = Bag(encoding=encoding, codec=codec, version="0.97", info=[("Note", word)])
        folder = bag.seal().write(tmp_path / "bag")
        report = updated(folder, bag_info=(("Place", word),), algorithms=(Algorithm.SHA512,))
        assert report.subjects[0].state is BagState.VALID
        text = (folder / INFO).read_bytes().decode(codec)
        assert text.replace("\r", "") == f"Note: {word}\nPlace: {word}\n"
        assert rule_ids(weighty(check(folder).findings)) == ["BAG-106"]

    def test_what_the_encoding_cannot_say_is_refused(self, tmp_path: Path) -> None:
        bag = Bag(encoding="ISO-8859-1", version="0.97").seal().write(tmp_path / "bag")
        before = tree(bag)
        with pytest.raises(UsageError, match=r"--to-1\.0"):
            updated(bag, bag_info=(("Place", "\u5317"),))
        assert tree(bag) == before
        assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def utf8() -> Encoding:
    encoding = find_encoding("UTF-8")
    assert encoding is not None
    return encoding


def read(data: bytes) -> BagInfo:
    text = TagText(path=INFO, encoding=utf8(), report=lambda _finding: None)
    return read_bag_info(text, io.BytesIO(data), strict=False)


LABELS = st.text("abcABC-", min_size=1, max_size=4)
WORDS = st.text("xyz \t\xe9:", max_size=120)
ENDS = st.sampled_from(["\n", "\r", "\r\n"])
LINES = st.lists(st.tuples(LABELS, WORDS, ENDS), max_size=8)


class TestBagInfoProperties:
    """RFC 8493 section 2.2.2: the order of the fields is kept."""

    @given(lines=LINES, label=LABELS, value=st.text("xyz", min_size=1, max_size=200))
    def test_all_other_fields_stay_in_their_order(
        self, lines: list[tuple[str, str, str]], label: str, value: str
    ) -> None:
        data = "".join(f"{name}: {text}{end}" for name, text, end in lines).encode()
        before = read(data)
        after = read(edited_bag_info(data, before, utf8(), given=[(label, value)], removed=()))
        assert after.values(label) == (value,)
        kept = [(f.label, f.value) for f in before.fields if f.label.lower() != label.lower()]
        assert [
            (f.label, f.value) for f in after.fields if f.label.lower() != label.lower()
        ] == kept

    @given(lines=LINES, label=LABELS)
    def test_a_removed_label_is_gone_and_nothing_else(
        self, lines: list[tuple[str, str, str]], label: str
    ) -> None:
        data = "".join(f"{name}: {text}{end}" for name, text, end in lines).encode()
        before = read(data)
        after = edited_bag_info(data, before, utf8(), given=(), removed=[label])
        kept = [line for line in lines if line[0].lower() != label.lower()]
        assert after == "".join(f"{name}: {text}{end}" for name, text, end in kept).encode()


class TestTagFiles:
    def test_a_tag_file_is_put_in_replaced_and_removed(self, tmp_path: Path) -> None:
        bag = (
            Bag().put("notes/old.txt", b"old").put("plan.txt", b"1").seal().write(tmp_path / "bag")
        )
        source = tmp_path.parent / f"{tmp_path.name}-new"
        source.write_bytes(b"new bytes")
        report = updated(
            bag,
            tag_files=(("plan.txt", source), ("deep/er/x.bin", source)),
            remove_tag_files=("notes/old.txt",),
        )
        assert changed(report) == {
            "added": ["deep/er/x.bin"],
            "replaced": ["plan.txt"],
            "removed": ["notes/old.txt"],
        }
        assert (bag / "deep/er/x.bin").read_bytes() == b"new bytes"
        assert not (bag / "notes").exists()
        assert_right(bag)

    def test_a_tag_file_that_no_tag_manifest_lists_is_listed_then(self, tmp_path: Path) -> None:
        bag = Bag().seal().put("stray.txt", b"x").write(tmp_path / "bag")
        assert rule_ids(weighty(check(bag).findings)) == ["BAG-143"]
        updated(bag, bag_info=(("A", "1"),))
        assert_right(bag)
        assert "  stray.txt\n" in (bag / T).read_text()

    def test_a_bag_without_tag_manifests_gets_them(self, tmp_path: Path) -> None:
        bag = Bag(algorithms=("md5", "sha512")).write(tmp_path / "bag")
        report = updated(bag, bag_info=(("A", "1"),))
        assert report.result is not None
        digests: Any = report.result["tag_manifests"]
        assert digests["before"] == []
        assert [each["path"] for each in digests["after"]] == [
            "tagmanifest-md5.txt",
            "tagmanifest-sha512.txt",
        ]
        assert_right(bag)

    @pytest.mark.parametrize(
        "path",
        [
            "data/x.txt",
            "data",
            "../x",
            "/x",
            "a//b",
            "./a",
            "a/",
            "a\\b",
            "C:x",
            "a\nb",
            "bagit.txt",
            "bag-info.txt",
            "manifest-md5.txt",
            "tagmanifest-sha256.txt",
            "fetch.txt",
            "metadata/premis.xml",
            "folder",
        ],
    )
    def test_paths_that_are_no_tag_files(self, tmp_path: Path, path: str) -> None:
        bag = Bag().put("folder/x", b"x").seal().write(tmp_path / "bag")
        before = tree(bag)
        with pytest.raises(UsageError, match="cannot be the path of a tag file"):
            updated(bag, tag_files=((path, Path(__file__)),))
        assert tree(bag) == before

    @pytest.mark.parametrize(
        "change",
        [
            {"remove_tag_files": ("nowhere.txt",)},
            {"tag_files": (("a.txt", Path("nowhere")),)},
            {"tag_files": (("a.txt", Path(__file__)), ("a.txt", Path(__file__)))},
            {"tag_files": (("plan.txt", Path(__file__)),), "remove_tag_files": ("plan.txt",)},
        ],
    )
    def test_requests_that_cannot_be(self, tmp_path: Path, change: dict[str, Any]) -> None:
        bag = Bag().put("plan.txt", b"1").seal().write(tmp_path / "bag")
        before = tree(bag)
        with pytest.raises(UsageError):
            updated(bag, **change)
        assert tree(bag) == before

    def test_a_file_in_the_way_of_a_folder(self, tmp_path: Path) -> None:
        bag = Bag().put("plan.txt", b"1").seal().write(tmp_path / "bag")
        before = tree(bag)
        with pytest.raises((EnvironmentFault, UsageError), match=r"plan\.txt"):
            updated(bag, tag_files=(("plan.txt/x", Path(__file__)),))
        assert tree(bag) == before
        assert [path.name for path in tmp_path.iterdir()] == ["bag"]


class TestAlgorithms:
    def test_an_algorithm_is_added_for_every_file(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        report = updated(bag, algorithms=(Algorithm.SHA512, Algorithm.SHA256))
        assert changed(report)["added"] == ["manifest-sha512.txt"]
        assert (bag / "manifest-sha512.txt").read_text() == "".join(
            f"{digest(PAYLOAD[path], 'sha512')}  {path}\n" for path in (HELLO, NORTH)
        )
        assert (bag / "tagmanifest-sha512.txt").exists()
        assert_right(bag)

    def test_a_manifest_that_stays_is_left_byte_for_byte(self, tmp_path: Path) -> None:
        odd = Bag().put(M, f"{digest(PAYLOAD[NORTH], 'sha256').upper()}\t {NORTH}\r\n")
        bag = odd.add(M, odd.line(HELLO)).seal().write(tmp_path / "bag")
        before = (bag / M).read_bytes()
        updated(bag, algorithms=(Algorithm.MD5,))
        assert (bag / M).read_bytes() == before
        assert_right(bag)

    def test_an_algorithm_is_dropped_after_its_checksums_were_verified(
        self, tmp_path: Path
    ) -> None:
        bag = Bag(algorithms=("md5", "sha256")).seal().write(tmp_path / "bag")
        report = updated(bag, drop_algorithms=("md5",))
        assert changed(report)["removed"] == ["manifest-md5.txt"]
        assert not (bag / "tagmanifest-md5.txt").exists()
        assert_right(bag)

    def test_a_wrong_checksum_is_found_though_its_algorithm_is_to_be_dropped(
        self, tmp_path: Path
    ) -> None:
        wrong = Bag(algorithms=("md5", "sha256")).edit(
            "manifest-md5.txt", digest(PAYLOAD[HELLO], "md5"), "0" * 32
        )
        bag = wrong.seal().write(tmp_path / "bag")
        before = tree(bag)
        report = updated(bag, drop_algorithms=("md5",))
        assert ("BAG-301", HELLO) in found(report)
        assert_refused(report, bag, before, Verdict.FAIL)

    def test_manifests_that_cannot_be_checked_may_be_dropped_and_only_that(
        self, tmp_path: Path
    ) -> None:
        bag = Bag(algorithms=("madeup", "sha256")).seal().write(tmp_path / "bag")
        before = tree(bag)
        assert_refused(updated(bag, bag_info=(("A", "1"),)), bag, before, Verdict.UNVERIFIED)
        assert updated(bag, drop_algorithms=("madeup",)).verdict() is Verdict.PASS
        assert_right(bag)

    @pytest.mark.parametrize(
        "change",
        [
            {"drop_algorithms": ("sha256",)},
            {"drop_algorithms": ("md5",)},
            {"drop_algorithms": ("sha256",), "algorithms": (Algorithm.SHA256,)},
        ],
    )
    def test_what_cannot_be_dropped(self, tmp_path: Path, change: dict[str, Any]) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        with pytest.raises(UsageError):
            updated(bag, **change)
        assert tree(bag) == before

    def test_one_algorithm_takes_the_place_of_another(self, tmp_path: Path) -> None:
        bag = Bag(algorithms=("md5",)).seal().write(tmp_path / "bag")
        updated(bag, drop_algorithms=("md5",), algorithms=(Algorithm.SHA512,))
        names = sorted(path.name for path in bag.glob("*manifest-*"))
        assert names == ["manifest-sha512.txt", "tagmanifest-sha512.txt"]
        assert_right(bag)

    @pytest.mark.parametrize("workers", [1, 2])
    def test_many_files_by_one_process_and_by_two(self, tmp_path: Path, workers: int) -> None:
        payload = {f"data/{n % 7}/{n:04}.txt": b"%d" % n for n in range(1500)}
        bag = Bag(payload=payload).seal().write(tmp_path / "bag")
        report = updated(bag, workers=workers, algorithms=(Algorithm.SHA512,))
        assert report.verdict() is Verdict.PASS
        lines = (bag / "manifest-sha512.txt").read_text().splitlines()
        assert lines == [
            f"{hashlib.sha512(content).hexdigest()}  {path}"
            for path, content in sorted(payload.items())
        ]

    def test_the_payload_is_read_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        opened: list[str] = []
        plain = hashing.hash_file

        def watched(path: str, *rest: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            opened.append(path)
            return plain(path, *rest)

        monkeypatch.setattr(hashing, "hash_file", watched)
        updated(bag, algorithms=(Algorithm.SHA512,), to_1_0=True)
        payload = [path for path in opened if "/data/" in path]
        assert sorted(payload) == sorted(str(bag / path) for path in PAYLOAD)

    def test_a_link_inside_is_digested_as_its_file(self, tmp_path: Path) -> None:
        linked = Bag().put_listed("data/twin.txt", PAYLOAD[HELLO]).seal()
        bag = linked.link("data/twin.txt", "hello.txt").write(tmp_path / "bag")
        updated(bag, algorithms=(Algorithm.MD5,))
        assert (
            f"{digest(PAYLOAD[HELLO], 'md5')}  data/twin.txt\n"
            in (bag / "manifest-md5.txt").read_text()
        )
        assert rule_ids(weighty(check(bag).findings)) == ["BAG-401"]


class TestToVersion1:
    @pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97"])
    def test_an_older_bag_becomes_1_0(self, tmp_path: Path, version: str) -> None:
        bag = Bag(version=version, info=[("Packing-Date", "2001-02-03"), ("Package-Size", "12 B")])
        folder = bag.seal().write(tmp_path / "bag")
        report = updated(folder, to_1_0=True)
        assert report.subjects[0].state is BagState.VALID
        assert (folder / "bagit.txt").read_bytes() == (
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        )
        assert (folder / INFO).read_text() == "Bagging-Date: 2001-02-03\nBag-Size: 12 B\n"
        assert not (folder / "package-info.txt").exists()
        assert_right(folder)

    def test_names_are_coded_as_1_0_codes_them(self, tmp_path: Path) -> None:
        old = Bag(version="0.97").put_listed("data/100%", b"x").put_listed("data/a%25b", b"y")
        bag = old.put_listed("data/line\nend", b"z").seal().write(tmp_path / "bag")
        updated(bag, to_1_0=True)
        paths = [line.partition("  ")[2] for line in (bag / M).read_text().splitlines()]
        assert paths == [
            "data/100%25",
            "data/a%2525b",
            "data/hello.txt",
            "data/line%0Aend",
            "data/maps/north.txt",
        ]
        assert_right(bag, "BAG-406")

    def test_a_new_manifest_of_an_older_bag_is_coded_as_its_version_does(
        self, tmp_path: Path
    ) -> None:
        old = Bag(version="0.97").put_listed("data/100%", b"x").put_listed("data/a\rb", b"y")
        bag = old.seal().write(tmp_path / "bag")
        updated(bag, algorithms=(Algorithm.MD5,))
        text = (bag / "manifest-md5.txt").read_bytes().decode()
        assert "  data/100%\n" in text
        assert "  data/a%0Db\n" in text
        assert_right(bag, "BAG-406")

    def test_tag_files_become_utf_8(self, tmp_path: Path) -> None:
        old = Bag(version="0.97", encoding="ISO-8859-1", info=[("Place", "Caf\xe9")])
        bag = old.put_listed("data/\xe9", b"x").seal().write(tmp_path / "bag")
        updated(bag, to_1_0=True, bag_info=(("Other", "\u5317"),))
        assert (bag / INFO).read_text("utf-8") == "Place: Caf\xe9\nOther: \u5317\n"
        assert "  data/\xe9\n" in (bag / M).read_text("utf-8")
        assert_right(bag)

    def test_a_bag_of_1_0_in_another_encoding_becomes_utf_8(self, tmp_path: Path) -> None:
        bag = Bag(encoding="UTF-16", info=[("Place", "Caf\xe9")]).seal().write(tmp_path / "bag")
        updated(bag, to_1_0=True)
        assert (bag / INFO).read_bytes() == "Place: Caf\xe9\n".encode()
        assert_right(bag)

    def test_other_tag_files_stay_and_are_told_where_they_are_not_utf_8(
        self, tmp_path: Path
    ) -> None:
        old = Bag(version="0.97", encoding="ISO-8859-1").put("notes.txt", b"caf\xe9")
        old.put("plain.txt", b"cafe").put("scan.jpg", b"\xff\xd8")
        bag = old.seal().write(tmp_path / "bag")
        report = updated(bag, to_1_0=True)
        assert_found(
            report.subjects[0].findings, [Found("BAG-502", "notes.txt", None, "ISO-8859-1")]
        )
        assert (bag / "notes.txt").read_bytes() == b"caf\xe9"

    def test_a_file_that_one_manifest_left_out_is_in_every_one_then(self, tmp_path: Path) -> None:
        old = Bag(version="0.97", algorithms=("md5", "sha256"))
        bag = old.list_files(M, "sha256", [HELLO]).seal().write(tmp_path / "bag")
        assert rule_ids(weighty(check(bag).findings)) == ["BAG-204"]
        updated(bag, to_1_0=True)
        assert f"{digest(PAYLOAD[NORTH], 'sha256')}  {NORTH}\n" in (bag / M).read_text()
        assert_right(bag)

    def test_a_bag_that_is_1_0_already_is_left_alone(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        report = updated(bag, to_1_0=True)
        assert (report.verdict(), changed(report)) == (
            Verdict.PASS,
            {"added": [], "replaced": [], "removed": []},
        )
        assert tree(bag) == before

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems know one of the two forms")
    def test_a_name_in_another_unicode_form_is_written_as_it_stands_on_disk(
        self, tmp_path: Path
    ) -> None:
        nfc, nfd = "data/caf\xe9", "data/cafe\u0301"
        bag = Bag().put_listed(nfd, b"x").seal().rename(nfd, nfc).write(tmp_path / "bag")
        assert rule_ids(weighty(check(bag).findings)) == ["BAG-404"]
        updated(bag, algorithms=(Algorithm.MD5,))
        assert f"  {nfc}\n" in (bag / M).read_text()
        assert_right(bag)

    def test_fetch_txt_is_rewritten_with_what_is_still_to_come(self, tmp_path: Path) -> None:
        path = "data/100%"
        old = Bag(version="0.97").put_listed(path, b"x")
        line = f"https://example.org/x 1 {path}"
        bag = old.write_lines("fetch.txt", [line]).seal().drop(path).write(tmp_path / "bag")
        report = updated(bag, to_1_0=True)
        assert (bag / "fetch.txt").read_text() == "https://example.org/x 1 data/100%25\n"
        assert report.subjects[0].state is BagState.INCOMPLETE
        assert f"{digest(b'x', 'sha256')}  data/100%25\n" in (bag / M).read_text()
        (bag / path).write_bytes(b"x")
        assert_right(bag)


def holey(*missing: str, version: str = "1.0", algorithms: Sequence[str] = ("sha256",)) -> Bag:
    lines = [f"https://example.org/{number} - {path}" for number, path in enumerate(missing)]
    bag = Bag(version=version, algorithms=algorithms).write_lines("fetch.txt", lines)
    return bag.seal().drop(*missing)


class TestHoleyBags:
    def test_unfetched_files_stay_in_the_manifests(self, tmp_path: Path) -> None:
        bag = holey(NORTH).write(tmp_path / "bag")
        before = (bag / M).read_bytes()
        report = updated(bag, bag_info=(("A", "1"),))
        assert (report.verdict(), report.subjects[0].state) == (
            Verdict.UNVERIFIED,
            BagState.INCOMPLETE,
        )
        assert changed(report)["replaced"] == [INFO]
        assert (bag / M).read_bytes() == before
        (bag / NORTH).parent.mkdir(parents=True, exist_ok=True)
        (bag / NORTH).write_bytes(PAYLOAD[NORTH])
        assert_right(bag)

    def test_an_algorithm_cannot_be_added(self, tmp_path: Path) -> None:
        bag = holey(NORTH).write(tmp_path / "bag")
        before = tree(bag)
        report = updated(bag, algorithms=(Algorithm.MD5,))
        assert ("BAG-501", "manifest-md5.txt") in found(report)
        assert_refused(report, bag, before, Verdict.UNVERIFIED)

    def test_an_algorithm_may_be_dropped(self, tmp_path: Path) -> None:
        bag = holey(NORTH, algorithms=("md5", "sha256")).write(tmp_path / "bag")
        assert changed(updated(bag, drop_algorithms=("md5",)))["removed"] == ["manifest-md5.txt"]
        assert NORTH in (bag / M).read_text()

    def test_1_0_needs_a_checksum_of_each_unfetched_file_in_each_manifest(
        self, tmp_path: Path
    ) -> None:
        old = Bag(version="0.97", algorithms=("md5", "sha256")).list_files(M, "sha256", [HELLO])
        old.write_lines("fetch.txt", [f"https://example.org/n - {NORTH}"])
        bag = old.seal().drop(NORTH).write(tmp_path / "bag")
        before = tree(bag)
        report = updated(bag, to_1_0=True)
        assert ("BAG-501", M) in found(report)
        assert_refused(report, bag, before, Verdict.UNVERIFIED)

    def test_fetch_txt_cannot_be_removed_before_all_is_fetched(self, tmp_path: Path) -> None:
        bag = holey(NORTH).write(tmp_path / "bag")
        with pytest.raises(UsageError, match=NORTH):
            updated(bag, remove_tag_files=("fetch.txt",))
        (bag / NORTH).parent.mkdir(parents=True, exist_ok=True)
        (bag / NORTH).write_bytes(PAYLOAD[NORTH])
        assert updated(bag, remove_tag_files=("fetch.txt",)).verdict() is Verdict.PASS
        assert not (bag / "fetch.txt").exists()
        assert_right(bag)


WRONG = {
    "a changed payload file": (Bag().seal().put(HELLO, b"other"), ("BAG-301", HELLO)),
    "a changed tag file": (Bag().seal().put(INFO, "A: 1\n"), ("BAG-302", INFO)),
    "a missing payload file": (Bag().seal().drop(NORTH), ("BAG-201", NORTH)),
    "a missing tag file": (Bag().put("x", b"x").seal().drop("x"), ("BAG-205", "x")),
    "an unlisted payload file": (Bag().seal().put("data/new", b"x"), ("BAG-202", "data/new")),
    "a malformed manifest": (Bag().add(M, "# list").seal(), ("BAG-120", M)),
    "a wrong oxum": (Bag().add(INFO, "Payload-Oxum: 1.1").seal(), ("BAG-206", INFO)),
    "no declaration": (Bag().drop("bagit.txt").seal(), ("BAG-101", "bagit.txt")),
    "a path out of the bag": (Bag().add(M, "0" * 64 + "  data/../../x").seal(), ("BAG-122", M)),
}


class TestRefusals:
    @pytest.mark.parametrize(("bag", "fault"), WRONG.values(), ids=WRONG)
    def test_a_bag_that_is_not_valid_is_left_as_it_is(
        self, tmp_path: Path, bag: Bag, fault: tuple[str, str]
    ) -> None:
        folder = bag.write(tmp_path / "bag")
        before = tree(folder)
        report = updated(folder, bag_info=(("B", "1"),), algorithms=(Algorithm.MD5,))
        assert fault in found(report)
        assert_refused(report, folder, before, Verdict.FAIL)

    def test_a_file_that_cannot_be_read_is_unverified(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        (bag / HELLO).chmod(0)
        with without_privileges(tmp_path):
            report = updated(bag, bag_info=(("B", "1"),))
        (bag / HELLO).chmod(0o644)
        assert_refused(report, bag, before, Verdict.UNVERIFIED)

    def test_what_would_make_the_bag_invalid_is_refused(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        report = updated(bag, bag_info=(("Payload-Oxum", "1.1"),))
        assert ("BAG-206", INFO) in found(report)
        assert_refused(report, bag, before, Verdict.FAIL)

    def test_a_bag_beside_which_nothing_can_be_written(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        with without_privileges(tmp_path), pytest.raises(EnvironmentFault, match="beside it"):
            updated(bag, bag_info=(("B", "1"),))
        assert tree(bag) == before

    def test_a_bag_in_which_nothing_can_be_written(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        tmp_path.chmod(0o777)
        with without_privileges(tmp_path), pytest.raises(EnvironmentFault, match="no permission"):
            updated(bag, bag_info=(("B", "1"),))
        assert tree(bag) == before
        assert [path.name for path in tmp_path.iterdir()] == ["bag"]

    @pytest.mark.parametrize(
        "request_",
        [{}, {"bag_info": (("A", "1"),), "reason": " "}, {"to_1_0": True, "by": "a\nb"}],
    )
    def test_a_request_that_says_too_little(self, tmp_path: Path, request_: dict[str, Any]) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        with pytest.raises(UsageError):
            updated(bag, **request_)

    def test_two_runs_at_once(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        with sole_writer(bag), pytest.raises(EnvironmentFault, match="another run"):
            updated(bag, bag_info=(("A", "1"),))


def events_of(bag: Path, path: str = PREMIS) -> list[dict[str, list[str]]]:
    """The events of a PREMIS document: each element's name and texts."""
    root = etree.fromstring((bag / path).read_bytes())
    space = "{http://www.loc.gov/premis/v3}"
    events = []
    for event in root.findall(f"{space}event"):
        texts: dict[str, list[str]] = {}
        for element in event.iter(etree.Element):
            texts.setdefault(etree.QName(element).localname, []).append(element.text or "")
        events.append(texts)
    return events


class TestPremis:
    def test_the_event_says_why_by_whom_what_and_from_what_to_what(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        old = hashlib.sha256((bag / T).read_bytes()).hexdigest()
        report = updated(bag, bag_info=(("A", "1"),), reason="It was missing", date="2026-12-24")
        fixity, modification = events_of(bag)
        assert fixity["eventType"] == ["fixity check"]
        assert fixity["eventDetail"][0].startswith("2 files of the payload and 3 tag files were")
        assert modification["eventType"] == ["metadata modification"]
        assert modification["eventDateTime"] == ["2026-12-24"]
        details = modification["eventDetail"]
        assert details[:3] == [
            "It was missing",
            "replaced: bag-info.txt",
            f"tagmanifest-sha256.txt before: SHA-256 {old}",
        ]
        lines = (bag / T).read_text().splitlines(keepends=True)
        without = "".join(line for line in lines if PREMIS not in line)
        after = hashlib.sha256(without.encode()).hexdigest()
        assert details[3] == (
            f"tagmanifest-sha256.txt after, without its line for {PREMIS}: SHA-256 {after}"
        )
        assert modification["linkingAgentIdentifierValue"][-1] == "City Archive"
        assert report.result is not None
        digests: Any = report.result["tag_manifests"]
        assert digests["before"][0]["digest"] == old
        assert digests["after"][0]["digest"] == hashlib.sha256((bag / T).read_bytes()).hexdigest()

    def test_without_a_date_it_is_now_to_the_second(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        updated(bag, bag_info=(("A", "1"),))
        assert events_of(bag)[1]["eventDateTime"] == ["2026-12-01T12:00:00Z"]

    def test_new_algorithms_have_an_event_of_their_own(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        updated(bag, algorithms=(Algorithm.SHA512,))
        assert [event["eventType"][0] for event in events_of(bag)] == [
            "fixity check",
            "message digest calculation",
            "metadata modification",
        ]

    def test_each_update_adds_its_events(self, tmp_path: Path) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        for value in "123":
            updated(bag, bag_info=(("A", value),), reason=value)
        reasons = [event["eventDetail"][0] for event in events_of(bag)[1::2]]
        assert reasons == ["1", "2", "3"]
        assert_right(bag)

    def test_what_is_still_to_be_fetched_is_said_to_be_unchecked(self, tmp_path: Path) -> None:
        bag = holey(NORTH).write(tmp_path / "bag")
        updated(bag, bag_info=(("A", "1"),))
        [detail] = events_of(bag)[0]["eventDetail"]
        assert detail.startswith("1 file of the payload")
        assert detail.endswith("1 file still to be fetched could not be checked")

    @pytest.mark.parametrize("other", [b"<mets/>", b"not XML", b"<!DOCTYPE a><a/>"])
    def test_a_document_that_is_no_premis_3_stays_and_a_second_one_tells(
        self, tmp_path: Path, other: bytes
    ) -> None:
        bag = Bag().put(PREMIS, other).seal().write(tmp_path / "bag")
        for value in "12":
            report = updated(bag, bag_info=(("A", value),), reason=value)
            assert ("BAG-503", PREMIS) in found(report)
        assert (bag / PREMIS).read_bytes() == other
        events = events_of(bag, "metadata/premis-muniment.xml")
        assert [event["eventDetail"][0] for event in events[1::2]] == ["1", "2"]
        assert_right(bag)

    def test_the_same_update_of_the_same_bag_gives_the_same_bytes(self, tmp_path: Path) -> None:
        trees = []
        for name in ("one", "two"):
            bag = Bag().seal().write(tmp_path / name / "bag")
            updated(bag, algorithms=(Algorithm.MD5,), date="2026-12-01", workers=1)
            trees.append(tree(bag))
        assert trees[0] == trees[1]


class TestNothingToDo:
    @pytest.mark.parametrize(
        "change",
        [
            {"bag_info": (("source-organization", "City Archive"),)},
            {"algorithms": (Algorithm.SHA256,)},
            {"to_1_0": True},
        ],
    )
    def test_a_bag_that_is_so_already_stays_byte_for_byte(
        self, tmp_path: Path, change: dict[str, Any]
    ) -> None:
        bag = Bag().seal().write(tmp_path / "bag")
        before = tree(bag)
        report = updated(bag, **change)
        assert (report.verdict(), tree(bag)) == (Verdict.PASS, before)
        assert report.result is not None
        assert report.result["event"] is None
        digests: Any = report.result["tag_manifests"]
        assert digests["before"] == digests["after"]

    def test_a_tag_file_with_the_same_bytes(self, tmp_path: Path) -> None:
        bag = Bag().put("x.txt", b"x").seal().write(tmp_path / "bag")
        before = tree(bag)
        updated(bag, tag_files=(("x.txt", bag / "x.txt"),))
        assert tree(bag) == before
