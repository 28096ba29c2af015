"""What happened to holdings over the years, as one PREMIS 3.0 document that may be of any length.

A holding is a representation. What was done by a person or a program is linked to its agent; what
was done to a holding, to the holding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muniment.metadata import premis as parts
from muniment.metadata.premis import PREMIS
from muniment.metadata.xml_building import XSI, Builder, Element
from muniment.metadata.xml_streaming import pieces
from muniment.model.digests import Digest
from muniment.model.events import Agent, Event

_PREMIS = Builder(PREMIS, "premis")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldObject:
    """A holding: its id, what it is a copy of, its size, where it lies, the digests that name it.

    `digests` are those of its tag manifests, by their names.
    """

    identifier: str
    copy_of: str | None
    name: str
    files: int
    octets: int
    location: str
    digests: tuple[tuple[str, Digest], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """An event with the identifier it has in its ledger, and the holding it happened to."""

    identifier: str
    event: Event
    holding: str | None


def premis_history(
    objects: Iterable[HeldObject], events: Iterable[HistoryEvent]
) -> Iterator[bytes]:
    """The document in pieces; only the agents are held back, for they stand last.

    PREMIS wants one object at least. Raises ValueError where a text holds a character that XML
    cannot hold.
    """
    root = _PREMIS.root("premis", parts.LOCATION, {"version": "3.0"})
    return pieces(root, _children(root, objects, events))


def _children(
    root: Element, objects: Iterable[HeldObject], events: Iterable[HistoryEvent]
) -> Iterator[Element]:
    for held in objects:
        yield _object(root, held)
    agents: dict[Agent, None] = {}
    for each in events:
        agents |= dict.fromkeys(agent for agent, _ in each.event.agents)
        yield _event(root, each)
    for agent in agents:
        yield parts.agent_element(root, agent)


def _object(root: Element, held: HeldObject) -> Element:
    element = _PREMIS.add(root, "object", None, {f"{{{XSI}}}type": "premis:representation"})
    parts.identifier_element(element, "objectIdentifier", "local", held.identifier)
    if held.copy_of is not None:
        parts.property_element(element, "copy of", held.copy_of)
    parts.property_element(element, "octets", str(held.octets))
    parts.property_element(element, "files", str(held.files))
    for name, digest in held.digests:
        told = parts.property_element(element, "tag manifest", name)
        parts.fixity_element(_PREMIS.add(told, "significantPropertiesExtension"), digest)
    _PREMIS.add(element, "originalName", held.name)
    place = _PREMIS.add(_PREMIS.add(element, "storage"), "contentLocation")
    kind = "URI" if "://" in held.location else "path"
    _PREMIS.add(place, "contentLocationType", kind)
    _PREMIS.add(place, "contentLocationValue", held.location)
    return element


def _event(root: Element, told: HistoryEvent) -> Element:
    element = parts.event_element(root, told.event, ("local", told.identifier))
    if told.holding is not None:
        parts.identifier_element(element, "linkingObjectIdentifier", "local", told.holding)
    return element
