"""Every command explains itself to someone who has never seen it."""

from __future__ import annotations

import resource
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import muniment
from muniment.cli.root import root
from muniment.model.rules import RULES

CONTEXT = click.Context(root)
NAMES = root.list_commands(CONTEXT)


def _command(words: str) -> click.Command:
    """The command of these words: `verify`, `audit run`."""
    command: click.Command = root
    for word in words.split():
        assert isinstance(command, click.Group)
        found = command.get_command(CONTEXT, word)
        assert found is not None
        command = found
    return command


def _subcommands(name: str) -> list[str]:
    command = _command(name)
    names = command.list_commands(CONTEXT) if isinstance(command, click.Group) else []
    return [f"{name} {each}" for each in names]


GROUPS = [name for name in NAMES if _subcommands(name)]
COMMANDS = [each for name in NAMES for each in _subcommands(name) or [name]]
# What judges nothing: pages, a history, a key.
TELLING = frozenset({"rules", "audit history", "audit key"})


def help_of(*arguments: str) -> str:
    result = CliRunner().invoke(root, [*arguments, "--help"], prog_name="muniment")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def examples_of(name: str) -> list[list[str]]:
    """The words of each example on a command's page, without where its output goes."""
    listed = help_of(*name.split()).partition("Examples:\n")[2].partition("\n\n")[0]
    lines = listed.replace("\\\n", " ").splitlines()
    return [shlex.split(line.partition(" > ")[0]) for line in lines]


def test_the_first_page_lists_the_commands_in_the_order_of_the_work() -> None:
    page = help_of()
    places = [page.index(f"\n  {name} ") for name in NAMES]
    assert places == sorted(places)
    assert "muniment package letter.txt --record record.yaml --output deposits" in page
    assert "Exit codes: 0 pass, 1 fail, 2 wrong usage, 3 could not be completed, 4" in page


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_an_example_and_says_what_its_options_do(name: str) -> None:
    page = help_of(*name.split())
    command = _command(name)
    assert page.startswith(f"Usage: muniment {name} ")
    own = ["muniment", *name.split()]
    assert own in [example[: len(own)] for example in examples_of(name)]
    assert len((command.help or "").splitlines()) > 1
    undocumented = [
        parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert undocumented == []


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_lists_its_commands_in_the_order_of_the_work(name: str) -> None:
    page = help_of(name)
    places = [page.index(f"\n  {each.partition(' ')[2]} ") for each in _subcommands(name)]
    assert places == sorted(places)
    first = page.partition("A first round:\n")[2].splitlines()[0]
    assert first.startswith(f"    muniment {name} ")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in TELLING])
def test_a_judging_command_takes_the_options_of_all(name: str) -> None:
    command = _command(name)
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--format", "--fail-on", "--quiet"} <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_parse(name: str) -> None:
    """An example with an option that does not exist would teach something wrong."""
    for program, *words in examples_of(name):
        own = max(
            (each for each in COMMANDS if words[: len(each.split())] == each.split()), key=len
        )
        assert program == "muniment"
        _command(own).make_context(own, words[len(own.split()) :]).close()


def test_the_version_is_the_packages() -> None:
    result = CliRunner().invoke(root, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"muniment {muniment.__version__}\n")


A_BAG = str(Path(__file__).parents[2] / "bags" / "deposits" / "1952-12-27-stalin-to-mao")


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["verify", "--help"], ["verify", "--quick", A_BAG]]
)
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
    heavy |= {"sqlalchemy", "cryptography", "obstore", "distributed"}
    if A_BAG in arguments:
        heavy.remove("tomllib")  # the house's settings
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
