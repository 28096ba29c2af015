"""Tag files changed in place of text: in the bag's own encoding, untouched lines byte for byte.

RFC 8493 sections 2.2.2 (the order of bag-info.txt is kept) and 2.3 (text of tag files).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from muniment.bags.baginfo import BagInfo, Field, write_bag_info
from muniment.bags.encodings import Encoding
from muniment.model.errors import UsageError

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKS = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
# What the labels of bag-info.txt were called up to 0.95.
_RENAMED = {"packing-date": "Bagging-Date", "package-size": "Bag-Size"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How a tag file is written: its codec without a byte order mark, the mark, its line ends."""

    codec: str
    mark: bytes = b""
    line_end: str = "\n"

    def encode(self, text: str, path: str) -> bytes:
        """The bytes of a text whose lines end in LF. Raises UsageError where it cannot be said."""
        try:
            return self.mark + text.replace("\n", self.line_end).encode(self.codec)
        except UnicodeEncodeError as error:
            character = error.object[error.start]
            raise UsageError(
                f"{path}: {character!r} cannot be written in {self.codec}, the bag's encoding;"
                " with --to-1.0 the tag files become UTF-8"
            ) from error


def script_of(encoding: Encoding) -> Script:
    """How a new tag file of a bag is written."""
    if encoding.needs_mark:
        mark = _MARKS[encoding.codec][1]
        return Script(codec=f"{encoding.codec}-be", mark=mark)
    return Script(codec=encoding.codec)


def read_script(data: bytes, encoding: Encoding) -> tuple[str, Script]:
    """The text of a tag file as it stands, line ends and all, and how it is written."""
    family = encoding.codec.removesuffix("-le").removesuffix("-be")
    little, big = _MARKS.get(family, (b"", b""))
    mark = next((each for each in (little, big) if each and data.startswith(each)), b"")
    codec = encoding.codec
    if encoding.needs_mark:
        codec = f"{family}-le" if mark == little and mark else f"{family}-be"
    text = data[len(mark) :].decode(codec)
    end = _LINE_END.search(text)
    return text, Script(codec=codec, mark=mark, line_end=end[0] if end else "\n")


def edited_bag_info(
    data: bytes,
    info: BagInfo,
    encoding: Encoding,
    *,
    given: Sequence[tuple[str, str]],
    removed: Collection[str],
) -> bytes:
    """A bag-info.txt with fields put in place of those of the same label, and labels removed.

    A new label comes last. Lines of other labels stay as they are, byte for byte. `data` is the
    file, empty where there is none. Raises UsageError where the encoding cannot say a value.
    """
    text, script = read_script(data, encoding) if data else ("", script_of(encoding))
    lines = _LINE.findall(text)
    parts: list[str] = []
    chosen = _by_label(given)
    gone = {label.lower() for label in removed}
    for field, own_lines in _with_lines(info.fields, lines):
        label = "" if field is None else field.label.lower()
        if label in gone:
            continue
        if label not in chosen:
            parts += own_lines
        else:
            parts.append(_written(chosen[label], script))
            gone.add(label)
    left = [fields for label, fields in chosen.items() if label not in gone]
    if left and parts and not parts[-1].endswith(("\r", "\n")):
        parts.append(script.line_end)
    parts += [_written(fields, script) for fields in left]
    return Script(codec=script.codec, mark=script.mark).encode("".join(parts), info.path)


def _by_label(fields: Sequence[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    chosen: dict[str, list[tuple[str, str]]] = {}
    for label, value in fields:
        chosen.setdefault(label.lower(), []).append((label, value))
    return chosen


def _with_lines(
    fields: Sequence[Field], lines: Sequence[str]
) -> Iterator[tuple[Field | None, Sequence[str]]]:
    """Each field with its lines; lines before the first field belong to none."""
    starts = [(field.line or 1) - 1 for field in fields] or [len(lines)]
    if starts[0] > 0:
        yield None, lines[: starts[0]]
    for field, start, end in zip(fields, starts, [*starts[1:], len(lines)], strict=False):
        yield field, lines[start:end]


def _written(fields: Sequence[tuple[str, str]], script: Script) -> str:
    return write_bag_info(fields).decode().replace("\n", script.line_end)


def of_1_0(info: BagInfo) -> tuple[tuple[str, str], ...]:
    """The fields under the labels that they have in 1.0."""
    return tuple(
        (_RENAMED.get(field.label.lower(), field.label), field.value) for field in info.fields
    )


def changed_fields(
    fields: Sequence[tuple[str, str]],
    *,
    given: Sequence[tuple[str, str]],
    removed: Collection[str],
) -> tuple[tuple[str, str], ...]:
    """Fields as `edited_bag_info` leaves them, where all is written anew."""
    chosen = _by_label(given)
    gone = {label.lower() for label in removed}
    result: list[tuple[str, str]] = []
    for label, value in fields:
        if label.lower() in gone:
            continue
        result += chosen.get(label.lower(), [(label, value)])
        gone |= {label.lower()} & chosen.keys()
    result += [field for label, own in chosen.items() if label not in gone for field in own]
    return tuple(result)
