"""What a parsed XML record means, judged: its statements by the rules of their form."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from muniment.metadata.meaning import judge_meaning
from muniment.metadata.requirements import Requirements
from muniment.metadata.statements import Description
from muniment.metadata.xml_dc_statements import dublin_core_description
from muniment.metadata.xml_formats import MODS, OAI_DC, XmlKind, split_name
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_statement_places import StatementPlaces
from muniment.metadata.xml_statements import mods_descriptions
from muniment.metadata.xml_validation import XmlDocument
from muniment.model.findings import Finding

_DUBLIN_CORE = frozenset({"dspace", "qualifieddc"})


def xml_meaning(
    document: XmlDocument, data: bytes, path: str | None, requirements: Requirements | None = None
) -> tuple[Finding, ...]:
    """What the semantic rules and the requirements find in a record that was recognised.

    `data` are the bytes of its file, `path` the name that the findings carry.
    """
    root = document.root.getroottree().getroot()
    places = StatementPlaces(root, Places(data, path))
    return judge_meaning(descriptions_of(document.root, document.kind, places), requirements)


def describes(kind: XmlKind) -> bool:
    """Whether a format describes a thing, so that there is something to judge; PREMIS does not."""
    return kind.format.name in _DUBLIN_CORE | {"mods", "oai_dc"}


def descriptions_of(
    record: etree._Element, kind: XmlKind, places: StatementPlaces
) -> Iterator[Description]:
    """The descriptions that an element holds, which may lie anywhere in its document.

    None where it stands in another namespace than its format's: nothing in it would be read; and
    none of formats that describe no thing, as PREMIS.
    """
    form, namespace = kind.format.name, split_name(record.tag)[0]
    if form == "mods" and namespace == MODS:
        yield from mods_descriptions(record, places)
    elif form in _DUBLIN_CORE or (form == "oai_dc" and namespace == OAI_DC):
        yield dublin_core_description(record, places)
