from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_helpers import document_of, muniment

RECORD = "title: Letters of the parish\nidentifier: letters-1\n"
TEXT = b"Dear Sir,\n"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a text and its record, and no settings of whoever runs this."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    Path("letter.txt").write_bytes(TEXT)
    Path("record.yaml").write_text(RECORD, "utf-8")
    return tmp_path


PACKAGE = ("package", "letter.txt", "--record", "record.yaml", "--output", "out")


def bag_info(name: str = "letters-1") -> list[str]:
    return (Path("out") / name / "bag-info.txt").read_text("utf-8").splitlines()


def test_a_text_becomes_a_bag() -> None:
    result = muniment(*PACKAGE, "--date", "2024-05-17")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "PASS  out/letters-1 (bag, valid)"
    assert "  bag: out/letters-1" in lines
    assert "  payload: 1 file, 10 octets" in lines
    assert (Path("out") / "letters-1" / "data" / "letter.txt").read_bytes() == TEXT
    assert "Bagging-Date: 2024-05-17" in bag_info()
    assert muniment("verify", "out/letters-1").exit_code == 0


def test_json_tells_what_was_made() -> None:
    document = document_of(muniment(*PACKAGE, "--format", "json"))
    assert document["command"] == "package"
    result = document["result"]
    assert result["bag"] == "out/letters-1"
    assert result["payload"] == {"files": 1, "octets": len(TEXT)}
    for sealed in result["tag_manifests"]:
        content = (Path("out") / "letters-1" / sealed["path"]).read_bytes()
        assert hashlib.new(sealed["algorithm"], content).hexdigest() == sealed["digest"]


def test_options_reach_the_bag() -> None:
    Path("muniment.toml").write_text(
        'organization = "Parish Archive"\nalgorithms = ["md5"]\n[contact]\nname = "The clerk"\n',
        "utf-8",
    )
    result = muniment(
        *PACKAGE,
        "--name",
        "other",
        "--algorithm",
        "SHA384",
        "--algorithm",
        "sha384",
        "--bag-info",
        "Contact-Name: The vicar",
        "--bag-info",
        "Rights-Holder: The parish",
        "--second-opinion",
        "never",
    )
    assert result.exit_code == 0
    assert "second opinion (not asked for: --second-opinion never)" in " ".join(
        result.stdout.split()
    )
    manifests = {path.name for path in (Path("out") / "other").glob("*manifest-*.txt")}
    assert manifests == {"manifest-sha384.txt", "tagmanifest-sha384.txt"}
    info = bag_info("other")
    assert "Source-Organization: Parish Archive" in info
    assert [line for line in info if line.startswith("Contact-Name")] == ["Contact-Name: The vicar"]
    assert "Rights-Holder: The parish" in info


def test_the_houses_algorithms_go_before_the_defaults() -> None:
    Path("muniment.toml").write_text('algorithms = ["md5"]\n', "utf-8")
    assert muniment(*PACKAGE, "--second-opinion", "never").exit_code == 0
    assert [path.name for path in Path("out/letters-1").glob("manifest-*")] == ["manifest-md5.txt"]


def test_the_date_is_the_one_given_else_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert muniment(*PACKAGE).exit_code == 0
    assert "Bagging-Date: 1970-01-02" in bag_info()
    assert muniment(*PACKAGE, "--date", "2024-05-17", "--name", "given").exit_code == 0
    assert "Bagging-Date: 2024-05-17" in bag_info("given")


def assert_nothing_was_made() -> None:
    assert not Path("out").exists() or not any(Path("out").iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--date", "2024-13-01"], '"2024-13-01" is no date; write YYYY-MM-DD'),
        (["--date", "17.5.2024"], '"17.5.2024" is no date; write YYYY-MM-DD'),
        (["--algorithm", "crc32"], "'crc32' is not one of 'md5', 'sha1', 'sha256'"),
        (["--bag-info", "Payload-Oxum: 1.1"], "this label is not for you to set"),
        (["--config", "none.toml"], "there is no configuration file none.toml"),
        (["--second-opinion", "perhaps"], "'perhaps' is not one of 'auto', 'always', 'never'"),
    ],
)
def test_wrong_usage_makes_nothing(options: list[str], said: str) -> None:
    result = muniment(*PACKAGE, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert_nothing_was_made()


def test_a_misspelt_setting_of_the_house_makes_nothing() -> None:
    Path("muniment.toml").write_text('organisation = "x"\n', "utf-8")
    result = muniment(*PACKAGE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'organisation: there is no such setting; did you mean "organization"?' in result.stderr
    assert_nothing_was_made()


def test_a_wrong_epoch_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    result = muniment(*PACKAGE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'SOURCE_DATE_EPOCH is "yesterday"' in result.stderr


def test_a_wrong_record_makes_nothing_and_names_every_fault() -> None:
    Path("record.yaml").write_text("titel: x\ncreated: yesterday\n", "utf-8")
    result = muniment(*PACKAGE, "--format", "json")
    assert result.exit_code == 1
    rules = {
        finding["rule"]
        for subject in document_of(result)["subjects"]
        for finding in subject["findings"]
    }
    assert {"REC-201", "REC-202", "REC-206"} <= rules
    assert_nothing_was_made()


def test_a_bag_that_exists_is_never_overwritten() -> None:
    assert muniment(*PACKAGE, "--date", "2024-05-17").exit_code == 0
    before = sorted(path.read_bytes() for path in Path("out").rglob("*") if path.is_file())
    again = muniment(*PACKAGE, "--date", "2024-05-18")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "out/letters-1" in again.stderr
    assert before == sorted(path.read_bytes() for path in Path("out").rglob("*") if path.is_file())


def test_an_empty_source_needs_leave() -> None:
    Path("empty").mkdir()
    empty = ("package", "empty", "--record", "record.yaml", "--output", "out")
    assert muniment(*empty).exit_code == 1
    assert_nothing_was_made()
    assert muniment(*empty, "--allow-empty").exit_code == 0


def test_the_command_on_the_path_does_the_same() -> None:
    """The installed command, as a person calls it, in another process and another locale."""
    command = Path(sys.executable).with_name("muniment")
    environment = {**os.environ, "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    done = subprocess.run(
        [command, *PACKAGE, "--date", "2024-05-17"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS  out/letters-1 (bag, valid)\n")
    module = [sys.executable, "-m", "muniment", "verify", "out/letters-1"]
    done = subprocess.run(module, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
