from __future__ import annotations

from pathlib import Path

import pytest
from privileges import without_privileges
from profiled import ADDRESS, document

from muniment.bags.profile_shelf import SHIPPED, profiles_asked, shipped_name, shipped_profile
from muniment.model.errors import EnvironmentFault, UsageError

BTR = "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json"


def names(*references: str, configured: tuple[Path, ...] = ()) -> list[str]:
    return [profile.name for profile in profiles_asked(references, configured).profiles]


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.json"
    path.write_bytes(document())
    return path


def test_by_name() -> None:
    assert SHIPPED == ("aptrust", "archivematica", "btr")
    assert names("aptrust", "BTR", " archivematica ") == ["aptrust", "btr", "archivematica"]


def test_by_file(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(str(ours)) == [str(ours)]
    monkeypatch.chdir(ours.parent)
    assert names("ours.json") == ["ours.json"]
    Path("btr").write_bytes(document())
    assert [p.identifier for p in profiles_asked(["btr"]).profiles] == [BTR]
    assert [p.identifier for p in profiles_asked(["./btr"]).profiles] == [ADDRESS]


def test_by_address(ours: Path) -> None:
    assert names(BTR) == ["btr"]
    assert names("urn:muniment:profile:archivematica") == ["archivematica"]
    assert names(ADDRESS, configured=(ours,)) == [str(ours)]
    assert shipped_name(f" {BTR} ") == "btr"
    assert shipped_name(ADDRESS) is None


def test_an_unknown_address_is_kept_and_never_fetched(ours: Path) -> None:
    asked = profiles_asked(["https://127.0.0.1:9/p.json", "btr"], configured=(ours,))
    assert asked.unknown == ("https://127.0.0.1:9/p.json",)
    assert [profile.name for profile in asked.profiles] == ["btr"]


def test_each_once(ours: Path) -> None:
    assert names("btr", BTR, "BTR", str(ours), ADDRESS, configured=(ours,)) == ["btr", str(ours)]
    assert profiles_asked(["urn:a:b", "urn:a:b"]).unknown == ("urn:a:b",)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("aptrst", 'profile "aptrst" is neither shipped nor a file; did you mean aptrust?'),
        ("none.json", "shipped are aptrust, archivematica, btr"),
        ("", 'profile "" is a folder'),
        (".", 'profile "." is a folder'),
        ("C:\\profiles\\none.json", "is neither shipped nor a file"),
    ],
)
def test_what_is_nowhere(reference: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        profiles_asked([reference])
    assert said in str(raised.value)


def test_a_file_that_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(b"[]")
    with pytest.raises(UsageError, match="a profile is one JSON object"):
        profiles_asked([str(tmp_path / "p.json")])


def test_a_file_that_cannot_be_read(ours: Path) -> None:
    ours.chmod(0)
    with without_privileges(ours.parent), pytest.raises(EnvironmentFault, match="cannot be read"):
        profiles_asked([str(ours)])


def test_shipped_profiles_have_addresses_of_their_own() -> None:
    addresses = [a for name in SHIPPED for a in shipped_profile(name).identifiers]
    assert len(set(addresses)) == len(addresses) == 6
