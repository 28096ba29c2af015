"""Would Archivematica import a PREMIS document that lies in a bag's `metadata/premis.xml`?

It validates the document by the schema of PREMIS 3, takes files by `xsi:type="premis:file"`, letter
by letter, finds each by its originalName, the path in the bag, and fails the whole transfer where
an event, a file or an agent is linked to nothing, or to something that the document does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from muniment.metadata.xml_building import XSI, Element
from muniment.metadata.xml_findings import line_of
from muniment.metadata.xml_formats import PREMIS
from muniment.metadata.xml_validation import judge_xml
from muniment.model.findings import Severity

_P = f"{{{PREMIS}}}"
_TYPE = f"{{{XSI}}}type"
_FILE = "premis:file"

Reason = tuple[int | None, str]
_Key = tuple[str, str]


def archivematica_faults(data: bytes, in_payload: Callable[[str], bool]) -> tuple[Reason, ...]:
    """Every reason against the import, each with its line: first what the schema of PREMIS says.

    `in_payload` knows the bag's paths. Raises EnvironmentFault if the schema cannot be used.
    """
    judged = judge_xml(data)
    faults = [
        (finding.location.line, finding.message)
        for finding in judged.findings
        if finding.severity is Severity.ERROR
    ]
    if judged.document is None or judged.document.root.tag != f"{_P}premis":
        return tuple(faults) or ((None, "it is no PREMIS 3 document"),)
    return (*faults, *_import_faults(judged.document.root, in_payload))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linked:
    """An entity of the document, and what it says it is linked to."""

    line: int | None
    key: _Key
    files: frozenset[_Key] = frozenset()
    agents: frozenset[_Key] = frozenset()
    events: frozenset[_Key] = frozenset()


@dataclass(slots=True)
class _Document:
    """The entities that are imported, by their identifiers."""

    files: dict[_Key, _Linked] = field(default_factory=dict)
    agents: dict[_Key, _Linked] = field(default_factory=dict)
    events: dict[_Key, _Linked] = field(default_factory=dict)


def _import_faults(root: Element, in_payload: Callable[[str], bool]) -> Iterator[Reason]:
    document = _Document()
    for element in root.iterchildren(f"{_P}object"):
        kind = element.get(_TYPE, "")
        if kind == _FILE:
            linked = _entity(element, "object")
            document.files[linked.key] = linked
            yield from _name_faults(element, in_payload)
        elif kind.rpartition(":")[2] == "file":
            yield line_of(element), f'a file is written xsi:type="{kind}", not "{_FILE}"'
    for name, entities in (("agent", document.agents), ("event", document.events)):
        for element in root.iterchildren(f"{_P}{name}"):
            linked = _entity(element, name)
            entities[linked.key] = linked
    yield from _link_faults(document)


def _name_faults(element: Element, in_payload: Callable[[str], bool]) -> Iterator[Reason]:
    name = (element.findtext(f"{_P}originalName") or "").strip()
    if not name:
        yield line_of(element), "a file has no originalName, which must be its path, `data/...`"
    elif not in_payload(name):
        yield line_of(element), f"a file's originalName {name!r} is no path of the payload"


def _entity(element: Element, name: str) -> _Linked:
    identifiers = _identifiers(element, f"{name}Identifier")
    return _Linked(
        line=line_of(element),
        key=identifiers[0] if identifiers else ("", ""),
        files=frozenset(_identifiers(element, "linkingObjectIdentifier")),
        agents=frozenset(_identifiers(element, "linkingAgentIdentifier")),
        events=frozenset(_identifiers(element, "linkingEventIdentifier")),
    )


def _identifiers(element: Element, name: str) -> list[_Key]:
    return [
        (child.findtext(f"{_P}{name}Type") or "", child.findtext(f"{_P}{name}Value") or "")
        for child in element.iterchildren(f"{_P}{name}")
    ]


def _link_faults(document: _Document) -> Iterator[Reason]:
    events = document.events
    links = {key: event.files for key, event in events.items()}
    yield from _faults_between("file", document.files, events, links)
    links = {key: event.agents for key, event in events.items()}
    yield from _faults_between("agent", document.agents, events, links)


def _faults_between(
    what: str,
    entities: Mapping[_Key, _Linked],
    events: Mapping[_Key, _Linked],
    links: Mapping[_Key, frozenset[_Key]],
) -> Iterator[Reason]:
    """A link may stand at either end. `links` says of each event which entities it links."""
    linked = {key for keys in links.values() for key in keys}
    linking = {key for entity in entities.values() for key in entity.events}
    for key, event in events.items():
        told = f"the event {key[1]!r} links"
        if not links[key] and key not in linking:
            yield event.line, f"{told} no {what}; it must link one at least"
        yield from _missing(links[key], entities, event.line, told, what)
    for key, entity in entities.items():
        if key not in linked and not entity.events & events.keys():
            yield entity.line, f"the {what} {key[1]!r} is linked by no event"
        told = f"the {what} {key[1]!r} links"
        yield from _missing(entity.events, events, entity.line, told, "event")


def _missing(
    links: frozenset[_Key], there: Mapping[_Key, _Linked], line: int | None, told: str, what: str
) -> Iterator[Reason]:
    for _, value in sorted(links - there.keys()):
        yield line, f"{told} {value!r}, which is no {what} of this document"
