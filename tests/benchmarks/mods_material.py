"""MODS records as varied as those of a library, of 2 to 6 KB, all valid."""

from __future__ import annotations

import random
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:schemaLocation="http://www.loc.gov/mods/v3
        http://www.loc.gov/standards/mods/v3/mods-3-7.xsd" version="3.7">
"""
_BYTES = 2048, 6000
_AROUND = 600
_WORDS = {
    "eng": "parish harbour bell tower letter winter council survey river garden school bridge "
    "orchard market the of and upon a first old northern account minutes map photograph",
    "ger": "Gemeinde Hafen Glocke Turm Brief Winter Rat Vermessung Fluß Garten Schule Brücke der "
    "die und über eine erste alte nördliche Rechnung Karte Ansicht Straße Häuser",
    "fre": "paroisse port cloche tour lettre hiver conseil rivière jardin école pont verger marché "
    "le la et sur une première vieille compte procès carte à été",
    "rus": "приход гавань колокол башня письмо зима совет река сад школа мост рынок и на первая "
    "старая северная счёт карта фотография",
    "chi": "教區 港口 鐘樓 書信 冬天 議會 河流 花園 學校 橋梁 市場 地圖 照片",
}
_SCRIPTS = {"rus": "Cyrl", "chi": "Hant"}
_FAMILIES = ["Weber", "García", "Иванов", "O'Brien", "Łukasiewicz", "Müller", "毛", "Žižka"]
_GIVEN = ["Anna", "José", "Пётр", "Máire", "Jan", "Johanna", "文", "Marie", "John", "Ada", "Karel"]
_ROLES = {"aut": "author", "pht": "photographer", "ctb": "contributor", "edt": "editor"}
_TYPES = ["text", "still image", "cartographic", "notated music", "mixed material"]
_GENRES = ["letters (correspondence)", "photographs", "maps (documents)", "minutes", "songs"]
_PLACES = ["London", "Köln", "Paris", "Москва", "臺北", "Galway", "Kraków"]
_COUNTRIES = ["enk", "gw", "fr", "ru", "ch", "ie", "pl"]


def mods_files(folder: Path, count: int) -> list[Path]:
    """So many valid MODS 3.7 records from a fixed seed, a thousand a folder."""
    paths = [folder / f"{number // 1000:03d}" / f"{number:06d}.xml" for number in range(count)]
    if folder.exists():
        return paths
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_Record(number).xml(), encoding="utf-8")
    return paths


class _Record:
    """One record; its number is its seed."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._random = random.Random(number)
        self._language = self._pick(list(_WORDS))
        self._year = self._random.randint(1500, 2020)

    def _pick(self, values: list[str]) -> str:
        return self._random.choice(values)

    def _text(self, least: int, most: int) -> str:
        words = _WORDS[self._language].split()
        said = " ".join(self._pick(words) for _ in range(self._random.randint(least, most)))
        return escape(said[0].upper() + said[1:])

    def xml(self) -> str:
        """The record; parts that may stand often are added until the size is reached."""
        aim = self._random.randint(*_BYTES)
        parts = [
            self._title(),
            self._kind(),
            self._origin(),
            self._languages(),
            self._identifiers(),
        ]
        parts += self._random.sample(
            [self._other_title(), self._physical(), self._abstract(), self._location()], k=2
        )
        parts += [self._rights(), self._record_info()]
        repeated = [self._name, self._note, self._subject, self._subject, self._related]
        while sum(len(part.encode()) for part in parts) < aim - _AROUND:
            parts.append(self._random.choice(repeated)())
        return _HEAD + "\n".join(parts) + "\n</mods>\n"

    def _title(self) -> str:
        return f"""  <titleInfo usage="primary">
    <title>{self._text(3, 8)} {self._number}</title>
    <subTitle>{self._text(2, 6)}</subTitle>
  </titleInfo>"""

    def _other_title(self) -> str:
        return f"""  <titleInfo type="alternative" displayLabel="Spine title">
    <title>{self._text(2, 4)}, {self._year}</title>
  </titleInfo>"""

    def _name(self) -> str:
        role = self._pick(list(_ROLES))
        born = self._year - self._random.randint(20, 70)
        return f"""  <name type="personal" authority="naf">
    <namePart type="family">{self._pick(_FAMILIES)}</namePart>
    <namePart type="given">{self._pick(_GIVEN)} {self._pick(_GIVEN)}</namePart>
    <namePart type="date">{born}-{born + 70}</namePart>
    <role>
      <roleTerm type="text" authority="marcrelator">{_ROLES[role]}</roleTerm>
      <roleTerm type="code" authority="marcrelator">{role}</roleTerm>
    </role>
  </name>"""

    def _kind(self) -> str:
        return f"""  <typeOfResource>{self._pick(_TYPES)}</typeOfResource>
  <genre authority="aat">{self._pick(_GENRES)}</genre>"""

    def _abstract(self) -> str:
        return f"  <abstract>{self._text(20, 60)}.</abstract>"

    def _origin(self) -> str:
        place = self._random.randrange(len(_PLACES))
        day = f"{self._year}-{self._random.randint(1, 12):02d}-{self._random.randint(1, 28):02d}"
        created = self._pick(
            [
                f'<dateCreated encoding="w3cdtf" keyDate="yes">{day}</dateCreated>',
                f'<dateCreated encoding="edtf" keyDate="yes">{self._year}~</dateCreated>',
                f'<dateIssued encoding="marc" keyDate="yes">{self._year}</dateIssued>',
                (
                    f'<dateCreated encoding="iso8601" point="start" keyDate="yes">{self._year}'
                    f'</dateCreated>\n    <dateCreated encoding="iso8601" point="end">'
                    f"{self._year + 3}</dateCreated>"
                ),
            ]
        )
        return f"""  <originInfo eventType="production">
    <place>
      <placeTerm type="code" authority="marccountry">{_COUNTRIES[place]}</placeTerm>
      <placeTerm type="text">{_PLACES[place]}</placeTerm>
    </place>
    <publisher>{self._text(2, 4)}</publisher>
    {created}
    <issuance>monographic</issuance>
  </originInfo>"""

    def _languages(self) -> str:
        script = _SCRIPTS.get(self._language, "Latn")
        return f"""  <language>
    <languageTerm type="code" authority="iso639-2b">{self._language}</languageTerm>
    <scriptTerm type="code" authority="iso15924">{script}</scriptTerm>
  </language>"""

    def _physical(self) -> str:
        pages = self._random.randint(1, 400)
        return f"""  <physicalDescription>
    <form authority="marcform">print</form>
    <internetMediaType>image/jp2</internetMediaType>
    <extent>{pages} pages ; {self._random.randint(10, 60)} cm</extent>
    <digitalOrigin>reformatted digital</digitalOrigin>
  </physicalDescription>"""

    def _note(self) -> str:
        kind = self._pick(["ownership", "source note", "biographical/historical", "condition"])
        return f'  <note type="{kind}">{self._text(8, 40)}.</note>'

    def _subject(self) -> str:
        number = self._random.randint(1, 999_999)
        return f"""  <subject authority="lcsh" authorityURI="http://id.loc.gov/authorities/subjects"
    valueURI="http://id.loc.gov/authorities/subjects/sh{number:08d}">
    <topic>{self._text(1, 3)}</topic>
    <geographic>{self._pick(_PLACES)}</geographic>
    <temporal encoding="w3cdtf">{self._year}</temporal>
    <genre>{self._pick(_GENRES)}</genre>
  </subject>"""

    def _related(self) -> str:
        return f"""  <relatedItem type="host" displayLabel="Collection">
    <titleInfo>
      <title>{self._text(2, 5)} papers</title>
    </titleInfo>
    <identifier type="local">ms-{self._random.randint(1, 9999):04d}</identifier>
    <part>
      <detail type="box"><number>{self._random.randint(1, 90)}</number></detail>
      <detail type="folder"><number>{self._random.randint(1, 40)}</number></detail>
    </part>
  </relatedItem>"""

    def _identifiers(self) -> str:
        return f"""  <identifier type="local">item-{self._number:06d}</identifier>
  <identifier type="uri">https://digital.archive.example/items/{self._number}</identifier>
  <identifier type="hdl">20.500.12345/{self._number}</identifier>"""

    def _location(self) -> str:
        return f"""  <location>
    <physicalLocation authority="marcorg">UkLoArc</physicalLocation>
    <shelfLocator>MS {self._random.randint(1, 9000)}/{self._number}</shelfLocator>
    <url usage="primary display"
      access="object in context">https://digital.archive.example/items/{self._number}</url>
  </location>"""

    def _rights(self) -> str:
        return """  <accessCondition type="use and reproduction"
    xlink:href="http://rightsstatements.org/vocab/NoC-US/1.0/">No copyright</accessCondition>"""

    def _record_info(self) -> str:
        return f"""  <recordInfo>
    <descriptionStandard>rda</descriptionStandard>
    <recordContentSource authority="marcorg">UkLoArc</recordContentSource>
    <recordCreationDate encoding="marc">{self._number % 100:02d}0517</recordCreationDate>
    <recordIdentifier source="UkLoArc">{self._number}</recordIdentifier>
    <languageOfCataloging>
      <languageTerm type="code" authority="iso639-2b">eng</languageTerm>
    </languageOfCataloging>
  </recordInfo>"""
