"""Identifiers by their form and their check digits.

ISBN (ISO 2108), ISSN (ISO 3297), ISMN (ISO 10957), ISNI and ORCID (ISO 27729), DOI (ISO 26324),
Handle (RFC 3651), ARK, URN (RFC 8141).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierFault:
    """Why an identifier cannot be right, and what would be, where that is plain.

    `is_check_digit` says that only the check digit is wrong: something was mistyped.
    """

    reason: str
    expected: str | None = None
    is_check_digit: bool = False


def check_digit_10(digits: str) -> str:
    """The last character of an ISBN of ten (weights 10 to 2) or an ISSN (8 to 2), modulo 11."""
    weights = range(len(digits) + 1, 1, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return "0123456789X"[-total % 11]


def check_digit_13(digits: str) -> str:
    """The last digit of an EAN of 13: weights 1 and 3, modulo 10."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)


def check_digit_16(digits: str) -> str:
    """The last character of an ISNI or ORCID: ISO 7064 MOD 11-2."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


_LABEL = re.compile(
    r"(?:urn:)?(?:e-?|p-?)?(?:isbn|issn|ismn|isni|orcid)(?:-?1[03]|-l)?[\s:]*"
    r"|https?://(?:www\.)?(?:orcid\.org|isni\.org|isni\.org/isni)/(?:isni/)?",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s*(?:[(\[:;,].*|\s[a-z].*)$", re.DOTALL | re.IGNORECASE)
_HYPHENS = str.maketrans("", "", "-\u2010\u2011\u2012\u2013\u2212 \u00a0")


def _core(text: str) -> str:
    """An identifier without its label, its hyphens, and what catalogues write behind it."""
    bare = _LABEL.sub("", text.strip(), count=1) if _LABEL.match(text.strip()) else text.strip()
    return _BEHIND.sub("", bare).translate(_HYPHENS).upper()


def _isbn(text: str) -> IdentifierFault | None:
    core = _core(text)
    if re.fullmatch(r"[0-9]{9}[0-9X]", core):
        return _digit_fault("ISBN", core, check_digit_10(core[:9]))
    if re.fullmatch(r"97[89][0-9]{10}", core):
        return _digit_fault("ISBN", core, check_digit_13(core[:12]))
    if re.fullmatch(r"[0-9]{8}[0-9X]", core) and check_digit_10(f"0{core[:8]}") == core[-1]:
        return IdentifierFault(reason="it is an SBN of nine digits", expected=f"0{core}")
    return IdentifierFault(reason="an ISBN has 10 digits, or 13 that begin with 978 or 979")


def _issn(text: str) -> IdentifierFault | None:
    core = _core(text)
    if not re.fullmatch(r"[0-9]{7}[0-9X]", core):
        return IdentifierFault(reason="an ISSN has 8 digits, as 0028-0836")
    fault = _digit_fault("ISSN", core, check_digit_10(core[:7]))
    if fault is None or fault.expected is None:
        return fault
    right = f"{fault.expected[:4]}-{fault.expected[4:]}"
    return IdentifierFault(reason=fault.reason, expected=right, is_check_digit=True)


def _ismn(text: str) -> IdentifierFault | None:
    core = _core(text)
    if re.fullmatch(r"M[0-9]{9}", core):
        core = f"9790{core[1:]}"
    if not re.fullmatch(r"9790[0-9]{9}", core):
        return IdentifierFault(reason="an ISMN has 13 digits that begin with 979-0, or M and 9")
    return _digit_fault("ISMN", core, check_digit_13(core[:12]))


def _isni(text: str) -> IdentifierFault | None:
    core = _core(text)
    if not re.fullmatch(r"[0-9]{15}[0-9X]", core):
        return IdentifierFault(reason="an ISNI has 16 digits; the last may be X")
    return _digit_fault("ISNI", core, check_digit_16(core[:15]))


def _orcid(text: str) -> IdentifierFault | None:
    core = _core(text)
    if not re.fullmatch(r"[0-9]{15}[0-9X]", core):
        return IdentifierFault(reason="an ORCID iD has 16 digits, as 0000-0002-1825-0097")
    fault = _digit_fault("ORCID iD", core, check_digit_16(core[:15]))
    if fault is None or fault.expected is None:
        return fault
    right = "-".join(fault.expected[start : start + 4] for start in range(0, 16, 4))
    return IdentifierFault(reason=fault.reason, expected=right, is_check_digit=True)


def _digit_fault(name: str, core: str, right: str) -> IdentifierFault | None:
    if core[-1] == right:
        return None
    reason = f"its last digit is {core[-1]}; by the check of the {name} it would be {right}"
    return IdentifierFault(reason=reason, expected=core[:-1] + right, is_check_digit=True)


_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_DOI_LABEL = re.compile(
    r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:|urn:)?doi[:/]\s*", re.IGNORECASE
)
_HANDLE = re.compile(r"[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*/\S+")
_HANDLE_LABEL = re.compile(
    r"https?://(?:[^/\s]*\.)?handle\.(?:net|[^/\s]+)/|https?://\S*?/handle/|(?:info:)?hdl[:/]",
    re.IGNORECASE,
)
_ARK = re.compile(r"ark:/?[0-9bcdfghjkmnpqrstvwxz]{5,16}/\S+", re.IGNORECASE)
_URN = re.compile(
    r"urn:[0-9A-Za-z][0-9A-Za-z-]{0,30}[0-9A-Za-z]:"
    r"(?:[0-9A-Za-z._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})+(?:[?#]\S*)?",
    re.IGNORECASE,
)


def _doi(text: str) -> IdentifierFault | None:
    bare = _DOI_LABEL.sub("", text.strip(), count=1)
    if _DOI.fullmatch(bare):
        return None
    return IdentifierFault(reason="a DOI begins with `10.`, digits, `/`, and has no blanks")


def _handle(text: str) -> IdentifierFault | None:
    bare = _HANDLE_LABEL.sub("", text.strip(), count=1)
    if _HANDLE.fullmatch(bare) and not bare.lower().startswith("http"):
        return None
    return IdentifierFault(reason="a Handle is a prefix, `/` and a name, as 2027/uc1.32106")


def _ark(text: str) -> IdentifierFault | None:
    if (found := re.search("ark:", text, re.IGNORECASE)) and _ARK.fullmatch(
        text.strip()[found.start() - (len(text) - len(text.lstrip())) :]
    ):
        return None
    return IdentifierFault(reason="an ARK is `ark:`, the number of its name assigner, `/`, a name")


def _urn(text: str) -> IdentifierFault | None:
    text = text.strip()
    if _URN.fullmatch(text) is None:
        return IdentifierFault(
            reason="a URN is `urn:`, a namespace of two letters or more, `:`, a name"
        )
    space, _, name = text[4:].partition(":")
    judge = {"isbn": _isbn, "issn": _issn}.get(space.lower())
    return None if judge is None else judge(name)


_JUDGES: dict[str, Callable[[str], IdentifierFault | None]] = {
    "ark": _ark,
    "doi": _doi,
    "eissn": _issn,
    "handle": _handle,
    "hdl": _handle,
    "isbn": _isbn,
    "isbn10": _isbn,
    "isbn13": _isbn,
    "ismn": _ismn,
    "isni": _isni,
    "issn": _issn,
    "issnl": _issn,
    "orcid": _orcid,
    "pissn": _issn,
    "urn": _urn,
}
_PLAIN_KIND = str.maketrans("", "", " -_:./")
_SPOKEN = re.compile(
    r"(?P<urn>urn:)|(?P<kind>isbn|issn|ismn|isni)(?:-1[03])?\s*(?::\s*|(?=[0-9M]))"
    r"|(?P<doi>(?:https?://(?:dx\.)?doi\.org/|(?:info:)?doi[:/]))"
    r"|https?://(?:www\.)?(?P<orcid>orcid)\.org/|https?://(?:www\.)?(?P<isni>isni)\.org/",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def scheme_of(kind: str) -> str | None:
    """The scheme that a type names: `issn` for `ISSN`, `hdl` for `hdl`; None where unknown."""
    plain = kind.strip().lower().translate(_PLAIN_KIND)
    return plain if plain in _JUDGES else None


def scheme_spoken(text: str) -> str | None:
    """The scheme that an identifier itself names: `urn:`, `ISBN 978...`, `https://doi.org/`."""
    spoken = _SPOKEN.match(text.strip())
    if spoken is None:
        return None
    named = next(name for name, found in spoken.groupdict().items() if found)
    return spoken["kind"].lower() if named == "kind" else named


def identifier_fault(scheme: str, text: str) -> IdentifierFault | None:
    """Why a text is no identifier of a scheme that `scheme_of` knows; None where it is one."""
    return _JUDGES[scheme](text)
