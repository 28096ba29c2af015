"""A date against the encoding it is said to be in: MODS's edtf, w3cdtf, iso8601, marc, temper.

A fault that is certain is told apart from a form that merely departs from the encoding's letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from muniment.metadata.dates import nearest_edtf
from muniment.metadata.edtf import NOT_EDTF, REVERSED, Day, form_since_2018, read_edtf
from muniment.metadata.w3cdtf import NO_ZONE, NOT_W3CDTF, day_fault, w3cdtf_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFault:
    """Why a date cannot stand. `expected` is what would be right, where that is plain.

    `kind` is one of `form` (not of the encoding's form), `calendar` (no such day), `order` (a span
    that ends before it begins), `past` (EDTF of before 2018), `zone` (a time without its zone, or
    one that is written otherwise).
    """

    kind: str
    reason: str
    expected: str | None = None


_SHAPED = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:T.*)?")
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:T?[0-9:].*)?")
_CLOCK = (
    r"[0-2][0-9](?::?[0-5][0-9](?::?[0-6][0-9](?:[.,][0-9]+)?)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_ISO_POINT = (
    r"(?:[+-]?[0-9]{4,6}(?:-[0-9]{2}(?:-[0-9]{2})?|-W[0-9]{2}(?:-[1-7])?|-[0-9]{3})?"
    r"|[0-9]{2}|[0-9]{4}W[0-9]{2}[1-7]?|[0-9]{7,8})"
    rf"(?:T{_CLOCK})?"
)
_DURATION = r"P(?=[0-9T])(?:[0-9.,]+[YMWD])*(?:T(?:[0-9.,]+[HMS])+)?"
# Catalogues write the date and time of MARC's field 005, which has no T, under this name too.
_MARC_005 = r"[0-9]{14}(?:\.[0-9])?"
_ISO = re.compile(
    rf"{_MARC_005}|(?:{_ISO_POINT}|{_DURATION})(?:/(?:{_ISO_POINT}|{_DURATION}|{_CLOCK}))?"
)
# MARC 008: years with u for unknown and | for no attempt; days as yymmdd; blanks as # or blank.
_MARC = re.compile(r"[0-9u|#]{4}(?:[0-9u|#]{2}|[0-9u|#]{4})?(?:-[0-9u|#]{4})?|[0-9]{3}[ #-]")
_TEMPER = re.compile(r"[~?]*-?[0-9]{4,14}[~?]*(?:(?:,|-|\.\.)\s*[~?]*-?[0-9]{4,14}[~?]*)*")


@lru_cache(maxsize=4096)
def date_fault(text: str, encoding: str | None) -> DateFault | None:
    """Why a date cannot stand in its encoding; of a date without one, only what no calendar has.

    `encoding` is one of MODS's names in lower case; one that is not known is not judged.
    """
    judge = _JUDGES.get(encoding or "")
    fault = None if judge is None else judge(text)
    # A day that no calendar has is wrong however the date is encoded, and says more.
    return _calendar_fault(text) or fault if fault or judge is None else None


def _calendar_fault(text: str) -> DateFault | None:
    shaped = _SHAPED.fullmatch(text)
    if shaped is None:
        return None
    reason = day_fault(shaped["year"], shaped["month"], shaped["day"])
    if reason is None:
        return None
    turned = f"{shaped['year']}-{shaped['day']}-{shaped['month']}"
    is_turned = day_fault(shaped["year"], shaped["day"], shaped["month"]) is None
    return DateFault(kind="calendar", reason=reason, expected=turned if is_turned else None)


def _edtf(text: str) -> DateFault | None:
    reason = read_edtf(text).fault
    if reason is None:
        return None
    if reason == REVERSED:
        return DateFault(kind="order", reason=reason, expected=_swapped(text))
    if (today := form_since_2018(text)) is not None:
        return DateFault(
            kind="past", reason="it is written as EDTF was before 2018", expected=today
        )
    kind = "form" if reason == NOT_EDTF or not reason.startswith("there is no") else "calendar"
    return DateFault(kind=kind, reason=reason, expected=nearest_edtf(text))


def _swapped(text: str) -> str | None:
    first, slash, last = text.partition("/")
    return f"{last}/{first}" if slash else None


def _w3cdtf(text: str) -> DateFault | None:
    reason = w3cdtf_fault(text)
    if reason is None:
        return None
    if (moment := _written_out(text)) is not None and w3cdtf_fault(moment) is None:
        return DateFault(kind="zone", reason="W3CDTF writes it otherwise", expected=moment)
    if reason == NO_ZONE:
        return DateFault(kind="zone", reason=reason)
    if reason != NOT_W3CDTF:
        return DateFault(kind="calendar", reason=reason)
    nearest = nearest_edtf(text)
    fits = nearest is not None and w3cdtf_fault(nearest) is None
    if not fits and nearest_edtf_encoding(text) is not None:
        reason += '; as it stands it is EDTF: encoding="edtf"'
    return DateFault(kind="form", reason=reason, expected=nearest if fits else None)


_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?))?"
    r" ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def _written_out(text: str) -> str | None:
    """A moment as programs write it, as the standards do: with T, and a colon in its zone.

    A day takes no zone (`2019-03-27-04:00` is the date of XML Schema). None for anything else.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    if found["time"] is None:
        return found["day"]
    zone = found["zone"] or ""
    if len(zone) == len("+0100"):
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{found['day']}T{found['time']}{zone}"


def nearest_edtf_encoding(text: str) -> str | None:
    """`edtf` where a text can be read as EDTF as it stands, else None."""
    return "edtf" if read_edtf(text).fault is None else None


def _iso8601(text: str) -> DateFault | None:
    if _ISO.fullmatch(text) is None:
        if (moment := _written_out(text)) is not None and _iso8601(moment) is None:
            return DateFault(kind="zone", reason="ISO 8601 writes it otherwise", expected=moment)
        reason = "ISO 8601 takes 1952-12-27 or 19521227, with a time after T; spans with `/`"
        return DateFault(kind="form", reason=reason, expected=nearest_edtf(text))
    compact = _COMPACT.fullmatch(text)
    parts = compact or _SHAPED.fullmatch(text)
    reason_ = None if parts is None else day_fault(parts["year"], parts["month"], parts["day"])
    return None if reason_ is None else DateFault(kind="calendar", reason=reason_)


def _marc(text: str) -> DateFault | None:
    if _MARC.fullmatch(text) or _ISO.fullmatch(text):
        return None
    return DateFault(kind="form", reason="MARC takes four digits (u where unknown), or yymmdd")


def _temper(text: str) -> DateFault | None:
    if _TEMPER.fullmatch(text) or _ISO.fullmatch(text):
        return None
    return DateFault(kind="form", reason="TEMPER takes yyyymmdd, parts of it, and spans of these")


_JUDGES: dict[str, Callable[[str], DateFault | None]] = {
    "edtf": _edtf,
    "iso8601": _iso8601,
    "marc": _marc,
    "temper": _temper,
    "w3cdtf": _w3cdtf,
}


def date_bounds(text: str, encoding: str | None) -> tuple[Day | None, Day | None]:
    """The first and the last day that a date may mean; None where it does not say.

    Years of MARC are read where all digits are known; a date without an encoding is not read.
    """
    if encoding in {"edtf", "w3cdtf", "iso8601"} or (encoding == "marc" and text.isdecimal()):
        if encoding == "marc" and (len(text) != 4 or text == "9999"):  # noqa: PLR2004 - a MARC year
            return None, None
        compact = _COMPACT.fullmatch(text)
        if compact is not None:
            text = f"{compact['year']}-{compact['month']}-{compact['day']}"
        reading = read_edtf(text.partition("T")[0])
        return reading.earliest, reading.latest
    return None, None
