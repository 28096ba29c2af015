"""`bag-info.txt`: what is said of the bag, label by label, in order (RFC 8493 section 2.2.2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from muniment.bags.tagtext import TagText
from muniment.model.findings import Rule
from muniment.model.rules import bag as rules

PATH = "bag-info.txt"
OLD_PATH = "package-info.txt"
RECOMMENDED_LINE = 79
_INDENT = "  "

RESERVED = (
    "Source-Organization",
    "Organization-Address",
    "Contact-Name",
    "Contact-Phone",
    "Contact-Email",
    "External-Description",
    "External-Identifier",
    "Internal-Sender-Identifier",
    "Internal-Sender-Description",
    "Bag-Group-Identifier",
    "Bag-Count",
    "Bagging-Date",
    "Bag-Size",
    "Payload-Oxum",
    "BagIt-Profile-Identifier",
    "Bag-Software-Agent",
)
_BLANKS = frozenset(" \t")
_ONCE = frozenset({"bagging-date", "bag-size", "bag-group-identifier", "bag-count"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"[1-9][0-9]* of (?:[1-9][0-9]*|\?)")
# No payload has more bytes than forty digits can say; Python refuses to read thousands.
_OXUM = re.compile(r"([0-9]{1,40})\.([0-9]{1,40})")
_LINE_END = re.compile(r"\r\n|\r|\n")
# Only a single blank between words is broken at: a reader puts one blank there again.
_BREAK = re.compile(r"(?<=[^ \t]) (?=[^ \t])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One label with its value; `line` is where it begins."""

    label: str
    value: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oxum:
    """Payload-Oxum: how many bytes (octets) in how many files the payload has."""

    octets: int
    files: int

    def __str__(self) -> str:
        """The form that bag-info.txt carries."""
        return f"{self.octets}.{self.files}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BagInfo:
    """All fields in their order; labels compare without case. `path` is the file they stand in."""

    fields: tuple[Field, ...] = ()
    path: str = PATH

    def values(self, label: str) -> tuple[str, ...]:
        """Every value of a label, in order."""
        return tuple(field.value for field in self.named(label))

    def named(self, label: str) -> tuple[Field, ...]:
        """Every field of a label, in order."""
        return tuple(field for field in self.fields if field.label.lower() == label.lower())

    @property
    def oxum(self) -> Oxum | None:
        """Payload-Oxum, where it stands once and is well formed."""
        values = self.values("Payload-Oxum")
        match = _OXUM.fullmatch(values[0]) if len(values) == 1 else None
        return Oxum(octets=int(match[1]), files=int(match[2])) if match else None


def write_bag_info(fields: Iterable[tuple[str, str]]) -> bytes:
    """Write labels and values in the given order, long values folded at 79 characters."""
    return "".join(f"{_fold(f'{label}: {value}')}\n" for label, value in fields).encode()


def _fold(line: str) -> str:
    """Break a long line where it may be broken, never right after its label."""
    line = _LINE_END.sub(" ", line)
    value = line.find(": ") + 2
    places = [match.start() for match in _BREAK.finditer(line, value)]
    parts: list[str] = []
    start = 0
    last: int | None = None
    for place in (*places, len(line)):
        width = place - start + (len(_INDENT) if parts else 0)
        if last is not None and width > RECOMMENDED_LINE:
            parts.append(line[start:last])
            start = last + 1
        last = place
    return f"\n{_INDENT}".join([*parts, line[start:]])


def read_bag_info(text: TagText, stream: BinaryIO, *, strict: bool) -> BagInfo:
    """Read the fields, telling of every fault. `strict` is BagIt 1.0."""
    fields = tuple(_fields(text, stream, strict=strict))
    _check_once(text, fields)
    _check_values(text, fields)
    return BagInfo(fields=fields, path=text.path)


def _fields(text: TagText, stream: BinaryIO, *, strict: bool) -> Iterator[Field]:
    open_field: Field | None = None
    parts: list[str] = []
    for number, line in text.lines(stream):
        if line[:1] in {" ", "\t"} and open_field is not None:
            parts.append(line.strip(" \t"))
            continue
        if open_field is not None:
            yield _closed(open_field, parts)
            open_field, parts = None, []
        open_field = _open_field(text, number, line, strict=strict)
    if open_field is not None:
        yield _closed(open_field, parts)


def _closed(field: Field, parts: Sequence[str]) -> Field:
    value = " ".join([field.value, *parts]) if parts else field.value
    return Field(label=field.label, value=value.strip(" \t"), line=field.line)


def _open_field(text: TagText, number: int, line: str, *, strict: bool) -> Field | None:
    label, colon, value = line.partition(":")
    if not colon or not label.strip(" \t"):
        if line.strip(" \t"):
            message = f"{line[:80]!r} is no `Label: value`"
            text.fault(rules.INFO_LINE, number, message, actual=line[:200])
        elif strict:
            text.fault(rules.INFO_EMPTY_LINE, number, "an empty line is no element")
        return None
    if label != label.strip(" \t"):
        rule = rules.INFO_LABEL if strict else rules.INFO_LABEL_BEFORE_1_0
        right = f"{label.strip()}: {value.strip()}"
        text.fault(
            rule,
            number,
            f"white space stands around the label {label!r}; `{right[:80]}` would be right",
            expected=right[:200],
            actual=line[:200],
        )
    _judge_separator(text, number, line, strict=strict)
    return Field(label=label.strip(" \t"), value=value.strip(" \t"), line=number)


def _judge_separator(text: TagText, number: int, line: str, *, strict: bool) -> None:
    """One blank or tab parts a value from its label's colon; before 1.0 it may be several."""
    label, _, value = line.partition(":")
    message = f"one blank belongs between `{label.strip()[:80]}:` and its value"
    if value and value[0] not in _BLANKS:
        rule = rules.INFO_NOT_PARTED if strict else rules.INFO_NO_BLANK
        text.fault(rule, number, message, actual=line[:200])
    elif strict and (not value or value[1:2] in _BLANKS):
        text.fault(rules.INFO_NO_BLANK, number, message, actual=line[:200])


def _check_once(text: TagText, fields: Sequence[Field]) -> None:
    seen: set[str] = set()
    for field in fields:
        label = field.label.lower()
        repeated = label in seen
        seen.add(label)
        if repeated and label == "payload-oxum":
            text.fault(rules.OXUM_REPEATED, field.line, f"a second Payload-Oxum, {field.value!r}")
        elif repeated and label in _ONCE:
            message = f"a second {field.label}, {field.value!r}"
            text.fault(rules.INFO_REPEATED, field.line, message, actual=field.value)
    if "bag-count" in seen and "bag-group-identifier" not in seen:
        line = next(field.line for field in fields if field.label.lower() == "bag-count")
        text.fault(rules.COUNT_WITHOUT_GROUP, line, "there is no Bag-Group-Identifier beside it")


def _is_date(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return _DATE.fullmatch(value) is not None


_SHAPES: dict[str, tuple[Callable[[str], object], Rule, str]] = {
    "payload-oxum": (_OXUM.fullmatch, rules.OXUM_MALFORMED, "`octets.count`, two numbers"),
    "bagging-date": (_is_date, rules.BAGGING_DATE, "a date as YYYY-MM-DD"),
    "packing-date": (_is_date, rules.BAGGING_DATE, "a date as YYYY-MM-DD"),
    "bag-count": (_COUNT.fullmatch, rules.BAG_COUNT, "`N of T`, as in `2 of 4` or `2 of ?`"),
}


def _check_values(text: TagText, fields: Sequence[Field]) -> None:
    for field in fields:
        shape = _SHAPES.get(field.label.lower())
        if shape is None:
            continue
        fits, rule, right = shape
        if not fits(field.value):
            message = f"{field.label} is {field.value!r}; {right} would be right"
            text.fault(rule, field.line, message, actual=field.value)
