"""What a person reads: what is wrong, what stands there, what would be right."""

from __future__ import annotations

import pytest

from muniment.metadata.reading import read_record
from muniment.model.findings import Finding


def _only(text: str) -> Finding:
    (finding,) = read_record(f"title: a\n{text}\n".encode(), "r.yaml").findings
    return finding


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subjcet: a", "subjcet is no property; did you mean subject?"),
        ("Creator: a", "Creator is no property; did you mean creator?"),
        ("table_of_contents: a", "table_of_contents is no property; did you mean tableOfContents?"),
        (
            "weight: a",
            "weight is no property; the schema of the record names all that there are",
        ),
        (
            "creator: {value: a, rolle: aut}",
            "rolle is no property of creator; did you mean role?",
        ),
        (
            "abstract: {value: a, colour: red}",
            "colour is no property of abstract; there are value, lang",
        ),
        ("creator: {role: aut}", "creator has no value"),
        (
            "relation: [{note: a}]",
            "relation 1 says none of title, identifier, uri; it needs one of them",
        ),
        (
            "location: {url: 'http://example.org/', lang: en}",
            "location has no value, of which its lang would speak",
        ),
        (
            "extent: 3",
            (
                "extent is the number 3, and should be text "
                "or an object (`name: value`); write it in "
                'quotes: "3"'
            ),
        ),
        (
            "subject: [a, true]",
            (
                "subject 2 is the bare word true, and should be text or an object (`name: value`); "
                'write it in quotes: "true"'
            ),
        ),
        ("abstract:", "abstract has no value"),
        (
            "type: [Text, Sounds]",
            'type 2 is "Sounds", which is not in its vocabulary; did you mean Sound?',
        ),
        (
            "contributor: {value: a, role: Photographer}",
            (
                'contributor: role is "Photographer", which '
                "is not in its vocabulary; did you mean pht?"
            ),
        ),
        (
            "digitalOrigin: scanned",
            (
                'digitalOrigin is "scanned", which is not '
                "in its vocabulary; it takes born digital, "
                "reformatted digital, digitized microfilm, digitized other analog"
            ),
        ),
        (
            "created: c. 1952",
            (
                'created is "c. 1952", which is no EDTF '
                "date: it is not written as EDTF writes dates; "
                "write 1952~"
            ),
        ),
        (
            "created: 3/4/1952",
            (
                'created is "3/4/1952", which is no EDTF '
                "date: a span has one `/`, between its first "
                "and its last date"
            ),
        ),
        (
            "created: {value: 1952-02-30}",
            'created: value is "1952-02-30", which is no EDTF date: there is no day 30 in 1952-02',
        ),
        ("language: ENG", 'language is "ENG", which is no language code; write eng'),
        (
            "rights: {uri: example.org}",
            'rights: uri is "example.org", which is no URI with its scheme',
        ),
        (
            "genre: {value: a, authority: my list}",
            'genre: authority is "my list"; it should have no blanks',
        ),
        ("note: 'a '", "the value ends with a blank; it is read without"),
    ],
)
def test_the_message(text: str, message: str) -> None:
    assert _only(text).message == message


def test_the_evidence_says_the_same_as_data() -> None:
    assert dict(_only("subjcet: a").evidence) == {
        "actual": "subjcet",
        "expected": "subject",
        "original": "Additional properties are not allowed ('subjcet' was unexpected)",
    }
    evidence = _only("created: 27.12.1952").evidence
    assert (evidence["actual"], evidence["expected"]) == ("27.12.1952", "1952-12-27")


def test_what_the_validator_said_is_kept_but_not_at_any_length() -> None:
    original = _only("creator: {value: a, role: zzz}").evidence["original"]
    assert isinstance(original, str)
    assert original.startswith("'zzz' is not one of ['abr', ")
    assert len(original) == 300


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(_only("language: " + "long " * 200).message) < 120


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: a: b", "a second `: ` stands in this line; put the value in quotes"),
        ("title: 'a", "a quotation mark that opens a value is never closed"),
        ("title: [a", "a bracket is not closed, or a comma is missing between two values"),
        ("title: @a", "a value cannot begin with this mark; put the value in quotes"),
        ("title: a\nsubject", "no colon follows the name of the property before this place"),
        ('title: "a\\d"', "a backslash in double quotes begins a code; use single quotes"),
        ("title: - a", "a list cannot begin in the line of its property"),
        ("\ttitle: a", "a tab stands here; write blanks"),
    ],
)
def test_the_faults_of_yaml_are_told_in_plain_words(text: str, message: str) -> None:
    findings = read_record(text.encode(), "r.yaml").findings
    assert [finding.message for finding in findings] == [message]
    assert findings[0].evidence["original"]
