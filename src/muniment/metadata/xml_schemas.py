"""The schemas that XML is judged by: found, pruned to a version, compiled once in a process.

The house schemas are package data (`muniment.schemas`); imports are answered from there alone,
never from the network or from elsewhere on the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from lxml import etree

from muniment.metadata.xml_formats import XmlKind
from muniment.model.errors import EnvironmentFault

XS = "{http://www.w3.org/2001/XMLSchema}"
VERSIONS = "{urn:muniment:versions}"


_HOUSE_FILES = {
    "oai_dc": "oai_dc.xsd",
    "qualifieddc": "qualifieddc.xsd",
    "premis": "premis-3.0.xsd",
    "dspace": "dublin_core.xsd",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgingSchema:
    """A schema ready to judge by.

    `documents` are its sources after pruning, by file name, the main one first.
    """

    kind: XmlKind
    validator: etree.XMLSchema
    documents: Mapping[str, etree._Element]


class SchemaSource(Protocol):
    """Where schemas come from: the house, or a folder of a user's own."""

    def schema(self, kind: XmlKind) -> JudgingSchema | None:
        """The schema for a format and version, or None where this source has none."""


class HouseSchemas:
    """The project's own statement of the standards, shipped with it."""

    def schema(self, kind: XmlKind) -> JudgingSchema | None:
        """The house schema for `kind`; every one is compiled once in a process."""
        return _house_schema(kind)


HOUSE = HouseSchemas()


@cache
def _house_schema(kind: XmlKind) -> JudgingSchema | None:
    name = _house_file(kind)
    return None if name is None else compile_schema(kind, name, read_house_file)


def _house_file(kind: XmlKind) -> str | None:
    if kind.format.name == "mods":
        return "mods-3.0-3.3.xsd" if (kind.version or "") <= "3.3" else "mods-3.4-3.8.xsd"
    return _HOUSE_FILES.get(kind.format.name)


def read_house_file(name: str) -> bytes:
    """A file of the package `muniment.schemas`; `OSError` if there is none of that name."""
    return files("muniment.schemas").joinpath(name).read_bytes()


class ReadFile(Protocol):
    """Gives the bytes of a schema file by its name."""

    def __call__(self, name: str) -> bytes:
        """The bytes of the file; `OSError` if there is none."""


def compile_schema(kind: XmlKind, name: str, read: ReadFile) -> JudgingSchema:
    """Read a schema and what it imports, prune all to the version of `kind`, and compile.

    Raises `EnvironmentFault` if a file is missing or is not a schema that libxml2 understands.
    """
    try:
        sources = _read_with_imports(name, read, kind.version)
        main = etree.fromstring(sources[name], _parser(sources), base_url=name)
        validator = etree.XMLSchema(main)
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise EnvironmentFault(f"the schema {name} cannot be used: {error}") from error
    documents = {
        current: etree.fromstring(source, _parser(sources)) for current, source in sources.items()
    }
    return JudgingSchema(kind=kind, validator=validator, documents=documents)


def _read_with_imports(name: str, read: ReadFile, version: str | None) -> dict[str, bytes]:
    """The schema and all that it imports or includes, pruned, by file name."""
    sources: dict[str, bytes] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current in sources:
            continue
        root = etree.fromstring(read(current), _parser({}))
        if version is not None:
            prune(root, version)
        for reference in root.iter(f"{XS}import", f"{XS}include"):
            name_there = _file_name(reference)
            reference.set("schemaLocation", name_there)
            waiting.append(name_there)
        sources[current] = etree.tostring(root)
    return sources


def _file_name(reference: etree._Element) -> str:
    """The name by which an import is looked up; the two files named xml.xsd are told apart."""
    location = reference.get("schemaLocation", "")
    is_of_2001 = location.endswith("/2001/03/xml.xsd")
    return "xml-2001-03.xsd" if is_of_2001 else location.rpartition("/")[2]


def _parser(sources: dict[str, bytes]) -> etree.XMLParser:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    parser.resolvers.add(_ClosedResolver(sources))
    return parser


class _ClosedResolver(etree.Resolver):
    """Answers imports from what was read, and nothing else."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        self._sources = sources

    def resolve(  # type: ignore[override] # the stubs leave the context out
        self, system_url: str, public_id: str, context: object
    ) -> object:
        """The source whose file name the address ends with; `OSError` for any other."""
        del public_id
        name = system_url.rpartition("/")[2]
        if name not in self._sources:
            raise FileNotFoundError(f"nothing may be loaded from {system_url}")
        return self.resolve_string(self._sources[name], context, base_url=name)


def prune(schema: etree._Element, version: str) -> None:
    """Leave in a house schema what holds in one version; see the head of `mods-3.4-3.8.xsd`.

    Versions compare as text, which is right as long as none has two digits in a place.
    """
    for node in list(schema.iter(etree.Element)):
        if (
            not node.get(f"{VERSIONS}since", version)
            <= version
            <= node.get(f"{VERSIONS}until", version)
        ):
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
        else:
            _settle_attributes(node, version)


def _settle_attributes(node: etree._Element, version: str) -> None:
    """Give attributes the value of this version and drop what only guided the pruning."""
    guides = sorted(name for name in map(str, node.attrib) if name.startswith(VERSIONS))
    settled: set[str] = set()
    for guide in guides:
        attribute, _, until = guide.removeprefix(VERSIONS).partition("-until-")
        value = node.attrib.pop(guide)
        if until >= version and attribute not in settled:
            node.set(attribute, value)
            settled.add(attribute)
