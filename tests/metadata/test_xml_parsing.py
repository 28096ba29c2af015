"""Parsing: all faults at once, nothing fetched, nothing expanded, bounded time and memory."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.metadata.xml_encodings import bad_bytes, read_encoding
from muniment.metadata.xml_formats import MODS
from muniment.metadata.xml_parsing import MAXIMUM_BYTES, parse_xml
from muniment.metadata.xml_validation import judge_xml, validate_xml

RECORD = f'<mods xmlns="{MODS}" version="3.8"><note>café - записка - 手紙</note></mods>'


def ids(data: bytes) -> list[str]:
    return [finding.rule.id for finding in validate_xml(data, "record.xml")]


def lines(data: bytes) -> list[tuple[str, int | None]]:
    return [(f.rule.id, f.location.line) for f in validate_xml(data, "record.xml")]


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that notes what it is asked for."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            del args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    thread.join()
    server.server_close()


def test_all_faults_of_a_file_are_told_with_their_lines() -> None:
    data = (
        f'<mods xmlns="{MODS}">\n<note>A & B</note>\n<note>caf&eacute;</note>\n'
        "<note xlink:href='x'>y</note>\n<nota>z</nota>\n</mods>"
    ).encode()
    assert lines(data) == [("XML-012", 2), ("XML-011", 3), ("XML-013", 4), ("XML-110", 5)]


def test_a_known_prefix_left_undeclared_is_told_once_and_judged_as_meant() -> None:
    data = f'<mods xmlns="{MODS}"><note xlink:type="locator">x</note></mods>'.encode()
    assert ids(data) == ["XML-013", "XML-134"]


def test_an_unknown_prefix_left_undeclared_is_told_as_it_stands() -> None:
    data = f'<mods xmlns="{MODS}">\n<note a:b="1">x</note>\n<a:note/><:/></mods>'.encode()
    findings = validate_xml(data, "record.xml")
    assert [(f.rule.id, f.location.line) for f in findings][:2] == [("XML-013", 2), ("XML-013", 3)]
    data = f'<mods xmlns="{MODS}"><a:note/></mods>'.encode()
    assert "`a:note`" in validate_xml(data, "record.xml")[0].message
    assert ids(data) == ["XML-013", "XML-116"]


def test_each_end_tag_that_does_not_fit_is_told() -> None:
    data = b"<mods>\n<note>a</nota>\n<note>b</notes>\n</mods>"
    assert lines(data) == [("XML-020", 2), ("XML-020", 3)]


def test_after_broken_tags_the_schema_is_not_guessed_at() -> None:
    judged = judge_xml(b"<mods><note>a</nota></mods>", "record.xml")
    assert judged.checks_run == ("well-formedness",)
    assert [(s.check, s.asked) for s in judged.checks_skipped] == [("schema", True)]
    assert judged.document is None


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", None),
        ("utf-8-sig", "UTF-8"),
        ("utf-8-sig", None),
        ("utf-16", "UTF-16"),
        ("utf-16", None),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
def test_encodings_of_unicode_are_accepted(encoding: str, declared: str | None) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = (declaration + RECORD).encode(encoding)
    assert ids(data) == []
    root = parse_xml(data).root
    assert root is not None
    assert root[0].text == "café - записка - 手紙"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-8859-1", "café"),
        ("windows-1252", "“café”"),
        ("koi8-r", "записка"),
        ("gb18030", "手紙"),
    ],
)
def test_other_encodings_are_accepted_when_declared(encoding: str, text: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    record = f'{declaration}\n<mods xmlns="{MODS}"><note>{text}</note><nota/></mods>'
    findings = validate_xml(record.encode(encoding), "record.xml")
    assert [(f.rule.id, f.location.line) for f in findings] == [("XML-110", 2)]


@pytest.mark.parametrize(
    "name", ["rot13", "hex", "idna", "unicode_escape", "undefined", "utf-9", "a\0b", "é"]
)
def test_what_is_no_encoding_of_text_is_unknown(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?>\n<mods xmlns="{MODS}"><note/></mods>'
    assert lines(data.encode())[0][0] in {"XML-005", "XML-007", "XML-026"}


def test_bytes_outside_the_encoding_do_not_hide_the_faults_behind_them() -> None:
    data = f'<mods xmlns="{MODS}">\n<note>caf\u00e9</note>\n<nota/>\n</mods>'.encode("latin-1")
    assert lines(data) == [("XML-003", 2), ("XML-110", 3)]


@given(
    st.lists(st.tuples(st.text(max_size=8), st.sampled_from([b"\xff", b"\x80", b""])), max_size=9)
)
def test_bad_bytes_are_found_where_they_are(pieces: list[tuple[str, bytes]]) -> None:
    data, expected, text = b"", [], ""
    for good, bad in pieces:
        data += good.encode() + bad
        text += good
        if bad:
            line = text.count("\n") + 1
            expected.append((line, len(text) - (text.rfind("\n") + 1) + 1, bad.hex().upper()))
            text += "?"
    found = [(place.line, place.column, place.hexadecimal) for place in bad_bytes(data, "utf-8")]
    assert found == expected


def test_a_character_across_two_windows_is_not_bad() -> None:
    data = ("x" * 65535 + "é" + "x" * 70000 + "手").encode()
    assert list(bad_bytes(data, "utf-8")) == []


@pytest.mark.parametrize("subset", ["", ' [<!ENTITY a "b">]', ' SYSTEM "x.dtd" [<!ENTITY a "b">]'])
def test_what_a_document_type_declares_is_never_used(subset: str) -> None:
    data = f'<!DOCTYPE mods{subset}>\n<mods xmlns="{MODS}"><nota/></mods>'.encode()
    judged = judge_xml(data, "record.xml")
    found = [finding.rule.id for finding in judged.findings]
    assert found == (["XML-010"] if "[" in subset else ["XML-010", "XML-110"])


def test_nothing_is_ever_fetched(asked: tuple[str, list[str]]) -> None:
    address, requests = asked
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    attempts = [
        f'<!DOCTYPE mods SYSTEM "{address}/a.dtd"><mods xmlns="{MODS}"/>',
        f'<!DOCTYPE mods [<!ENTITY % p SYSTEM "{address}/b.dtd">%p;]><mods xmlns="{MODS}"/>',
        f'<!DOCTYPE mods [<!ENTITY e SYSTEM "{address}/c">]><mods xmlns="{MODS}">&e;</mods>',
        (
            f'<mods xmlns="{MODS}" xmlns:xsi="{xsi}" xsi:schemaLocation="{MODS} {address}/mods.xsd"'
            f' xsi:noNamespaceSchemaLocation="{address}/d.xsd"><note/></mods>'
        ),
        (
            f'<mods xmlns="{MODS}"><extension><xi:include href="{address}/e"'
            ' xmlns:xi="http://www.w3.org/2001/XInclude"/></extension></mods>'
        ),
        f'<?xml-stylesheet href="{address}/f.xsl" type="text/xsl"?><mods xmlns="{MODS}"/>',
    ]
    for attempt in attempts:
        validate_xml(attempt.encode(), "record.xml")
    assert requests == []


def test_an_external_entity_leaves_no_trace_of_its_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("do not read me")
    data = f'<!DOCTYPE mods [<!ENTITY e SYSTEM "{secret.as_uri()}">]><mods><note>&e;</note></mods>'
    findings = validate_xml(data.encode(), "record.xml")
    assert [finding.rule.id for finding in findings] == ["XML-010", "XML-014"]
    assert "do not read me" not in repr(findings)


def entities(depth: int, width: int, use: str) -> bytes:
    declared = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * width}">' for i in range(depth))
    return f'<!DOCTYPE mods [<!ENTITY a0 "lol">{declared}]><mods>{use}</mods>'.encode()


@pytest.mark.parametrize(
    "data",
    [
        entities(12, 10, "<note>&a12;</note>"),
        entities(12, 10, '<note type="&a12;"/>'),
        entities(1, 100_000, "&a1;" * 1000),
        b'<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><a>&a;</a>',
        b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 100_000 + b'">]><a x="' + b"&a;" * 10_000 + b'"/>',
    ],
    ids=["text", "attribute", "wide", "loop", "quadratic"],
)
def test_entities_that_explode_are_refused_at_once(data: bytes) -> None:
    started = time.monotonic()
    found = ids(data)
    assert {"XML-014", "XML-015"} & set(found)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("data", "rule_id"),
    [
        (b"<a>" * 100_000 + b"</a>" * 100_000, "XML-031"),
        (b"<a>" * 300_000, "XML-031"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "XML-032"),
        (b'<a x="' + b"x" * 11_000_000 + b'"/>', "XML-032"),
        (b"<" + b"x" * 11_000_000 + b"/>", "XML-032"),
        (b"<a><!--" + b"x" * 11_000_000 + b"--></a>", "XML-032"),
        (b"<a><![CDATA[" + b"x" * 11_000_000 + b"]]></a>", "XML-032"),
        (b"\0" * 1000, "XML-001"),
        (b"<\0a/>", "XML-007"),
    ],
    ids=["deep", "open", "text", "attribute", "name", "comment", "cdata", "zeros", "zero"],
)
def test_hostile_files_are_refused_at_once(data: bytes, rule_id: str) -> None:
    started = time.monotonic()
    assert rule_id in ids(data)
    assert time.monotonic() - started < 5


def test_a_text_beyond_every_bound_is_refused_with_its_line() -> None:
    data = b"<mods>\n<note>" + b"x" * (MAXIMUM_BYTES + 1)
    assert lines(data) == [("XML-030", None), ("XML-032", 2)]


MEMORY = """
import resource, sys
from muniment.metadata.xml_validation import validate_xml
data = {data}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
findings = validate_xml(data, "record.xml")
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(len(findings), grown // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the module resource is of Unix")
@pytest.mark.parametrize(
    "body",
    ["b\"<note b='1'/>\" * 200_000", 'b"<titl/>" * 200_000', 'b"&" * 2_000_000'],
    ids=["attributes", "elements", "ampersands"],
)
def test_many_faults_cost_bounded_memory(body: str) -> None:
    """Two hundred thousand faults: a bounded list, in less than 400 MB."""
    data = f'b"<mods xmlns=\'{MODS}\'>" + {body} + b"</mods>"'
    script = MEMORY.replace("{data}", data)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    count, grown = map(int, done.stdout.split())
    assert 0 < count < 20_000
    assert grown < 400


def test_a_compressed_file_is_told_as_such() -> None:
    [finding] = validate_xml(gzip.compress(RECORD.encode()), "record.xml")
    assert finding.rule.id == "XML-002"
    assert "gzip" in finding.message


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_give_findings_or_a_document(data: bytes) -> None:
    judged = judge_xml(data, "record.xml")
    assert judged.findings or judged.document is not None


@settings(max_examples=300)
@given(st.data())
def test_any_change_of_a_record_gives_findings_or_a_document(data: st.DataObject) -> None:
    record = RECORD.encode()
    position = data.draw(st.integers(0, len(record)))
    width = data.draw(st.integers(0, 5))
    record = record[:position] + data.draw(st.binary(max_size=8)) + record[position + width :]
    judged = judge_xml(record, "record.xml")
    assert judged.findings or judged.document is not None


@pytest.mark.parametrize(
    ("head", "declared", "shown", "used"),
    [
        (b"<a/>", None, None, "UTF-8"),
        (b"<?xml version='1.0' encoding='KOI8-R'?><a/>", "KOI8-R", None, "KOI8-R"),
        (b'<?xml version="1.0"?><a encoding="x"/>', None, None, "UTF-8"),
        (
            "<?xml version='1.0' encoding='UTF-16'?>".encode("utf-16-be"),
            "UTF-16",
            "UTF-16BE",
            "UTF-16BE",
        ),
        (b"<?xml version='1.0' encoding='utf-16'?>", "utf-16", "UTF-8", "UTF-8"),
        (b"\xef\xbb\xbf<a/>", None, "UTF-8", "UTF-8"),
    ],
)
def test_what_the_first_bytes_say(
    head: bytes, declared: str | None, shown: str | None, used: str
) -> None:
    encoding = read_encoding(head)
    assert (encoding.declared, encoding.shown, encoding.used) == (declared, shown, used)
