"""The description as a whole: a title, one primary, references and groups, repetitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from muniment.metadata.semantic_faults import Fault, quoted
from muniment.metadata.statements import Description, Mark, Place, TitleField
from muniment.model.rules import metadata as rules

Placed = tuple[Place, Fault]

_TITLES = frozenset({"title", "alternative"})
_PART_TITLES = frozenset({"title.partName", "title.partNumber", "alternative.partName"})
_PRIMARY = frozenset(
    ["titleInfo", "name", "typeOfResource", "genre", "language", "classification", "url"]
)
# MARC's link to a field in another script uses 00 where there is no such field.
_UNLINKED = frozenset({"0", "00"})


def faults_of_structure(description: Description) -> Iterator[Placed]:
    """What is wrong with a description though each of its values may be right."""
    if not _has_title(description):
        message = "the description has no title"
        yield description.start, Fault(rule=rules.NO_TITLE, message=message)
    for again in description.repetitions:
        message = f"{again.name} {quoted(again.value)} was said before"
        evidence = {"actual": again.value, "first": _line(description, again.first)}
        yield again.place, Fault(rule=rules.REPEATED, message=message, evidence=evidence)
    if description.marks:
        yield from _references(description)
        yield from _groups(description.marks)
        yield from _primaries(description.marks)


def _has_title(description: Description) -> bool:
    return any(
        each.item == 0
        and (
            (type(each.field) is TitleField and each.field.property in _TITLES)
            or each.field.property in _PART_TITLES
        )
        for each in description.statements
    )


def _line(description: Description, place: Place) -> int | None:
    return description.locate(place).line


def _references(description: Description) -> Iterator[Placed]:
    for mark in description.marks:
        if mark.kind == "idref" and not description.has_id(mark.value):
            message = f'{mark.name} refers to the ID "{mark.value}", which no element has'
            evidence = {"actual": mark.value}
            yield (
                mark.place,
                Fault(rule=rules.REFERENCE_DANGLES, message=message, evidence=evidence),
            )


_GROUPS = {"alternatives": "altRepGroup", "name-title": "nameTitleGroup"}


def _groups(marks: list[Mark]) -> Iterator[Placed]:
    grouped = [mark for mark in marks if mark.kind in _GROUPS]
    if not grouped:
        return
    members = Counter((mark.kind, mark.value) for mark in grouped)
    for mark in grouped:
        if members.get((mark.kind, mark.value)) == 1 and mark.value not in _UNLINKED:
            group = _GROUPS[mark.kind]
            message = f'{mark.name} is alone in the {group} "{mark.value}"'
            evidence = {"actual": mark.value, "group": group}
            yield mark.place, Fault(rule=rules.GROUP_OF_ONE, message=message, evidence=evidence)


def _primaries(marks: list[Mark]) -> Iterator[Placed]:
    """Marks of primary beyond the first; the same thing in several scripts counts once."""
    first: dict[tuple[int, str], Mark] = {}
    for mark in marks:
        if mark.kind != "primary" or mark.name not in _PRIMARY:
            continue
        kept = first.setdefault((mark.item, mark.name), mark)
        if kept is not mark and not (mark.value and mark.value == kept.value):
            message = f"this is not the first {mark.name} that is marked as primary"
            evidence = {"actual": "primary", "element": mark.name}
            yield mark.place, Fault(rule=rules.SEVERAL_PRIMARY, message=message, evidence=evidence)
