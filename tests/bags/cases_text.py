"""Section 2.3: the text of tag files."""

from __future__ import annotations

from bagbuilder import UTF_8_MARK, Bag
from bagcheck import Found
from requirements import INFO, NOTHING, case, enter

MANIFEST = "manifest-sha256.txt"

ENDS = "CR, LF and CRLF end a line, mixed too, and nothing else does"
for name, end in (("LF", "\n"), ("CR", "\r"), ("CRLF", "\r\n")):
    enter(
        f"lines that end in {name}",
        "2.3",
        ENDS,
        lambda version, end=end: (
            Bag(version=version, line_end=end)  # type: ignore[misc]
            .add("fetch.txt", "https://example.org/ 6 data/hello.txt")
            .seal()
        ),
        always=NOTHING,
    )


@case("2.3", ENDS, always=NOTHING)
def mixed_line_ends(version: str) -> Bag:
    bag = Bag(version=version).edit("bagit.txt", "\n", "\r").edit(MANIFEST, "\n", "\r\n")
    return bag.edit(bag.info_path, "\n", "\r").add(bag.info_path, "Note: a\r\n  b").seal()


@case("2.3", ENDS, always=[Found("BAG-406", "data/a\x0bb\x0cc\x1dd.txt")])
def other_characters_that_some_take_for_line_ends(version: str) -> Bag:
    bag = Bag(version=version).put_listed("data/a\u2028b\u0085c\u2029d.txt", b"lines")
    bag.put_listed("data/a\x0bb\x0cc\x1dd.txt", b"lines")
    return bag.add(bag.info_path, "Note: a\u2028b\u0085c\x0bd\x0ce").seal()


LAST = "a last line end is recommended"
for name, path, line in (
    ("bagit.txt", "bagit.txt", 2),
    ("the manifest", MANIFEST, 2),
    ("bag-info.txt", INFO, 2),
):
    enter(
        f"no last line end in {name}",
        "2.3",
        LAST,
        lambda version, path=path: (  # type: ignore[misc]
            (bag := Bag(version=version))
            .put(
                name := bag.info_path if path == INFO else path,
                bag.files[name].rstrip(b"\n"),
            )
            .seal()
        ),
        always=[Found("BAG-134", path, line)],
    )

DECLARED = "tag files are in the declared encoding"


@case("2.3", DECLARED, always=[Found("BAG-133", INFO, 3, "FC")])
def a_byte_that_utf_8_does_not_allow(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.put(bag.info_path, bag.files[bag.info_path] + b"Note: f\xfcr\n").seal()


@case("2.3", DECLARED, always=[Found("BAG-133", MANIFEST, 3, "FC")])
def a_name_that_is_not_utf_8(version: str) -> Bag:
    return Bag(version=version).put_listed("data/f\udcfcr.txt", b"for").seal()


@case(
    "2.3",
    DECLARED,
    always=[Found("BAG-106", "bagit.txt", 2), Found("BAG-133", INFO, 3, "US-ASCII")],
)
def a_byte_that_ascii_does_not_allow(version: str) -> Bag:
    bag = Bag(version=version, encoding="US-ASCII", codec="ascii")
    return bag.put(bag.info_path, bag.files[bag.info_path] + b"Note: f\xfcr\n").seal()


@case("2.3", DECLARED, always=NOTHING)
def a_replacement_character_in_utf_8(version: str) -> Bag:
    bag = Bag(version=version).put_listed("data/lost\ufffd.txt", b"lost")
    return bag.add(bag.info_path, "Note: lost \ufffd").seal()


@case("2.3", DECLARED, always=[Found("BAG-106", "bagit.txt", 2)])
def a_replacement_character_in_utf_16(version: str) -> Bag:
    bag = Bag(version=version, encoding="UTF-16LE", codec="utf-16-le")
    return bag.add(bag.info_path, "Note: lost \ufffd").seal()


MARK = "a byte order mark stands only where the encoding needs it"


@case("2.3", MARK, always=[Found("BAG-132", MANIFEST, 1, "EF BB BF")])
def a_mark_before_a_manifest(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.put(MANIFEST, UTF_8_MARK + bag.files[MANIFEST]).seal()


@case("2.3", MARK, always=[Found("BAG-132", INFO, 1, "EF BB BF")])
def a_mark_before_bag_info(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.put(bag.info_path, UTF_8_MARK + bag.files[bag.info_path]).seal()


@case("2.3", MARK, always=[Found("BAG-132", "fetch.txt", 1, "EF BB BF")])
def a_mark_before_fetch_txt(version: str) -> Bag:
    line = b"https://example.org/hello.txt 6 data/hello.txt\n"
    return Bag(version=version).put("fetch.txt", UTF_8_MARK + line).seal()


@case(
    "2.3",
    MARK,
    always=[Found("BAG-106", "bagit.txt", 2), Found("BAG-132", MANIFEST, 1, "FF FE")],
)
def a_mark_before_utf_16le(version: str) -> Bag:
    bag = Bag(version=version, encoding="UTF-16LE", codec="utf-16-le")
    return bag.put(MANIFEST, b"\xff\xfe" + bag.files[MANIFEST]).seal()


@case("2.3", MARK, always=[Found("BAG-106", "bagit.txt", 2)])
def big_endian_utf_16_without_a_mark(version: str) -> Bag:
    return Bag(version=version, encoding="UTF-16", codec="utf-16-be").seal()
