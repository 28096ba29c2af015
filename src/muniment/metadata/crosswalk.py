"""A description in one format -> the same in another, and what did not come along.

What is lost is not looked up in a list: the result is read back, and whatever the source says that
the result does not is told, value by value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum
from typing import Any

from muniment.metadata.record import Record
from muniment.model.findings import Finding, Location
from muniment.model.rules import record as rules

_UNCHANGED = "value"
# Parts of a value that are codes and flags: short words that many values share.
_CODES = frozenset(
    {
        *("lang", "authority", "kind", "roles", "encoding", "script", "language"),
        *("creator", "supplied", "key", "invalid"),
    }
)
# A text, code or flag of a record, and the names that lead to it: `names/roles`, `aut`.
_Leaf = tuple[str, str]


class TargetFormat(StrEnum):
    """The formats that a description can be brought to."""

    YAML = "yaml"
    JSON = "json"
    MODS = "mods"
    OAI_DC = "oai_dc"
    DCTERMS = "dcterms"
    DSPACE = "dspace"
    DATACITE = "datacite"
    SCHEMAORG = "schemaorg"


_JSON = frozenset({TargetFormat.JSON, TargetFormat.DATACITE, TargetFormat.SCHEMAORG})
_AUTHORED = frozenset({TargetFormat.YAML, TargetFormat.JSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a format is written and read back."""

    write: Callable[[Record], bytes]
    read: Callable[[bytes], Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that the source says and the target does not; `place` as `names/roles`."""

    place: str
    value: str


def crosswalk(record: Record, target: TargetFormat, *, date: str, version: str) -> bytes:
    """A record in another format. `date` and `version` say when and by what, where MODS asks."""
    return way(target, date=date, version=version).write(record)


def has_collection(target: TargetFormat) -> bool:
    """Whether several records have a form in this format: a modsCollection, or a JSON array."""
    return target is TargetFormat.MODS or target in _JSON


def collected(contents: Sequence[bytes], target: TargetFormat) -> bytes:
    """The forms of several records as one document, in a format that has a form for several."""
    if target is TargetFormat.MODS:
        from muniment.metadata.mods import mods_collection

        return mods_collection(contents)
    from muniment.metadata.authoring import json_array

    return json_array(contents)


def faults(content: bytes, target: TargetFormat, name: str) -> tuple[Finding, ...]:
    """Why a form of a record cannot be used: an authored record must have a title.

    `name` is that of the source, where it is to be mended.
    """
    if target not in _AUTHORED:
        return ()
    from muniment.metadata.authoring import faults_of

    return faults_of(content, name)


def losses(record: Record, content: bytes, target: TargetFormat) -> tuple[Loss, ...]:
    """What the record says that its form in the target format does not, in the record's order."""
    carried = way(target, date="", version="").read(content)
    kept = Counter(_leaves(carried, ""))
    said = list(_leaves(record, ""))
    moved = [leaf for leaf in said if not _taken(leaf, kept)]
    lost = Counter(leaf for leaf in moved if not _is_elsewhere(leaf, kept))
    return tuple(
        Loss(place=place, value=text) for place, text in said if _taken((place, text), lost)
    )


def _taken(leaf: _Leaf, leaves: Counter[_Leaf]) -> bool:
    """Whether the leaf is among these; it is then taken from them."""
    if not leaves[leaf]:
        return False
    leaves[leaf] -= 1
    return True


def _is_elsewhere(leaf: _Leaf, kept: Counter[_Leaf]) -> bool:
    """Whether a text stands in another property, or was joined with others of its own.

    A code or a flag may stand elsewhere by accident: it counts only for what it is a code of.
    """
    place, text = leaf
    part = place.rpartition("/")[2]
    for other in kept:
        if not kept[other]:
            continue
        if other[1] == text and (part not in _CODES or other[0].rpartition("/")[2] == part):
            return _taken(other, kept)
    if part in _CODES:
        return False
    group = place.partition("/")[0]
    return any(
        place.partition("/")[0] == group and _stands_in(text, longer) for place, longer in kept
    )


def _stands_in(text: str, longer: str) -> bool:
    """Whether a value was joined with others into one: it stands there between other signs."""
    before, found, after = longer.partition(text)
    return bool(found) and not before[-1:].isalnum() and not after[:1].isalnum()


def loss_findings(found: tuple[Loss, ...], target: TargetFormat, name: str) -> Iterator[Finding]:
    """One finding a lost value."""
    for loss in found:
        yield Finding(
            rule=rules.NOT_CARRIED,
            message=f"{loss.place}: {loss.value[:80]!r} has no place in {target.value}",
            location=Location(path=name, pointer=f"/{loss.place}"),
            evidence={"property": loss.place, "actual": loss.value, "format": target.value},
        )


def lacks(content: bytes, target: TargetFormat, name: str) -> Iterator[Finding]:
    """One finding for each property that the target format requires and its document lacks."""
    if target is not TargetFormat.DATACITE:
        return
    from muniment.metadata.datacite import lacking

    for required, meant in lacking(content):
        yield Finding(
            rule=rules.LACKS_FOR_FORMAT,
            message=f"DataCite requires {required}, which is missing ({meant})",
            location=Location(path=name),
            evidence={"property": required, "expected": meant, "format": target.value},
        )


def way(target: TargetFormat, *, date: str, version: str) -> Way:
    """How the format is written and read; each is loaded when it is asked for."""
    if target in _AUTHORED:
        from muniment.metadata.authoring import record_from_json, record_from_yaml, to_json, to_yaml

        if target is TargetFormat.YAML:
            return Way(write=to_yaml, read=record_from_yaml)
        return Way(write=to_json, read=record_from_json)
    if target is TargetFormat.MODS:
        from muniment.metadata.mods import mods_xml
        from muniment.metadata.mods_reading_whole import WholeModsReader
        from muniment.metadata.xml_building import parsed

        return Way(
            write=lambda record: mods_xml(record, record_date=date, version=version),
            read=lambda data: WholeModsReader(parsed(data)).record(),
        )
    return _dublin_core_or_json(target)


def _dublin_core_or_json(target: TargetFormat) -> Way:
    if target is TargetFormat.OAI_DC:
        from muniment.metadata.dublincore import oai_dc_xml
        from muniment.metadata.dublincore_reading import record_from_oai_dc
        from muniment.metadata.xml_building import parsed

        return Way(write=oai_dc_xml, read=lambda data: record_from_oai_dc(parsed(data)))
    if target is TargetFormat.DCTERMS:
        from muniment.metadata.dcterms import dcterms_xml, record_from_dcterms

        return Way(write=dcterms_xml, read=record_from_dcterms)
    if target is TargetFormat.DSPACE:
        from muniment.metadata.dspace import dspace_xml, record_from_dspace

        return Way(write=dspace_xml, read=record_from_dspace)
    if target is TargetFormat.DATACITE:
        from muniment.metadata.datacite import datacite_json, record_from_datacite

        return Way(write=datacite_json, read=record_from_datacite)
    from muniment.metadata.schemaorg import record_from_schemaorg, schemaorg_json

    return Way(write=schemaorg_json, read=record_from_schemaorg)


def _leaves(value: Any, place: str) -> Iterator[_Leaf]:  # noqa: ANN401 - any part
    """Every text, code and flag of a record, with the names that lead to it."""
    if value is None or value is False:
        return
    if is_dataclass(value):
        for field in fields(value):
            inner = place if field.name == _UNCHANGED else f"{place}/{field.name}".lstrip("/")
            yield from _leaves(getattr(value, field.name), inner)
    elif isinstance(value, tuple):
        for each in value:
            yield from _leaves(each, place)
    elif value is True:
        yield place, place
    elif isinstance(value, Enum):
        yield place, str(value.value)
    else:
        yield place, str(value)
