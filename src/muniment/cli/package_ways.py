"""The ways to package: which files, in how many bags, and whether they are moved or copied."""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from muniment.cli.arguments import PATH
from muniment.cli.sizes import size_in_bytes

if TYPE_CHECKING:
    from muniment.bags.source_lists import SourceList
    from muniment.workflow import PackageRequest

Result = TypeVar("Result")

_STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What the options of this module say."""

    files_from: tuple[Path, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    exclude_system_files: bool
    symlinks: str
    empty_folders: str
    allow_nested_bags: bool
    split: int | None
    in_place: bool
    resume: bool
    undo: bool


def with_ways(request: PackageRequest, ways: Ways) -> PackageRequest:
    """The request with what the options say. Raises EnvironmentFault where a list is not read."""
    from muniment.bags.source_links import LinkPolicy
    from muniment.bags.sources import EmptyFolderPolicy

    return dataclasses.replace(
        request,
        lists=tuple(map(_read, ways.files_from)),
        include=ways.include,
        exclude=ways.exclude,
        exclude_system_files=ways.exclude_system_files,
        symlinks=LinkPolicy(ways.symlinks),
        empty_folders=EmptyFolderPolicy(ways.empty_folders),
        allow_nested_bags=ways.allow_nested_bags,
        split=ways.split,
    )


def _read(path: Path) -> SourceList:
    from muniment.bags.source_lists import SourceList, read_source_list

    if path == _STANDARD_INPUT:
        return SourceList(base=Path(), data=sys.stdin.buffer.read())
    return read_source_list(path)


_OPTIONS = (
    click.option(
        "--files-from",
        multiple=True,
        type=PATH,
        metavar="FILE",
        help="Package what this list names, line by line, or parted by NULs; - is standard input. "
        "Paths start from the list's folder (- from this folder) and are kept below data/.",
    ),
    click.option(
        "--include",
        multiple=True,
        metavar="PATTERN",
        help="Package only what matches, by a pattern as in .gitignore for paths below data/; may "
        "be repeated.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Leave out what matches: '*.tmp' or 'cache/' at any depth, '/drafts/' at the top. May "
        "be repeated; what is left out is counted and told.",
    ),
    click.option(
        "--exclude-system-files",
        is_flag=True,
        help="Leave out what operating systems make: Thumbs.db, .DS_Store, ._* and the like.",
    ),
    click.option(
        "--symlinks",
        type=click.Choice(["refuse", "follow", "skip"]),
        default="refuse",
        help="Symbolic links: refuse them (the default), package what they lead to within the "
        "sources, or leave them out.",
    ),
    click.option(
        "--empty-folders",
        type=click.Choice(["warn", "keep"]),
        default="warn",
        help="Empty folders, which a bag cannot hold: warn of them (the default), or keep each by "
        "a file .keep of no bytes.",
    ),
    click.option(
        "--allow-nested-bags", is_flag=True, help="Accept a bag among what is to be packaged."
    ),
    click.option(
        "--split",
        callback=size_in_bytes,
        metavar="SIZE",
        help="Make several bags, NAME-1of3 and so on, each with at most so much payload: 4.7GB, "
        "500MiB. A rerun keeps those that are there and verify.",
    ),
    click.option(
        "--in-place",
        is_flag=True,
        help="Turn the one SOURCE, a folder, into a bag where it lies: its files are moved into "
        "data/, not copied. Without --output.",
    ),
    click.option(
        "--resume",
        is_flag=True,
        help="Finish an --in-place packaging that was interrupted: the same command, and --resume.",
    ),
    click.option(
        "--undo",
        is_flag=True,
        help="Put everything back that an interrupted --in-place packaging has moved.",
    ),
)


def ways(command: Callable[..., Result]) -> Callable[..., Result]:
    """Give a click command the options of this module, as one argument `ways`."""

    @functools.wraps(command)
    def bundled(**arguments: Any) -> Result:  # noqa: ANN401 - click's arguments
        own = {each.name: arguments.pop(each.name) for each in dataclasses.fields(Ways)}
        return command(ways=Ways(**own), **arguments)

    wrapped: Callable[..., Result] = bundled
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
