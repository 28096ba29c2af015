"""PREMIS that stands in a bag, added to: what stands there stays, what is new is in its place."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import etree

from muniment.metadata.premis import PREMIS, Packaging, premis_xml, program_agent
from muniment.metadata.premis_updating import amended_premis, can_be_amended
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

NAMES = {"p": PREMIS}
OFFICE = Agent(identifier="City Archive", name="City Archive", kind=None)
MADE = Event(
    type=EventType.INFORMATION_PACKAGE_CREATION,
    when="2024-02-01",
    detail="BagIt 1.0 bag made",
    outcome=Outcome.SUCCESS,
    agents=((program_agent("1.0.0"), EXECUTING_PROGRAM),),
)
CHANGED = Event(
    type=EventType.METADATA_MODIFICATION,
    when="2026-12-01",
    detail="The date was wrong",
    outcome=Outcome.SUCCESS,
    agents=((program_agent("1.0.0"), EXECUTING_PROGRAM), (OFFICE, IMPLEMENTER)),
    extension={"replaced": "metadata/mods.xml"},
)
SHA256 = Digest(algorithm="sha256", value=bytes(range(32)))
SHA512 = Digest(algorithm="sha512", value=bytes(range(64)))
MAKING = Packaging(
    bag_name="letter",
    manifests={"manifest-sha256.txt": SHA256, "manifest-sha512.txt": SHA512},
    payload_octets=2265,
    payload_files=1,
    identifiers=(Identifier(value="letter-7"),),
    events=(MADE,),
)
CHANGE = replace(MAKING, events=(CHANGED,), identifiers=())
DOCUMENT = premis_xml(MAKING)


def root_of(document: bytes) -> etree._Element:
    return etree.fromstring(document)


def texts(document: bytes, path: str) -> list[str]:
    found = root_of(document).xpath(f"{path}/text()", namespaces=NAMES)
    assert isinstance(found, list)
    return [str(text) for text in found]


def kinds(document: bytes) -> list[str]:
    return [etree.QName(child).localname for child in root_of(document).iterchildren(etree.Element)]


def lines_of(document: bytes) -> list[str]:
    return document.decode().splitlines()


def test_an_event_stands_behind_the_last_one_and_a_new_agent_behind_the_last() -> None:
    amended = amended_premis(DOCUMENT, CHANGE)
    assert kinds(amended) == ["object", "object", "event", "event", "agent", "agent"]
    assert texts(amended, "//p:eventType") == [
        "information package creation",
        "metadata modification",
    ]
    assert texts(amended, "//p:agentName") == ["muniment", "City Archive"]
    assert texts(amended, "//p:event[2]/p:eventDetailInformation/p:eventDetail") == [
        "The date was wrong",
        "replaced: metadata/mods.xml",
    ]


def test_every_line_that_stood_there_still_stands() -> None:
    amended = lines_of(amended_premis(DOCUMENT, CHANGE))
    new = [line for line in amended if line not in lines_of(DOCUMENT)]
    left = iter(amended)
    assert all(line in left for line in lines_of(DOCUMENT))
    assert any("The date was wrong" in line for line in new)


def test_it_is_laid_out_as_a_new_document_is() -> None:
    both = premis_xml(replace(MAKING, events=(MADE, CHANGED)))
    amended = amended_premis(DOCUMENT, CHANGE)
    assert lines_of(amended) == lines_of(both)


def test_adding_twice_is_adding_both() -> None:
    again = replace(CHANGE, events=(replace(CHANGED, when="2027"),))
    amended = amended_premis(amended_premis(DOCUMENT, CHANGE), again)
    assert texts(amended, "//p:eventDateTime") == ["2024-02-01", "2026-12-01", "2027"]
    assert texts(amended, "//p:agentName") == ["muniment", "City Archive"]
    identifiers = texts(amended, "//p:eventIdentifierValue")
    assert len(set(identifiers)) == 3


def test_the_event_is_linked_to_the_payload_by_the_name_it_has_there() -> None:
    amended = amended_premis(DOCUMENT, CHANGE)
    own = texts(DOCUMENT, "//p:object[p:originalName]/p:objectIdentifier/*")
    assert texts(amended, "//p:event[2]/p:linkingObjectIdentifier/*") == own


def test_payload_manifests_that_changed_are_renewed_in_their_place() -> None:
    md5 = Digest(algorithm="md5", value=bytes(range(16)))
    change = replace(CHANGE, manifests={"manifest-md5.txt": md5, "manifest-sha512.txt": SHA512})
    amended = amended_premis(DOCUMENT, change)
    assert texts(amended, "//p:significantPropertiesValue")[2:] == [
        "manifest-md5.txt",
        "manifest-sha512.txt",
    ]
    assert texts(amended, "//p:messageDigest") == [md5.hex, SHA512.hex]
    expected = premis_xml(replace(change, identifiers=MAKING.identifiers, events=(MADE, CHANGED)))
    uuid = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    assert lines_of(uuid.sub(b"*", amended)) == lines_of(uuid.sub(b"*", expected))


FOREIGN = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- made by hand -->
<premis xmlns="{PREMIS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0"
  ><object xsi:type="file"><objectIdentifier><objectIdentifierType>local</objectIdentifierType
  ><objectIdentifierValue>caf\xe9</objectIdentifierValue></objectIdentifier
  ><objectCharacteristics><format><formatDesignation><formatName>?</formatName></formatDesignation
  ></format></objectCharacteristics></object><!-- no event yet --><rights/></premis>
""".encode("iso-8859-1")


def test_a_document_of_another_hand_is_added_to_in_the_order_of_the_standard() -> None:
    amended = amended_premis(FOREIGN, CHANGE)
    assert kinds(amended) == ["object", "event", "agent", "agent", "rights"]
    assert b"<!-- made by hand -->" in amended
    assert b"<!-- no event yet -->" in amended
    assert amended.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert texts(amended, "//p:event/p:linkingObjectIdentifier/*") == ["local", "caf\xe9"]


def test_an_event_is_linked_to_every_file_where_files_stand_there() -> None:
    making = replace(MAKING, files=("data/a", "data/b"))
    amended = amended_premis(premis_xml(making), CHANGE)
    links = texts(amended, "//p:event[2]/p:linkingObjectIdentifier/p:linkingObjectIdentifierValue")
    assert links == texts(amended, "//p:event[1]/p:linkingObjectIdentifier/*[2]")
    assert len(links) == 2


def test_an_event_is_linked_to_nothing_where_nothing_stands_for_the_payload() -> None:
    entity = FOREIGN.replace(b'"file"', b'"intellectualEntity"')
    amended = amended_premis(entity, CHANGE)
    assert root_of(amended).findall(f".//{{{PREMIS}}}linkingObjectIdentifier") == []


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"no XML",
        b"<premis/>",
        DOCUMENT[:-30],
        DOCUMENT.replace(b"/v3", b"/v2"),
        DOCUMENT.replace(b'version="3.0">', b'version="2.3">'),
        FOREIGN.replace(b"<!-- made by hand -->", b"<!DOCTYPE premis [<!ENTITY a 'b'>]>"),
        f'<premis xmlns="{PREMIS}" version="3.0"/>'.encode(),
    ],
)
def test_what_is_no_premis_3_cannot_be_added_to(document: bytes) -> None:
    assert not can_be_amended(document)
    with pytest.raises(ValueError, match="no PREMIS 3"):
        amended_premis(document, CHANGE)


def test_an_agent_of_unknown_kind_has_no_type() -> None:
    amended = amended_premis(DOCUMENT, CHANGE)
    agents = root_of(amended).findall(f"{{{PREMIS}}}agent")
    kinds = [agent.findtext(f"{{{PREMIS}}}agentType") for agent in agents]
    assert kinds == ["software", None]
