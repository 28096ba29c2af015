"""The commands that README.md shows, with what they print.

A block marked `sh` is one of the two commands that do everything; `text` is what the first prints.
A block marked `console` is a session: lines that begin with `$ ` are typed (`> ` goes on), the
others are printed. All sessions are one shell in one folder, as a reader would type them.

After a change of what muniment prints, `python tests/readme/transcript.py --write` runs the
sessions in a copy of the checkout and writes what they print into README.md. Read the difference.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "src", "schemas", "bags")
END = "--- end of a command ---"

# `python3` as it is on a fresh machine, but that what muniment depends on is there already, for
# tests use no network: the environment that it makes can see the one that runs the tests.
PYTHON3 = """#!/bin/sh
'{python}' "$@" || exit
case "$*" in
    "-m venv .venv")
        echo "import sys; sys.path.insert(0, '{packages}')" \\
            > "$(echo .venv/lib/python3*/site-packages)/tests.pth" ;;
esac
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One command of a session, and what README.md says it prints."""

    command: str
    printed: str


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    return re.findall(_block(language), text)


def _block(language: str) -> re.Pattern[str]:
    return re.compile(rf"^```{language}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main_commands(text: str) -> tuple[str, str]:
    """The two commands that do everything: try it, test it."""
    first, second = blocks(text, "sh")
    return first.strip(), second.strip()


def sessions(text: str) -> list[Typed]:
    """Everything that is typed in all sessions, in order."""
    return [typed for block in blocks(text, "console") for typed in parsed(block)]


def parsed(block: str) -> list[Typed]:
    """The commands of one session."""
    found: list[Typed] = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        count = 1
        while count < len(lines) and lines[count].startswith((">\n", "> ")):
            count += 1
        command = lines[0] + "".join(line[1:].removeprefix(" ") for line in lines[1:count])
        found.append(Typed(command=command.rstrip("\n"), printed="".join(lines[count:])))
    return found


def prepare(home: Path) -> dict[str, str]:
    """A copy of the checkout, and the surroundings in which its commands run without a network."""
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "muniment.toml")
            shutil.copytree(source, home / name, ignore=ignored)
        else:
            shutil.copy2(source, home / name)
    tools = home.parent / "tools"
    tools.mkdir()
    python3 = tools / "python3"
    paths = sysconfig.get_paths()
    python3.write_text(PYTHON3.format(python=sys.executable, packages=paths["purelib"]))
    python3.chmod(0o755)
    return {
        **{name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ},
        "PATH": f"{tools}:{paths['scripts']}:{os.environ['PATH']}",
        "LC_ALL": "C",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "XDG_CONFIG_HOME": str(home.parent),
    }


def run(commands: Sequence[str], home: Path, environment: dict[str, str]) -> list[str]:
    """Type commands into one shell; what each prints, its errors among it."""
    script = "exec 2>&1\n" + "".join(
        f"{command}\nstatus=$?; echo '{END}'; (exit $status)\n" for command in commands
    )
    done = subprocess.run(
        ["sh"], input=script, cwd=home, env=environment, capture_output=True, text=True, check=False
    )
    printed = done.stdout.split(f"{END}\n")[:-1]
    if len(printed) != len(commands):
        raise RuntimeError(f"the shell ended early:\n{done.stdout}\n{done.stderr}")
    return printed


def rewritten(text: str, printed: Sequence[str]) -> str:
    """README.md with what its first command and its sessions really print."""
    first, *rest = printed
    remaining = iter(rest)

    def session(block: re.Match[str]) -> str:
        typed = parsed(block[1])
        lines = [f"{as_typed(each.command)}\n{next(remaining)}" for each in typed]
        return "```console\n" + "".join(lines) + "```"

    text = _block("text").sub(lambda _: f"```text\n{first}```", text)
    return _block("console").sub(session, text)


def as_typed(command: str) -> str:
    """A command as a terminal shows it."""
    first, *others = command.split("\n")
    return "\n".join([f"$ {first}", *(f"> {line}".rstrip() for line in others)])


def main() -> None:
    """Run README.md's sessions; write what they print into it where that is asked for."""
    arguments = argparse.ArgumentParser(description="Run the sessions that README.md shows.")
    arguments.add_argument("--write", action="store_true", help="write the results into README.md")
    write = arguments.parse_args().write
    text = README.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "muniment"
        home.mkdir()
        environment = prepare(home)
        commands = [main_commands(text)[0], *(each.command for each in sessions(text))]
        result = rewritten(text, run(commands, home, environment))
    if write:
        README.write_text(result, "utf-8")
    else:
        sys.stdout.write(result)


if __name__ == "__main__":
    main()
