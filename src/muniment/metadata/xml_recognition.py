"""Which format and version a parsed document is, and what to say where that is not plain."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from muniment.metadata.xml_copies import Standing
from muniment.metadata.xml_formats import (
    FORMATS,
    QUALIFIED_DC,
    QUALIFIED_DC_FORMAT,
    XSI,
    XmlFormat,
    XmlKind,
    claimed_version,
    format_by_local_name,
    format_of,
    is_qualified_dc,
    located_version,
    split_name,
)
from muniment.model.findings import Finding
from muniment.model.rules import xml as rules

if TYPE_CHECKING:
    from muniment.metadata.xml_places import Places


_DUBLIN_CORE_NAMES = frozenset(
    {
        "contributor",
        "coverage",
        "creator",
        "date",
        "description",
        "format",
        "identifier",
        "language",
        "publisher",
        "relation",
        "rights",
        "source",
        "subject",
        "title",
        "type",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recognised:
    """What a document is taken for. `kind` is None where it is like no known format.

    `root` is the record to judge: a copy in the right namespace where the file has a wrong one.
    """

    root: etree._Element
    kind: XmlKind | None
    findings: tuple[Finding, ...] = ()


def recognise(root: etree._Element, places: Places) -> Recognised:
    """Tell the format by the root's name and namespace, and the version by what it names."""
    known = format_of(root)
    if known is not None:
        return _with_version(root, known, (), places)
    if is_qualified_dc(root):
        return Recognised(root=_as_qualified_dc(root), kind=XmlKind(format=QUALIFIED_DC_FORMAT))
    meant = format_by_local_name(root)
    if meant is None:
        return Recognised(root=root, kind=None, findings=(_unknown(root, places),))
    findings = (_wrong_namespace(root, meant, places),)
    return _with_version(_moved(root, meant), meant, findings, places)


def _with_version(
    root: etree._Element, known: XmlFormat, findings: tuple[Finding, ...], places: Places
) -> Recognised:
    """The version in schemaLocation holds, else the one in `@version`, else the newest."""
    if not known.versions:
        return Recognised(root=root, kind=XmlKind(format=known), findings=findings)
    located, claimed = located_version(root), claimed_version(root)
    if located is not None and located not in known.versions:
        findings = (*findings, _unknown_version(root, located, known, places))
    named = located or claimed
    version = named if named in known.versions else known.versions[-1]
    return Recognised(root=root, kind=XmlKind(format=known, version=version), findings=findings)


def _unknown_version(root: etree._Element, named: str, known: XmlFormat, places: Places) -> Finding:
    oldest, newest = known.versions[0], known.versions[-1]
    message = (
        f"`xsi:schemaLocation` names {known.title} {named}, which is not known (known are {oldest}"
        f" to {newest}); the record is judged as {newest}."
    )
    return Finding(
        rule=rules.VERSION_UNKNOWN,
        message=message,
        location=places.location(Standing(element=root, order=0), f"{{{XSI}}}schemaLocation"),
        evidence={"expected": known.versions, "actual": named},
    )


def _unknown(root: etree._Element, places: Places) -> Finding:
    namespace, local = split_name(root.tag)
    standing = f"in the namespace {namespace}" if namespace else "in no namespace"
    known = [(f"{{{f.namespace}}}{name}", name, f.title) for f in FORMATS for name in f.roots]
    listed = ", ".join(f"`{name}` ({title})" for _, name, title in known)
    message = (
        f"The root element is `{local}` {standing}; formats that are known begin with {listed},"
        " or hold elements of Dublin Core (dc: or dcterms:)."
    )
    return Finding(
        rule=rules.FORMAT_UNKNOWN,
        message=message,
        location=places.location(Standing(element=root, order=0)),
        evidence={"expected": [name for name, _, _ in known], "actual": root.tag},
    )


def _wrong_namespace(root: etree._Element, meant: XmlFormat, places: Places) -> Finding:
    namespace, local = split_name(root.tag)
    standing = f"in the namespace {namespace}" if namespace else "in no namespace"
    right = meant.namespace or "none"
    return Finding(
        rule=rules.NAMESPACE_WRONG,
        message=f"`{local}` stands {standing}; as {meant.title} it belongs in {right}.",
        location=places.location(Standing(element=root, order=0)),
        evidence={"expected": meant.namespace, "actual": namespace},
    )


def _moved(root: etree._Element, meant: XmlFormat) -> etree._Element:
    """A copy in the right namespace; its elements follow that were in the root's wrong one."""
    wrong = split_name(root.tag)[0]
    copy = deepcopy(root)
    for element in copy.iter(etree.Element):
        namespace, local = split_name(element.tag)
        if namespace == wrong:
            element.tag = _named(meant.content_namespace, local)
    copy.tag = _named(meant.namespace, split_name(root.tag)[1])
    return copy


def _as_qualified_dc(root: etree._Element) -> etree._Element:
    """A copy with the root that our schema has, and a stand-in for what is not Dublin Core.

    A child in no namespace, or in one like Dublin Core's, stays as it is, to be judged.
    """
    copy = deepcopy(root)
    copy.tag = f"{{{QUALIFIED_DC}}}record"
    copy.attrib.clear()
    for child in copy.iterchildren(etree.Element):
        namespace, local = split_name(child.tag)
        is_near = namespace is None and local.lower() in _DUBLIN_CORE_NAMES
        if not is_near and "purl.org/dc" not in (namespace or "").lower():
            child.tag = f"{{{QUALIFIED_DC}}}foreign"
    return copy


def _named(namespace: str, local: str) -> str:
    return f"{{{namespace}}}{local}" if namespace else local
