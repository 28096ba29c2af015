"""XML-199: a schema of the user's own refuses a file for a reason that has no rule here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fixture_forms import Pair

from muniment.metadata.xml_schema_folder import SchemaFolder
from muniment.metadata.xml_validation import validate_xml
from muniment.model.findings import Finding

# No schema of ours has an identity constraint; this one wants every title but once.
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="http://www.loc.gov/mods/v3"
    targetNamespace="http://www.loc.gov/mods/v3" elementFormDefault="qualified">
  <xs:element name="mods">
    <xs:complexType>
      <xs:sequence><xs:element name="note" maxOccurs="unbounded" type="xs:string"/></xs:sequence>
      <xs:attribute name="version" type="xs:string"/>
    </xs:complexType>
    <xs:unique name="once"><xs:selector xpath="m:note"/><xs:field xpath="."/></xs:unique>
  </xs:element>
</xs:schema>
"""


def _judged(folder: Path, *notes: str) -> Iterable[Finding]:
    (folder / "mods-3-8.xsd").write_text(SCHEMA, "utf-8")
    content = "".join(f"<note>{note}</note>" for note in notes)
    document = f'<mods xmlns="http://www.loc.gov/mods/v3" version="3.8">{content}</mods>'
    return validate_xml(document.encode(), "mods.xml", SchemaFolder(folder))


FIXTURES = {
    "XML-199": Pair(
        fires=lambda folder: _judged(folder, "a letter", "a letter"),
        near_miss=lambda folder: _judged(folder, "a letter", "a map"),
    )
}
