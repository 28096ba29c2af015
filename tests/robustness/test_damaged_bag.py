"""A bag that came to harm in five ways: one run names them all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging_process import command, package_command, rules_of, run


@pytest.fixture
def damaged(tmp_path: Path, record: Path) -> Path:
    """A payload bit and a tag file's bit flipped; a file missing, one more, one renamed."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("flipped", "kept", "missing", "renamed"):
        (source / f"{name}.txt").write_text(f"the text called {name}\n")
    assert run(package_command(source, record, tmp_path)).returncode == 0
    bag = tmp_path / "bag"
    for file in (bag / "data" / "flipped.txt", bag / "metadata" / "mods.xml"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    (bag / "data" / "missing.txt").unlink()
    (bag / "data" / "extra.txt").write_text("came later\n")
    (bag / "data" / "renamed.txt").rename(bag / "data" / "new name.txt")
    return bag


def test_one_run_names_all_five(damaged: Path) -> None:
    done = run(command("verify", damaged, "--format", "json"))
    assert done.returncode == 1
    assert sorted(rules_of(done.stdout), key=str) == sorted(
        [
            ("BAG-206", "bag-info.txt"),
            ("BAG-301", "data/flipped.txt"),
            ("BAG-302", "metadata/mods.xml"),
            ("BAG-201", "data/missing.txt"),
            ("BAG-201", "data/renamed.txt"),
            ("BAG-202", "data/extra.txt"),
            ("BAG-202", "data/new name.txt"),
        ],
        key=str,
    )
    (subject,) = json.loads(done.stdout)["subjects"]
    assert (subject["verdict"], subject["state"]) == ("fail", "invalid")
    renamed = [f for f in subject["findings"] if f["location"]["path"] == "data/new name.txt"]
    assert [f["evidence"]["same_as"] for f in renamed] == ["data/renamed.txt"]


def test_the_text_for_people_names_all_five(damaged: Path) -> None:
    done = run(command("verify", damaged))
    assert done.returncode == 1
    for name in ("flipped.txt", "metadata/mods.xml", "missing.txt", "extra.txt", "new name.txt"):
        assert name in done.stdout
