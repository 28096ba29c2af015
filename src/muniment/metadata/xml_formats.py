"""What an XML document is: its format, by the name and namespace of its root, and its version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

MODS = "http://www.loc.gov/mods/v3"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES = {
    MODS: "mods",
    OAI_DC: "oai_dc",
    DC: "dc",
    DCTERMS: "dcterms",
    XLINK: "xlink",
    XML: "xml",
    XSI: "xsi",
}
"""The prefix that people expect for a namespace, whatever prefix a document declares."""

MODS_VERSIONS = ("3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8")


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFormat:
    """A format that can be judged: the elements that may be its root, and its versions.

    `content_namespace` is that of the elements within the root.
    """

    name: str
    title: str
    namespace: str
    content_namespace: str
    roots: tuple[str, ...]
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlKind:
    """A format in one version: what a schema is chosen by. `version` is None where none exist."""

    format: XmlFormat
    version: str | None = None

    @property
    def title(self) -> str:
        """The name for a person: `MODS 3.8`, `oai_dc`."""
        return " ".join(filter(None, (self.format.title, self.version)))


FORMATS = (
    XmlFormat(
        name="mods",
        title="MODS",
        namespace=MODS,
        content_namespace=MODS,
        roots=("mods", "modsCollection"),
        versions=MODS_VERSIONS,
    ),
    XmlFormat(name="oai_dc", title="oai_dc", namespace=OAI_DC, content_namespace=DC, roots=("dc",)),
)


def split_name(name: str) -> tuple[str | None, str]:
    """Take `{namespace}local` apart; no namespace is None."""
    namespace, brace, local = name.rpartition("}")
    return (namespace[1:] if brace else None), local


def format_of(root: etree._Element) -> XmlFormat | None:
    """The format whose root this is, by namespace and name; None if there is none."""
    namespace, local = split_name(root.tag)
    return next((f for f in FORMATS if f.namespace == namespace and local in f.roots), None)


def format_by_local_name(local: str) -> XmlFormat | None:
    """The format with a root of this name, whatever the namespace: for a better message."""
    return next((f for f in FORMATS if local in f.roots), None)


def claimed_version(root: etree._Element) -> str | None:
    """The number in a record's or collection's `@version`; of a collection, its first record's."""
    if split_name(root.tag)[1] == "modsCollection":
        root = next(iter(root), root)
    return root.get("version")


def located_version(root: etree._Element) -> str | None:
    """The version in the file name that schemaLocation gives for MODS: `mods-3-7.xsd`."""
    words = root.get(f"{{{XSI}}}schemaLocation", "").split()
    for namespace, address in zip(words[::2], words[1::2], strict=False):
        found = re.search(r"mods-(\d+)-(\d+)[^/]*$", address)
        if namespace == MODS and found:
            return f"{found[1]}.{found[2]}"
    return None
