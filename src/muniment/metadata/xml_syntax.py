"""What libxml2's parser says of a file that is not well-formed, put into findings for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html.entities import html5

from lxml import etree

from muniment.metadata.xml_findings import file_finding, lines_of
from muniment.metadata.xml_formats import PREFIXES
from muniment.model.findings import Finding, Rule
from muniment.model.rules import xml as rules

LIBXML2_LIMIT = "ERR_RESOURCE_LIMIT"
LIBXML2_ERRORS_AT_MOST = 100
_EXCERPT = 60
_ENCODING_ERRORS = {"ERR_INVALID_ENCODING", "ERR_UNSUPPORTED_ENCODING", "ERR_UNKNOWN_ENCODING"}

_Told = tuple[Rule, str]

_ENTITY = re.compile(r"Entity '(.+)' not defined")
_PREFIX = re.compile(r"Namespace prefix (\S+)(?: for (\S+))? on (\S+) is not defined")
_MISMATCH = re.compile(r"tag mismatch: (\S+) line (\d+) and (\S+)")
_OPEN = re.compile(r"(?:in tag|Start Tag) (\S+) line (\d+)")
_REDEFINED = re.compile(r"Attribute (\S+)")
_CHARACTER = re.compile(r"(?:value |Char )(0x[0-9A-Fa-f]+|\d+)")


def syntax_findings(log: Iterable[etree._LogEntry], data: bytes, path: str | None) -> list[Finding]:
    """The parser's errors in order, one finding for a place; encodings are judged elsewhere."""
    entries = _causes(log)
    if not entries:
        return []
    lines = lines_of(data)
    return [_finding(entry, lines, path) for entry in entries]


def _causes(log: Iterable[etree._LogEntry]) -> list[etree._LogEntry]:
    """The first error at each place, without those that only follow from another.

    A start tag that could not be read lets its end tag close the wrong element.
    """
    causes: dict[tuple[int, int], etree._LogEntry] = {}
    lost_tags = 0
    for entry in log:
        place = (entry.line, entry.column)
        is_error = entry.level >= etree.ErrorLevels.ERROR
        if not is_error or entry.type_name in _ENCODING_ERRORS or place in causes:
            continue
        if entry.type_name == "ERR_TAG_NAME_MISMATCH" and lost_tags:
            lost_tags -= 1
            continue
        lost_tags += _EXPLANATIONS.get(entry.type_name) is _attribute_malformed
        causes[place] = entry
    return list(causes.values())


def cut_short(log: Sequence[etree._LogEntry], path: str | None) -> Iterator[Finding]:
    """Say so where libxml2 has stopped counting errors."""
    if sum(entry.level >= etree.ErrorLevels.ERROR for entry in log) >= LIBXML2_ERRORS_AT_MOST:
        message = f"The parser lists {LIBXML2_ERRORS_AT_MOST} faults at most; there may be more."
        yield file_finding(rules.LIST_CUT_SHORT, message, path)


def _finding(entry: etree._LogEntry, lines: Sequence[str], path: str | None) -> Finding:
    explain = _EXPLANATIONS.get(entry.type_name, _not_well_formed)
    said = entry.message.strip()
    rule, message = explain(said)
    line: int | None = entry.line
    column: int | None = entry.column
    if rule is rules.ENTITY_EXPLOSION:  # libxml2 counts within the entity then
        numbered = enumerate(lines, 1)
        line = next((number for number, text in numbered if "<!DOCTYPE" in text), None)
        column = None
    excerpt = _excerpt(lines, line or 0, column or 0)
    return file_finding(rule, message, path, line, column, actual=excerpt, original=said)


def _excerpt(lines: Sequence[str], line: int, column: int) -> str:
    """The line of an error, or of a long one what lies around the error."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    start = max(0, min(column, len(text)) - _EXCERPT)
    return text[start : start + 2 * _EXCERPT].strip()


def _not_well_formed(said: str) -> _Told:
    return rules.NOT_WELL_FORMED, f"The file is not well-formed here: {said}."


def _undefined_entity(said: str) -> _Told:
    found = _ENTITY.search(said)
    name = found[1] if found else "?"
    meant = html5.get(f"{name};")
    right = f"write {meant} or &#{ord(meant[0])};" if meant else "write the character itself"
    if meant is not None and not meant.isprintable():
        right = f"write &#{ord(meant[0])};"
    return rules.ENTITY_UNDEFINED, f"XML does not define `&{name};`: {right}."


def _bare_ampersand(said: str) -> _Told:
    del said
    return rules.BARE_AMPERSAND, "A `&` stands alone here: write `&amp;`."


def _name_required(said: str) -> _Told:
    if "EntityRef" in said:
        return _bare_ampersand(said)
    if "StartTag" in said:
        return rules.BARE_LESS_THAN, "A `<` begins no tag here: write `&lt;` if it is text."
    return _not_well_formed(said)


def _undeclared_prefix(said: str) -> _Told:
    found = _PREFIX.search(said)
    if not found:
        return _not_well_formed(said)
    prefix, attribute, element = found.groups()
    place = f"`{prefix}:{attribute}` on `{element}`" if attribute else f"`{prefix}:{element}`"
    namespace = next((uri for uri, usual in PREFIXES.items() if usual == prefix), None)
    right = f': declare it on the root element with xmlns:{prefix}="{namespace}"'
    message = f"The prefix of {place} is not declared{right if namespace else ''}."
    return rules.PREFIX_UNDECLARED, message


def _tag_mismatch(said: str) -> _Told:
    found = _MISMATCH.search(said)
    if not found:
        return rules.TAGS_DO_NOT_MATCH, f"An end tag does not fit its start tag: {said}."
    start, line, end = found.groups()
    message = f"`</{end}>` closes `<{start}>` of line {line}; `</{start}>` would be right here."
    return rules.TAGS_DO_NOT_MATCH, message


def _breaks_off(said: str) -> _Told:
    found = _OPEN.search(said)
    still = f": `{found[1]}`, begun in line {found[2]}, is still open" if found else ""
    return rules.BREAKS_OFF, f"The file breaks off{still}."


def _breaks_off_in_tag(said: str) -> _Told:
    found = _OPEN.search(said)
    where = f" within the tag `<{found[1]}`" if found else ""
    return rules.BREAKS_OFF, f"The file breaks off{where}."


def _more_after_root(said: str) -> _Told:
    del said
    return rules.MORE_AFTER_ROOT, "The root element was closed, but something follows it here."


def _attribute_twice(said: str) -> _Told:
    found = _REDEFINED.search(said)
    name = found[1] if found else "?"
    return rules.ATTRIBUTE_TWICE, f"The attribute `{name}` is given twice in one element."


def _attribute_malformed(said: str) -> _Told:
    message = f'An attribute is not written name="value" here ({said}).'
    return rules.ATTRIBUTE_MALFORMED, message


def _less_than_in_attribute(said: str) -> _Told:
    del said
    return rules.BARE_LESS_THAN, "A `<` stands in an attribute's value: write `&lt;`."


def _forbidden_character(said: str) -> _Told:
    found = _CHARACTER.search(said)
    point = int(found[1], 0) if found else None
    name = f"U+{point:04X}" if point is not None else "A control character"
    named = f"{name} (a NUL byte)" if point == 0 else name
    return rules.FORBIDDEN_CHARACTER, f"{named} is a character that XML does not allow: delete it."


def _declaration(said: str) -> _Told:
    return rules.DECLARATION_MISPLACED, f"The XML declaration is not right: {said}."


def _limit(said: str) -> _Told:
    if "depth" in said:
        return rules.TOO_DEEP, "Elements are nested deeper here than the parser follows (256)."
    if "amplification" in said:
        return _explosion(said)
    return rules.TOO_LONG, "A text, name or value is longer than ten million characters here."


def _too_big_or_unfinished(said: str) -> _Told:
    return _limit(said) if "too big" in said else _breaks_off(said)


def _explosion(said: str) -> _Told:
    del said
    return rules.ENTITY_EXPLOSION, "Entities refer to entities here until nothing holds them all."


_EXPLANATIONS: dict[str, Callable[[str], _Told]] = {
    "ERR_UNDECLARED_ENTITY": _undefined_entity,
    "ERR_NAME_REQUIRED": _name_required,
    "ERR_ENTITYREF_SEMICOL_MISSING": _bare_ampersand,
    "NS_ERR_UNDEFINED_NAMESPACE": _undeclared_prefix,
    "ERR_TAG_NAME_MISMATCH": _tag_mismatch,
    "ERR_TAG_NOT_FINISHED": _breaks_off,
    "ERR_DOCUMENT_END": _more_after_root,
    "ERR_ATTRIBUTE_REDEFINED": _attribute_twice,
    "NS_ERR_ATTRIBUTE_REDEFINED": _attribute_twice,
    "ERR_ATTRIBUTE_NOT_STARTED": _attribute_malformed,
    "ERR_ATTRIBUTE_NOT_FINISHED": _attribute_malformed,
    "ERR_ATTRIBUTE_WITHOUT_VALUE": _attribute_malformed,
    "ERR_SPACE_REQUIRED": _attribute_malformed,
    "ERR_GT_REQUIRED": _breaks_off_in_tag,
    "ERR_LT_IN_ATTRIBUTE": _less_than_in_attribute,
    "ERR_INVALID_CHAR": _forbidden_character,
    "ERR_RESERVED_XML_NAME": _declaration,
    "ERR_XMLDECL_NOT_STARTED": _declaration,
    "ERR_XMLDECL_NOT_FINISHED": _declaration,
    "ERR_UNKNOWN_VERSION": _declaration,
    "ERR_VERSION_MISSING": _declaration,
    "ERR_STANDALONE_VALUE": _declaration,
    LIBXML2_LIMIT: _limit,
    "ERR_NAME_TOO_LONG": _limit,
    "ERR_COMMENT_NOT_FINISHED": _too_big_or_unfinished,
    "ERR_CDATA_NOT_FINISHED": _too_big_or_unfinished,
    "ERR_PI_NOT_FINISHED": _too_big_or_unfinished,
    "ERR_ENTITY_LOOP": _explosion,
}
