"""Addresses: URIs, statements of rights in their right form, terms and not their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from muniment.metadata.addresses import is_uri
from muniment.metadata.semantic_faults import Fault, fault
from muniment.metadata.statements import Field
from muniment.model.rules import metadata as rules

_SLIP = re.compile(
    r"(?P<scheme>htt?ps?|hhttps?|htp|http[sS]?)(?P<colon>:?/{1,3}|;//|:\\\\)", re.IGNORECASE
)


def faults_of_address(field: Field, value: str) -> Iterator[Fault]:
    """An address that is no URI, or one that has another right form."""
    if not is_uri(value):
        yield fault(rules.NOT_URI, field, value, _reason(value), _mended(value))
    else:
        yield from faults_of_known_address(field, value)


def _reason(value: str) -> str:
    if any(character.isspace() for character in value):
        return "blanks stand in it"
    if ":" not in value.partition("/")[0]:
        return "it has no scheme"
    return "it is not written as a URI is (RFC 3986)"


def _mended(value: str) -> str | None:
    """What was most likely meant, where that is an address."""
    candidates = (
        value.strip().replace(" ", "%20"),
        f"https://{value.strip()}" if value.lower().startswith("www.") else "",
        _SLIP.sub("https://" if "s" in value[:6].lower() else "http://", value, count=1),
    )
    return next((text for text in candidates if text != value and is_uri(text)), None)


def faults_of_known_address(field: Field, value: str) -> Iterator[Fault]:
    """Addresses of rightsstatements.org, Creative Commons, and of well-known vocabularies."""
    lower = value.lower()
    if "rightsstatements.org" in lower:
        yield from _rights_statement(field, value)
    elif "creativecommons.org" in lower:
        yield from _creative_commons(field, value)
    elif (term := _term_of_page(value)) is not None:
        reason = "it is the address of a page about the term"
        yield fault(rules.PAGE_ADDRESS, field, value, reason, term)


_STATEMENTS = [
    "CNE",
    "InC",
    "InC-EDU",
    "InC-NC",
    "InC-OW-EU",
    "InC-RUU",
    "NKC",
    "NoC-CR",
    "NoC-NC",
    "NoC-OKLR",
    "NoC-US",
    "UND",
]
_STATEMENT = re.compile(
    r"(?:https?://)?(?:www\.)?rightsstatements\.org/(?:(?:[a-z]{2}/)?(?P<place>vocab|page|data)/"
    r"(?P<code>[A-Za-z-]+)(?P<rest>/.*)?)?",
    re.IGNORECASE,
)


def _rights_statement(field: Field, value: str) -> Iterator[Fault]:
    found = _STATEMENT.match(value)
    if found is None or found["code"] is None:
        return
    by_lower = {code.lower(): code for code in _STATEMENTS}
    code = by_lower.get(found["code"].lower())
    if code is None:
        near = get_close_matches(found["code"].lower(), by_lower, n=1, cutoff=0.6)
        right = _statement_uri(by_lower[near[0]]) if near else None
        reason = f"rightsstatements.org has no {found['code']}"
        yield fault(rules.RIGHTS_URI_UNKNOWN, field, value, reason, nearest=right)
    elif value != _statement_uri(code):
        reason = "it is not the address that stands for the statement"
        yield fault(rules.RIGHTS_URI_FORM, field, value, reason, _statement_uri(code))


def _statement_uri(code: str) -> str:
    return f"http://rightsstatements.org/vocab/{code}/1.0/"


_CC = re.compile(
    r"(?P<scheme>https?://)?(?P<www>www\.)?creativecommons\.org/"
    r"(?P<kind>licenses?|publicdomain)/(?P<code>[a-z+-]+)(?:/(?P<version>[0-9.]+))?"
    r"(?:/(?P<port>[a-z]{2,3}|scotland))?(?P<rest>/?.*)",
    re.IGNORECASE,
)
_VERSIONS = {
    **dict.fromkeys(
        ["by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"], "1.0 2.0 2.1 2.5 3.0 4.0"
    ),
    **dict.fromkeys(["nd", "nc", "sa", "nd-nc", "by-nd-nc", "nc-sa"], "1.0 2.0 2.1"),
    "sampling": "1.0",
    "sampling+": "1.0",
    "nc-sampling+": "1.0",
    "devnations": "2.0",
}
_PUBLIC = {"zero": "1.0", "mark": "1.0", "certification": "1.0"}
_WITHOUT_PORTS = frozenset({"4.0"})


def _creative_commons(field: Field, value: str) -> Iterator[Fault]:
    found = _CC.match(value)
    if found is None:
        return
    is_public = found["kind"].lower() == "publicdomain"
    code = found["code"].lower()
    known = _PUBLIC if is_public else _VERSIONS
    if code not in known:
        if code != "publicdomain":
            reason = f"Creative Commons has no {code}"
            right = _cc_uri(found, "by-nc-sa") if code == "by-sa-nc" else None
            yield fault(rules.RIGHTS_URI_UNKNOWN, field, value, reason, right)
        return
    version = found["version"]
    if version is not None and version not in known[code].split():
        reason = f"Creative Commons has no version {version} of {code}"
        yield fault(rules.RIGHTS_URI_UNKNOWN, field, value, reason)
    elif (right := _cc_uri(found, code)) != value:
        reason = "it is not the address that stands for the licence"
        yield fault(rules.RIGHTS_URI_FORM, field, value, reason, right)


def _cc_uri(found: re.Match[str], code: str) -> str | None:
    """The licence's own address, in the scheme it was given in; both are in use."""
    if found["version"] is None:
        return None
    kind = "publicdomain" if found["kind"].lower() == "publicdomain" else "licenses"
    port = found["port"]
    has_port = port is not None and kind == "licenses" and found["version"] not in _WITHOUT_PORTS
    scheme = (found["scheme"] or "https://").lower()
    place = (
        f"{code}/{found['version']}/{port.lower()}/" if has_port else f"{code}/{found['version']}/"
    )
    return f"{scheme}creativecommons.org/{kind}/{place}"


_PAGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://vocab\.getty\.edu/page/([a-z]+/[0-9]+)"), r"http://vocab.getty.edu/\1"),
    (
        re.compile(r"https?://id\.loc\.gov/((?:authorities|vocabulary)/\S+?)\.(?:html|rdf|json)"),
        r"http://id.loc.gov/\1",
    ),
    (
        re.compile(r"https?://(?:www\.)?wikidata\.org/wiki/(Q[0-9]+)"),
        r"http://www.wikidata.org/entity/\1",
    ),
    (re.compile(r"https?://d-nb\.info/gnd/([0-9X-]+)/about/.*"), r"https://d-nb.info/gnd/\1"),
)


# What stands in all addresses of pages, and in few others: a quick look before the patterns.
_PAGE_MARK = re.compile(r"/page/|/wiki/|/about/|\.(?:html|rdf|json)$")


def _term_of_page(value: str) -> str | None:
    if _PAGE_MARK.search(value) is None:
        return None
    for page, term in _PAGES:
        if page.fullmatch(value):
            return page.sub(term, value)
    return None
