from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from profiled import ADDRESS, profile

from muniment.bags.baginfo import read_bag_info
from muniment.bags.encodings import UTF_8
from muniment.bags.profile import Profile
from muniment.bags.profile_applying import (
    algorithms_for,
    form_for,
    identified,
    refuse_other_versions,
)
from muniment.bags.profile_shelf import shipped_profile
from muniment.bags.profile_tags import Tag, described, label_files
from muniment.bags.serialising import Serialization
from muniment.bags.tagtext import TagText
from muniment.model.digests import DEFAULT_ALGORITHMS, Algorithm
from muniment.model.errors import UsageError

APTRUST, BTR = shipped_profile("aptrust"), shipped_profile("btr")
ARCHIVEMATICA = shipped_profile("archivematica")
MD5, SHA1, SHA256, SHA512 = Algorithm.MD5, Algorithm.SHA1, Algorithm.SHA256, Algorithm.SHA512


def chosen(
    *profiles: Profile, given: Sequence[Algorithm] | None = None, house: Sequence[Algorithm] = ()
) -> tuple[Algorithm, ...]:
    return algorithms_for(profiles, chosen=given, preferred=house or DEFAULT_ALGORITHMS)


@pytest.mark.parametrize(
    ("profiles", "house", "expected"),
    [
        ((), (), (SHA256, SHA512)),
        ((), (SHA512, MD5), (SHA512, MD5)),
        ((BTR,), (), (SHA256, SHA512)),
        ((APTRUST,), (), (SHA256, MD5)),
        ((APTRUST,), (SHA512,), (MD5,)),
        ((APTRUST, BTR), (), (SHA256, MD5)),
        ((profile(Manifests_Allowed=["sha1", "md5"]),), (), (SHA1,)),
        ((profile(Tag_Manifests_Allowed=["sha256"]),), (), (SHA256,)),
        ((profile(Tag_Manifests_Required=["sha1"]),), (), (SHA256, SHA512, SHA1)),
    ],
)
def test_algorithms_are_chosen_as_the_profiles_ask(
    profiles: tuple[Profile, ...], house: tuple[Algorithm, ...], expected: tuple[Algorithm, ...]
) -> None:
    assert chosen(*profiles, house=house) == expected


def test_the_callers_own_choice_stands_where_it_may() -> None:
    assert chosen(BTR, given=[SHA1]) == (SHA1,)
    assert chosen(APTRUST, given=[MD5]) == (MD5,)
    assert chosen(given=[MD5], house=[SHA512]) == (MD5,)


def test_the_callers_own_choice_against_a_profile_names_every_conflict() -> None:
    with pytest.raises(UsageError) as raised:
        chosen(APTRUST, profile(Manifests_Required=["sha1"]), given=[SHA512, SHA256])
    assert str(raised.value).split("\n") == [
        "profile aptrust does not allow --algorithm sha512, but md5, sha256",
        "profile aptrust requires --algorithm md5",
        "profile letters requires --algorithm sha1",
    ]


@pytest.mark.parametrize(
    ("profiles", "said"),
    [
        ((APTRUST, profile(Manifests_Required=["sha512"])), "satisfies aptrust, letters: sha512"),
        ((profile(Manifests_Required=["sha3_256"]),), "satisfies letters: sha3256"),
        (
            (profile(Manifests_Required=["md5"], Tag_Manifests_Allowed=["sha1"]),),
            "satisfies letters: md5",
        ),
        ((profile(Manifests_Allowed=["sha3_256"]),), "letters allow none of the algorithms"),
        ((profile(Manifests_Allowed=[]),), "letters allow none of the algorithms"),
    ],
)
def test_what_no_bag_of_ours_satisfies(profiles: tuple[Profile, ...], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        chosen(*profiles)
    assert said in str(raised.value)


TAR, TAR_GZ, ZIP = Serialization.TAR, Serialization.TAR_GZ, Serialization.ZIP
REQUIRED = profile(Serialization="required", Accept_Serialization=["application/zip"])
FORBIDDEN = profile(Serialization="forbidden")


@pytest.mark.parametrize(
    ("profiles", "given", "expected"),
    [
        ((), None, None),
        ((), ZIP, ZIP),
        ((BTR,), None, None),
        ((BTR,), TAR_GZ, TAR_GZ),
        ((APTRUST,), None, TAR),
        ((APTRUST,), TAR, TAR),
        ((APTRUST, BTR), None, TAR),
        ((REQUIRED, ARCHIVEMATICA), None, ZIP),
        ((FORBIDDEN,), None, None),
        ((profile(Serialization="required", Accept_Serialization=[]),), None, TAR),
    ],
)
def test_the_form_is_chosen_as_the_profiles_ask(
    profiles: tuple[Profile, ...], given: Serialization | None, expected: Serialization | None
) -> None:
    assert form_for(profiles, given) is expected


@pytest.mark.parametrize(
    ("profiles", "given", "said"),
    [
        ((APTRUST,), ZIP, "profile aptrust takes bags as tar; --serialize zip does not fit"),
        (
            (ARCHIVEMATICA,),
            TAR,
            "profile archivematica takes bags as folders or as tar.gz, zip; --serialize tar",
        ),
        ((FORBIDDEN,), TAR, "profile letters takes bags as folders; --serialize tar"),
        ((APTRUST, REQUIRED), None, "profile letters takes bags as zip"),
        (
            (profile(Serialization="required", Accept_Serialization=["application/x-7z"]),),
            None,
            "profile letters takes bags as application/x-7z; --serialize is not given does not fit",
        ),
    ],
)
def test_a_form_that_does_not_fit(
    profiles: tuple[Profile, ...], given: Serialization | None, said: str
) -> None:
    with pytest.raises(UsageError) as raised:
        form_for(profiles, given)
    assert said in str(raised.value)


def test_a_profile_of_older_bags_cannot_be_applied() -> None:
    old = profile(Accept_BagIt_Version=["0.96", "0.97"])
    with pytest.raises(UsageError, match=r"accepts BagIt 0\.96, 0\.97 only"):
        refuse_other_versions([BTR, old])
    refuse_other_versions([BTR, profile(Accept_BagIt_Version=[])])


def test_the_bag_names_each_profile_once() -> None:
    given = (("Note", "x"), ("bagit-profile-identifier", BTR.identifiers[1]))
    assert identified([BTR, profile()], given) == (*given, ("BagIt-Profile-Identifier", ADDRESS))
    assert identified([], given) == given


def fields(content: bytes) -> list[tuple[str, str]]:
    text = TagText(path="x", encoding=UTF_8, report=lambda _: None)
    info = read_bag_info(text, io.BytesIO(content), strict=True)
    return [(field.label, field.value) for field in info.fields]


def test_labels_of_tag_files_in_the_order_in_which_they_come() -> None:
    record = described([APTRUST], title="Letters", description=None)
    house: tuple[Tag, ...] = (
        ("aptrust-info.txt", "Access", "Institution"),
        ("dpn/info.txt", "Member", "A"),
        ("dpn/info.txt", "member", "B"),
    )
    given: tuple[Tag, ...] = (
        ("aptrust-info.txt", "title", "Other"),
        ("aptrust-info.txt", "Storage-Option", "Standard"),
    )
    files = label_files(record, house, given)
    assert [(file.path, fields(file.content)) for file in files] == [
        (
            "aptrust-info.txt",
            [("title", "Other"), ("Access", "Institution"), ("Storage-Option", "Standard")],
        ),
        ("dpn/info.txt", [("Member", "A"), ("member", "B")]),
    ]


def test_the_record_fills_no_tag_file_that_nobody_asks_for() -> None:
    assert described([BTR], title="Letters", description="x") == ()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("bag-info.txt", "give its labels with --bag-info"),
        ("bagit.txt", "BagIt itself says what stands in it"),
        ("fetch.txt", "BagIt itself"),
        ("manifest-md5.txt", "BagIt itself"),
        ("TagManifest-x.txt", "BagIt itself"),
        ("data/info.txt", "data/ and metadata/ are filled"),
        ("data", "data/ and metadata/ are filled"),
        ("metadata/mods.xml", "data/ and metadata/ are filled"),
        ("/etc/passwd", "no plain path"),
        ("../info.txt", "no plain path"),
        ("a/./b", "no plain path"),
        ("a\nb", "no plain path"),
        ("~/a", "home folder"),
        ("con.txt", "Windows device"),
        ("a?", "Windows does not allow"),
    ],
)
def test_a_tag_file_that_cannot_be(path: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        label_files([(path, "Label", "value")])
    assert str(raised.value).startswith(f'the tag file "{path}" cannot be written')
    assert said in str(raised.value)


def test_a_tag_file_cannot_be_a_folder_too() -> None:
    with pytest.raises(UsageError, match="cannot both be written"):
        label_files([("a/b", "L", "v"), ("a", "L", "v")])
