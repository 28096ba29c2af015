"""The PREMIS 3.0 document of a bag that is updated: new events beside those that stand there.

What stands in the document stays. Only where it describes the payload by the digests of its payload
manifests, as this library does, those become the ones that the bag now has.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

from muniment.metadata.premis import PREMIS, Packaging, premis_xml
from muniment.metadata.xml_building import XSI, Element
from muniment.metadata.xml_editing import document_bytes, editable_root, insert

_MANIFEST = "payload manifest"
_TYPE = f"{{{XSI}}}type"


def can_be_amended(document: bytes) -> bool:
    """Whether a document is well formed, declares no document type, and is PREMIS 3."""
    return _premis_root(document) is not None


def amended_premis(document: bytes, packaging: Packaging) -> bytes:
    """The document with the events and agents of a packaging added.

    Raises ValueError where it cannot be added to, and as `premis_xml` does.
    """
    root, fresh = _premis_root(document), _premis_root(premis_xml(packaging))
    if root is None or fresh is None:
        raise ValueError("this is no PREMIS 3 document")
    events = _children(fresh, "event")
    for event in events:
        _link(event, _linked_objects(root))
    representation, renewed = _representation(root), _representation(fresh)
    if representation is not None and renewed is not None:
        _renew_manifests(representation, renewed)
    insert(root, _end_of(root, ("object", "event")), events)
    known = {_identifier(each, "agentIdentifier") for each in _children(root, "agent")}
    agents = _children(fresh, "agent")
    new = [each for each in agents if _identifier(each, "agentIdentifier") not in known]
    insert(root, _end_of(root, ("object", "event", "agent")), new)
    return document_bytes(root)


def _premis_root(document: bytes) -> Element | None:
    root = editable_root(document)
    if root is None or root.tag != _name("premis") or not _children(root, "object"):
        return None
    return root if root.get("version", "").startswith("3") else None


def _name(local: str) -> str:
    return f"{{{PREMIS}}}{local}"


def _children(parent: Element, local: str) -> list[Element]:
    return list(parent.iterchildren(_name(local)))


def _end_of(root: Element, names: Sequence[str]) -> int:
    """The position behind the last child of these names."""
    tags = {_name(local) for local in names}
    return max(place for place, child in enumerate(root, 1) if child.tag in tags)


def _of_kind(root: Element, kind: str) -> list[Element]:
    """The objects that are `premis:file`, `premis:representation` and so on."""
    objects = _children(root, "object")
    return [each for each in objects if each.get(_TYPE, "").rpartition(":")[2] == kind]


def _representation(root: Element) -> Element | None:
    """The one object that is a representation; None where there are several or none."""
    found = _of_kind(root, "representation")
    return found[0] if len(found) == 1 else None


def _linked_objects(root: Element) -> list[tuple[str, str]]:
    """What an event of the whole payload is linked to: its files where they stand there.

    Else the representation, where there is one and only one; else nothing.
    """
    representation = _representation(root)
    objects = _of_kind(root, "file") or ([] if representation is None else [representation])
    identifiers = (_identifier(each, "objectIdentifier") for each in objects)
    return [each for each in identifiers if each is not None]


def _identifier(element: Element, stem: str) -> tuple[str, str] | None:
    """The type and value of an object's or agent's first identifier."""
    identifier = element.find(_name(stem))
    if identifier is None:
        return None
    kind = identifier.findtext(_name(f"{stem}Type"), "")
    return kind.strip(), identifier.findtext(_name(f"{stem}Value"), "").strip()


def _link(event: Element, objects: Sequence[tuple[str, str]]) -> None:
    """Link an event to objects, in place of those that it is linked to."""
    links = _children(event, "linkingObjectIdentifier")
    for link in links:
        event.remove(link)
    for identifier in objects:
        link = copy.deepcopy(links[0])
        for child, text in zip(link, identifier, strict=True):
            child.text = text
        event.append(link)


def _renew_manifests(old: Element, new: Element) -> None:
    """Put the payload manifests in the place of those that the document has, if it has any."""
    stale = _manifest_properties(old)
    fresh = _manifest_properties(new)
    if not stale or list(map(_digest_text, stale)) == list(map(_digest_text, fresh)):
        return
    place = old.index(stale[0])
    tail = stale[-1].tail
    for each in stale:
        old.remove(each)
    for offset, each in enumerate(fresh):
        each.tail = stale[0].tail if offset + 1 < len(fresh) else tail
        old.insert(place + offset, each)


def _manifest_properties(representation: Element) -> list[Element]:
    return [
        each
        for each in _children(representation, "significantProperties")
        if each.findtext(_name("significantPropertiesType")) == _MANIFEST
    ]


def _digest_text(manifest: Element) -> list[str]:
    return [text.strip() for text in manifest.itertext() if isinstance(text, str) and text.strip()]
