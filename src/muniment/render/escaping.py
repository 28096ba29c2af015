"""Hostile text made harmless: what cannot be shown or encoded as it stands is written out.

File names may hold line ends, terminal commands, marks that turn the reading direction, and bytes
that are no UTF-8 (Python holds those as lone surrogates, PEP 383). A reader must see that they are
there, and no output may fail or obey because of them.
"""

from __future__ import annotations

import re

# Lone surrogates; C1 controls and DEL; direction marks; line separators; the byte order mark.
_UNENCODABLE = "\ud800-\udfff"
_DECEPTIVE = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_NOT_UTF8 = re.compile(f"[{_UNENCODABLE}]")
_NOT_SHOWN = re.compile(f"[\x00-\x1f{_DECEPTIVE}{_UNENCODABLE}]")
_NOT_RAW_IN_JSON = re.compile(f"[{_DECEPTIVE}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED_BYTES = range(0xDC80, 0xDD00)
_FIRST_ESCAPED_BYTE = 0xDC00


def visible(text: str) -> str:
    r"""Text for a person, on one line: no control reaches the terminal, none is hidden.

    A byte that is not UTF-8 becomes `\xff`, a line end `\n`, a direction mark `\u202e`.
    """
    if text.isascii() and text.isprintable():
        return text
    return _NOT_SHOWN.sub(_written_out, text)


def well_formed(text: str) -> str:
    r"""Text that UTF-8 can carry (RFC 7493 section 2.1): undecodable bytes become `\xff`."""
    return text if text.isascii() else _NOT_UTF8.sub(_written_out, text)


def harmless_json(document: str) -> str:
    """A JSON document without raw characters that deceive a terminal or end a line for some.

    They stand inside strings only, so JSON's own escape says the same.
    """
    if document.isascii() and "\x7f" not in document:
        return document
    return _NOT_RAW_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def _written_out(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code in _ESCAPED_BYTES:
        return f"\\x{code - _FIRST_ESCAPED_BYTE:02x}"
    return f"\\x{code:02x}" if code < ord(" ") else f"\\u{code:04x}"
