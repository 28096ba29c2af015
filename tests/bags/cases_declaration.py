"""Sections 2, 2.1.1 and 2.1.2: the whole bag, bagit.txt and data/."""

from __future__ import annotations

from bagbuilder import UTF_8_MARK, Bag
from bagcheck import Found
from requirements import NOTHING, Builder, case, enter

WHOLE = "what every bag has is enough"


@case("2", WHOLE, always=NOTHING)
def a_whole_bag(version: str) -> Bag:
    return Bag(version=version).seal()


@case("2", WHOLE, always=NOTHING)
def no_bag_info_and_no_tag_manifest(version: str) -> Bag:
    return Bag(version=version, info=None)


@case("2", WHOLE, always=NOTHING)
def several_algorithms(version: str) -> Bag:
    return Bag(version=version, algorithms=("md5", "sha1", "sha256", "sha384", "sha512")).seal()


@case("2", WHOLE, always=NOTHING)
def a_bag_in_a_bag(version: str) -> Bag:
    inner = Bag(version=version).seal()
    return Bag(version=version, payload={f"data/{p}": c for p, c in inner.files.items()}).seal()


# 2.1.1: two lines

TWO_LINES = "bagit.txt is exactly two lines, in their order"


@case("2.1.1", "bagit.txt is there", always=[Found("BAG-101", "bagit.txt")])
def no_declaration(version: str) -> Bag:
    return Bag(version=version).drop("bagit.txt").seal()


@case(
    "2.1.1",
    "bagit.txt is a file",
    always=[Found("BAG-114", "bagit.txt", None, "folder")],
)
def the_declaration_is_a_folder(version: str) -> Bag:
    return Bag(version=version).seal().drop("bagit.txt").folder("bagit.txt")


@case("2.1.1", TWO_LINES, always=[Found("BAG-102", "bagit.txt", 3, "3 lines")])
def a_third_line(version: str) -> Bag:
    return Bag(version=version).add("bagit.txt", "Packed-By: hand").seal()


@case("2.1.1", TWO_LINES, always=[Found("BAG-102", "bagit.txt", 3, "3 lines")])
def an_empty_third_line(version: str) -> Bag:
    return Bag(version=version).add("bagit.txt", "").seal()


@case("2.1.1", TWO_LINES, always=[Found("BAG-102", "bagit.txt", 1, "reverse")])
def reversed_lines(version: str) -> Bag:
    text = f"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: {version}\n"
    return Bag(version=version).put("bagit.txt", text).seal()


@case("2.1.1", TWO_LINES, always=[Found("BAG-102", "bagit.txt", None, "`Tag-File-Character-")])
def no_encoding(version: str) -> Bag:
    return Bag(version=version).put("bagit.txt", f"BagIt-Version: {version}\n").seal()


@case("2.1.1", TWO_LINES, strict=[Found("BAG-102", "bagit.txt", None, "`BagIt-Version: ")])
def no_version(version: str) -> Bag:
    return Bag(version=version).put("bagit.txt", "Tag-File-Character-Encoding: UTF-8\n").seal()


@case(
    "2.1.1",
    TWO_LINES,
    strict=[
        Found("BAG-102", "bagit.txt", None, "`BagIt-Version: "),
        Found("BAG-102", "bagit.txt", None, "`Tag-File-Character-"),
    ],
)
def an_empty_declaration(version: str) -> Bag:
    return Bag(version=version).put("bagit.txt", b"").seal()


def declared(old: str, new: str) -> Builder:
    """A bag with a piece of its declaration replaced."""
    return lambda version: Bag(version=version).edit("bagit.txt", old, new).seal()


FORM = "one space after the colon, none before it, labels as they are written"

for name, old, new, line, right in (
    ("the version's label as the examples have it", "BagIt-V", "BagIt-v", 1, "BagIt-Version: "),
    ("the version's label misspelt", "BagIt-Version", "BagIt-Vresion", 1, "BagIt-Version: "),
    ("the encoding's label in lower case", "Tag-File-C", "tag-file-c", 2, "-Encoding: UTF-8"),
    ("no blank after the colon", "Version: ", "Version:", 1, "BagIt-Version: "),
    ("two blanks after the colon", "Version: ", "Version:  ", 1, "BagIt-Version: "),
    ("a tab after the colon", "Version: ", "Version:\t", 1, "BagIt-Version: "),
    ("a blank before the colon", "Version:", "Version :", 1, "BagIt-Version: "),
    ("a blank before the label", "BagIt-", " BagIt-", 1, "BagIt-Version: "),
    ("a blank at the line's end", "UTF-8", "UTF-8 ", 2, "-Encoding: UTF-8"),
):
    found = Found("BAG-102", "bagit.txt", line, right)
    enter(name, "2.1.1", FORM, declared(old, new), always=[found])

# 2.1.1: the declaration's own encoding

PLAIN = "bagit.txt is UTF-8 without a byte order mark"


@case("2.1.1", PLAIN, always=[Found("BAG-105", "bagit.txt", 1, "EF BB BF")])
def a_mark_before_the_declaration(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.put("bagit.txt", UTF_8_MARK + bag.files["bagit.txt"]).seal()


@case("2.1.1", PLAIN, always=[Found("BAG-105", "bagit.txt", 1, "FF")])
def a_declaration_in_utf_16(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.put("bagit.txt", bag.text("bagit.txt").encode("utf-16")).seal()


@case(
    "2.1.1",
    PLAIN,
    always=[Found("BAG-105", "bagit.txt", 2, "E9"), Found("BAG-104", "bagit.txt", 2)],
)
def a_declaration_in_latin_1(version: str) -> Bag:
    bag = Bag(version=version)
    text = bag.text("bagit.txt").replace("UTF-8", "\xe9")
    return bag.put("bagit.txt", text.encode("latin-1")).seal()


# 2.1.1: the version

for number in ("1.1", "2.0", "0.92", "0.98", "1", "1.0.0", "1.00", "01.0", "v1.0", ".97", "one"):
    enter(
        f"version {number}",
        "2.1.1",
        "the version is one that exists",
        declared("1.0", number),
        strict=[Found("BAG-103", "bagit.txt", 1, number)],
    )

# 2.1.1: the encoding of the tag files

ENCODING = "the encoding should be UTF-8 and may be any that IANA has registered"


def encoded(encoding: str, codec: str) -> Builder:
    """A bag whose tag files are in an encoding, with names and values that show it."""
    return lambda version: Bag(
        version=version,
        encoding=encoding,
        codec=codec,
        payload={"data/hello.txt": b"Hello\n", "data/Gr\xfc\xdfe.txt": b"Hi\n"},
        info=(("Source-Organization", "\xdcberseearchiv"),),
    ).seal()


for label, codec in (
    ("ISO-8859-1", "latin-1"),
    ("windows-1252", "cp1252"),
    ("UTF-16", "utf-16"),
    ("UTF-16BE", "utf-16-be"),
    ("UTF-16LE", "utf-16-le"),
    ("UTF-32", "utf-32"),
    ("GB18030", "gb18030"),
    ("IBM850", "cp850"),
    ("UTF-7", "utf-7"),
):
    enter(
        f"tag files in {label}",
        "2.1.1",
        ENCODING,
        encoded(label, codec),
        always=[Found("BAG-106", "bagit.txt", 2, label)],
    )


@case("2.1.1", ENCODING, always=NOTHING)
def utf_8_in_lower_case(version: str) -> Bag:
    return Bag(version=version, encoding="utf-8").seal()


@case("2.1.1", ENCODING, always=[Found("BAG-107", "bagit.txt", 2, "utf8")])
def utf_8_by_another_name(version: str) -> Bag:
    return Bag(version=version, encoding="utf8").seal()


for label in ("rot13", "hex", "idna", "klingon", "", "UTF-\x00"):
    enter(
        f"encoding {label!r}",
        "2.1.1",
        ENCODING,
        declared("UTF-8", label),
        always=[Found("BAG-104", "bagit.txt", 2)],
    )

# 2.1.2

DATA = "the folder data/ is there; it may be empty"


@case("2.1.2", DATA, always=[Found("BAG-110", "data")])
def no_data_folder(version: str) -> Bag:
    return Bag(version=version, payload={}).no_folder("data").seal()


@case("2.1.2", DATA, always=[Found("BAG-110", "data")])
def data_is_a_file(version: str) -> Bag:
    return Bag(version=version, payload={}).no_folder("data").put("data", b"x").seal()


@case("2.1.2", DATA, always=NOTHING)
def an_empty_payload(version: str) -> Bag:
    return Bag(version=version, payload={}).seal()
