"""How findings about XML are put: their place in a file, and names as people write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from muniment.metadata.xml_encodings import read_encoding
from muniment.metadata.xml_formats import PREFIXES, UNDECLARED, split_name
from muniment.model.findings import Finding, JsonValue, Location, Rule

if TYPE_CHECKING:
    from lxml import etree


def file_finding(
    rule: Rule,
    message: str,
    path: str | None,
    line: int | None = None,
    column: int | None = None,
    **evidence: JsonValue,
) -> Finding:
    """A finding about a place in a file that is known by line and column alone."""
    location = Location(path=path, line=line, column=column)
    return Finding(rule=rule, message=message, location=location, evidence=evidence)


def lines_of(data: bytes) -> list[str]:
    """The lines of a file, decoded as far as it goes, for excerpts."""
    encoding = read_encoding(data)
    used = encoding.used if encoding.is_known else "UTF-8"
    return data.decode(used, errors="replace").split("\n")


def line_of(node: etree._Element) -> int | None:
    """The line that libxml2 keeps for a node: right up to line 65535."""
    return cast("int | None", node.sourceline)  # the stubs leave its type open


def plain_name(name: str, home: str | None = None) -> str:
    """A name without braces: `title` in the namespace `home`, else with the usual prefix.

    A namespace without a usual prefix is spelt out: `title (namespace http://...)`.
    """
    namespace, local = split_name(name)
    if namespace is None or namespace == home:
        return local
    prefix = PREFIXES.get(namespace)
    if namespace.startswith(UNDECLARED):
        prefix = unquote(namespace.removeprefix(UNDECLARED))
    return f"{prefix}:{local}" if prefix else f"{local} (namespace {namespace})"


def quoted(names: Iterable[str], home: str | None = None, last: str = "or") -> str:
    """Names for a sentence: `` `title`, `subTitle` or `partName` ``."""
    words = [f"`{plain_name(name, home)}`" for name in names]
    if len(words) < 2:  # noqa: PLR2004 - one name needs no "or"
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
