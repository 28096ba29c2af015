from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from muniment.configuration import (
    Contact,
    HouseConfiguration,
    bag_info_field,
    house_configuration,
    read_configuration,
)
from muniment.model.digests import Algorithm
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.locations import Window

WHOLE = """
organization = "City Archive"
agent = "City Archive, Accessions"
algorithms = ["sha512", "md5", "sha512"]

[contact]
name = "The reading room"
phone = "+00 0000 0000"
email = "readingroom@archive.example"
address = "1 Long Lane"

[bag-info]
Rights-Holder = "City Archive"
Note = ["first", "second"]
"""


KNOWN = (
    "agent, algorithms, bag-info, checkpoints, contact, ledger, locations, organization, profile,"
    " requirements, tags"
)


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "muniment.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_setting_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    house = read_configuration(path)
    assert house == HouseConfiguration(
        source=path,
        organization="City Archive",
        agent="City Archive, Accessions",
        algorithms=(Algorithm.SHA512, Algorithm.MD5),
        contact=Contact(
            name="The reading room",
            phone="+00 0000 0000",
            email="readingroom@archive.example",
            address="1 Long Lane",
        ),
        bag_info=(("Rights-Holder", "City Archive"), ("Note", "first"), ("Note", "second")),
    )
    assert house.bag_info_fields() == (
        ("Source-Organization", "City Archive"),
        ("Organization-Address", "1 Long Lane"),
        ("Contact-Name", "The reading room"),
        ("Contact-Phone", "+00 0000 0000"),
        ("Contact-Email", "readingroom@archive.example"),
        ("Rights-Holder", "City Archive"),
        ("Note", "first"),
        ("Note", "second"),
    )


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    assert read_configuration(path) == HouseConfiguration(source=path)
    assert HouseConfiguration().bag_info_fields() == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            'organisation = "x"',
            'organisation: there is no such setting; did you mean "organization"?',
        ),
        (
            "zzz = 1",
            f"zzz: there is no such setting; known: {KNOWN}",
        ),
        (
            '[contact]\nfone = "x"',
            'contact.fone: there is no such setting; did you mean "phone"?',
        ),
        (
            '[bag_info]\nX = "y"',
            'bag_info: there is no such setting; did you mean "bag-info"?',
        ),
        ("organization = 7", "organization: it must be a text in quotes"),
        ('organization = ""', "organization: the text is empty, or has blanks at its ends"),
        ('agent = "x "', "agent: the text is empty, or has blanks at its ends"),
        (
            'agent = "x\\ny"',
            "agent: the text holds a line end or another control character",
        ),
        ('contact = "x"', "contact: it must be a table, [contact]"),
        ('algorithms = "sha256"', "algorithms: it must be a list of names"),
        (
            'algorithms = ["sha256", "crc32", 5]',
            "algorithms: no such algorithm: crc32, 5; known: md5, sha1, sha256, sha384, sha512",
        ),
        ("algorithms = []", "algorithms: name at least one, or leave the setting out"),
        ("[bag-info]\nX = 1979-05-27", "bag-info.X: it must be a text in quotes"),
        (
            '[bag-info]\n"X:" = "y"',
            "bag-info.X:: a label has no colon, no control character, and no blank at its ends",
        ),
        (
            '[bag-info]\nPayload-Oxum = "1.1"',
            "bag-info.Payload-Oxum: this label is not for you to set: it is counted",
        ),
    ],
)
def test_what_cannot_stand_is_named_with_its_key(tmp_path: Path, text: str, fault: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_configuration(path)
    assert str(caught.value) == f"{path}: {fault}"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, 'agnet = "x"\norganization = 1\n[contact]\nfax = "2"')
    with pytest.raises(UsageError) as caught:
        read_configuration(path)
    keys = [
        line.removeprefix(f"{path}: ").partition(":")[0] for line in str(caught.value).splitlines()
    ]
    assert keys == ["organization", "contact.fax", "agnet"]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b'organization = "x', "is not TOML: "),
        (b'organization = "\xe4"', "is not UTF-8"),
        (b"a = " + b"[" * 5000, "is not TOML: "),
    ],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, raw: bytes, fault: str) -> None:
    path = tmp_path / "muniment.toml"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match=fault):
        read_configuration(path)


def test_a_file_that_cannot_be_read_is_no_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"muniment\.toml cannot be read: "):
        read_configuration(tmp_path / "muniment.toml")


def test_the_nearest_file_upwards_counts_alone(tmp_path: Path) -> None:
    written(tmp_path, 'organization = "above"\nagent = "above"')
    near = written(tmp_path / "a", 'organization = "near"')
    below = tmp_path / "a" / "b" / "c"
    below.mkdir(parents=True)
    house = house_configuration(working_folder=below, environment={})
    assert (house.source, house.organization, house.agent) == (near, "near", None)


def test_the_file_given_goes_before_the_file_found(tmp_path: Path) -> None:
    written(tmp_path, 'organization = "found"')
    given = written(tmp_path / "x", 'organization = "given"')
    assert house_configuration(given, working_folder=tmp_path).organization == "given"


def test_a_file_given_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no configuration file"):
        house_configuration(tmp_path / "none.toml", working_folder=tmp_path)


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "HOME"])
def test_the_users_own_folder_comes_last(
    tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    home = tmp_path / "home"
    base = home if variable == "XDG_CONFIG_HOME" else home / ".config"
    written(base / "muniment", 'organization = "own"')
    work = tmp_path / "work"
    work.mkdir()
    environment = {variable: str(home)}
    assert house_configuration(working_folder=work, environment=environment).organization == "own"
    written(work, 'organization = "found"')
    assert house_configuration(working_folder=work, environment=environment).organization == "found"


def test_without_any_file_nothing_is_set(tmp_path: Path) -> None:
    assert house_configuration(working_folder=tmp_path, environment={}) == HouseConfiguration()


def test_a_line_of_bag_info_is_a_label_and_a_value() -> None:
    assert bag_info_field("Bag-Group-Identifier: a: b") == ("Bag-Group-Identifier", "a: b")
    assert bag_info_field("Note:x") == ("Note", "x")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Note", 'is not of the form "Label: value"'),
        ("Note: ", 'is not of the form "Label: value"'),
        (": x", 'is not of the form "Label: value"'),
        ("Note: x\ny", "the text holds a line end"),
        ("No\tte: x", "a label has no colon"),
        ("bagging-date: 2024-01-01", "not for you to set: it is the date of the packaging"),
        ("Bag-Size: 1 GB", "not for you to set: it is measured"),
        ("Bag-Software-Agent: me", "not for you to set: it names the program"),
        ("Note: \udcff", "the text holds a line end or another control character"),
    ],
)
def test_a_line_that_cannot_stand_in_bag_info_is_refused(line: str, fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        bag_info_field(line)
    assert fault in str(caught.value)


def test_limits_of_a_location_are_read(tmp_path: Path) -> None:
    text = (
        '[locations."/mnt/tape"]\nwindow = "22:00-06:00"\nmax-bytes = "5GB"\nlimit-rate = "40MB"\n'
    )
    limits = read_configuration(written(tmp_path, text)).locations["/mnt/tape"]
    assert limits.window == Window(opens=time(22), closes=time(6))
    assert limits.octets == 5 * 10**9
    assert limits.rate == 40 * 10**6


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('window = "22-06"', '"22-06" is no window of the day'),
        ('window = "24:00-06:00"', "is no window of the day"),
        ('max-bytes = "much"', '"much" is no size'),
        ("limit-rate = 5", "it must be a text in quotes"),
        ('max-byte = "5GB"', 'did you mean "max-bytes"?'),
    ],
)
def test_limits_that_cannot_stand_are_named(tmp_path: Path, setting: str, told: str) -> None:
    path = written(tmp_path, f'[locations."/mnt/tape"]\n{setting}\n')
    with pytest.raises(UsageError) as refused:
        read_configuration(path)
    assert told in str(refused.value)
    assert "/mnt/tape." in str(refused.value)


@pytest.mark.parametrize(
    ("given", "ledger"),
    [
        ("audit/ledger.sqlite", "{folder}/audit/ledger.sqlite"),
        ("/archive/ledger.sqlite", "/archive/ledger.sqlite"),
        ("postgresql://db/ledger", "postgresql://db/ledger"),
    ],
)
def test_the_ledger_is_taken_from_the_settings_own_folder(
    tmp_path: Path, given: str, ledger: str
) -> None:
    house = read_configuration(written(tmp_path, f'ledger = "{given}"\ncheckpoints = "held"\n'))
    assert house.ledger == ledger.format(folder=tmp_path)
    assert house.checkpoints == tmp_path / "held"
