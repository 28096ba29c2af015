"""Section 2.2.3: fetch.txt."""

from __future__ import annotations

from bagbuilder import Bag
from bagcheck import Found
from requirements import NOTHING, Builder, case, enter

URL = "https://example.org/hello.txt"
GOOD = f"{URL} 6 data/hello.txt"


def fetched(*lines: str) -> Builder:
    """A bag with a fetch.txt; what it names has been fetched already."""
    return lambda version: Bag(version=version).add("fetch.txt", *lines).seal()


ENTRY = "a line is an address, a length or `-`, and a path, parted by blanks or tabs"
for name, line in (
    ("a length", GOOD),
    ("no length", f"{URL} - data/hello.txt"),
    ("tabs", f"{URL}\t \t6\t\tdata/hello.txt"),
    ("an address that is coded", "https://example.org/a%20b?c=d#e 6 data/hello.txt"),
):
    enter(f"fetch.txt with {name}", "2.2.3", ENTRY, fetched(line), always=NOTHING)


def faulty(name: str, asks: str, rule: str, *lines: str, value: str, line: int = 2) -> None:
    """Enter a row with one bad line below a good one."""
    enter(
        f"fetch.txt with {name}",
        "2.2.3",
        asks,
        fetched(f"{URL} 6 data/maps/north.txt", *lines),
        strict=[Found(rule, "fetch.txt", line, value)],
        older=[Found("FET-106", "fetch.txt", line, value)],
    )


faulty("a word", ENTRY, "FET-101", "nonsense", value="nonsense")
faulty("two words", ENTRY, "FET-101", f"{URL} data/hello.txt", value="data/hello.txt")
faulty("an empty line", ENTRY, "FET-101", "", value="empty")
faulty("a blank before the address", ENTRY, "FET-101", f" {GOOD}", value=URL)
for length in ("abc", "-6", "6.0", "0x6", "6,000", "\u0666", "9" * 5000):
    text = f"{URL} {length} data/hello.txt"
    faulty(f"the length {length[:9]}", ENTRY, "FET-103", text, value=length[:80])

ABSOLUTE = "the address is an absolute URI"
for address in ("hello.txt", "/hello.txt", "//example.org/hello.txt", "example.org/a:b", "1a:b"):
    faulty(
        f"the address {address}", ABSOLUTE, "FET-102", f"{address} 6 data/hello.txt", value=address
    )
enter(
    "fetch.txt with a blank in its address",
    "2.2.3",
    ABSOLUTE,
    fetched("https://example.org/a b.txt 6 data/hello.txt"),
    strict=[
        Found("FET-103", "fetch.txt", 1, "b.txt"),
        Found("FET-104", "fetch.txt", 1, "6 data/hello.txt"),
    ],
)

PAYLOAD_ONLY = "only payload is fetched, and only what every manifest lists"
faulty("a tag file", PAYLOAD_ONLY, "FET-104", f"{URL} 6 bagit.txt", value="bagit.txt")
faulty("an unlisted file", PAYLOAD_ONLY, "FET-105", f"{URL} 6 data/new.txt", value="data/new.txt")


@case(
    "2.2.3",
    PAYLOAD_ONLY,
    strict=[
        Found("BAG-203", "data/new.txt", None, "manifest-sha256.txt"),
        Found("FET-105", "fetch.txt", 1, "manifest-sha256.txt"),
    ],
    older=[Found("BAG-204", "data/new.txt", None, "manifest-sha256.txt")],
)
def fetch_txt_with_a_file_of_one_manifest(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256")).put("data/new.txt", b"new\n")
    bag.add("manifest-md5.txt", bag.line("data/new.txt", "md5"))
    return bag.add("fetch.txt", f"{URL} 4 data/new.txt").seal()


@case("2.2.3", PAYLOAD_ONLY, always=[Found("FET-107", "fetch.txt", 2, "data/hello.txt")])
def fetch_txt_with_a_file_twice(version: str) -> Bag:
    return fetched(GOOD, "https://example.net/x - data/hello.txt")(version)


CODED = "paths are coded as in manifests"


@case("2.2.3", CODED, always=NOTHING)
def fetch_txt_with_a_percent_sign(version: str) -> Bag:
    bag = Bag(version=version).put_listed("data/100%.txt", b"all")
    written = bag.text("manifest-sha256.txt").splitlines()[-1].split("  ")[1]
    return bag.add("fetch.txt", f"{URL} 3 {written}").seal()


@case("2.2.3", CODED, strict=[Found("BAG-130", "fetch.txt", 1, "data/100%25.txt")])
def fetch_txt_with_a_percent_sign_that_is_not_coded(version: str) -> Bag:
    bag = Bag(version=version).put_listed("data/100%.txt", b"all")
    return bag.add("fetch.txt", f"{URL} 3 data/100%.txt").seal()


HOLEY = "a bag may have holes: it is incomplete, not wrong"


@case("2.2.3", HOLEY, always=[Found("FET-201", "data/hello.txt", None, URL)])
def a_holey_bag(version: str) -> Bag:
    bag = fetched(GOOD)(version)
    bag.add(bag.info_path, f"Payload-Oxum: {bag.oxum}").seal()
    return bag.drop("data/hello.txt")


@case(
    "2.2.3",
    HOLEY,
    always=[
        Found("FET-201", "data/hello.txt", None, "6 bytes"),
        Found("FET-201", "data/maps/north.txt", None, "unknown length"),
    ],
)
def a_bag_of_holes_only(version: str) -> Bag:
    bag = fetched(GOOD, f"{URL} - data/maps/north.txt")(version)
    return bag.drop("data/hello.txt", "data/maps/north.txt")


@case("5.3", "a stated length need not be true", always=[Found("FET-202", "fetch.txt", 1, "7")])
def a_fetched_file_of_another_length(version: str) -> Bag:
    return fetched(f"{URL} 7 data/hello.txt")(version)


for address in ("file:///etc/passwd", "FILE:///C:/Windows/win.ini"):
    enter(
        f"the address {address}",
        "5.2",
        "addresses are not trusted",
        fetched(f"{address} 6 data/hello.txt"),
        always=[Found("FET-108", "fetch.txt", 1, address)],
    )
