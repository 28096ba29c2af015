"""audit report: the figures are those of the history, and every form tells the same."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment, write_bag
from click.testing import Result
from ledgers import DATABASES, PostgreSQL, added, check, opened, postgresql
from reported import NOW, fill, name

from muniment.audit.bodies import Repaired, Retired
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.report_making import make_report
from muniment.render.audit_page import audit_page


@pytest.fixture(scope="module", params=DATABASES)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A ledger with a history, in each database."""
    folder = tmp_path_factory.mktemp("filled")
    if request.param == "sqlite":
        with opened(str(folder / "ledger.sqlite")) as ledger:
            fill(ledger)
        yield str(folder / "ledger.sqlite")
        return
    with postgresql(folder / "server") as server:
        yield _filled_database(server)


def _filled_database(server: PostgreSQL) -> str:
    url = server.database()
    with opened(url) as ledger:
        fill(ledger)
    return url


def reported(ledger: str, monkeypatch: pytest.MonkeyPatch, *more: str | Path) -> Result:
    """What the command says at noon of the day of all these tests."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    return muniment("audit", "report", "--ledger", ledger, *more)


@pytest.fixture
def document(filled: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    result = reported(filled, monkeypatch, "--format", "json")
    assert result.exit_code == 1, result.stderr
    return document_of(result)


def test_every_holding_stands_in_one_way(document: dict[str, Any]) -> None:
    result = document["result"]
    # 3 and 14, 9 and 17 are damaged; 20, 60, 100 were not reached; 7 and 11 are late.
    assert result["standings"] == {"safe": 110, "overdue": 2, "unknown": 3, "damaged": 4}
    assert result["kept"]["holdings"] == 119
    assert result["kept"]["retired"] == 1
    for kind in ("safe", "overdue", "unknown", "damaged"):
        parts = [each["standings"][kind] for each in result["locations"]]
        assert sum(parts) == result["standings"][kind]
    assert sum(result["octets"].values()) == result["kept"]["octets"]


def test_what_is_not_safe_is_listed_the_worst_first(document: dict[str, Any]) -> None:
    verdicts = {
        each["subject"].rpartition("/")[2]: [finding["rule"] for finding in each["findings"]]
        for each in document["subjects"]
        if each["kind"] == "holding"
    }
    assert verdicts == {
        "letters-0003": ["AUD-101", "AUD-102"],
        "letters-0014": ["AUD-103", "AUD-103"],
        "letters-0017": ["AUD-104"],
        "letters-0009": ["AUD-102"],
        "letters-0020": ["AUD-106", "AUD-201"],
        "letters-0060": ["AUD-106", "AUD-201"],
        "letters-0100": ["AUD-106"],
        "letters-0007": ["AUD-201"],
        "letters-0011": ["AUD-201"],
    }
    assert list(verdicts)[4:] == [f"letters-{n:04}" for n in (20, 60, 100, 7, 11)]
    assert document["verdict"] == "fail"
    first = document["subjects"][0]["findings"][0]
    assert first["location"]["path"] == "data/letters/1952-12-27.tif"
    assert first["evidence"]["actual"] == "c5a36ab0" * 8


def test_objects_short_of_copies_are_told(document: dict[str, Any]) -> None:
    told = {
        each["subject"]: each["findings"][0]["message"]
        for each in document["subjects"]
        if each["kind"] == "object" and each["findings"]
    }
    assert told["letters-0008"].startswith("1 sound copy is there, and 2 must be;")
    assert document["result"]["objects_short"] == 7


def test_deadlines_are_counted_from_the_moment_of_the_report(document: dict[str, Any]) -> None:
    deadlines = document["result"]["deadlines"]
    assert sum(deadlines.values()) == 119
    # 7 and 11 are late, and so are two of those that were not reached.
    assert deadlines["overdue"] == 4
    assert deadlines["within_a_quarter"] == 114


def test_a_month_counts_each_holding_once(document: dict[str, Any]) -> None:
    months = {each["month"]: each["figures"] for each in document["result"]["months"]}
    assert min(months) == "2025-08"
    assert max(months) == "2026-11"
    assert len(months) == 16
    # Every third holding a month; at first all were taken in, and some checked again.
    assert months["2025-08"] == {"checked": 120, "holdings": 120, "octets": 40 * 3 * 10**9}
    assert months["2026-09"]["checked"] == 40
    # Of the three that were not reached nothing is known.
    assert months["2026-10"]["checked"] == 117
    assert months["2026-11"] == {"checked": 0, "holdings": 119, "octets": 0}


def test_evidence_is_told_in_grades(document: dict[str, Any]) -> None:
    grades = [
        (each["extent"], each["compared_with"], each["holdings"])
        for each in document["result"]["evidence"]
    ]
    assert grades == [
        ("all-bytes", ["bag-manifests", "baseline"], 101),
        ("all-bytes", ["baseline"], 15),
        ("nothing", [], 3),
    ]


def test_runs_carry_their_self_tests(document: dict[str, Any]) -> None:
    runs = document["result"]["runs"]
    assert document["result"]["run_count"] == 15
    assert len(runs) == 12
    assert runs[0]["self_test"] == {"planted": 15, "found": 15}
    assert runs[0]["outcomes"]["unreachable"] == 3
    assert runs[0]["begun_at"] > runs[1]["begun_at"]


def test_the_last_checkpoint_outside_is_told(document: dict[str, Any]) -> None:
    checkpoint = document["result"]["checkpoint"]
    assert checkpoint["at"] == "2026-10-26T21:00:00Z"
    assert checkpoint["size"] == checkpoint["events"] - 1


def test_each_line_of_the_levels_has_its_evidence_or_says_that_it_has_none(
    document: dict[str, Any],
) -> None:
    lines = {each["asked"]: each["evidence"] for each in document["result"]["integrity"]}
    assert len(lines) == 11
    none = [asked for asked, evidence in lines.items() if evidence == "not evidenced here"]
    assert none == [
        "Check all content for viruses; keep it in quarantine as needed",
        "Use write blockers with original media",
    ]
    assert lines["Verify checksums when content is moved or copied"].startswith("1 move")


def test_an_empty_ledger_evidences_nothing(tmp_path: Path) -> None:
    with opened(str(tmp_path / "ledger.sqlite")) as ledger:
        report = make_report(ledger, at=instant(NOW))
    assert report.whole.holdings == 0
    assert {each.evidence for each in report.integrity} == {"not evidenced here"}
    assert "Nothing is kept under audit yet." in audit_page(report)


def test_the_same_ledger_and_date_give_the_same_page(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = []
    for file in (tmp_path / "a.html", tmp_path / "b.html"):
        assert reported(filled, monkeypatch, "--output", file).exit_code == 1
        pages.append(file.read_bytes())
    assert pages[0] == pages[1]


def test_a_page_takes_the_place_of_a_page_and_of_nothing_else(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, letter = tmp_path / "fixity.html", tmp_path / "letter.html"
    assert reported(filled, monkeypatch, "--output", page).exit_code == 1
    assert reported(filled, monkeypatch, "--output", page).exit_code == 1
    letter.write_text("<!doctype html>\n<p>A letter\n")
    refused = reported(filled, monkeypatch, "--output", letter)
    assert refused.exit_code == 2
    assert "is there and is no report" in refused.stderr
    assert letter.read_text() == "<!doctype html>\n<p>A letter\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fixity.html", "letter.html"]


def test_more_than_fits_a_page_is_counted(filled: str) -> None:
    with opened(filled) as ledger:
        report = make_report(ledger, at=instant(NOW)).bounded(3)
    page = audit_page(report)
    assert page.count("<article ") == 3
    assert "And 6 holdings more." in page


def test_lines_of_json_end_with_the_figures(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = reported(filled, monkeypatch, "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 9 + 7 + 1
    assert json.loads(lines[-1])["result"]["standings"]["safe"] == 110


def test_hostile_names_are_shown_and_do_nothing(filled: str) -> None:
    with opened(filled) as ledger:
        page = audit_page(make_report(ledger, at=instant(NOW)))
    assert "<script" not in page
    assert "data/&lt;script&gt;alert(1)&lt;/script&gt;\\u202egpj.exe" in page
    assert "\u202e" not in page


def test_the_ids_of_a_page_are_its_own(filled: str) -> None:
    with opened(filled) as ledger:
        page = audit_page(make_report(ledger, at=instant(NOW)))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', page))
    assert used <= set(ids)
    assert f"holding-{name(3)}" in ids


@pytest.mark.parametrize("part", ["matplotlib", "jinja2"])
def test_a_page_says_which_part_it_needs(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setitem(sys.modules, part, None)
    result = reported(filled, monkeypatch, "--output", tmp_path / "fixity.html")
    assert result.exit_code == 2
    assert 'needs an optional part: pip install "muniment[report]"' in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = reported(filled, monkeypatch, "--output", tmp_path / "nowhere" / "fixity.html")
    assert result.exit_code == 3
    assert "nowhere" in result.stderr


def test_the_text_names_each_holding_and_what_to_do_once(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = reported(filled, monkeypatch).stdout
    assert "110 of 119 holdings (92.4 %) are safe." in text
    assert "  damaged    4   12.0 GB  found not as recorded\n" in text
    assert text.count("DAMAGED  ") == 4
    assert text.count("To mend: Repair it from a sound copy") == 2
    assert "    data/letters/1952-12-27.tif: its SHA-256 is not the recorded one\n" in text
    assert "  2026-10      117          120  97.5 %  348.0 GB\n" in text


def test_every_file_of_a_real_failure_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event names five faults; the others stand in a document of the ledger."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    payload = {f"data/{number}.txt": b"one" for number in range(30)}
    bag = write_bag(tmp_path / "letters", payload)
    place = str(tmp_path / "ledger.sqlite")
    assert muniment("audit", "add", bag, "--every", "90d", "--ledger", place).exit_code == 0
    for path in list(payload)[:25]:
        (bag / path).unlink()
    assert muniment("audit", "run", "--all", "--ledger", place).exit_code == 1
    document = document_of(reported(place, monkeypatch, "--format", "json"))
    missing = {each["location"]["path"] for each in document["subjects"][0]["findings"]}
    assert missing >= set(list(payload)[:25])
    assert document["result"]["runs"][0]["self_test"]["planted"] > 0
    text = reported(place, monkeypatch).stdout
    assert "    and 5 more\n" in text
    page = tmp_path / "fixity.html"
    assert reported(place, monkeypatch, "--output", page).exit_code == 1
    assert "<li>and 5 more; all of them:" in page.read_text("utf-8")


def test_where_all_is_retired_the_deeds_stay(tmp_path: Path) -> None:
    with opened(str(tmp_path / "ledger.sqlite")) as ledger:
        repaired = Repaired(source="b" * 16, paths=1, check=check())
        retired = Retired(reason="a duplicate", authority="Order 7")
        ledger.record([added("a" * 16)])
        ledger.record(
            [
                Entry(kind=kind, at=instant(NOW), by="x", holding="a" * 16, body=body.to_json())
                for kind, body in (
                    (EntryKind.HOLDING_REPAIRED, repaired),
                    (EntryKind.HOLDING_RETIRED, retired),
                )
            ]
        )
        report = make_report(ledger, at=instant(NOW))
    assert report.whole.holdings == 0
    assert report.retired == 1
    assert report.integrity[-1].evidence.startswith("1 repair recorded")


def test_a_clock_that_runs_behind_breaks_no_report(tmp_path: Path) -> None:
    with opened(str(tmp_path / "ledger.sqlite")) as ledger:
        ledger.record([added("a" * 16)])
        report = make_report(ledger, at="2026-01-01T00:00:00Z")
    assert [each.month for each in report.months] == ["2026-01"]
    assert "2026-01" in audit_page(report)
