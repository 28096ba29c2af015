"""A folder of a user's own schemas, such as the official files, to judge by in place of ours."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from lxml import etree

from muniment.metadata.xml_formats import QUALIFIED_DC_FORMAT, XmlKind
from muniment.metadata.xml_schemas import XS, JudgingSchema, compile_schema, read_house_file
from muniment.model.errors import EnvironmentFault, UsageError

_SEVERAL = 2
_DCTERMS_FILE = "dcterms.xsd"
_STAND_IN_FILE = "qualifieddc.xsd"


class SchemaFolder:
    """The schemas (`*.xsd`) that lie in one folder, told apart by their target namespace.

    Which version of MODS a file is, its name says (`mods-3-7.xsd`), else the highest number that it
    allows in `@version`. A format or version that the folder does not hold is not judged. What a
    schema imports is read from the folder by its file name; only where it lacks there, ours is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compiled: dict[XmlKind, JudgingSchema | None] = {}
        if not self._files:
            raise UsageError(f"there is no schema (*.xsd) in {folder}")

    def schema(self, kind: XmlKind) -> JudgingSchema | None:
        """The folder's schema for `kind`, compiled once; None where the folder has none."""
        if kind not in self._compiled:
            name = self._name(kind)
            self._compiled[kind] = compile_schema(kind, name, self._read) if name else None
        return self._compiled[kind]

    def _name(self, kind: XmlKind) -> str | None:
        if kind.format is QUALIFIED_DC_FORMAT:
            return _STAND_IN_FILE if (self._folder / _DCTERMS_FILE).is_file() else None
        return next((name for name in self._files if self._is_of(name, kind)), None)

    def _is_of(self, name: str, kind: XmlKind) -> bool:
        namespace, version = self._files[name]
        is_of_version = len(kind.format.versions) < _SEVERAL or version == kind.version
        return namespace == kind.format.namespace and is_of_version

    @cached_property
    def _files(self) -> dict[str, tuple[str, str | None]]:
        """The namespace and version of each schema, by file name."""
        try:
            paths = sorted(self._folder.glob("*.xsd"))
            roots = {path.name: _parse(path) for path in paths}
        except (OSError, etree.XMLSyntaxError) as error:
            reason = f"the schemas in {self._folder} cannot be read: {error}"
            raise EnvironmentFault(reason) from error
        return {
            name: (root.get("targetNamespace", ""), _version(name, root))
            for name, root in roots.items()
        }

    def _read(self, name: str) -> bytes:
        path = self._folder / name
        return path.read_bytes() if path.is_file() else read_house_file(name)


def _parse(path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(path.read_bytes(), parser)


def _version(name: str, root: etree._Element) -> str | None:
    """The version that a schema is of; None where its format has none."""
    named = re.search(r"(\d+)[-.](\d+)\.xsd$", name)
    if named:
        return f"{named[1]}.{named[2]}"
    values = [
        value.get("value", "")
        for attribute in root.iter(f"{XS}attribute")
        if attribute.get("name") == "version"
        for value in attribute.iter(f"{XS}enumeration")
    ]
    return max(values, default=None)
