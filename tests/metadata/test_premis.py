"""PREMIS 3.0 of a packaging: what it says, and that it says the same each time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from letter import letters_record, said
from lxml import etree

from muniment.metadata.premis import Packaging, premis_xml, program_agent
from muniment.metadata.record import Identifier
from muniment.model.digests import Digest
from muniment.model.events import (
    EXECUTING_PROGRAM,
    IMPLEMENTER,
    Agent,
    Event,
    EventType,
    Outcome,
)

ARCHIVE = Agent(identifier="https://archive.example.org/", name="The archive", kind="organization")


def _event(kind: EventType, **more: object) -> Event:
    event = Event(
        type=kind,
        when="2024-02",
        detail="What was done.",
        outcome=Outcome.SUCCESS,
        agents=((program_agent("1.0.0"), EXECUTING_PROGRAM), (ARCHIVE, IMPLEMENTER)),
    )
    return replace(event, **more)  # type: ignore[arg-type]


PACKAGING = Packaging(
    bag_name="1952-12-27-stalin-to-mao",
    manifests={
        "manifest-sha512.txt": Digest(algorithm="sha512", value=bytes(range(64))),
        "manifest-sha256.txt": Digest(algorithm="sha256", value=bytes(range(32))),
    },
    payload_octets=2265,
    payload_files=1,
    identifiers=letters_record().identifiers,
    events=(
        _event(EventType.MESSAGE_DIGEST_CALCULATION),
        _event(EventType.VALIDATION, outcome_note="Nothing was found.", extension={"schema": "x"}),
        _event(EventType.INFORMATION_PACKAGE_CREATION),
    ),
    date_supplied=True,
)
DOCUMENT = premis_xml(PACKAGING)
REPRESENTATION = "//p:object[@xsi:type = 'premis:representation']"
VOCABULARY = "http://id.loc.gov/vocabulary/preservation/"

# The content model of PREMIS 3.0, as far as we write it: each element's children in their order.
MODEL = {
    "premis": "object+ event* agent*",
    "object intellectualEntity": "objectIdentifier+",
    "object representation": (
        "objectIdentifier+ significantProperties* originalName? relationship* "
        "linkingEventIdentifier*"
    ),
    "objectIdentifier": "objectIdentifierType objectIdentifierValue",
    "significantProperties": (
        "significantPropertiesType significantPropertiesValue? significantPropertiesExtension*"
    ),
    "significantPropertiesExtension": "fixity",
    "fixity": "messageDigestAlgorithm messageDigest messageDigestOriginator?",
    "relationship": "relationshipType relationshipSubType relatedObjectIdentifier+",
    "relatedObjectIdentifier": "relatedObjectIdentifierType relatedObjectIdentifierValue",
    "event": (
        "eventIdentifier eventType eventDateTime eventDetailInformation* eventOutcomeInformation* "
        "linkingAgentIdentifier* linkingObjectIdentifier*"
    ),
    "eventIdentifier": "eventIdentifierType eventIdentifierValue",
    "eventDetailInformation": "eventDetail?",
    "eventOutcomeInformation": "eventOutcome eventOutcomeDetail*",
    "eventOutcomeDetail": "eventOutcomeDetailNote",
    "linkingAgentIdentifier": (
        "linkingAgentIdentifierType linkingAgentIdentifierValue linkingAgentRole*"
    ),
    "linkingObjectIdentifier": "linkingObjectIdentifierType linkingObjectIdentifierValue",
    "agent": "agentIdentifier+ agentName* agentType? agentVersion?",
    "agentIdentifier": "agentIdentifierType agentIdentifierValue",
}


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def test_every_element_has_the_children_that_premis_gives_it() -> None:
    seen = set()
    for element in etree.fromstring(DOCUMENT).iter("{*}*"):
        kind = element.get("{http://www.w3.org/2001/XMLSchema-instance}type", "").partition(":")[2]
        name = " ".join(filter(None, (_local(element), kind)))
        children = "".join(f"{_local(child)} " for child in element)
        if children:
            pattern = "".join(
                f"(?:{part.rstrip('*+?')} ){part[len(part.rstrip('*+?')) :]}"
                for part in MODEL[name].split()
            )
            assert re.fullmatch(pattern, children), f"{name}: {children}"
            seen.add(name)
    assert seen == set(MODEL)


def test_the_payload_is_one_representation_named_as_the_bag() -> None:
    assert said(DOCUMENT, f"{REPRESENTATION}/p:originalName/text()") == ["1952-12-27-stalin-to-mao"]
    assert said(DOCUMENT, f"{REPRESENTATION}/p:significantProperties/*[position() < 3]/text()") == [
        "payload octets",
        "2265",
        "payload files",
        "1",
        "payload manifest",
        "manifest-sha256.txt",
        "payload manifest",
        "manifest-sha512.txt",
    ]


def test_its_fixity_is_the_digest_of_each_payload_manifest() -> None:
    fixity = f"{REPRESENTATION}//p:fixity"
    assert said(DOCUMENT, f"{fixity}/p:messageDigest/text()") == [
        bytes(range(32)).hex(),
        bytes(range(64)).hex(),
    ]
    assert said(DOCUMENT, f"{fixity}/p:messageDigestAlgorithm/text()") == ["SHA-256", "SHA-512"]
    assert said(DOCUMENT, f"{fixity}/p:messageDigestAlgorithm/@valueURI") == [
        f"{VOCABULARY}cryptographicHashFunctions/sha256",
        f"{VOCABULARY}cryptographicHashFunctions/sha512",
    ]


def test_it_represents_what_the_record_identifies() -> None:
    entity = "//p:object[@xsi:type = 'premis:intellectualEntity']/p:objectIdentifier/*/text()"
    related = f"{REPRESENTATION}/p:relationship/p:relatedObjectIdentifier/*/text()"
    assert said(DOCUMENT, entity) == ["local", "1952-12-27-stalin-to-mao"]
    assert said(DOCUMENT, related) == ["local", "1952-12-27-stalin-to-mao"]


def test_a_record_without_identifiers_has_no_entity() -> None:
    cancelled = Identifier(value="x", invalid=True)
    document = premis_xml(replace(PACKAGING, identifiers=(cancelled,)))
    assert said(document, "//p:object/@xsi:type") == ["premis:representation"]
    assert said(document, "//p:relationship") == []


def test_events_are_named_by_the_vocabulary() -> None:
    assert said(DOCUMENT, "//p:eventType/text()") == [
        "message digest calculation",
        "validation",
        "information package creation",
    ]
    assert said(DOCUMENT, "//p:eventType/@valueURI") == [
        f"{VOCABULARY}eventType/{code}" for code in ("mes", "val", "ipc")
    ]
    assert set(said(DOCUMENT, "//p:eventType/@authorityURI")) == {f"{VOCABULARY}eventType"}
    assert set(said(DOCUMENT, "//p:eventOutcome/@valueURI")) == {f"{VOCABULARY}eventOutcome/suc"}


def test_the_date_keeps_its_precision_and_says_who_gave_it() -> None:
    assert said(DOCUMENT, "//p:eventDateTime/text()") == ["2024-02"] * 3
    note = "The operator supplied the date."
    assert said(DOCUMENT, "//p:eventDetail/text()").count(note) == 3
    assert note not in premis_xml(replace(PACKAGING, date_supplied=False)).decode()


def test_an_events_details_and_outcome_are_written() -> None:
    event = "//p:event[2]"
    assert said(DOCUMENT, f"{event}//p:eventDetail/text()")[:2] == ["What was done.", "schema: x"]
    assert said(DOCUMENT, f"{event}//p:eventOutcomeDetailNote/text()") == ["Nothing was found."]


def test_every_link_leads_to_an_object_or_an_agent_of_the_document() -> None:
    objects = said(DOCUMENT, f"{REPRESENTATION}//p:objectIdentifierValue/text()")
    agents = said(DOCUMENT, "//p:agentIdentifierValue/text()")
    assert set(said(DOCUMENT, "//p:linkingObjectIdentifierValue/text()")) == set(objects)
    assert set(said(DOCUMENT, "//p:linkingAgentIdentifierValue/text()")) == set(agents)
    assert len(agents) == 2


def test_agents_are_written_once_with_type_and_version() -> None:
    assert said(DOCUMENT, "//p:agent/p:agentName/text()") == ["muniment", "The archive"]
    assert said(DOCUMENT, "//p:agent/p:agentType/text()") == ["software", "organization"]
    assert said(DOCUMENT, "//p:agent/p:agentVersion/text()") == ["1.0.0"]
    assert said(DOCUMENT, "//p:agentIdentifierType/text()") == ["UUID", "URI"]


def test_the_same_packaging_gives_the_same_bytes_whatever_the_order_of_its_manifests() -> None:
    turned = dict(reversed(list(PACKAGING.manifests.items())))
    assert premis_xml(replace(PACKAGING, manifests=turned)) == DOCUMENT


def _uuids(document: bytes) -> list[str]:
    return said(
        document, "//p:objectIdentifierValue[../p:objectIdentifierType = 'UUID']/text()"
    ) + said(document, "//p:eventIdentifierValue/text()")


def test_identifiers_are_uuids_of_version_5_and_differ() -> None:
    uuids = _uuids(DOCUMENT)
    assert len(set(uuids)) == 4
    assert {uuid[14] for uuid in uuids} == {"5"}


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"bag_name": "other"}, 4),
        ({"date_supplied": False}, 4),
        ({"manifests": {"manifest-md5.txt": Digest(algorithm="md5", value=bytes(16))}}, 0),
        ({"events": tuple(replace(one, when="2025") for one in PACKAGING.events)}, 1),
    ],
)
def test_an_identifier_changes_with_its_content_only(change: dict[str, object], kept: int) -> None:
    other = premis_xml(replace(PACKAGING, **change))  # type: ignore[arg-type]
    assert len(set(_uuids(DOCUMENT)) & set(_uuids(other))) == kept


def test_a_hash_function_without_a_certain_address_has_its_label_alone() -> None:
    digest = Digest(algorithm="sha384", value=bytes(48))
    document = premis_xml(replace(PACKAGING, manifests={"manifest-sha384.txt": digest}))
    assert said(document, "//p:messageDigestAlgorithm/text()") == ["SHA-384"]
    assert said(document, "//p:messageDigestAlgorithm/@*") == []


def test_what_is_not_known_of_the_payload_is_not_said() -> None:
    document = premis_xml(replace(PACKAGING, payload_octets=None))
    kinds = said(document, f"{REPRESENTATION}//p:significantPropertiesType/text()")
    assert kinds == ["payload files", "payload manifest", "payload manifest"]
