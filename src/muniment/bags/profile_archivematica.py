"""What Archivematica asks of bags, which it says in no profile document of its own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from muniment.bags.profile_telling import Teller, short
from muniment.bags.profile_view import BagView
from muniment.model.rules import profile as rules

CSV_PATH = "data/metadata/metadata.csv"
PREMIS_PATH = "metadata/premis.xml"
_FILENAME = "filename"
_LARGEST_PREMIS = 100 << 20
# XML 1.0 section 2.2: what can stand in no XML document, escaped or not.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_NAME = re.compile(r"[^\W\d][\w.-]*")

JudgePremis = Callable[[bytes, Callable[[str], bool]], Iterable[tuple[int | None, str]]]
"""Takes a PREMIS document and a test whether the payload has a path; gives the reasons why
Archivematica would not import it, each with its line. XML is read in another room."""


def judge_for_archivematica(bag: BagView, teller: Teller, judge_premis: JudgePremis | None) -> None:
    """Labels, names, and the two metadata files that are imported."""
    _judge_labels(bag, teller)
    for path in bag.paths:
        reason = _name_fault(path, is_1_0=bag.version is None or bag.version >= (1, 0))
        if reason is not None:
            message = f"{path!r} {reason}"
            teller.tell(rules.ARCHIVEMATICA_NAME, "names", message, path=path, actual=path)
    if bag.has_payload(CSV_PATH):
        _judge_file(CSV_PATH, bag, teller, _judge_csv)
    if PREMIS_PATH in bag.tag_files:
        if judge_premis is None:
            teller.leave_open(f"{PREMIS_PATH} was not looked into")
        else:
            _judge_premis(bag, teller, judge_premis)


def _judge_labels(bag: BagView, teller: Teller) -> None:
    if bag.info is None:  # which is told of already
        return
    for field in bag.info.fields:
        if not _XML_NAME.fullmatch(field.label):
            label = short(field.label)
            message = f"the label {label!r} is no XML name; `{_xml_name(label)}` would be right"
            teller.tell(
                rules.ARCHIVEMATICA_LABEL,
                "Bag-Info",
                message,
                path=bag.info.path,
                line=field.line,
                actual=label,
            )


def _xml_name(label: str) -> str:
    """The nearest name that an XML element may have."""
    name = re.sub(r"[^\w.-]+", "-", label).strip("-.")
    return name if _XML_NAME.fullmatch(name) else f"_{name}"


def _name_fault(path: str, *, is_1_0: bool) -> str | None:
    """Why Archivematica, or bagit-python in it, would fail on a file that is rightly listed."""
    if _NO_XML.search(path):
        return "holds a character that no XML file can hold, so no METS file either"
    if "%" in path and is_1_0:
        return "holds a `%`, which bagit-python does not decode from a manifest"
    return "ends in a blank, which bagit-python takes off" if path.endswith(" ") else None


def _judge_file(
    path: str, bag: BagView, teller: Teller, judge: Callable[[BinaryIO, BagView, Teller], None]
) -> None:
    try:
        with bag.open(path) as stream:
            judge(stream, bag, teller)
    except OSError as error:
        teller.leave_open(f"{path} could not be read: {error.strerror or error}")


def _judge_csv(stream: BinaryIO, bag: BagView, teller: Teller) -> None:
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text)
        try:
            heading = next(rows, [])
            if heading[:1] == [_FILENAME]:
                _judge_rows(((rows.line_num, row[0]) for row in rows if any(row)), bag, teller)
                return
            there = heading[0] if heading else ""
            message = f"the first column is headed {short(there)!r}; it must be `{_FILENAME}`"
            _tell_of_csv(teller, message, 1, actual=short(there))
        except UnicodeDecodeError as fault:
            message = f"it is not UTF-8: byte {fault.object[fault.start]:02X} stands in it"
            _tell_of_csv(teller, message, None)
        except csv.Error as fault:
            _tell_of_csv(teller, f"it cannot be read as CSV: {fault}", rows.line_num)


def _tell_of_csv(teller: Teller, message: str, line: int | None, **evidence: str) -> None:
    message = f"{CSV_PATH}: {message}"
    teller.tell(
        rules.ARCHIVEMATICA_CSV, "metadata.csv", message, path=CSV_PATH, line=line, **evidence
    )


def _judge_rows(rows: Iterable[tuple[int, str]], bag: BagView, teller: Teller) -> None:
    folders: set[str] | None = None
    for line, named in rows:
        path = named.rstrip("/")
        if bag.has_payload(path):
            continue
        folders = folders or _folders(bag.payload_paths)
        if path not in folders:
            right = "there is no such file or folder in the payload"
            if path != "data" and not path.startswith("data/"):
                right = "in a bag, the path begins with `data/`"
            message = f"{CSV_PATH} describes {short(named)!r}: {right}"
            teller.tell(
                rules.ARCHIVEMATICA_CSV_ROW,
                "metadata.csv",
                message,
                path=CSV_PATH,
                line=line,
                actual=short(named),
            )


def _folders(paths: Iterable[str]) -> set[str]:
    return {"data", *(folder for path in paths for folder in _parents(path))}


def _parents(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _judge_premis(bag: BagView, teller: Teller, judge_premis: JudgePremis) -> None:
    def judge(stream: BinaryIO, bag: BagView, teller: Teller) -> None:
        for line, reason in judge_premis(stream.read(_LARGEST_PREMIS + 1), bag.has_payload):
            message = f"{PREMIS_PATH}: {reason}"
            teller.tell(
                rules.ARCHIVEMATICA_PREMIS, "premis.xml", message, path=PREMIS_PATH, line=line
            )

    _judge_file(PREMIS_PATH, bag, teller, judge)
