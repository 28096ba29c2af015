"""What Archivematica would import of a PREMIS document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from muniment.metadata.premis import Packaging, premis_xml, program_agent
from muniment.metadata.xml_premis import archivematica_faults
from muniment.model.digests import Digest
from muniment.model.events import EXECUTING_PROGRAM, Event, EventType, Outcome

PAYLOAD = {"data/a.txt", "data/b.txt"}


def faults(data: bytes) -> list[tuple[int | None, str]]:
    return list(archivematica_faults(data, PAYLOAD.__contains__))


def linked(what: str, value: str) -> str:
    name = f"premis:{what}Identifier"
    return f"<{name}><{name}Type>t</{name}Type><{name}Value>{value}</{name}Value></{name}>"


FORMAT = (
    "<premis:objectCharacteristics><premis:format><premis:formatDesignation>"
    "<premis:formatName>unknown</premis:formatName></premis:formatDesignation></premis:format>"
    "</premis:objectCharacteristics>"
)


def object_(kind: str, key: str, inner: str = "") -> str:
    return f'<premis:object xsi:type="{kind}">{linked("object", key)}{inner}</premis:object>'


def file(
    key: str = "f", name: str = "data/a.txt", links: str = "", kind: str = "premis:file"
) -> str:
    original = f"<premis:originalName>{name}</premis:originalName>" if name else ""
    return object_(kind, key, f"{FORMAT}{original}{links}")


def event(key: str = "e", *links: str) -> str:
    what = "<premis:eventType>validation</premis:eventType>"
    when = "<premis:eventDateTime>2024-05-17</premis:eventDateTime>"
    return f"<premis:event>{linked('event', key)}{what}{when}{''.join(links)}</premis:event>"


def agent(key: str = "a", links: str = "") -> str:
    return f"<premis:agent>{linked('agent', key)}{links}</premis:agent>"


TO_FILE, TO_AGENT = linked("linkingObject", "f"), linked("linkingAgent", "a")


def premis(*parts: str) -> bytes:
    """A document with one part a line, from line 2 on."""
    opening = (
        '<premis:premis xmlns:premis="http://www.loc.gov/premis/v3"'
        ' xmlns="http://www.loc.gov/premis/v3" xmlns:p="http://www.loc.gov/premis/v3"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">'
    )
    text = "\n".join([opening, *parts, "</premis:premis>\n"])
    return text.encode()


GOOD = (file(), event("e", TO_AGENT, TO_FILE), agent())


def with_event(*links: str) -> tuple[str, ...]:
    """The good document with one more event, in line 4."""
    return (*GOOD[:2], event("d", *links), GOOD[2])


@pytest.mark.parametrize(
    "parts",
    [
        GOOD,
        (
            file("f"),
            file("g", " data/b.txt "),
            event("e", TO_AGENT, TO_FILE, linked("linkingObject", "g")),
            agent(),
        ),
        (file(links=linked("linkingEvent", "e")), event("e", TO_AGENT), agent()),
        (file(), event("e", TO_FILE), agent(links=linked("linkingEvent", "e"))),
        (object_("premis:representation", "r"), *GOOD),
        (object_("premis:intellectualEntity", "i"),),
    ],
    ids=range(6),
)
def test_what_is_imported(parts: tuple[str, ...]) -> None:
    assert faults(premis(*parts)) == []


@pytest.mark.parametrize(
    ("parts", "line", "said"),
    [
        ((file("g", "data/b.txt"), *GOOD), 2, "the file 'g' is linked by no event"),
        ((*GOOD, agent("b")), 5, "the agent 'b' is linked by no event"),
        (with_event(TO_AGENT), 4, "the event 'd' links no file; it must link one"),
        (with_event(TO_FILE), 4, "the event 'd' links no agent; it must link one"),
        (
            with_event(TO_AGENT, TO_FILE, linked("linkingObject", "r")),
            4,
            "the event 'd' links 'r', which is no file of this document",
        ),
        (
            with_event(TO_AGENT, linked("linkingAgent", "x"), TO_FILE),
            4,
            "the event 'd' links 'x', which is no agent of this document",
        ),
        (
            (file(links=linked("linkingEvent", "x")), *GOOD[1:]),
            2,
            "the file 'f' links 'x', which is no event of this document",
        ),
        ((file(name=""), *GOOD[1:]), 2, "a file has no originalName"),
        ((file(name="objects/a.txt"), *GOOD[1:]), 2, "'objects/a.txt' is no path of the payload"),
        (
            (file("o", kind="file"), *GOOD),
            2,
            'a file is written xsi:type="file", not "premis:file"',
        ),
        ((file("o", kind="p:file"), *GOOD), 2, 'xsi:type="p:file", not "premis:file"'),
    ],
    ids=range(11),
)
def test_what_is_not(parts: tuple[str, ...], line: int, said: str) -> None:
    [(place, reason)] = faults(premis(*parts))
    assert place == line
    assert said in reason


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a>",
        b"<premis xmlns='http://www.loc.gov/premis/v2'/>",
        b"<mods xmlns='http://www.loc.gov/mods/v3'><note>x</note></mods>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b"\xff\xfe\x00",
    ],
    ids=range(7),
)
def test_what_is_no_premis(data: bytes) -> None:
    assert faults(data)


def test_an_unlinked_event_is_told_of_both_ends() -> None:
    told = faults(premis(object_("premis:intellectualEntity", "i"), event("e")))
    assert [line for line, _ in told] == [3, 3]
    assert {reason.partition(";")[0] for _, reason in told} == {
        "the event 'e' links no file",
        "the event 'e' links no agent",
    }


@pytest.fixture
def made() -> Callable[..., bytes]:
    agents = ((program_agent("1.0.0"), EXECUTING_PROGRAM),)
    events = tuple(
        Event(type=kind, when="2024-05-17", detail="x", outcome=Outcome.SUCCESS, agents=agents)
        for kind in (EventType.VALIDATION, EventType.FIXITY_CHECK)
    )

    def make(*files: str) -> bytes:
        return premis_xml(
            Packaging(
                bag_name="letters",
                manifests={"manifest-md5.txt": Digest(algorithm="md5", value=b"\x00" * 16)},
                payload_octets=2,
                payload_files=2,
                events=events,
                files=files,
            )
        )

    return make


def test_what_we_write_for_archivematica_is_imported(made: Callable[..., bytes]) -> None:
    data = made("data/a.txt", "data/b.txt")
    assert faults(data) == []
    assert data.count(b'xsi:type="premis:file"') == 2
    assert data.count(b"<premis:originalName>data/a.txt</premis:originalName>") == 1
    assert data == made("data/a.txt", "data/b.txt")


def test_what_we_write_for_others_has_no_files(made: Callable[..., bytes]) -> None:
    data = made()
    assert b"premis:file" not in data
    assert [reason for _, reason in faults(data) if "which is no file" in reason]
