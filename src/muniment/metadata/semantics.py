"""The semantic rules over a description: what its schema cannot say.

Each rule is a function of a field and its value, or of a few statements that belong together. What
was judged once is remembered, up to a bound, for records repeat their languages, roles and terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from muniment.metadata.semantic_addresses import faults_of_address, faults_of_known_address
from muniment.metadata.semantic_dates import faults_among_dates, faults_of_date
from muniment.metadata.semantic_faults import Fault
from muniment.metadata.semantic_identifiers import faults_of_identifier
from muniment.metadata.semantic_languages import (
    faults_among_languages,
    faults_of_language,
    faults_of_script,
    faults_of_tag,
)
from muniment.metadata.semantic_places import faults_of_place_code
from muniment.metadata.semantic_roles import faults_among_relators, faults_of_relator
from muniment.metadata.semantic_structure import faults_of_structure
from muniment.metadata.semantic_texts import (
    are_plainly_sound,
    faults_of_text,
    is_placeholder,
    is_plainly_sound,
    is_sound_text,
)
from muniment.metadata.semantic_types import faults_of_media_type, faults_of_resource_type
from muniment.metadata.statements import (
    DateField,
    Description,
    Field,
    IdentifierField,
    LanguageField,
    LanguageTagField,
    MediaTypeField,
    Place,
    PlaceCodeField,
    RelatorField,
    ResourceTypeField,
    ScriptField,
    Statement,
    TextField,
    TitleField,
    UriField,
)
from muniment.model.findings import Finding

CHECK = "semantics"
_REMEMBERED_AT_MOST = 10_000
_judged: dict[tuple[Field, str], tuple[Fault, ...]] = {}


def semantic_findings(description: Description) -> tuple[Finding, ...]:
    """Everything that the semantic rules (MET) find in a description, in the order of the file."""
    faults = _placed_faults(description)
    findings = (finding_at(description, place, fault) for place, fault in faults)
    return tuple(sorted(findings, key=_order))


def finding_at(description: Description, place: Place, fault: Fault) -> Finding:
    """A fault at its place in the source."""
    location = description.locate(place)
    return Finding(
        rule=fault.rule, message=fault.message, location=location, evidence=fault.evidence
    )


def _order(finding: Finding) -> tuple[int, int, str]:
    place = finding.location
    return place.line or 0, place.column or 0, finding.rule.id


def _placed_faults(description: Description) -> list[tuple[Place, Fault]]:
    """The faults of each value, of values together, and of the whole."""
    found: list[tuple[Place, Fault]] = []
    together: dict[type[Field], list[Statement]] = {kind: [] for kind in _TOGETHER}
    if not are_plainly_sound([text.value for text in description.texts]):
        for statement in description.texts:
            if not is_plainly_sound(statement.value):
                faults = faults_of(statement.field, statement.value)
                found += [(statement.place, fault) for fault in faults]
    for statement in description.coded:
        field, value, place, _, _ = statement
        known = _judged.get((field, value))
        if known is None:
            known = _judge_once(field, value)
        if known:
            found += [(place, fault) for fault in known]
        alike = together.get(type(field))
        if alike is not None:
            alike.append(statement)
    found += [(each.place, fault) for each, fault in _among(together)]
    return [*found, *faults_of_structure(description)]


def _among(
    together: Mapping[type[Field], list[Statement]],
) -> Iterator[tuple[Statement, Fault]]:
    for kind, judge in _TOGETHER.items():
        if together[kind]:
            yield from judge(together[kind])


def faults_of(field: Field, value: str) -> tuple[Fault, ...]:
    """What is wrong with a value in a field, by all rules that need no more than the two."""
    known = _judged.get((field, value))
    return _judge_once(field, value) if known is None else known


def _judge_once(field: Field, value: str) -> tuple[Fault, ...]:
    if len(_judged) >= _REMEMBERED_AT_MOST:
        _judged.clear()
    faults = _judged[field, value] = tuple(_judge(field, value))
    return faults


def _judge(field: Field, value: str) -> Iterator[Fault]:
    is_sound = is_sound_text(value)
    if not is_sound:
        yield from faults_of_text(field, value)
    bare = value.strip()
    if bare and (is_sound or not is_placeholder(bare)):
        yield from _JUDGES[type(field)](field, bare)


def _plain(field: Field, value: str) -> Iterable[Fault]:
    """A text may be an address, in Dublin Core as often as not; `uri` has a field of its own."""
    return faults_of_known_address(field, value) if value.startswith(("http", "www.")) else ()


_TOGETHER: dict[type[Field], Callable[[list[Statement]], Iterator[tuple[Statement, Fault]]]] = {
    DateField: faults_among_dates,
    LanguageField: faults_among_languages,
    RelatorField: faults_among_relators,
}
# A judge takes the kind of field it is listed under.
_JUDGES: dict[type[Field], Callable[[Any, str], Iterable[Fault]]] = {
    DateField: faults_of_date,
    IdentifierField: faults_of_identifier,
    LanguageField: faults_of_language,
    LanguageTagField: faults_of_tag,
    MediaTypeField: faults_of_media_type,
    PlaceCodeField: faults_of_place_code,
    RelatorField: faults_of_relator,
    ResourceTypeField: faults_of_resource_type,
    ScriptField: faults_of_script,
    TextField: _plain,
    TitleField: _plain,
    UriField: faults_of_address,
}
