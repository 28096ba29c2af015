"""Texts: empty, standing in for a missing one, broken by an encoding, with blanks or controls."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from muniment.metadata.semantic_faults import Fault, fault
from muniment.metadata.statements import (
    Field,
    IdentifierField,
    LanguageTagField,
    TextField,
    TitleField,
    UriField,
    keeps_blanks,
)
from muniment.model.rules import metadata as rules

_PLACEHOLDERS = frozenset(
    {
        "#div/0!",
        "#n/a",
        "#name?",
        "#null!",
        "#num!",
        "#ref!",
        "#value!",
        "enter text here",
        "fixme",
        "insert text here",
        "lorem ipsum",
        "n/a",
        "placeholder",
        "tba",
        "tbc",
        "tbd",
        "to be added",
        "to be completed",
        "to be confirmed",
        "to be determined",
        "todo",
    }
)
# What programs write for nothing. In other cases these are words and names.
_NOTHINGS = frozenset({"NULL", "NaN", "nan", "null", "undefined", "xxx"})
_UNSOUND = _PLACEHOLDERS | frozenset(word.lower() for word in _NOTHINGS)
_LONGEST_PLACEHOLDER = 20
_MARKS_ONLY = re.compile(r"[?_.\u2026\u2013\u2014-]+")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
# A line that is empty or begins with a mark: rare, and looked at by itself.
_NO_WORDS = re.compile(r"\n(?![^\W_])")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LOST = "\ufffd"
_LEAD = re.compile("[\u00c2-\u00f4][^\x00-\x7f]")
_TYPICAL = re.compile(
    "\u00c3[\u00a1-\u00a9\u00ac-\u00b9\u00bc-\u00bf]|\u00e2\u20ac[\u2122\u0153\u02dc\u201c\u201d\u009d\u2026]"
)


def _byte_of_character() -> dict[int, int]:
    """Characters as Windows-1252 and ISO-8859-1 read single bytes: where they differ, both."""
    table = {byte: byte for byte in range(256)}
    for byte in range(0x80, 0xA0):
        character = bytes([byte]).decode("windows-1252", errors="replace")
        if character != _LOST:
            table[ord(character)] = byte
    return table


_BYTES = _byte_of_character()


def is_plainly_sound(value: str) -> bool:
    """Whether nothing can be wrong with a text: the quick answer for most texts."""
    return is_sound_text(value) and not value.startswith(("http", "www."))


def is_sound_text(value: str) -> bool:
    """Whether `faults_of_text` surely finds nothing."""
    return (
        value.isascii()
        and value.isprintable()
        and value[:1] > " "
        and value[-1] > " "
        and "&" not in value
        and (
            len(value) > _LONGEST_PLACEHOLDER
            or (value[0].isalnum() and value.lower() not in _UNSOUND)
        )
    )


def are_plainly_sound(values: list[str]) -> bool:
    """Whether nothing can be wrong with any of many texts, told by one look at all of them."""
    lines = "\n".join(values)
    joined = f"\n{lines}"
    return (
        "&" not in joined
        and "\n " not in joined
        and " \n" not in joined
        and "http" not in joined
        and "www." not in joined
        and joined[-1] > " "
        and joined.replace("\n", " ").isprintable()
        and _NO_WORDS.search(joined) is None
        and _UNSOUND.isdisjoint(lines.lower().split("\n"))
        and (joined.isascii() or (_LOST not in joined and _LEAD.search(joined) is None))
    )


def faults_of_text(field: Field, value: str) -> Iterator[Fault]:
    """What can be wrong with any value, whatever it is to mean."""
    if not value.strip():
        # An empty xml:lang says that the text is in no language.
        if field.uri is None and not isinstance(field, LanguageTagField):
            yield Fault(
                rule=rules.EMPTY,
                message=f"{field.name} is empty",
                evidence={"actual": value, "expected": None},
            )
        return
    if not keeps_blanks(field):
        yield from _blanks(field, value)
        if is_placeholder(value):
            reason = "it holds the place of a value that is missing"
            yield fault(rules.PLACEHOLDER, field, value, reason)
    if not value.isascii():
        yield from _encoding(field, value)
    if "&" in value and not isinstance(field, UriField):
        yield from _escaped(field, value)


def is_placeholder(value: str) -> bool:
    """Whether a text stands in for one that is missing: `TBD`, `n/a`, `???`."""
    word = value.strip()
    if len(word) > _LONGEST_PLACEHOLDER:
        return False
    if word in _NOTHINGS or _MARKS_ONLY.fullmatch(word):
        return True
    return word.lower().strip("[](){}<>.:") in _PLACEHOLDERS or word.lower() in _PLACEHOLDERS


def _blanks(field: Field, value: str) -> Iterator[Fault]:
    bare = value.strip()
    if len(bare) == len(value):
        return
    if isinstance(field, IdentifierField) and (field.type or "").lower() == "lccn":
        return  # three blanks may stand before its number, as in MARC
    if not isinstance(field, TextField | TitleField):
        shown = value.replace("\n", "\\n").replace("\t", "\\t")
        yield Fault(
            rule=rules.BLANKS_AROUND_CODE,
            message=f'blanks stand around {field.name}, "{shown}"; write {bare}',
            evidence={"actual": value, "expected": bare},
        )
    elif "\n" not in value[: len(value) - len(value.lstrip())] + value[len(value.rstrip()) :]:
        # With a line end, the blanks are those of an indented file.
        side = "begins" if value[0].isspace() else "ends"
        yield Fault(
            rule=rules.BLANKS_AROUND_TEXT,
            message=f"{field.name} {side} with a blank",
            evidence={"actual": value, "expected": bare},
        )


def _encoding(field: Field, value: str) -> Iterator[Fault]:
    if _LOST in value:
        reason = "U+FFFD stands for a character that was lost"
        yield fault(rules.DOUBLE_ENCODED, field, value, reason)
        return
    if _LEAD.search(value):
        mended = as_it_was(value)
        if mended is not None or _TYPICAL.search(value):
            reason = "UTF-8 was read as Windows-1252 or ISO-8859-1"
            yield fault(rules.DOUBLE_ENCODED, field, value, reason, mended)
            return
    found = _CONTROL.search(value)
    if found is not None:
        code = f"U+{ord(found[0]):04X}"
        reason = f"the control character {code} stands in it"
        bare = _CONTROL.sub("", value)
        yield Fault(
            rule=rules.CONTROL_CHARACTER,
            message=f"{field.name}: {reason}",
            evidence={"actual": value, "expected": bare, "character": code},
        )


def as_it_was(value: str) -> str | None:
    """The text before UTF-8 was taken for a single-byte encoding; None where that is not so.

    All letters beyond ASCII must come out as UTF-8, and as letters, so that a right text passes.
    """
    try:
        text = bytes(_BYTES[ord(character)] for character in value).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    odd = {"Cc", "Cn", "Co", "Cs"}
    letters = (character for character in text if not character.isascii())
    return None if any(unicodedata.category(each) in odd for each in letters) else text


def _escaped(field: Field, value: str) -> Iterator[Fault]:
    for found in _ENTITY.finditer(value):
        meant = html.unescape(found[0])
        if meant != found[0]:
            reason = f"readers see {found[0]} as it stands"
            yield fault(rules.DOUBLE_ESCAPED, field, value, reason, meant, escape=found[0])
            return
