"""Every command explains itself to someone who has never seen it."""

from __future__ import annotations

import resource
import shlex
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import muniment
from muniment.cli.root import root
from muniment.model.rules import RULES

CONTEXT = click.Context(root)
COMMANDS = root.list_commands(CONTEXT)


def help_of(*arguments: str) -> str:
    result = CliRunner().invoke(root, [*arguments, "--help"], prog_name="muniment")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_the_first_page_lists_the_commands_in_the_order_of_the_work() -> None:
    page = help_of()
    places = [page.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert "muniment package letter.txt --record record.yaml --output deposits" in page
    assert "Exit codes: 0 pass, 1 fail, 2 wrong usage, 3 could not be completed, 4" in page


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_an_example_and_says_what_its_options_do(name: str) -> None:
    page = help_of(name)
    command = root.get_command(CONTEXT, name)
    assert command is not None
    assert page.startswith(f"Usage: muniment {name} ")
    assert f"\n    muniment {name}" in page.partition("Examples:\n")[2]
    assert len((command.help or "").splitlines()) > 1
    undocumented = [
        parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert undocumented == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "rules"])
def test_a_judging_command_takes_the_options_of_all(name: str) -> None:
    command = root.get_command(CONTEXT, name)
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--format", "--fail-on", "--quiet"} <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_parse(name: str) -> None:
    """An example with an option that does not exist would teach something wrong."""
    command = root.get_command(CONTEXT, name)
    assert command is not None
    examples = help_of(name).partition("Examples:\n")[2].replace("\\\n", " ").splitlines()
    assert examples
    for example in examples:
        words = shlex.split(example.partition(" > ")[0])
        assert words[:2] == ["muniment", name]
        command.make_context(name, words[2:]).close()


def test_the_version_is_the_packages() -> None:
    result = CliRunner().invoke(root, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"muniment {muniment.__version__}\n")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["verify", "--help"]])
def test_what_needs_no_work_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom muniment.cli.root import root\n"
        f"try: root.main({arguments!r})\nexcept SystemExit: pass\n"
        "print(','.join(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stderr.strip().split(","))
    assert "muniment.cli.root" in loaded
    heavy = {"lxml", "jsonschema", "ruamel.yaml", "bagit", "rich", "sqlite3", "tomllib"}
    assert not heavy & loaded
    if arguments == ["--version"]:
        assert "muniment.cli.verify" not in loaded


def processor_seconds(*command: str) -> float:
    """What a command costs, whatever else the machine has to do meanwhile."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_the_version_comes_within_150_ms() -> None:
    command = (sys.executable, "-m", "muniment", "--version")
    assert min(processor_seconds(*command) for _ in range(7)) < 0.150


def test_rules_lists_every_rule() -> None:
    result = CliRunner().invoke(root, ["rules"])
    assert result.exit_code == 0
    ids = [line.partition(" ")[0] for line in result.stdout.splitlines() if line]
    assert ids == list(RULES)


def test_rules_explains_one_in_any_case_of_letters() -> None:
    result = CliRunner().invoke(root, ["rules", "bag-301"])
    assert result.exit_code == 0
    assert result.stdout.startswith("BAG-301  ")
    assert "Why it matters" in result.stdout
    assert "How to mend it" in result.stdout


def test_an_unknown_rule_is_wrong_usage_with_the_nearest() -> None:
    result = CliRunner().invoke(root, ["rules", "BAG-3O1"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith('muniment: there is no rule "BAG-3O1"; nearest: BAG-301')
