"""What fires each PRO rule, and what nearly does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bagbuilder import Bag
from fixture_forms import Fixture, Pair
from profiled import judged, named_bag, profile

from muniment.bags.profile_applying import tell_before_sending
from muniment.bags.profile_shelf import shipped_profile
from muniment.bags.verdicts import Findings
from muniment.model.findings import Finding

Make = Callable[[], Bag]
APTRUST_INFO = "Title: Letters\nAccess: Institution\nStorage-Option: Standard\n"
CSV = "filename,dc.title\ndata/hello.txt,Hello\ndata/maps,Maps\n"


def by(make: Make, home: str = "bag", /, **keys: object) -> Fixture:
    """What is found in a bag by a profile of these keys; `home` tells the form by its ending."""

    def findings(folder: Path) -> Iterable[Finding]:
        return judged(_written(make(), folder, home), profile(**keys)).findings

    return findings


def at(receiver: str, make: Make, home: str = "bag.tar", top: str = "bag") -> Fixture:
    """What is found in a bag by a shipped profile."""

    def findings(folder: Path) -> Iterable[Finding]:
        return judged(_written(make(), folder, home, top), receiver).findings

    return findings


def _written(bag: Bag, folder: Path, home: str, top: str = "bag") -> Path:
    path = folder / home
    if home.endswith(".tar"):
        return bag.write_tar(path, top)
    if home.endswith(".tar.gz"):
        return bag.write_tar(path, top, "w:gz")
    return bag.write_zip(path, top) if home.endswith(".zip") else bag.write(path)


def pair(fires: Make, near_miss: Make, **keys: object) -> Pair:
    """Two bags by one profile."""
    return Pair(by(fires, **keys), by(near_miss, **keys))


def fielded(*fields: tuple[str, str]) -> Make:
    """A bag with further fields in bag-info.txt."""
    return lambda: named_bag(*fields).seal()


def manifested(*algorithms: str, tags: tuple[str, ...] = ()) -> Make:
    """A bag with manifests of these algorithms, and tag manifests of others."""
    return lambda: named_bag(algorithms=algorithms).seal(*tags)


def with_file(path: str, content: bytes | str = b"x") -> Make:
    """A bag with one more file; in the payload, it is listed."""

    def make() -> Bag:
        data = content.encode() if isinstance(content, str) else content
        bag = named_bag()
        return (
            bag.put_listed(path, data) if path.startswith("data/") else bag.put(path, data)
        ).seal()

    return make


def aptrust(info: str = APTRUST_INFO, *paths: str) -> Make:
    """A bag for APTrust, with further payload files."""

    def make() -> Bag:
        bag = Bag(algorithms=("md5",)).put("aptrust-info.txt", info)
        for path in paths:
            bag.put_listed(path, b"x")
        return bag.seal()

    return make


def premis(link: str = "f", name: str = "data/hello.txt", kind: str = "premis:file") -> Make:
    """A bag with one event in `metadata/premis.xml`, on one file, by one agent."""

    def linked(what: str, value: str) -> str:
        return (
            f"<premis:{what}Identifier><premis:{what}IdentifierType>t</premis:{what}IdentifierType>"
            f"<premis:{what}IdentifierValue>{value}</premis:{what}IdentifierValue>"
            f"</premis:{what}Identifier>"
        )

    text = (
        '<premis:premis xmlns:premis="http://www.loc.gov/premis/v3"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">\n'
        f'<premis:object xsi:type="{kind}">{linked("object", "f")}'
        "<premis:objectCharacteristics><premis:format><premis:formatDesignation>"
        "<premis:formatName>unknown</premis:formatName></premis:formatDesignation>"
        "</premis:format></premis:objectCharacteristics>"
        f"<premis:originalName>{name}</premis:originalName></premis:object>\n"
        f"<premis:event>{linked('event', 'e')}<premis:eventType>validation</premis:eventType>"
        "<premis:eventDateTime>2024-05-17</premis:eventDateTime>"
        f"{linked('linkingAgent', 'a')}{linked('linkingObject', link)}</premis:event>\n"
        f"<premis:agent>{linked('agent', 'a')}</premis:agent>\n</premis:premis>\n"
    )
    return with_file("metadata/premis.xml", text)


def before_sending(receiver: str) -> Fixture:
    """What is told before a bag is sent."""

    def findings(_: Path) -> Iterable[Finding]:
        told = Findings()
        tell_before_sending([shipped_profile(receiver)], "letters", told)
        return told.found

    return findings


def sent(make: Make) -> Fixture:
    """What is found in a bag for Archivematica, zipped."""
    return at("archivematica", make, "bag.zip")


WHOLE = fielded()
CONTACT = {"Contact-Name": {"required": True, "values": ["The clerk", "The vicar"]}}
ONCE = {"Contact-Name": {"repeatable": False}}

FIXTURES = {
    "PRO-101": pair(lambda: Bag().seal(), WHOLE),
    "PRO-102": pair(
        fielded(("Contact-Name", "")), fielded(("contact-name", "The clerk")), Bag_Info=CONTACT
    ),
    "PRO-103": pair(
        fielded(("Contact-Name", "the clerk")),
        fielded(("Contact-Name", "The clerk"), ("Contact-Name", "The vicar")),
        Bag_Info=CONTACT,
    ),
    "PRO-104": pair(
        fielded(("Contact-Name", "A"), ("contact-name", "B")),
        fielded(("Contact-Name", "A"), ("Contact-Phone", "B"), ("Contact-Phone", "C")),
        Bag_Info=ONCE,
    ),
    "PRO-105": pair(
        WHOLE, fielded(("Contact-Email", "")), Bag_Info={"Contact-Email": {"recommended": True}}
    ),
    "PRO-110": pair(manifested("sha256"), manifested("md5", "sha256"), Manifests_Required=["md5"]),
    "PRO-111": pair(
        manifested("sha256", "sha512"), manifested("sha256"), Manifests_Allowed=["md5", "sha256"]
    ),
    "PRO-112": pair(
        manifested("md5", "sha256", tags=("sha256",)),
        manifested("sha256", tags=("md5",)),
        Tag_Manifests_Required=["md5"],
    ),
    "PRO-113": pair(
        manifested("sha256", tags=("sha512",)),
        manifested("sha512", tags=("sha256",)),
        Tag_Manifests_Allowed=["sha256"],
    ),
    "PRO-120": pair(
        with_file("fetch.txt", ""), with_file("notes/fetch.txt"), Allow_Fetch_txt=False
    ),
    "PRO-121": pair(
        with_file("notes/fetch.txt"), with_file("fetch.txt", ""), Fetch_txt_Required=True
    ),
    "PRO-122": pair(
        lambda: named_bag(payload={"data/a": b"", "data/b": b""}).seal(),
        lambda: named_bag(payload={"data/.keep": b""}).seal(),
        Data_Empty=True,
    ),
    "PRO-130": Pair(
        by(WHOLE, Serialization="required"), by(WHOLE, "bag.zip", Serialization="required")
    ),
    "PRO-131": Pair(
        by(WHOLE, "bag.tar.gz"), by(WHOLE, "bag.tar", Accept_Serialization=["Application/X-Tar"])
    ),
    "PRO-132": pair(
        lambda: named_bag(version="0.96").seal(), lambda: named_bag(version="0.97").seal()
    ),
    "PRO-140": pair(
        with_file("notes/dpn.txt"),
        with_file("dpn/dpn.txt"),
        Tag_Files_Required=["dpn/dpn.txt"],
    ),
    "PRO-141": pair(
        with_file("notes.md"), with_file("notes/a.txt"), Tag_Files_Allowed=["notes/*.txt"]
    ),
    "PRO-142": pair(
        with_file("data/README"),
        with_file("data/readme.txt"),
        Payload_Files_Required=["data/readme.txt", "data/maps/"],
    ),
    "PRO-143": pair(
        with_file("data/hello.md"),
        with_file("data/maps/deep/er.txt"),
        Payload_Files_Allowed=["data/*.txt"],
    ),
    "PRO-190": Pair(by(WHOLE, Manifest_Allowed=["md5"]), by(WHOLE, Bag_Info={"My-Own": {}})),
    "PRO-191": Pair(
        by(WHOLE, Manifests_Allowed=["sha256"], BagIt_Profile_Info={"Version": "1"}),
        by(WHOLE, Data_Empty=False),
    ),
    "PRO-192": Pair(by(WHOLE, Accept_Serialization=None), by(WHOLE, Serialization="forbidden")),
    "PRO-201": Pair(
        at("aptrust", aptrust("Title:\nAccess: Institution\nStorage-Option: Standard\n")),
        at("aptrust", aptrust()),
    ),
    "PRO-202": Pair(
        at("aptrust", aptrust(APTRUST_INFO.replace("Institution", "institution"))),
        at("aptrust", aptrust(APTRUST_INFO.replace("Institution", "Consortia"))),
    ),
    "PRO-203": Pair(at("aptrust", aptrust(), "letters.tar"), at("aptrust", aptrust())),
    "PRO-204": Pair(
        at("aptrust", aptrust(APTRUST_INFO, "data/-dash/a.txt")),
        at("aptrust", aptrust(APTRUST_INFO, "data/a-/b -c%.txt")),
    ),
    "PRO-205": Pair(before_sending("aptrust"), before_sending("btr")),
    "PRO-206": Pair(
        at("aptrust", aptrust(f"{APTRUST_INFO}Title: Again\n")),
        at("aptrust", aptrust(f"{APTRUST_INFO}Note: a\nNote: b\n")),
    ),
    "PRO-207": Pair(
        at("aptrust", aptrust(APTRUST_INFO.replace("Standard", "Glacier"))),
        at("aptrust", aptrust(APTRUST_INFO.replace("Standard", "Glacier-Deep-OR"))),
    ),
    "PRO-211": Pair(
        sent(fielded(("Rights Holder", "x"))), sent(fielded(("_Rights.Holder-2", "x")))
    ),
    "PRO-212": Pair(
        sent(with_file("data/100%.txt")),
        sent(lambda: named_bag(version="0.97").put_listed("data/100%.txt", b"x").seal()),
    ),
    "PRO-213": Pair(
        sent(with_file("data/metadata/metadata.csv", CSV.replace("filename", "Filename"))),
        sent(with_file("data/metadata/metadata.csv", CSV)),
    ),
    "PRO-214": Pair(
        sent(with_file("data/metadata/metadata.csv", CSV.replace("data/hello", "objects/hello"))),
        sent(with_file("data/metadata/metadata.csv", CSV)),
    ),
    "PRO-215": Pair(sent(premis(link="representation")), sent(premis())),
}
