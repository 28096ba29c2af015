"""The table of one-defect bags, requirement by requirement of RFC 8493, and how a row is entered.

A row says which section it belongs to, what is asked there, and everything that is to be found in a
bag of 1.0 (`strict`) and of 0.93 to 0.97 (`older`); `always` is both. No findings: the bag is
right. Expected are all warnings and errors, exactly; infos only where they are the point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bagbuilder import VERSIONS, Bag
from bagcheck import Found

Builder = Callable[[str], Bag]
NOTHING: Sequence[Found] = ()
INFO = "<bag-info.txt>"  # package-info.txt up to 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A bag of one version, and everything that is to be found in it."""

    name: str
    section: str
    asks: str
    version: str
    build: Builder
    expected: tuple[Found, ...]

    @property
    def id(self) -> str:
        """What a test calls it."""
        return f"{self.section}: {self.name} [{self.version}]"

    def bag(self) -> Bag:
        """Build it."""
        return self.build(self.version)


CASES: list[Case] = []


def enter(
    name: str,
    section: str,
    asks: str,
    build: Builder,
    *,
    strict: Sequence[Found] | None = None,
    older: Sequence[Found] | None = None,
    always: Sequence[Found] | None = None,
) -> None:
    """Enter a row into the table, for the versions that it concerns."""
    for version in VERSIONS:
        expected = strict if version == "1.0" else older
        expected = always if expected is None else expected
        if expected is not None:
            found = tuple(_of_version(one, version) for one in expected)
            CASES.append(
                Case(
                    name=name,
                    section=section,
                    asks=asks,
                    version=version,
                    build=build,
                    expected=found,
                )
            )


def _of_version(found: Found, version: str) -> Found:
    return found._replace(path=Bag(version=version).info_path) if found.path == INFO else found


def case(
    section: str,
    asks: str,
    *,
    strict: Sequence[Found] | None = None,
    older: Sequence[Found] | None = None,
    always: Sequence[Found] | None = None,
) -> Callable[[Builder], Builder]:
    """Enter the function that builds a bag; its name is the row's."""

    def decorate(build: Builder) -> Builder:
        name = build.__name__.strip("_").replace("_", " ")
        enter(name, section, asks, build, strict=strict, older=older, always=always)
        return build

    return decorate


def case_named(name: str, version: str = "1.0") -> Case:
    """One row by its name."""
    return next(each for each in CASES if (each.name, each.version) == (name, version))
