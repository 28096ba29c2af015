from __future__ import annotations

import textwrap

import pytest
from handmade import BAD, CHANGED, GOOD, UNREAD, bag, changed, missing, mods, text_of, verified
from hypothesis import given
from hypothesis import strategies as st

from muniment.model.findings import (
    BagState,
    Finding,
    Location,
    Report,
    Severity,
    Skipped,
    SubjectReport,
)
from muniment.render.paint import Paint


def shown(golden: str) -> str:
    return textwrap.dedent(golden).lstrip("\n")


def test_a_passing_bag_takes_two_lines() -> None:
    assert text_of(verified(GOOD)) == shown("""
        PASS  deposits/good (bag, valid)
              checked: structure, completeness, fixity; not checked: profile (none was asked for)
        """)


def test_a_failing_bag_tells_the_gravest_first_and_the_same_once() -> None:
    assert text_of(verified(BAD)) == shown("""
        FAIL  deposits/bad (bag, invalid): 3 errors, 1 info
              checked: structure, completeness, fixity; not checked: profile (none was asked for)

          error BAG-201  A payload file is missing
            the same in 2 files: every manifest lists it, and it is not there
              data/a.txt
              data/b.txt
            To mend: Bring the file back from another copy of the bag.
            more: muniment rules BAG-201

          error BAG-301  A payload file is not what its checksum says
            data/letter.txt
              sha512 is 1f40..., manifest-sha512.txt says 77aa...
            To mend: Bring the file back from another copy, then verify the bag again.
            RFC 8493 section 3; more: muniment rules BAG-301

          info BAG-408  An empty folder lies in the payload
            data/empty
              the folder holds nothing
            To mend: Lay a file named .keep into it.
            more: muniment rules BAG-408
        """)


def test_a_check_that_could_not_be_completed_is_told_with_its_reason() -> None:
    assert text_of(verified(UNREAD)) == shown("""
        UNVERIFIED  deposits/unread (bag, incomplete): fixity not completed
              not completed: fixity: data/c.txt: permission denied
              checked: structure, completeness, fixity; not checked: profile (none was asked for)
        """)


def test_a_quick_check_never_says_valid() -> None:
    quick = bag("deposits/good", state=BagState.COMPLETE)
    first_line = text_of(verified(quick)).splitlines()[0]
    assert first_line == "PASS  deposits/good (bag, complete, not verified)"


def test_several_subjects_end_in_a_sum_with_the_checks_they_share() -> None:
    lines = text_of(verified(GOOD, BAD, UNREAD)).splitlines()
    assert lines[0] == "PASS  deposits/good (bag, valid)"
    assert lines[-2:] == [
        "In all: 3 subjects; 1 passed, 1 failed, 1 unverified; 3 errors, 1 info",
        "      checked: structure, completeness, fixity; not checked: profile (none was asked for)",
    ]
    assert sum("checked: structure" in line for line in lines) == 1


def test_subjects_with_different_checks_each_tell_their_own() -> None:
    lines = text_of(verified(GOOD, mods("a.xml", None))).splitlines()
    assert sum("checked: " in line for line in lines) == 2


def test_what_several_subjects_have_in_common_is_said_once_for_all() -> None:
    report = Report(
        command="validate", subjects=(mods("a.xml", 3), mods("b.xml", 40), mods("c.xml", None))
    )
    assert text_of(report, fail_on=Severity.WARNING) == shown("""
        FAIL  a.xml (MODS): 1 warning; see MET-112 below
        FAIL  b.xml (MODS): 1 warning; see MET-112 below
        PASS  c.xml (MODS)

        The same in several:

          warning MET-112  A language code is unknown
            the same in 2 files: "ge" is no language code; "ger" would be right
              a.xml:3 (/mods/language)
              b.xml:40 (/mods/language)
            To mend: Use a code of ISO 639-2, such as ger or deu.
            more: muniment rules MET-112

        In all: 3 subjects; 1 passed, 2 failed; 2 warnings
              checked: well-formedness, schema
        """)


def test_files_of_several_bags_are_named_with_their_bag() -> None:
    report = verified(bag("x", missing("data/a.txt")), bag("y", missing("data/a.txt")))
    lines = text_of(report).splitlines()
    assert "      x: data/a.txt" in lines
    assert "      y: data/a.txt" in lines


def test_a_hint_is_given_once_for_all_subjects() -> None:
    one = Finding(rule=CHANGED, message="this", location=Location(path="data/1"))
    two = Finding(rule=CHANGED, message="that", location=Location(path="data/2"))
    report = text_of(verified(bag("x", one), bag("y", two)))
    assert report.count("To mend: ") == 1
    assert report.count("  error BAG-301") == 2


def test_no_finding_is_ever_left_out_of_a_long_list() -> None:
    paths = [f"data/{number:04}.txt" for number in range(3000)]
    lines = text_of(verified(bag("x", *map(missing, paths)))).splitlines()
    assert [line.strip() for line in lines if line.startswith("      data/")] == paths
    assert "the same in 3,000 files: " in "\n".join(lines)


def test_two_places_in_one_file_are_places_not_files() -> None:
    report = Report(command="validate", subjects=(bag("x", missing("a"), missing("a")),))
    assert "the same in 2 places: " in text_of(report)


@pytest.mark.parametrize(
    ("location", "place"),
    [
        (Location(path="r.yaml", line=12, column=3, pointer="/title"), "r.yaml:12:3 (/title)"),
        (Location(line=12, column=3), "r.yaml:12:3"),
        (Location(row=4, heading="Title"), "r.yaml row 4, Title"),
        (Location(pointer="/creator/0"), "/creator/0"),
    ],
)
def test_a_place_is_as_exact_as_it_is_known(location: Location, place: str) -> None:
    finding = Finding(rule=CHANGED, message="m", location=location)
    one = SubjectReport(subject="r.yaml", kind="record", findings=(finding,))
    assert f"    {place}\n      m\n" in text_of(verified(one))


def test_a_message_that_begins_with_its_place_says_it_once() -> None:
    paths = ["data/a.txt", "data/b.txt"]
    findings = [
        Finding(rule=CHANGED, message=f"{path} is missing", location=Location(path=path))
        for path in paths
    ]
    said = text_of(verified(bag("x", *findings)))
    assert "\n    data/a.txt is missing\n    data/b.txt is missing\n    To mend" in said


def test_a_finding_without_a_place_stands_by_itself() -> None:
    one = SubjectReport(subject="x", kind="bag", findings=(Finding(rule=CHANGED, message="m"),))
    assert "checksum says\n    m\n    To mend" in text_of(verified(one))


def test_quiet_leaves_the_verdicts_of_what_did_not_pass() -> None:
    assert text_of(verified(GOOD, BAD, UNREAD), quiet=True) == shown("""
        FAIL  deposits/bad (bag, invalid): 3 errors, 1 info
        UNVERIFIED  deposits/unread (bag, incomplete): fixity not completed
        """)
    assert text_of(verified(GOOD), quiet=True) == ""


def test_what_was_made_is_told_by_name() -> None:
    report = Report(
        command="package",
        subjects=(GOOD,),
        result={
            "bag": "deposits/good",
            "payload_bytes": 1234567,
            "algorithms": ["sha256", "sha512"],
            "digests": {"manifest-sha256.txt": "01b7"},
            "payload": {"files": 1, "octets": 2265},
            "tag_manifests": [{"path": "a", "digest": "01"}, {"path": "b", "digest": "02"}],
            "parts": [{"path": "c", "inner": {"x": "y"}}, ["d"]],
            "replaces": None,
            "sealed": True,
        },
    )
    made = shown("""
        bag: deposits/good
        payload bytes: 1,234,567
        algorithms: sha256, sha512
        digests:
          manifest-sha256.txt: 01b7
        payload: 1 file, 2,265 octets
        tag manifests:
          a  01
          b  02
        parts:
          path: c
          inner:
            x: y
          d
        replaces: -
        sealed: yes
        """)
    assert text_of(report).partition("\n\n")[2] == textwrap.indent(made, "  ")


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b" not in text_of(verified(BAD))
    painted = text_of(verified(BAD), paint=Paint(colour=True))
    assert painted.startswith("\x1b[1;31mFAIL\x1b[0m  deposits/bad")
    assert "\x1b[1mdata/letter.txt\x1b[0m" in painted


def test_hints_are_wrapped_and_messages_are_not() -> None:
    two_blanks = "the title is 'Letter  to  Mao ' " + "and so on " * 20
    finding = Finding(rule=CHANGED, message=two_blanks.strip(), location=Location(path="r"))
    lines = text_of(verified(bag("x", finding)), width=60).splitlines()
    assert f"      {two_blanks.strip()}" in lines
    hint = lines[lines.index(next(line for line in lines if "To mend" in line)) :]
    assert all(len(line) <= 60 for line in hint)


HOSTILE = "data/\x1b]0;owned\x07\n\u202egpj.exe\udcff"


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    report = verified(
        SubjectReport(
            subject=HOSTILE,
            kind="bag",
            findings=(changed(HOSTILE), Finding(rule=CHANGED, message=HOSTILE)),
            checks_skipped=(Skipped(check="fixity", reason=HOSTILE, asked=True),),
        )
    )
    said = text_of(report)
    assert said.count("data/\\x1b]0;owned\\x07\\n\\u202egpj.exe\\xff") == 4
    assert all(line.isprintable() for line in said.splitlines())


@given(st.text(st.characters(), min_size=1))
def test_any_name_gives_printable_lines_that_can_be_encoded(name: str) -> None:
    report = Report(
        command="verify", subjects=(bag(name, changed(name)),), result={name: name, "n": [name]}
    )
    said = text_of(report)
    said.encode("utf-8")
    assert not any(character in said for character in "\x00\x1b\r\x7f\x9b\u202e\u2028")


def test_a_report_about_nothing_says_nothing() -> None:
    assert text_of(verified()) == ""
