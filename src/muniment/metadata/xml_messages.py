"""libxml2's schema errors, told to people: rule, plain words, what would be right.

The errors that concern an element's children are judged in `xml_children`; here are all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lxml import etree

from muniment.metadata.xml_context import Context, Fault, excerpt, named_kind, nearest, span
from muniment.metadata.xml_formats import XML, XSI, split_name
from muniment.model.rules import xml as rules

if TYPE_CHECKING:
    from muniment.model.findings import JsonValue, Rule

NOT_EXPECTED = "This element is not expected"
_ATTRIBUTE = re.compile(r"^Element '.+?', attribute '(.+?)': ", re.DOTALL)
_LISTED = re.compile(r"is not an element of the set \{(.*)\}", re.DOTALL)
_FIXED = re.compile(r"fixed value constraint '(.*)'", re.DOTALL)
_TYPE = re.compile(r"type '([^']+)'\.?\s*$")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_REQUIRED = re.compile(r"attribute '([^']+)' is required")
_NAME = re.compile(r"^[^\W\d][\w.\-]*$")

_TYPES = {
    "xs:anyURI": "a URI",
    "xs:positiveInteger": "a whole number from 1 up",
    "xs:integer": "a whole number",
    "xs:nonNegativeInteger": "a whole number from 0 up",
    "xs:long": "a whole number",
    "xs:language": "a language tag such as `en` or `de-AT`",
    "xs:boolean": "`true` or `false`",
    "xs:date": "a date such as `1952-12-27`",
    "xs:dateTime": "a date and time such as `1952-12-27T09:30:00Z`",
    "xs:IDREF": "an ID, which begins with a letter",
}


_SCHEMES = {
    "W3CDTF": "a date such as `1952`, `1952-12`, `1952-12-27` or `1952-12-27T09:30:00Z`",
    "RFC1766": "a language tag such as `en` or `de-AT`",
    "RFC3066": "a language tag such as `en` or `de-AT`",
    "RFC4646": "a language tag such as `en` or `de-AT`",
}


def explain(entry: etree._LogEntry, element: etree._Element, context: Context) -> Fault:
    """What one error of libxml2's about an element means."""
    told = _EXPLANATIONS.get(entry.type_name, _otherwise)(entry.message, element, context)
    evidence = {**told.evidence, "original": entry.message.strip()}
    return Fault(
        element=told.element,
        rule=told.rule,
        message=told.message,
        attribute=told.attribute,
        evidence=evidence,
    )


def attribute_of(message: str) -> str | None:
    """The attribute that an error of libxml2's is about, as `{namespace}local`."""
    found = _ATTRIBUTE.match(message)
    return found[1] if found else None


def expected_names(message: str) -> list[str]:
    """The elements that libxml2 says would be right; ten at most."""
    found = _EXPECTED.search(message)
    return [name.strip() for name in found[1].split(",")] if found else []


def _otherwise(message: str, element: etree._Element, context: Context) -> Fault:
    plain = re.sub(r"\{([^}]*)\}", "", message.strip())
    text = f"`{context.name(element.tag)}` does not hold to the schema: {plain}"
    return Fault(
        element=element, rule=rules.SCHEMA_OTHERWISE, message=text, attribute=attribute_of(message)
    )


def _missing_child(message: str, element: etree._Element, context: Context) -> Fault:
    allowed = list(context.model.children(context.type_of(element)))
    wanted = allowed if len(expected_names(message)) > 1 else expected_names(message)
    name = context.name(element.tag)
    standing = "is empty" if len(element) == 0 else "is not complete"
    needs = "at least one of " if len(wanted) > 1 else ""
    text = f"`{name}` {standing}: it needs {needs}{context.listed(wanted)}."
    evidence = {"expected": context.plain(wanted), "actual": context.plain(c.tag for c in element)}
    return Fault(element=element, rule=rules.ELEMENT_MISSING, message=text, evidence=evidence)


def missing_before(message: str, element: etree._Element, context: Context) -> Fault:
    """A child that is right but for a required one that should stand before it."""
    parent = element.getparent()
    parent = element if parent is None else parent
    wanted = expected_names(message)
    text = (
        f"`{context.name(parent.tag)}` has no {context.listed(wanted)}, which must stand"
        f" before `{context.name(element.tag)}`."
    )
    evidence = {
        "expected": context.plain(wanted),
        "actual": context.name(element.tag),
        "original": message.strip(),
    }
    return Fault(element=parent, rule=rules.ELEMENT_MISSING, message=text, evidence=evidence)


def not_beside(message: str, element: etree._Element, context: Context) -> Fault:
    """A child that exists and is in order, but not beside what stands there."""
    parent = element.getparent()
    parent = element if parent is None else parent
    siblings = [c.tag for c in parent.iterchildren(etree.Element) if c is not element]
    beside = context.listed(dict.fromkeys(siblings))
    name, holder = context.name(element.tag), context.name(parent.tag)
    text = f"`{name}` cannot stand in `{holder}` beside {beside}."
    evidence = {
        "expected": context.plain(expected_names(message)),
        "actual": context.name(element.tag),
        "original": message.strip(),
    }
    return Fault(element=element, rule=rules.ELEMENT_MISPLACED, message=text, evidence=evidence)


def _text_not_allowed(message: str, element: etree._Element, context: Context) -> Fault:
    del message
    allowed = list(context.model.children(context.type_of(element)))
    texts = [element.text, *(child.tail for child in element)]
    standing = excerpt(" ".join(filter(None, texts)))
    name = context.name(element.tag)
    text = (
        f"The text {standing!r} stands directly in `{name}`; it belongs inside"
        f" {context.listed(allowed)}."
    )
    evidence = {"expected": context.plain(allowed), "actual": standing}
    return Fault(element=element, rule=rules.TEXT_NOT_ALLOWED, message=text, evidence=evidence)


def element_in_text(message: str, element: etree._Element, context: Context) -> Fault:
    """Elements where only text may stand; the fault lies with the first of them."""
    inner = [child.tag for child in element.iterchildren(etree.Element)]
    text = (
        f"{context.listed(dict.fromkeys(inner))} cannot stand in `{context.name(element.tag)}`,"
        " which holds text only."
    )
    first = next(element.iterchildren(etree.Element), element)
    evidence = {
        "expected": "text",
        "actual": context.plain(inner),
        "original": message.strip(),
    }
    return Fault(element=first, rule=rules.ELEMENT_IN_TEXT, message=text, evidence=evidence)


def _attribute_not_allowed(message: str, element: etree._Element, context: Context) -> Fault:
    attribute = attribute_of(message) or ""
    allowed = context.model.attributes(context.type_of(element))
    versions = context.versions_with_attribute(element, attribute)
    if versions:
        return _attribute_of_other_version(attribute, element, versions, context)
    name, owner = context.name(attribute), context.name(element.tag)
    near = _same_local(attribute, allowed) or nearest(attribute, allowed)
    if attribute == "type" and context.model.has_type(named_kind(element, "type") or ""):
        near = f"{{{XSI}}}type"
    text = f"`{owner}` has no attribute `{name}`."
    if attribute == f"{{{XML}}}lang" and element.get(f"{{{XSI}}}type") is not None:
        text = f"`{name}` cannot stand beside `xsi:type` on `{owner}`: its scheme has no language."
    elif near is not None:
        text += f" The nearest is `{context.name(near)}`."
    elif attribute in context.model.carriers:
        text += f" It stands on {context.listed(context.model.carriers[attribute])}."
    evidence = {
        "actual": f'{name}="{element.get(attribute, "") if attribute else ""}"',
        "nearest": context.name(near) if near else None,
        "expected": context.plain(allowed),
    }
    return Fault(
        element=element,
        rule=rules.ATTRIBUTE_UNKNOWN,
        message=text,
        attribute=attribute,
        evidence=evidence,
    )


def _same_local(attribute: str, allowed: Iterable[str]) -> str | None:
    """The allowed attribute that differs by its namespace only, such as `xlink:href`."""
    local = split_name(attribute)[1]
    return next((name for name in allowed if split_name(name)[1] == local), None)


def _attribute_of_other_version(
    attribute: str, element: etree._Element, versions: list[str], context: Context
) -> Fault:
    name, owner, known = context.name(attribute), context.name(element.tag), context.kind.format
    text = (
        f"`{owner}` has the attribute `{name}` in {known.title} {span(versions, known.versions)};"
        f" this record is judged as {context.kind.title}."
    )
    return Fault(
        element=element,
        rule=rules.ATTRIBUTE_OF_OTHER_VERSION,
        message=text,
        attribute=attribute,
        evidence={"expected": context.kind.version, "actual": versions},
    )


def _not_listed(message: str, element: etree._Element, context: Context) -> Fault:
    found = _LISTED.search(message)
    listed = re.findall(r"'([^']*)'", found[1]) if found else []
    attribute, value = attribute_of(message), _value(message, element)
    if attribute == "version" and value in context.kind.format.versions:
        return _version_contradicted(value, element, context)
    if len(listed) == 1:
        return _only(listed[0], value, attribute, element, context)
    near = nearest(value, listed) if value else None
    text = f"{_owner(attribute, element, context)} is {value!r}; it must be {_choice(listed)}."
    if near is not None:
        text += f" The nearest is {near!r}."
    return Fault(
        element=element,
        rule=rules.VALUE_NOT_LISTED,
        message=text,
        attribute=attribute,
        evidence={"expected": listed, "actual": value, "nearest": near},
    )


def _choice(listed: Sequence[str]) -> str:
    return f"one of {', '.join(repr(value) for value in listed)}"


def _only(
    right: str, value: str, attribute: str | None, element: etree._Element, context: Context
) -> Fault:
    """A value where the schema has but one, as a list of one or as a fixed value."""
    text = f"{_owner(attribute, element, context)} is {value!r}; it can only be {right!r}."
    return Fault(
        element=element,
        rule=rules.VALUE_NOT_FIXED_ONE,
        message=text,
        attribute=attribute,
        evidence={"expected": right, "actual": value},
    )


def _version_contradicted(value: str, element: etree._Element, context: Context) -> Fault:
    version = context.kind.version
    text = f"`version` says {value}, but the schema that the record names is of {version}."
    return Fault(
        element=element,
        rule=rules.VERSION_CONTRADICTED,
        message=text,
        attribute="version",
        evidence={"expected": version, "actual": value},
    )


def _wrong_type(message: str, element: etree._Element, context: Context) -> Fault:
    attribute, value = attribute_of(message), _value(message, element)
    found = _TYPE.search(message)
    schema_type = found[1] if found else ""
    if attribute == f"{{{XML}}}lang":
        schema_type = "xs:language"
    if attribute == f"{{{XSI}}}type":
        return _type_unknown(message, element, context)
    if schema_type == "xs:ID":
        return _bad_id(value, attribute, element, context)
    if attribute is None and element.get(f"{{{XSI}}}type") is not None:
        return _not_of_scheme(value, element, context)
    right = _TYPES.get(schema_type, f"of the type {schema_type}" if schema_type else "another")
    text = f"{_owner(attribute, element, context)} is {value!r}; it must be {right}."
    return Fault(
        element=element,
        rule=rules.VALUE_OF_WRONG_TYPE,
        message=text,
        attribute=attribute,
        evidence={"expected": schema_type or None, "actual": value},
    )


def _not_of_scheme(value: str, element: etree._Element, context: Context) -> Fault:
    """A text that is not what the scheme in `xsi:type` asks for."""
    scheme = element.get(f"{{{XSI}}}type", "")
    listed = context.model.text_values(context.type_of(element))
    owner = f"{_owner(None, element, context)} is {value!r}"
    if listed:
        near = nearest(value.strip(), listed)
        text = f"{owner}; as {scheme} it must be {_choice(listed)}."
        text += f" The nearest is {near!r}." if near else ""
        evidence: dict[str, JsonValue] = {"expected": listed, "actual": value, "nearest": near}
        rule = rules.VALUE_NOT_LISTED
    else:
        right = _SCHEMES.get(scheme.rpartition(":")[2], "a value of that scheme")
        text = f"{owner}; as {scheme} it must be {right}."
        evidence = {"expected": scheme, "actual": value}
        rule = rules.VALUE_OF_WRONG_TYPE
    return Fault(element=element, rule=rule, message=text, evidence=evidence)


def _bad_id(value: str, attribute: str | None, element: etree._Element, context: Context) -> Fault:
    """A malformed ID and a repeated one: libxml2 calls both an invalid xs:ID."""
    owner = _owner(attribute, element, context)
    if bool(_NAME.match(value.strip())):
        return id_twice(value, attribute, element, context)
    text = f"{owner} is {value!r}; an ID begins with a letter or `_` and has no blanks or colons."
    return Fault(
        element=element,
        rule=rules.ID_MALFORMED,
        message=text,
        attribute=attribute,
        evidence={"actual": value},
    )


def id_twice(value: str, attribute: str | None, element: etree._Element, context: Context) -> Fault:
    """An ID that an earlier element of the file has."""
    owner = _owner(attribute, element, context)
    text = f"{owner} is {value!r}, which an element before this one has already."
    return Fault(
        element=element,
        rule=rules.ID_TWICE,
        message=text,
        attribute=attribute,
        evidence={"actual": value},
    )


def _not_fixed_value(message: str, element: etree._Element, context: Context) -> Fault:
    found = _FIXED.search(message)
    attribute, value = attribute_of(message), _value(message, element)
    return _only(found[1] if found else "", value, attribute, element, context)


def _nil(message: str, element: etree._Element, context: Context) -> Fault:
    del message
    attribute = f"{{{XSI}}}nil"
    text = f"`{context.name(element.tag)}` has `xsi:nil`, which no element of this format may have."
    return Fault(
        element=element,
        rule=rules.NIL_NOT_ALLOWED,
        message=text,
        attribute=attribute,
        evidence={"expected": None, "actual": element.get(attribute)},
    )


def _type_unknown(message: str, element: etree._Element, context: Context) -> Fault:
    del message
    return _type_fault(element, rules.TYPE_UNKNOWN, "which is no type of this format", context)


def _type_not_allowed(message: str, element: etree._Element, context: Context) -> Fault:
    del message
    return _type_fault(element, rules.TYPE_NOT_ALLOWED, "a type that does not fit it", context)


def _type_fault(element: etree._Element, rule: Rule, what: str, context: Context) -> Fault:
    attribute = f"{{{XSI}}}type"
    value = element.get(attribute, "")
    text = f"`{context.name(element.tag)}` names in `xsi:type` {value!r}, {what}."
    return Fault(
        element=element, rule=rule, message=text, attribute=attribute, evidence={"actual": value}
    )


def _attribute_missing(message: str, element: etree._Element, context: Context) -> Fault:
    found = _REQUIRED.search(message)
    attribute = found[1] if found else ""
    allowed = context.model.attributes(context.type_of(element)).get(attribute)
    values = allowed.values if allowed else ()
    can_be = f" It can be {' or '.join(map(repr, values))}." if values else ""
    text = f"`{context.name(element.tag)}` has no `{context.name(attribute)}`, which is required."
    return Fault(
        element=element,
        rule=rules.ATTRIBUTE_MISSING,
        message=text + can_be,
        evidence={"expected": context.name(attribute), "actual": None, "values": values},
    )


def _type_required(message: str, element: etree._Element, context: Context) -> Fault:
    del message
    kinds = context.model.kinds_of(context.type_of(element))
    text = (
        f"`{context.name(element.tag)}` must say by `xsi:type` which kind it is:"
        f" {context.listed(kinds)}."
    )
    evidence = {"expected": context.plain(kinds), "actual": element.get(f"{{{XSI}}}type")}
    return Fault(element=element, rule=rules.TYPE_REQUIRED, message=text, evidence=evidence)


def _abstract(message: str, element: etree._Element, context: Context) -> Fault:
    del message
    name = context.name(element.tag)
    text = f"`{name}` only stands for others in the schema; use one of those."
    return Fault(element=element, rule=rules.ELEMENT_ABSTRACT, message=text)


def _value(message: str, element: etree._Element) -> str:
    """The value that is wrong, as it stands in the record."""
    attribute = attribute_of(message)
    if attribute is not None and element.get(attribute) is not None:
        return element.get(attribute, "")
    return element.text or ""


def _owner(attribute: str | None, element: etree._Element, context: Context) -> str:
    name = context.name(element.tag)
    return f"`{context.name(attribute)}` of `{name}`" if attribute else f"`{name}`"


_EXPLANATIONS: dict[str, Callable[[str, etree._Element, Context], Fault]] = {
    "SCHEMAV_ELEMENT_CONTENT": _missing_child,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": _text_not_allowed,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": element_in_text,
    "SCHEMAV_CVC_TYPE_3_1_2": element_in_text,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": _attribute_not_allowed,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": _attribute_not_allowed,
    "SCHEMAV_CVC_TYPE_3_1_1": _attribute_not_allowed,
    "SCHEMAV_CVC_ENUMERATION_VALID": _not_listed,
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": _wrong_type,
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_2": _wrong_type,
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_3": _wrong_type,
    "SCHEMAV_CVC_AU": _not_fixed_value,
    "SCHEMAV_CVC_ELT_3_1": _nil,
    "SCHEMAV_CVC_ELT_4_2": _type_unknown,
    "SCHEMAV_CVC_ELT_4_3": _type_not_allowed,
    "SCHEMAV_CVC_ELT_2": _abstract,
    "SCHEMAV_CVC_TYPE_2": _type_required,
    "SCHEMAV_CVC_COMPLEX_TYPE_4": _attribute_missing,
}
