from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from muniment.metadata.addresses import is_uri

_GOOD = """
http://example.org http://example.org/ https://user@example.org:8080/a/b;c=d?e=f&g=h#i/j?k
urn:isbn:0451450523 info:lccn/n78890351 mailto:archive@example.org doi:10.1000/182 tag:a,2000:b
http://example.org/%C3%BC http://example.org/ü http://日本.example/日本 http:a
file:///a/b ark:/1234/x
http://vocab.getty.edu/aat/300026909 http://example.org/a(b)'c*d!e$f
"""
BAD = [
    "",
    "example.org",
    "/a/b",
    "//example.org/",
    "http:",
    "http://",
    "1http://a/",
    "a b:c",
    "http://example.org/a b",
    "http://example.org/[a]",
    "http://example.org/%zz",
    "http://example.org/%",
    "http://example.org/a#b#c",
    "http://example.org:80a/",
    "http://example.org/<a>",
    "http://example.org/a\\b",
    "http://example.org/a\n",
    "not a uri",
]


@pytest.mark.parametrize("text", _GOOD.split())
def test_uris(text: str) -> None:
    assert is_uri(text)


@pytest.mark.parametrize("text", BAD)
def test_no_uris(text: str) -> None:
    assert not is_uri(text)


_ANY_URI = etree.XMLSchema(
    etree.fromstring(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="a" type="xs:anyURI"/></xs:schema>'
    )
)


@given(st.text(alphabet="ah:/?#[]@!$%&'()*+,;=.-_~01 <>ü\\{}|^`", max_size=20).map("http:".__add__))
def test_what_we_take_xml_schema_takes_too(text: str) -> None:
    element = etree.Element("a")
    element.text = text
    assert not is_uri(text) or _ANY_URI.validate(element)
