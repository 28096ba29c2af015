"""What happened to a payload before its bag was sealed, as a PREMIS 3.0 document.

PREMIS gives fixity to files and bitstreams only. The payload is one representation; the digests
of its payload manifests, which cover every file of it, stand in significant properties. Only where
a receiver asks for it does each file stand as an object of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from muniment.metadata.addresses import is_uri
from muniment.metadata.record import Identifier
from muniment.metadata.xml_building import XSI, Builder, Element, to_bytes
from muniment.model.digests import Digest
from muniment.model.events import Agent, Event, Term

PREMIS = "http://www.loc.gov/premis/v3"
LOCATION = "https://www.loc.gov/standards/premis/premis.xsd"
_VOCABULARY = "http://id.loc.gov/vocabulary/preservation/"
_PREMIS = Builder(PREMIS, "premis")
_TYPE = f"{{{XSI}}}type"
# The name space of our UUIDs (RFC 9562 section 5.5), itself one.
_NAMESPACE = UUID("1b581c3b-1d48-59b7-93e9-a208dd4322c3")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# Labels of the vocabulary of hash functions; those with an address that we are certain of.
_HASH_LABELS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
_HASH_TERMS = {"md5", "sha1", "sha256", "sha512"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaging:
    """The making of one bag.

    `manifests` maps the name of each payload manifest to its digests; `payload_octets` and
    `payload_files` are the two numbers of Payload-Oxum, the first None where it is not known. The
    events happened to the payload, in their order. `date_supplied` says that the operator gave
    their date. `files` are the payload's paths where the receiver imports events file by file, as
    Archivematica does: the events are then linked to each file, not to the representation.
    """

    bag_name: str
    manifests: Mapping[str, Digest]
    payload_octets: int | None
    payload_files: int
    identifiers: tuple[Identifier, ...] = ()
    events: tuple[Event, ...] = ()
    date_supplied: bool = False
    files: tuple[str, ...] = ()


def program_agent(version: str) -> Agent:
    """This software as an agent; its identifier is a UUID of its name and version."""
    return Agent(
        identifier=_uuid("agent", "muniment", version),
        name="muniment",
        kind="software",
        version=version,
    )


def premis_xml(packaging: Packaging) -> bytes:
    """The making of a bag as a PREMIS 3.0 document: objects, events, agents.

    Identifiers are UUIDs of the content (version 5), so that the same packaging gives the same
    bytes. Raises ValueError where a text holds a character that XML cannot hold.
    """
    root = _PREMIS.root("premis", LOCATION, {"version": "3.0"})
    representation = _uuid("representation", *_manifest_lines(packaging))
    entity = [_object_identifier(one) for one in packaging.identifiers if not one.invalid]
    if entity:
        _entity(root, entity)
    _representation(root, packaging, representation, entity)
    files = {_uuid("file", representation, path): path for path in packaging.files}
    for identifier, path in files.items():
        _file(root, identifier, path)
    for event in packaging.events:
        own = ("UUID", _event_uuid(event, representation))
        element = event_element(root, event, own, date_supplied=packaging.date_supplied)
        for linked in files or [representation]:
            identifier_element(element, "linkingObjectIdentifier", "UUID", linked)
    for agent in _agents(packaging):
        agent_element(root, agent)
    return to_bytes(root)


def _uuid(*parts: str) -> str:
    return str(uuid5(_NAMESPACE, "\n".join(parts)))


def _manifest_lines(packaging: Packaging) -> list[str]:
    manifests = sorted(packaging.manifests.items())
    return [f"{name} {digest.algorithm} {digest.hex}" for name, digest in manifests]


def _object_identifier(identifier: Identifier) -> tuple[str, str]:
    return identifier.kind or _identifier_type(identifier.value), identifier.value


def _identifier_type(value: str) -> str:
    if _UUID.fullmatch(value):
        return "UUID"
    return "URI" if is_uri(value) else "local"


def identifier_element(parent: Element, stem: str, kind: str, value: str) -> Element:
    """`objectIdentifier` and its kin: a type and a value under names that begin alike."""
    element = _PREMIS.add(parent, stem)
    _PREMIS.add(element, f"{stem}Type", kind)
    _PREMIS.add(element, f"{stem}Value", value)
    return element


def _term(parent: Element, name: str, term: Term) -> None:
    attributes: dict[str, str | None] = {}
    if term.uri is not None:
        vocabulary = term.uri.rpartition("/")[0]
        attributes = {
            "authority": vocabulary.rpartition("/")[2],
            "authorityURI": vocabulary,
            "valueURI": term.uri,
        }
    _PREMIS.add(parent, name, term.label, attributes)


def _entity(root: Element, identifiers: list[tuple[str, str]]) -> None:
    """What the record describes, by the identifiers that the record gives."""
    element = _PREMIS.add(root, "object", None, {_TYPE: "premis:intellectualEntity"})
    for kind, value in identifiers:
        identifier_element(element, "objectIdentifier", kind, value)


def _representation(
    root: Element, packaging: Packaging, identifier: str, entity: list[tuple[str, str]]
) -> None:
    element = _PREMIS.add(root, "object", None, {_TYPE: "premis:representation"})
    identifier_element(element, "objectIdentifier", "UUID", identifier)
    if packaging.payload_octets is not None:
        property_element(element, "payload octets", str(packaging.payload_octets))
    property_element(element, "payload files", str(packaging.payload_files))
    for name, digest in sorted(packaging.manifests.items()):
        extension = _PREMIS.add(
            property_element(element, "payload manifest", name), "significantPropertiesExtension"
        )
        fixity_element(extension, digest)
    _PREMIS.add(element, "originalName", packaging.bag_name)
    if entity:
        relationship = _PREMIS.add(element, "relationship")
        _PREMIS.add(relationship, "relationshipType", "structural")
        _PREMIS.add(relationship, "relationshipSubType", "represents")
        identifier_element(relationship, "relatedObjectIdentifier", *entity[0])


def property_element(parent: Element, kind: str, value: str) -> Element:
    """A significant property of an object."""
    element = _PREMIS.add(parent, "significantProperties")
    _PREMIS.add(element, "significantPropertiesType", kind)
    _PREMIS.add(element, "significantPropertiesValue", value)
    return element


def fixity_element(parent: Element, digest: Digest) -> None:
    """A digest with its hash function in the vocabulary's words."""
    fixity = _PREMIS.add(parent, "fixity")
    name = digest.algorithm
    uri = f"{_VOCABULARY}cryptographicHashFunctions/{name}" if name in _HASH_TERMS else None
    label = _HASH_LABELS.get(name, name)
    _term(fixity, "messageDigestAlgorithm", Term(label=label, uri=uri))
    _PREMIS.add(fixity, "messageDigest", digest.hex)


def _file(root: Element, identifier: str, path: str) -> None:
    """A file by its path. PREMIS wants a format, and none was identified."""
    element = _PREMIS.add(root, "object", None, {_TYPE: "premis:file"})
    identifier_element(element, "objectIdentifier", "UUID", identifier)
    characteristics = _PREMIS.add(element, "objectCharacteristics")
    designation = _PREMIS.add(_PREMIS.add(characteristics, "format"), "formatDesignation")
    _PREMIS.add(designation, "formatName", "unknown")
    _PREMIS.add(element, "originalName", path)


def event_element(
    root: Element, event: Event, identifier: tuple[str, str], *, date_supplied: bool = False
) -> Element:
    """An event with the agents it links; what it happened to is to be linked yet."""
    element = _PREMIS.add(root, "event")
    identifier_element(element, "eventIdentifier", *identifier)
    _term(element, "eventType", event.type.term)
    _PREMIS.add(element, "eventDateTime", event.when)
    details = [event.detail, *(f"{key}: {value}" for key, value in event.extension.items())]
    if date_supplied:
        details.append("The operator supplied the date.")
    for detail in details:
        _PREMIS.add(_PREMIS.add(element, "eventDetailInformation"), "eventDetail", detail)
    _outcome(element, event)
    for agent, role in event.agents:
        kind = _identifier_type(agent.identifier)
        link = identifier_element(element, "linkingAgentIdentifier", kind, agent.identifier)
        _term(link, "linkingAgentRole", role)
    return element


def _event_uuid(event: Event, representation: str) -> str:
    extension = [f"{key}: {value}" for key, value in event.extension.items()]
    outcome = (event.outcome.name, event.outcome_note or "")
    agents = [agent.identifier for agent, _ in event.agents]
    return _uuid(
        "event",
        representation,
        event.type.name,
        event.when,
        event.detail,
        *outcome,
        *extension,
        *agents,
    )


def _outcome(parent: Element, event: Event) -> None:
    information = _PREMIS.add(parent, "eventOutcomeInformation")
    _term(information, "eventOutcome", event.outcome.term)
    if event.outcome_note is not None:
        detail = _PREMIS.add(information, "eventOutcomeDetail")
        _PREMIS.add(detail, "eventOutcomeDetailNote", event.outcome_note)


def _agents(packaging: Packaging) -> tuple[Agent, ...]:
    """Every agent of the events, once, in the order of its first event."""
    return tuple(dict.fromkeys(agent for event in packaging.events for agent, _ in event.agents))


def agent_element(root: Element, agent: Agent) -> Element:
    """An agent by its identifier, name, kind and version."""
    element = _PREMIS.add(root, "agent")
    kind = _identifier_type(agent.identifier)
    identifier_element(element, "agentIdentifier", kind, agent.identifier)
    _PREMIS.add(element, "agentName", agent.name)
    if agent.kind is not None:
        _PREMIS.add(element, "agentType", agent.kind)
    if agent.version is not None:
        _PREMIS.add(element, "agentVersion", agent.version)
    return element
