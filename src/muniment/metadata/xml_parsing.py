"""Bytes to an XML tree, or to findings that say why not: hardened, offline, all faults at once.

XML 1.0 and Namespaces in XML. Nothing is ever fetched, no entity is resolved, no document type is
followed, and libxml2's limits on size and depth stay on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from muniment.metadata.xml_encodings import Encoding, read_encoding, to_utf8
from muniment.metadata.xml_file_checks import (
    declares_something,
    doctype_findings,
    encoding_findings,
    entity_findings,
    not_xml,
    too_large,
)
from muniment.metadata.xml_formats import PREFIXES, UNDECLARED
from muniment.metadata.xml_syntax import LIBXML2_LIMIT, cut_short, syntax_findings
from muniment.model.findings import Finding
from muniment.model.rules import xml as rules

MAXIMUM_BYTES = 100 * 2**20
_PROBE_BYTES = 16 * 2**20

_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

_UNREADABLE_AS_IT_IS = frozenset(
    {rules.BYTES_OUTSIDE_ENCODING, rules.ENCODING_UNKNOWN, rules.ENCODING_CONTRADICTED}
)
"""Faults at which the parser stops: the rest is read from what can be decoded."""

_KEEPS_STRUCTURE = frozenset(
    {
        rules.BYTES_OUTSIDE_ENCODING,
        rules.ENCODING_CONTRADICTED,
        rules.ENCODING_UNKNOWN,
        rules.ENCODING_DOUBTFUL,
        rules.FORBIDDEN_CHARACTER,
        rules.DOCTYPE,
        rules.ENTITY_UNDEFINED,
        rules.BARE_AMPERSAND,
        rules.PREFIX_UNDECLARED,
        rules.ATTRIBUTE_TWICE,
    }
)
"""Faults after which elements still nest as they were meant, so that the schema can be judged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedXml:
    """What came of parsing. `root` is None where there is no tree to go on with.

    A root beside findings is what the file would be with its small faults mended: its elements
    are as the author nested them, so that it can still be judged by its schema. `data` are the
    bytes that it was read from.
    """

    root: etree._Element | None
    data: bytes
    findings: tuple[Finding, ...]


def parse_xml(data: bytes, path: str | None = None) -> ParsedXml:
    """Parse a file's bytes, of which the caller reads `MAXIMUM_BYTES` + 1 at most.

    The findings' places carry `path`. Raises nothing for what a file may hold.
    """
    if len(data) > MAXIMUM_BYTES:
        return _too_large(data, path)
    encoding = read_encoding(data)
    stranger = not_xml(data, encoding, path)
    if stranger is not None:
        return ParsedXml(root=None, data=data, findings=(stranger,))
    return _parse(data, encoding, path)


def _too_large(data: bytes, path: str | None) -> ParsedXml:
    """Refuse a file by its size; where one huge text is the reason, its place is found too."""
    _, log = _tree(data[:_PROBE_BYTES])
    limits = [e for e in log if e.type_name == LIBXML2_LIMIT]
    findings = (too_large(MAXIMUM_BYTES, path), *syntax_findings(limits, data, path))
    return ParsedXml(root=None, data=b"", findings=findings)


def _parse(data: bytes, encoding: Encoding, path: str | None) -> ParsedXml:
    root, log = _tree(data)
    findings = list(encoding_findings(data, encoding, log, path))
    if any(finding.rule in _UNREADABLE_AS_IT_IS for finding in findings):
        data = to_utf8(data, encoding.used if encoding.is_known else "UTF-8")
        root, log = _tree(data)
    findings += syntax_findings(log, data, path)
    findings += cut_short(log, path)
    if root is not None:
        findings += doctype_findings(root, data, path)
    if root is not None and any(finding.rule is rules.DOCTYPE for finding in findings):
        findings += entity_findings(root, path)
        root = None if declares_something(data) else root
    return ParsedXml(root=_usable(root, findings), data=data, findings=tuple(findings))


def _tree(data: bytes) -> tuple[etree._Element | None, Sequence[etree._LogEntry]]:
    """The tree that libxml2 makes of the bytes, and all that it complained about on the way."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,  # to go on after a fault and see the next
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    return root, list(parser.error_log)


def _usable(root: etree._Element | None, findings: Sequence[Finding]) -> etree._Element | None:
    """The tree, if what is wrong with the file left its elements as they were meant."""
    if root is None or any(f.rule not in _KEEPS_STRUCTURE for f in findings):
        return None
    if findings:
        etree.strip_elements(root, etree.Entity, with_tail=False)
        _bind_prefixes(root)
        _drop_second_attributes(root)
        _replace_forbidden_characters(root)
    return root


def _bind_prefixes(root: etree._Element) -> None:
    """Give undeclared prefixes that everybody knows the namespace that they stand for.

    Of other prefixes, attributes are dropped and elements get a namespace that names the prefix.
    """
    namespaces = {prefix: namespace for namespace, prefix in PREFIXES.items()}
    for element in root.iter(etree.Element):
        prefix, colon, local = element.tag.partition(":")
        if colon and not element.tag.startswith("{"):
            namespace = namespaces.get(prefix, UNDECLARED + quote(prefix))
            element.tag = f"{{{namespace}}}{local or '_'}"
        for name in map(str, element.attrib):
            prefix, colon, local = name.partition(":")
            if colon and not name.startswith("{"):
                value = element.attrib.pop(name)
                if prefix in namespaces and local:
                    element.set(f"{{{namespaces[prefix]}}}{local}", value)


def _drop_second_attributes(root: etree._Element) -> None:
    """Keep the first of attributes given twice; libxml2 keeps both."""
    for element in root.iter(etree.Element):
        names = list(map(str, element.attrib))
        for name in {name for name in names if names.count(name) > 1}:
            value = element.get(name, "")
            while name in element.attrib:
                del element.attrib[name]
            element.set(name, value)


def _replace_forbidden_characters(root: etree._Element) -> None:
    """Put U+FFFD where a character stands that XML does not allow; libxml2 lets some through."""
    for node in root.iter():
        node.tail = _allowed(node.tail)
    for element in root.iter(etree.Element):
        element.text = _allowed(element.text)
        for name in map(str, element.attrib):
            element.set(name, _allowed(element.get(name)) or "")


def _allowed(text: str | None) -> str | None:
    return _FORBIDDEN.sub("\ufffd", text) if text else text
