"""Which encodings tag files may have: IANA's names, by Python's codecs (RFC 8493 section 2.1.1)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_IANA = re.compile(
    r"""(?ix)
    utf-?7 | utf-8 | utf-16 | utf-16be | utf-16le | utf-32 | utf-32be | utf-32le
    | us-ascii | ascii | iso646-us | ansi_x3\.4-1968 | cp367 | ibm367 | us | csascii
    | iso-8859-(?:[1-9]|1[0134-6]) | iso_8859-[1-9](?::19\d\d)? | latin[1-689] | latin10 | l[1-68]
    | iso-ir-1(?:00|01|09|10|26|27|38|44|48|57) | csisolatin[1-6] | cp819 | ibm819
    | windows-(?:125[0-8]|874) | macintosh | mac | koi8-[ru] | hz-gb-2312
    | (?:ibm|cp)(?:037|273|424|437|500|775|8[56][0-9]|1026|1140)
    | gb2312 | gbk | cp936 | gb18030 | big5 | big5-hkscs | euc-jp | shift_jis | windows-31j
    | iso-2022-jp | iso-2022-jp-2 | iso-2022-kr | euc-kr | ks_c_5601-1987 | tis-620 | johab
    """
)
_NO_CHARACTER_SETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
_PYTHON_NAMES = {"windows-31j": "cp932", "macintosh": "mac_roman", "mac": "mac_roman"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """An encoding as declared, and the codec that reads it."""

    declared: str
    codec: str
    registered: bool

    @property
    def is_utf8(self) -> bool:
        """Whether it is the one that should be used."""
        return self.codec == "utf-8"

    @property
    def needs_mark(self) -> bool:
        """Whether a byte order mark belongs to it (UTF-16 and UTF-32 without BE or LE)."""
        return self.codec in {"utf-16", "utf-32"}


UTF_8 = Encoding(declared="UTF-8", codec="utf-8", registered=True)


def find_encoding(declared: str) -> Encoding | None:
    """The encoding of that name, or None where neither IANA nor Python knows a text encoding so.

    Python's codecs that are no character sets (`rot13`, `hex`, `idna` ...) are refused.
    """
    if not declared.isascii():
        return None
    registered = _IANA.fullmatch(declared) is not None
    try:
        codec = codecs.lookup(_PYTHON_NAMES.get(declared.lower(), declared))
    except (LookupError, ValueError):
        return None
    if not registered and not _reads_text(codec):
        return None
    return Encoding(declared=declared, codec=codec.name, registered=registered)


def _reads_text(codec: codecs.CodecInfo) -> bool:
    """Whether a codec maps letters to bytes and back, as a character set does."""
    if codec.name.replace("-", "_") in _NO_CHARACTER_SETS:
        return False
    try:
        return "bag".encode(codec.name).decode(codec.name) == "bag"
    except (LookupError, TypeError, ValueError):
        return False
