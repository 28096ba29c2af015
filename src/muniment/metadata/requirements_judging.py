"""A description against an institution's requirements -> findings (REQ)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from re import Pattern

from muniment.metadata.date_encodings import date_fault
from muniment.metadata.language_codes import are_of_one_language
from muniment.metadata.requirements import (
    NARROWER,
    Condition,
    Level,
    Requirement,
    Requirements,
)
from muniment.metadata.semantic_faults import quoted
from muniment.metadata.semantic_roles import relator_for
from muniment.metadata.semantic_texts import is_placeholder
from muniment.metadata.statements import (
    DateField,
    Description,
    Field,
    LanguageField,
    LanguageTagField,
    Place,
    RelatorField,
    ScriptField,
    Statement,
    UriField,
)
from muniment.model.findings import Finding, JsonValue, Rule
from muniment.model.rules import requirement as rules

CHECK = "requirements"
_CREATORS = frozenset({"aut", "cre"})
_DCMI_OF_MODS = {
    "cartographic": "Image",
    "mixed material": "Collection",
    "moving image": "MovingImage",
    "notated music": "Text",
    "software, multimedia": "Software",
    "sound recording": "Sound",
    "sound recording-musical": "Sound",
    "sound recording-nonmusical": "Sound",
    "still image": "StillImage",
    "text": "Text",
    "three dimensional object": "PhysicalObject",
}
# Attributes say these of a value that has a statement of its own.
_OF_OTHERS = frozenset(
    {"valueURI", "authorityURI", "typeURI", "otherTypeURI", "eventTypeURI", "xlink:href", "script"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """A value that counts for a property; `uri` its address, `field` where it stands."""

    value: str
    field: Field
    place: Place
    uri: str | None


_Facts = Mapping[str, Sequence[_Fact]]


def requirement_findings(
    description: Description, requirements: Requirements
) -> tuple[Finding, ...]:
    """Everything in which a description falls short of the requirements, in the order of both."""
    facts = _facts(description)
    judge = _Judge(description, facts, requirements.title)
    findings = [found for each in requirements.requirements for found in judge.judge(each)]
    for collection in requirements.collections:
        if _belongs(facts, collection.when):
            among = _Judge(description, facts, f"{requirements.title}: {collection.title}")
            findings += [found for each in collection.requirements for found in among.judge(each)]
    return tuple(findings)


def weighed(findings: Sequence[Finding], requirements: Requirements) -> tuple[Finding, ...]:
    """The findings with the severities that the requirements give to their rules."""
    severities = requirements.severities
    return tuple(
        replace(each, severity_override=severities[each.rule.id])
        if each.rule.id in severities and each.severity_override is None
        else each
        for each in findings
    )


def _belongs(facts: _Facts, when: Condition) -> bool:
    return any(
        (not when.values or _is_among(fact, when.values))
        and (when.pattern is None or _matches(fact, when.pattern))
        for fact in _about(facts, when.property, when.type)
    )


def _about(facts: _Facts, name: str, kind: str | None) -> list[_Fact]:
    """The facts that fulfil a property: its own, and those of its narrower ones."""
    names = (name, *NARROWER.get(name, ()))
    found = [fact for each in names for fact in facts.get(each, ())]
    return [fact for fact in found if kind is None or _same(fact.field.type, kind)]


def _same(one: str | None, other: str) -> bool:
    return one is not None and one.strip().lower() == other.strip().lower()


class _Judge:
    """Judges the requirements of one file, or of a collection in it, which `source` names."""

    def __init__(self, description: Description, facts: _Facts, source: str) -> None:
        self._description = description
        self._facts = facts
        self._source = source

    def judge(self, asked: Requirement) -> Iterator[Finding]:
        """What one requirement finds wrong."""
        facts = _about(self._facts, asked.property, asked.type)
        if asked.level is Level.FORBIDDEN:
            for fact in facts:
                message = f"{fact.field.name} {quoted(fact.value)} stands, which may not"
                yield self._finding(rules.FORBIDDEN_PRESENT, asked, message, fact, expected=None)
            return
        yield from self._number(asked, facts)
        if asked.encoding and facts:
            yield from self._encoding(asked, facts)
        for fact in facts:
            yield from self._value(asked, fact)

    def _number(self, asked: Requirement, facts: Sequence[_Fact]) -> Iterator[Finding]:
        what = f"{asked.property} of type {asked.type}" if asked.type else asked.property
        if not facts and asked.level is not Level.OPTIONAL:
            is_required = asked.level is Level.REQUIRED
            rule = rules.REQUIRED_MISSING if is_required else rules.RECOMMENDED_MISSING
            message = f"there is no {what}, which is {asked.level}"
            yield self._finding(rule, asked, message, None, expected=what, actual=None)
        elif facts and len(facts) < asked.at_least:
            message = f"{what} has {len(facts)} values; at least {asked.at_least} are asked for"
            evidence = {"expected": asked.at_least, "actual": len(facts)}
            yield self._finding(rules.TOO_FEW, asked, message, facts[-1], **evidence)
        if asked.at_most is not None and len(facts) > asked.at_most:
            message = f"{what} has {len(facts)} values; at most {asked.at_most} may stand"
            evidence = {"expected": asked.at_most, "actual": len(facts)}
            yield self._finding(rules.TOO_MANY, asked, message, facts[asked.at_most], **evidence)

    def _value(self, asked: Requirement, fact: _Fact) -> Iterator[Finding]:
        name, value = fact.field.name, fact.value
        if asked.values and not _is_among(fact, asked.values):
            nearest = _nearest(value, asked.values)
            message = f"{name} is {quoted(value)}, which is not among the values that are allowed"
            message += f"; did you mean {nearest}?" if nearest else ""
            evidence = {"actual": value, "expected": nearest or list(asked.values)}
            yield self._finding(rules.VALUE_NOT_ALLOWED, asked, message, fact, **evidence)
        if asked.pattern is not None and not _matches(fact, asked.pattern):
            message = f"{name} is {quoted(value)}, which has not the form that is asked for"
            message += f"; write it like {asked.example}" if asked.example else ""
            wanted = asked.example or asked.pattern.pattern
            evidence = {"actual": value, "expected": wanted}
            yield self._finding(rules.PATTERN_NOT_MATCHED, asked, message, fact, **evidence)
        yield from self._traits(asked, fact)

    def _traits(self, asked: Requirement, fact: _Fact) -> Iterator[Finding]:
        """The vocabulary, the encoding and the address of a value."""
        field = fact.field
        if asked.authority and (field.authority or "").lower() not in _lower(asked.authority):
            said = f"names {field.authority}" if field.authority else "names no vocabulary"
            message = (
                f"{field.name} {quoted(fact.value)} {said}; allowed are {_or(asked.authority)}"
            )
            evidence = {"actual": field.authority, "expected": list(asked.authority)}
            yield self._finding(rules.AUTHORITY_NOT_ALLOWED, asked, message, fact, **evidence)
        if asked.uri and fact.uri is None:
            message = f"{field.name} {quoted(fact.value)} has no address"
            evidence_: dict[str, JsonValue] = {"actual": None}
            yield self._finding(rules.ADDRESS_MISSING, asked, message, fact, **evidence_)

    def _encoding(self, asked: Requirement, facts: Sequence[_Fact]) -> Iterator[Finding]:
        """One date at least must be encoded; another beside it may be as people write dates."""
        allowed = _lower(asked.encoding)
        if any(self._is_encoded(fact, allowed) for fact in facts):
            return
        first = facts[0]
        encoding = first.field.encoding if isinstance(first.field, DateField) else None
        said = f"is encoded as {encoding}" if encoding else "names no encoding"
        message = f"{first.field.name} {quoted(first.value)} {said}, and no date beside it is"
        message += f" in {_or(asked.encoding)}"
        evidence: dict[str, JsonValue] = {"actual": encoding, "expected": list(asked.encoding)}
        yield self._finding(rules.ENCODING_NOT_ALLOWED, asked, message, first, **evidence)

    def _is_encoded(self, fact: _Fact, allowed: set[str]) -> bool:
        encoding = fact.field.encoding if isinstance(fact.field, DateField) else None
        if encoding is not None or self._description.form != "dc":
            return (encoding or "").lower() in allowed
        # Dublin Core has no place to name an encoding: the form of the date must tell.
        return any(date_fault(fact.value, each) is None for each in allowed)

    def _finding(
        self,
        rule: Rule,
        asked: Requirement,
        message: str,
        fact: _Fact | None,
        **evidence: JsonValue,
    ) -> Finding:
        place = self._description.start if fact is None else fact.place
        reason = f": {asked.because}" if asked.because else ""
        return Finding(
            rule=rule,
            message=f"{message} ({self._source}{reason})",
            location=self._description.locate(place),
            evidence={"property": asked.property, "requirements": self._source, **evidence},
            severity_override=asked.severity,
        )


def _lower(words: Sequence[str]) -> set[str]:
    return {word.lower() for word in words}


def _or(words: Sequence[str]) -> str:
    return " or ".join(words)


def _is_among(fact: _Fact, values: Sequence[str]) -> bool:
    """Whether a value, or its address, is in a list; types and languages by what they mean."""
    if fact.value in values or fact.uri in values or _DCMI_OF_MODS.get(fact.value) in values:
        return True
    is_language = isinstance(fact.field, LanguageField)
    return is_language and any(are_of_one_language(fact.value, each) for each in values)


def _matches(fact: _Fact, pattern: Pattern[str]) -> bool:
    texts = (fact.value, fact.uri)
    return any(pattern.fullmatch(text) is not None for text in texts if text is not None)


def _nearest(value: str, values: Sequence[str]) -> str | None:
    by_lower = {each.lower(): each for each in values}
    close = get_close_matches(value.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def _facts(description: Description) -> _Facts:
    """The values of the thing itself by their properties; what is empty does not count."""
    facts: dict[str, list[_Fact]] = {}
    spoken = {(each.group, each.field.property) for each in description.statements if _counts(each)}
    for statement in description.statements:
        if statement.item == 0 and statement.field.property != "name":
            field, key = statement.field, (statement.group, statement.field.property)
            is_address = isinstance(field, UriField) and field.name == "uri" and key not in spoken
            if _counts(statement) or is_address:
                facts.setdefault(field.property, []).append(_fact(statement))
    for property_, fact in _names(description):
        facts.setdefault(property_, []).append(fact)
    return facts


def _fact(statement: Statement) -> _Fact:
    field, value = statement.field, statement.value.strip()
    uri = field.uri or (value if isinstance(field, UriField) else None)
    return _Fact(value=value or uri or "", field=field, place=statement.place, uri=uri)


def _counts(statement: Statement) -> bool:
    field = statement.field
    if field.name in _OF_OTHERS or isinstance(field, LanguageTagField | RelatorField):
        return False
    if isinstance(field, ScriptField) or (isinstance(field, UriField) and field.name == "uri"):
        return False
    if isinstance(field, LanguageField) and field.form == "text":
        return False
    value = statement.value.strip()
    return bool(value or field.uri) and not is_placeholder(value or "x")


def _names(description: Description) -> Iterator[tuple[str, _Fact]]:
    """MODS's names: creators by their roles, contributors else; the parts of a name as one."""
    parts: dict[int, list[Statement]] = {}
    creators: set[int] = set()
    for each in description.statements:
        if each.item != 0:
            continue
        if each.field.property == "name" and each.field.name == "namePart" and each.value.strip():
            parts.setdefault(each.group, []).append(each)
        elif isinstance(each.field, RelatorField) and _is_creator(each.value.strip()):
            creators.add(description.parents[each.group])
    for group, named in parts.items():
        value = ", ".join(part.value.strip() for part in named if part.field.type != "date")
        first = named[0]
        uri = _address(description, group)
        fact = _Fact(value=value, field=first.field, place=first.place, uri=uri)
        yield "creator" if group in creators else "contributor", fact


def _address(description: Description, group: int) -> str | None:
    """The address that a name's own element gives."""
    addresses = (
        each.value
        for each in description.statements
        if each.group == group and each.field.name == "valueURI"
    )
    return next(addresses, None)


def _is_creator(role: str) -> bool:
    return role in _CREATORS or relator_for(role) in _CREATORS
