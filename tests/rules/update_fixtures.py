"""What fires each BAG rule that updating tells of, and what nearly does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bagbuilder import Bag
from fixture_forms import Fixture, Pair
from updates import updated

from muniment.metadata.premis import Packaging, premis_xml
from muniment.model.digests import Algorithm
from muniment.model.findings import Finding, Report
from muniment.storage.journal import Journal
from muniment.workflow import verify

NORTH, PREMIS = "data/maps/north.txt", "metadata/premis.xml"


def updating(make: Callable[[], Bag], **changes: Any) -> Fixture:  # noqa: ANN401
    """What updating a bag finds."""

    def findings(home: Path) -> Iterable[Finding]:
        return updated(make().write(home / "bag"), **changes).subjects[0].findings

    return findings


def holey() -> Bag:
    """A bag of which one file is still to be fetched."""
    bag = Bag(algorithms=("md5", "sha256"))
    return bag.write_lines("fetch.txt", [f"https://example.org/n - {NORTH}"]).seal().drop(NORTH)


def latin(content: bytes) -> Callable[[], Bag]:
    """An older bag in ISO-8859-1 with notes."""
    return lambda: Bag(version="0.97", encoding="ISO-8859-1").put("notes.txt", content).seal()


def with_premis(content: bytes) -> Callable[[], Bag]:
    """A bag that has a PREMIS document, or something under its name."""
    return lambda: Bag().put(PREMIS, content).seal()


def interrupted(judge: Callable[[Path], Report], *, sealed: bool) -> Fixture:
    """What is found where an update was stopped, after it was sealed or before."""

    def findings(home: Path) -> Iterable[Finding]:
        bag = Bag().seal().write(home / "bag")
        journal = Journal(bag, "update")
        with journal.prepared() as new:
            if sealed:
                (new / "bagit.txt").write_bytes((bag / "bagit.txt").read_bytes())
                journal.seal(remove=(), note={})
        return judge(bag).subjects[0].findings

    return findings


def updating_again(bag: Path) -> Report:
    """Another update, which changes nothing."""
    return updated(bag, to_1_0=True)


def verifying(bag: Path) -> Report:
    """A look at the bag."""
    return verify([bag])


SOME_PREMIS = premis_xml(
    Packaging(bag_name="bag", manifests={}, payload_octets=12, payload_files=2)
)
CHANGE = {"bag_info": (("A", "1"),)}

FIXTURES = {
    "BAG-501": Pair(
        updating(holey, algorithms=(Algorithm.SHA512,)),
        updating(holey, drop_algorithms=("md5",)),
    ),
    "BAG-502": Pair(
        updating(latin("caf\xe9".encode("iso-8859-1")), to_1_0=True),
        updating(latin("caf\xe9".encode()), to_1_0=True),
    ),
    "BAG-503": Pair(
        updating(with_premis(b"<premis/>"), **CHANGE),
        updating(with_premis(SOME_PREMIS), **CHANGE),
    ),
    "BAG-504": Pair(
        interrupted(updating_again, sealed=True), interrupted(updating_again, sealed=False)
    ),
    "BAG-505": Pair(interrupted(verifying, sealed=True), interrupted(verifying, sealed=False)),
}
