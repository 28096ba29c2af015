from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from profiled import ADDRESS, WHOLE, document, profile

from muniment.bags.profile import FieldRule, Profile, SerializationRule
from muniment.bags.profile_document import LARGEST
from muniment.bags.profile_reading import read_profile
from muniment.model.errors import UsageError


def faults_of(data: bytes) -> list[str]:
    with pytest.raises(UsageError) as raised:
        read_profile(data, "ours.json")
    lines = str(raised.value).split("\n")
    assert all(line.startswith("profile ours.json: ") for line in lines)
    return [line.removeprefix("profile ours.json: ") for line in lines]


def noted(profile: Profile) -> list[tuple[str, str]]:
    return [(note.rule.id, note.key) for note in profile.notes]


def test_every_key_is_read() -> None:
    read = profile(
        Bag_Info={
            "Contact-Name": {
                "required": True,
                "values": ["A", "B"],
                "repeatable": False,
                "description": "Who",
                "recommended": True,
            },
            "Note": {},
        },
        Manifests_Required=["SHA-256"],
        Manifests_Allowed=["sha256", "sha512"],
        Tag_Manifests_Required=["md5"],
        Tag_Manifests_Allowed=["md5", "sha3_256"],
        Allow_Fetch_txt=True,
        Fetch_txt_Required=True,
        Data_Empty=True,
        Serialization="required",
        Accept_Serialization=["application/zip"],
        Accept_BagIt_Version=["0.97", "1.0"],
        Tag_Files_Required=["a.txt"],
        Tag_Files_Allowed=["*.txt"],
        Payload_Files_Required=["data/a.txt", "data/b/"],
        Payload_Files_Allowed=["data/*"],
    )
    assert read == Profile(
        name="letters",
        identifiers=(ADDRESS,),
        bag_info=(
            FieldRule(
                label="Contact-Name",
                required=True,
                recommended=True,
                repeatable=False,
                values=("A", "B"),
                description="Who",
            ),
            FieldRule(label="Note"),
        ),
        manifests_required=("sha256",),
        manifests_allowed=("sha256", "sha512"),
        tag_manifests_required=("md5",),
        tag_manifests_allowed=("md5", "sha3256"),
        fetch_required=True,
        data_empty=True,
        serialization=SerializationRule.REQUIRED,
        accept_serialization=("application/zip",),
        accept_versions=("0.97", "1.0"),
        tag_files_required=("a.txt",),
        tag_files_allowed=("*.txt",),
        payload_files_required=("data/a.txt", "data/b/"),
        payload_files_allowed=("data/*",),
    )


def test_a_sparse_profile_restricts_nothing_and_says_what_it_lacks() -> None:
    read = read_profile(b"{}", "ours.json")
    assert read == Profile(name="ours.json", notes=read.notes)
    lacking = ["Source-Organization", "External-Description", "Version", "BagIt-Profile-Identifier"]
    keys = [*(f"BagIt-Profile-Info/{key}" for key in lacking), "Accept-BagIt-Version"]
    assert noted(read) == [("PRO-192", key) for key in keys]


@pytest.mark.parametrize("truth", [True, "true", "TRUE"])
def test_truth_may_stand_in_quotes_as_the_grammar_has_it(truth: object) -> None:
    assert profile(Data_Empty=truth).data_empty
    assert not profile(Data_Empty=truth, Allow_Fetch_txt="false").fetch_allowed


def test_versions_may_stand_as_numbers() -> None:
    text = document().decode().replace('["0.97", "1.0"]', "[0.97, 1.0]")
    assert read_profile(text.encode(), "ours.json").accept_versions == ("0.97", "1.0")


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_profile(b"\xef\xbb\xbf" + document(), "letters") == profile()


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        (None, {"Tag-Files-Allowed", "Manifests-Allowed", "Data-Empty"}),
        ("1.1.0", {"Tag-Files-Allowed", "Manifests-Allowed", "Data-Empty"}),
        ("1.2.0", {"Manifests-Allowed", "Data-Empty"}),
        ("1.3", {"Data-Empty"}),
        ("1.4.0", set()),
        ("2.0", set()),
    ],
)
def test_a_key_newer_than_the_profile_counts_and_is_noted(
    version: str | None, newer: set[str]
) -> None:
    info = {**WHOLE["BagIt-Profile-Info"], "BagIt-Profile-Version": version}  # type: ignore[dict-item]
    info = {key: value for key, value in info.items() if value is not None}
    keys: dict[str, Any] = {"Tag-Files-Allowed": ["*"], "Manifests-Allowed": ["md5"]}
    read = profile(**{"BagIt-Profile-Info": info, **keys, "Data-Empty": True})
    assert {key for rule, key in noted(read) if rule == "PRO-191"} == newer
    assert (read.tag_files_allowed, read.manifests_allowed) == (("*",), ("md5",))
    assert read.data_empty


def test_an_unknown_key_is_kept_as_a_note_with_the_nearest_known() -> None:
    read = profile(Manifest_Required=["md5"], Colour="red")
    assert noted(read) == [("PRO-190", "Manifest-Required"), ("PRO-190", "Colour")]
    assert "did its author mean Manifests-Required?" in read.notes[0].message
    assert "mean" not in read.notes[1].message
    assert read.manifests_required == ()


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("Manifests-Required", "md5", 'it must be a list of texts, not "md5"'),
        ("Manifests-Allowed", 5, 'it must be a list of texts, not "5"'),
        ("Accept-BagIt-Version", [["1.0"]], 'it must be a list of texts, not [["1.0"]]'),
        ("Tag-Files-Allowed", {}, "it must be a list of texts, not {}"),
        ("Allow-Fetch.txt", "no", 'it must be true or false, not "no"'),
        ("Data-Empty", 1, 'it must be true or false, not "1"'),
        ("Serialization", ["required"], 'it must be a text in quotes, not ["required"]'),
        ("Serialization", "maybe", '"maybe" is none of forbidden, required, optional'),
        ("Bag-Info", [], "it must be an object, {...}, not []"),
        ("BagIt-Profile-Info", "x", 'it must be an object, {...}, not "x"'),
    ],
)
def test_a_wrong_type_is_named_with_what_would_be_right(
    key: str, value: object, wanted: str
) -> None:
    assert faults_of(document(**{key: value})) == [f"{key}: {wanted}"]


def test_wrong_types_within_a_label_are_named_by_their_place() -> None:
    rule = {"required": "often", "values": "A", "repeatable": [], "description": {}}
    assert faults_of(document(Bag_Info={"Note": rule, "Other": True})) == [
        'Bag-Info/Note/required: it must be true or false, not "often"',
        "Bag-Info/Note/repeatable: it must be true or false, not []",
        'Bag-Info/Note/values: it must be a list of texts, not "A"',
        "Bag-Info/Note/description: it must be a text in quotes, not {}",
        "Bag-Info/Other: it must be an object, {...}, not true",
    ]


def test_null_says_nothing() -> None:
    data = document().replace(b'"optional"', b"null")
    assert faults_of(data) == ["Serialization: null says nothing; leave the key out"]


@pytest.mark.parametrize("version", ["one", "1", "1.2.3.4", "-1.2", "1.\u0662"])
def test_a_version_that_is_none(version: str) -> None:
    [fault] = faults_of(document(**{"BagIt-Profile-Info": {"BagIt-Profile-Version": version}}))
    assert fault.endswith("is no version such as 1.3.0")


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            {"Manifests_Required": ["md5", "sha1"], "Manifests_Allowed": ["sha256", "sha1"]},
            "Manifests-Allowed: it lacks md5, which Manifests-Required asks for",
        ),
        (
            {"Tag_Manifests_Required": ["md5"], "Tag_Manifests_Allowed": []},
            "Tag-Manifests-Allowed: it lacks md5, which Tag-Manifests-Required asks for",
        ),
        (
            {"Tag_Files_Required": ["a/b.txt", "c.md"], "Tag_Files_Allowed": ["*.txt"]},
            'Tag-Files-Allowed: it does not allow "c.md", which Tag-Files-Required asks for',
        ),
        (
            {"Payload_Files_Required": ["d"], "Payload_Files_Allowed": ["data/*"]},
            'Payload-Files-Allowed: it does not allow "d", which Payload-Files-Required asks for',
        ),
        (
            {"Fetch_txt_Required": True, "Allow_Fetch_txt": False},
            "Fetch.txt-Required: it is true, and Allow-Fetch.txt is false",
        ),
    ],
)
def test_what_no_bag_could_satisfy_is_a_fault(keys: dict[str, Any], fault: str) -> None:
    assert faults_of(document(**keys)) == [fault]


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is not JSON"),
        (b"<html>404</html>", "it is not JSON"),
        (b'{"a": 1', "it is not JSON"),
        (b'{"a": NaN}', "NaN is no JSON value"),
        (b"[]", "a profile is one JSON object"),
        (b"null", "a profile is one JSON object"),
        (b'"text"', "a profile is one JSON object"),
        (b'{"a": "\xff"}', "it is not UTF-8 text"),
        ('{"a": "b"}'.encode("utf-16"), "it is not UTF-8 text"),
        (b'{"a": "\\ud800"}', "it is not UTF-8 text"),
        (b'{"Serialization": "required", "Serialization": "optional"}', "stands twice"),
        (DEEP, "its objects and lists lie too deep"),
        (b"[" * 1_000_000, "its objects and lists lie too deep"),
        (b" " * (LARGEST + 1), f"it is larger than {LARGEST:,} bytes"),
        (b'{"a": ' + b"9" * 100_000 + b"}", ""),
    ],
    ids=range(15),
)
def test_what_is_no_profile(data: bytes, said: str) -> None:
    if said:
        [fault] = faults_of(data)
        assert said in fault
        assert len(fault) < 300
    else:
        assert noted(read_profile(data, "ours.json"))[-1] == ("PRO-190", "a")


@pytest.mark.parametrize("name", ["x" * 5000, "\x1b[31m", "\n"])
def test_what_a_message_quotes_is_short(name: str) -> None:
    [fault] = faults_of(document(Serialization=name))
    assert len(fault) < 200
    assert "\x1b" not in fault


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda within: st.lists(within, max_size=3) | st.dictionaries(st.text(max_size=8), within),
    max_leaves=12,
)
KEYS = sorted({*WHOLE, "Bag-Info", "Manifests-Required", "Tag-Files-Allowed", "Data-Empty"})


class TestAnyDocument:
    """Whatever a document holds, it is a profile or a UsageError: nothing else comes out."""

    @given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), JSON, max_size=5))
    @settings(max_examples=150)
    def test_of_structure(self, value: dict[str, object]) -> None:
        self.hold(json.dumps(value).encode())

    @given(st.binary(max_size=200))
    @example(b"\xef\xbb\xbf")
    @settings(max_examples=150)
    def test_of_bytes(self, data: bytes) -> None:
        self.hold(data)

    def hold(self, data: bytes) -> None:
        with suppress(UsageError):
            assert isinstance(read_profile(data, "ours.json"), Profile)
