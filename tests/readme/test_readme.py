"""Every command that README.md shows is run, and prints what README.md says it prints."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

import pytest
from transcript import README, blocks, main_commands, prepare, run, sessions

TEXT = README.read_text("utf-8")
LETTER = "1952-12-27-stalin-to-mao"
PAYLOAD_SHA256 = "01b70b0da8f32982596dd813901d801878945e942e523762ef1927a621b438c9"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The first command, then all sessions, in a copy of the checkout; and where that lies.

    The second command is the one that runs these tests: it cannot run inside itself. Continuous
    integration takes it from README.md.
    """
    home = tmp_path_factory.mktemp("fresh") / "muniment"
    home.mkdir()
    first, _ = main_commands(TEXT)
    commands = [first, "echo $?", *(typed.command for typed in sessions(TEXT))]
    return home, run(commands, home, prepare(home))


def test_the_first_command_packages_the_letter(printed: tuple[Path, list[str]]) -> None:
    home, (said, code, *_) = printed
    assert code == "0\n", said
    assert [said] == blocks(TEXT, "text")
    assert said.startswith(f"PASS  out/{LETTER} (bag, valid)\n")
    payload = home / "out" / LETTER / "data" / f"{LETTER}.txt"
    assert hashlib.sha256(payload.read_bytes()).hexdigest() == PAYLOAD_SHA256


@pytest.mark.parametrize("number", range(len(sessions(TEXT))))
def test_a_session_prints_what_is_shown(printed: tuple[Path, list[str]], number: int) -> None:
    typed = sessions(TEXT)[number]
    assert (typed.command, printed[1][number + 2]) == (typed.command, typed.printed)


def test_no_other_block_hides_a_command() -> None:
    """Blocks are commands (sh), sessions (console), or what is printed (text)."""
    opened = [line for line in TEXT.splitlines() if line.startswith("```") and line != "```"]
    assert {line.removeprefix("```") for line in opened} == {"sh", "console", "text"}
    assert 2 * len(opened) == sum(line.startswith("```") for line in TEXT.splitlines())


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    text = (README.parent / name).read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    broken = [link for link in links if "://" not in link and not (README.parent / link).exists()]
    assert broken == []


def test_continuous_integration_runs_the_readme_s_own_commands() -> None:
    """They are taken from README.md, and the tests are run in no other way."""
    script = (README.parent / ".ci" / "run").read_text()
    taking = script.partition("readme_command() {")[2].partition("\n}\n")[0]
    program = f"readme_command() {{{taking}\n}}\nreadme_command 1; readme_command 2"
    told = subprocess.run(
        ["bash", "-c", program], cwd=README.parent, capture_output=True, text=True, check=True
    ).stdout
    assert told == "".join(blocks(TEXT, "sh"))
    assert 'sh -c "$second"' in script
    assert "-m pytest" not in script
