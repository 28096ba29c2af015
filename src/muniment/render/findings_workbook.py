"""Tables of texts as an XLSX workbook (ISO/IEC 29500), written line by line."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same tables give the same bytes
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def write_workbook(pages: Iterable[tuple[str, Iterator[Sequence[str]]]], target: BinaryIO) -> None:
    """Write a sheet for each page: its name and its rows, the first of them headings."""
    names: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in pages:
            names.append(_sheet_name(name, len(names) + 1))
            part = _info(f"xl/worksheets/sheet{len(names)}.xml")
            with archive.open(part, "w", force_zip64=True) as stream:
                for piece in _sheet(lines):
                    stream.write(piece.encode())
        if not names:
            names.append("findings")
            archive.writestr(_info("xl/worksheets/sheet1.xml"), "".join(_sheet(iter(()))))
        for part_name, content in _frame(names):
            archive.writestr(_info(part_name), _HEAD + content)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _sheet_name(name: str, number: int) -> str:
    """A name that spreadsheet programs take, and no two alike: the end of it, numbered."""
    plain = _NOT_IN_NAMES.sub(" ", _NOT_IN_XML.sub(" ", name)).strip()
    front = f"{number} "
    return front + plain[-(_LONGEST_NAME - len(front)) :].strip()


def _sheet(lines: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield "</sheetView></sheetViews><sheetData>"
    for line in lines:
        yield f"<row>{''.join(map(_cell, line))}</row>"
    yield "</sheetData></worksheet>"


def _cell(text: str) -> str:
    if not text:
        return "<c/>"
    shown = escape(_NOT_IN_XML.sub("\ufffd", text)[:_LONGEST_CELL])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts that make an archive a workbook."""
    numbered = list(enumerate(names, 1))
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_TYPE}.worksheet+xml"/>'
        for number, _ in numbered
    )
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        f'"/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{overrides}</Types>'
    )
    yield "[Content_Types].xml", types
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="r{number}"/>'
        for number, name in numbered
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number, _ in numbered]
    yield "xl/_rels/workbook.xml.rels", _relations(targets)


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'
