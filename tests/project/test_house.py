"""The form of the project: what its pages say of the house is so."""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import muniment

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "muniment"
MODULES = sorted(SOURCES.rglob("*.py"))
LONGEST_FUNCTION = 60
LONGEST_AT_NINTH_DECILE = 27
MEDIAN = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(module: Path) -> str:
    """A module's place below src/, for test ids and messages."""
    return module.relative_to(SOURCES).as_posix()


@functools.cache
def tree_of(module: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(module.read_bytes())


@functools.cache
def tracked() -> tuple[Path, ...]:
    """The files that Git keeps here; where there is no Git, all but what tools leave behind."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        line = ["git", "-C", str(ROOT), "-c", "safe.directory=*", "ls-files", "-z"]
        told = subprocess.run(line, capture_output=True, check=True).stdout.decode().split("\0")
        return tuple(path for name in told if name and (path := ROOT / name).is_file())
    left = re.compile(r"\.venv|out|build|dist|__pycache__|.*_cache|\.hypothesis|.*\.egg-info")
    return tuple(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not any(map(left.fullmatch, path.relative_to(ROOT).parts))
    )


def test_the_top_level_is_as_designed() -> None:
    """A new thing at the top level is a decision, not an accident."""
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert top == {
        ".ci",
        ".gitattributes",
        ".gitignore",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "README.md",
        "bags",
        "pyproject.toml",
        "schemas",
        "src",
        "tests",
    }


def test_every_package_is_listed_and_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = settings["tool"]["setuptools"]["packages"]
    found = [
        ".".join(init.parent.relative_to(ROOT / "src").parts)
        for init in SOURCES.rglob("__init__.py")
    ]
    assert sorted(listed) == sorted([*found, "muniment.schemas"])


def test_every_schema_is_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]["muniment.schemas"]
    shipped = {path for pattern in patterns for path in (ROOT / "schemas").glob(pattern)}
    all_files = {p for p in (ROOT / "schemas").rglob("*") if p.is_file() and p.suffix != ".pyc"}
    assert all_files - shipped == {ROOT / "schemas" / "__init__.py"}


def test_the_version_is_the_same_everywhere() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["project"]["version"] == muniment.__version__
    assert f"## {muniment.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_what_is_public_says_what_it_is_for() -> None:
    silent = []
    for module in MODULES:
        tree = tree_of(module)
        silent += [] if ast.get_docstring(tree) else [name_of(module)]
        silent += [
            f"{name_of(module)}:{node.lineno}: {name}"
            for name, node in public_of(tree, "")
            if ast.get_docstring(node) is None
        ]
    assert silent == []


def public_of(
    parent: ast.Module | ast.ClassDef, prefix: str
) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """The public classes, functions and methods of a module or class, with their names."""
    for node in parent.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public_of(node, f"{prefix}{node.name}.")


def length(function: Function) -> int:
    """The lines of a function from its first statement on, and one for its name."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return 1 + (max(node.end_lineno or 0 for node in body) - body[0].lineno + 1 if body else 0)


def test_functions_are_short() -> None:
    lengths = sorted(
        (length(node), f"{name_of(module)}: {node.name}")
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, Function)
    )
    assert [entry for entry in lengths if entry[0] > LONGEST_FUNCTION] == []
    assert lengths[len(lengths) // 2][0] <= MEDIAN
    assert lengths[len(lengths) * 9 // 10][0] <= LONGEST_AT_NINTH_DECILE


def imports_of(module: Path) -> Iterator[str]:
    """The names of all modules that a module imports, wherever in it."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_what_is_imported_is_declared() -> None:
    """Test tools bring much along that is not there when only muniment is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {k: v for k, v in project["optional-dependencies"].items() if k != "test"}
    declared = [*project["dependencies"], *(line for lines in extras.values() for line in lines)]
    known = {re.split(r"[<>=;\[ ]", line)[0] for line in declared}
    homes = importlib.metadata.packages_distributions()  # some write their names in capitals
    undeclared = [
        f"{name_of(module)}: {name}"
        for module in MODULES
        for name in imports_of(module)
        if (top := name.split(".")[0]) not in {"muniment", *sys.stdlib_module_names}
        and not known.intersection(map(str.lower, homes.get(top, ())))
    ]
    assert undeclared == []


def test_only_the_xml_modules_of_metadata_import_lxml() -> None:
    """No pattern of the import contract can say `xml_*`; this is that line of it."""
    importers = [
        name_of(module)
        for module in MODULES
        if any(name.split(".")[0] == "lxml" for name in imports_of(module))
    ]
    assert [name for name in importers if not name.startswith("metadata/xml_")] == []


def test_the_model_is_standard_library_only_and_touches_nothing() -> None:
    touching = {"logging", "os", "pathlib", "random", "socket", "subprocess", "time", "urllib"}
    foreign = [
        f"{name_of(module)}: {name}"
        for module in MODULES
        if module.is_relative_to(SOURCES / "model")
        for name in imports_of(module)
        if not name.startswith("muniment.model")
        and (name.split(".")[0] not in sys.stdlib_module_names or name.split(".")[0] in touching)
    ]
    assert foreign == []


def test_only_the_command_line_prints_or_exits() -> None:
    words = {"print", "exit", "quit", "sys.exit", "sys.stdout.write", "click.echo", "SystemExit"}
    said = [
        f"{name_of(module)}:{node.lineno}: {ast.unparse(node.func)}"
        for module in MODULES
        if not module.is_relative_to(SOURCES / "cli")
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in words
    ]
    assert said == []


def test_no_two_test_modules_have_one_name() -> None:
    """The folders of tests are no packages: pytest would refuse the second."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


HEAVY = {
    "lxml",
    "jsonschema",
    "ruamel",
    "bagit",
    "rich",
    "multiprocessing",
    "concurrent",
    "hashlib",
}


def test_the_version_is_told_without_loading_what_is_heavy() -> None:
    program = (
        "import sys, atexit; atexit.register(lambda: print(*sorted(sys.modules)));"
        "sys.argv = ['muniment', '--version']; from muniment.cli import main; main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    version, modules = told.splitlines()
    assert version == f"muniment {muniment.__version__}"
    assert {name.split(".")[0] for name in modules.split()} & HEAVY == set()


def test_a_change_of_settings_is_explained() -> None:
    """Each dependency has its line of why."""
    text = (ROOT / "pyproject.toml").read_text()
    block = text.partition("\ndependencies = [\n")[2].partition("\n]\n")[0].splitlines()
    assert len(block) > 2
    for why, what in zip(block[::2], block[1::2], strict=True):
        assert why.strip().startswith("# "), why
        assert what.strip().startswith('"'), what


# Spelt apart, for this file is searched too.
WORKPLACES = [f"/{name}/" for name in ("work", "root", "farm", "tmp/brief")]


def test_no_path_of_a_workplace_is_in_the_repository() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), 1)
        if any(place in line for place in WORKPLACES)
    ]
    assert found == []
