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
PREMIS = "http://www.loc.gov/premis/v3"
QUALIFIED_DC = "urn:muniment:qualifieddc"
NO_NAMESPACE = ""
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SRU_DC = frozenset({"info:srw/schema/1/dc-schema", "info:srw/schema/1/dc-v1.1"})
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES = {
    MODS: "mods",
    OAI_DC: "oai_dc",
    DC: "dc",
    DCTERMS: "dcterms",
    PREMIS: "premis",
    XLINK: "xlink",
    XML: "xml",
    XSI: "xsi",
}
"""The prefix that people expect for a namespace, whatever prefix a document declares."""

UNDECLARED = "urn:muniment:undeclared:"
"""Begins the stand-in for a namespace whose prefix a file does not declare; the prefix ends it."""

MODS_VERSIONS = ("3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8")


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFormat:
    """A format that can be judged: the elements that may be its root, and its versions.

    `content_namespace` is that of the elements within the root. `elsewhere` are namespaces in
    which a root of this name begins another format, not this one misplaced.
    """

    name: str
    title: str
    namespace: str
    content_namespace: str
    roots: tuple[str, ...]
    versions: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


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
    XmlFormat(
        name="premis",
        title="PREMIS",
        namespace=PREMIS,
        content_namespace=PREMIS,
        roots=("premis",),
        versions=("3.0",),
        elsewhere=("info:lc/xmlns/premis-v2", "http://www.loc.gov/standards/premis/v1"),
    ),
    XmlFormat(
        name="dspace",
        title="DSpace dublin_core",
        namespace=NO_NAMESPACE,
        content_namespace=NO_NAMESPACE,
        roots=("dublin_core",),
    ),
)

QUALIFIED_DC_FORMAT = XmlFormat(
    name="qualifieddc",
    title="qualified Dublin Core",
    namespace=QUALIFIED_DC,
    content_namespace=DCTERMS,
    roots=("record",),
)
"""Known by what the root holds: it may have any name. See `schemas/qualifieddc.xsd`."""


def split_name(name: str) -> tuple[str | None, str]:
    """Take `{namespace}local` apart; no namespace is None."""
    namespace, brace, local = name.rpartition("}")
    return (namespace[1:] if brace else None), local


def format_of(root: etree._Element) -> XmlFormat | None:
    """The format whose root this is, by namespace and name; None if there is none."""
    namespace, local = split_name(root.tag)
    return next((f for f in FORMATS if f.namespace == (namespace or "") and local in f.roots), None)


def format_by_local_name(root: etree._Element) -> XmlFormat | None:
    """The format that a root was probably meant to begin, whatever its namespace."""
    namespace, local = split_name(root.tag)
    return next((f for f in FORMATS if local in f.roots and namespace not in f.elsewhere), None)


def is_qualified_dc(root: etree._Element) -> bool:
    """Whether a root of any name holds elements of Dublin Core, in XML and not in RDF.

    A root named `dc` needs those of dcterms, or is that of SRU; else it is an oai_dc record
    misplaced.
    """
    if any(name.startswith(f"{{{_RDF}}}") for name in map(str, root.attrib)):
        return False
    namespace, local = split_name(root.tag)
    namespaces = {split_name(child.tag)[0] for child in root.iterchildren("*")}
    return DCTERMS in namespaces or (DC in namespaces and (local != "dc" or namespace in _SRU_DC))


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
