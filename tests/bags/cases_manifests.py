"""Sections 2.1.3, 2.2.1 and 2.4: payload manifests, tag manifests, algorithms."""

from __future__ import annotations

from bagbuilder import Bag
from bagcheck import Found
from requirements import INFO, NOTHING, Builder, case, enter

MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

KEEP = "folders are not listed; an empty one is kept by a file"


@case("2.1.3", KEEP, always=[Found("BAG-408", "data/empty")])
def an_empty_folder(version: str) -> Bag:
    return Bag(version=version).folder("data/empty").seal()


@case("2.1.3", KEEP, always=NOTHING)
def a_folder_kept_by_a_file(version: str) -> Bag:
    return Bag(version=version).put_listed("data/empty/.keep", b"").seal()


@case("2.1.3", KEEP, always=[Found("BAG-127", "data/maps")])
def a_folder_listed(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.add(MANIFEST, bag.line("data/hello.txt", written="data/maps")).seal()


@case("2.1.3", KEEP, always=[Found("BAG-127", MANIFEST, 3, "data/maps/")])
def a_folder_listed_with_its_slash(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.add(MANIFEST, bag.line("data/hello.txt", written="data/maps/")).seal()


# every payload file once

ONCE = "every payload manifest lists every payload file exactly once"


@case("2.1.3", "there is at least one payload manifest", always=[Found("BAG-111")])
def no_payload_manifest(version: str) -> Bag:
    return Bag(version=version).drop(MANIFEST).seal()


@case("2.1.3", ONCE, always=[Found("BAG-202", "data/new.txt", None, "4 bytes")])
def a_payload_file_in_no_manifest(version: str) -> Bag:
    return Bag(version=version).put("data/new.txt", b"new\n").seal()


@case(
    "2.1.3",
    ONCE,
    strict=[Found("BAG-203", "data/new.txt", None, MANIFEST)],
    older=[Found("BAG-204", "data/new.txt", None, MANIFEST)],
)
def a_payload_file_in_one_of_two_manifests(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256")).put("data/new.txt", b"new\n")
    return bag.add("manifest-md5.txt", bag.line("data/new.txt", "md5")).seal()


@case(
    "2.1.3",
    ONCE,
    strict=[Found("BAG-203", "data/hello.txt", None, "manifest-md5.txt")],
    older=[Found("BAG-204", "data/hello.txt", None, "manifest-md5.txt")],
)
def a_payload_file_missing_in_the_first_manifest(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256"))
    return bag.list_files("manifest-md5.txt", "md5", ["data/maps/north.txt"]).seal()


@case(
    "2.1.3",
    ONCE,
    strict=[Found("BAG-124", MANIFEST, 3, "data/hello.txt")],
    older=[Found("BAG-125", MANIFEST, 3, "data/hello.txt")],
)
def a_file_listed_twice(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.add(MANIFEST, bag.line("data/hello.txt")).seal()


@case("2.1.3", ONCE, always=[Found("BAG-126", MANIFEST, 3, "data/hello.txt")])
def a_file_listed_with_two_checksums(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.add(MANIFEST, bag.line("data/maps/north.txt", written="data/hello.txt")).seal()


@case("2.1.3", "the order of the lines is free", always=NOTHING)
def lines_in_another_order(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256"))
    return bag.list_files(MANIFEST, "sha256", ["data/maps/north.txt", "data/hello.txt"]).seal()


# lines

LINE = "a line is a checksum in hexadecimal digits of any case, blanks or tabs, a path"


@case("2.1.3", LINE, always=NOTHING)
def checksums_in_upper_case(version: str) -> Bag:
    bag = Bag(version=version)
    lines = bag.text(MANIFEST).splitlines()
    return bag.write_lines(MANIFEST, [line[:64].upper() + line[64:] for line in lines]).seal()


@case("2.1.3", LINE, always=NOTHING)
def one_blank_and_tabs(version: str) -> Bag:
    bag = Bag(version=version).edit(MANIFEST, "  data/h", " data/h")
    return bag.edit(MANIFEST, "  data/m", "\t \t\tdata/m").seal()


def with_line(text: str) -> Builder:
    """A bag with a further line in its payload manifest."""
    return lambda version: Bag(version=version).add(MANIFEST, text).seal()


D = "d" * 64
for name, text in (
    ("a word", "nonsense"),
    ("a comment", "# made by hand"),
    ("a path only", "data/hello.txt"),
    ("a checksum only", D),
    ("a checksum and blanks", f"{D}  "),
    ("no blank", f"{D}data/other.txt"),
    ("a blank before the checksum", f" {D}  data/other.txt"),
    ("a no-break space between", f"{D}\xa0data/other.txt"),
    ("letters for digits", f"{'g' * 64}  data/other.txt"),
    ("a minus before the checksum", f"-{D}  data/other.txt"),
    ("blanks", "  "),
):
    found = Found("BAG-120", MANIFEST, 3, text[:64].strip() if text.strip() else None)
    enter(f"a manifest line of {name}", "2.1.3", LINE, with_line(text), always=[found])

enter(
    "an empty manifest line",
    "2.1.3",
    LINE,
    with_line(""),
    strict=[Found("BAG-120", MANIFEST, 3, "empty")],
    older=NOTHING,
)


@case("2.1.3", LINE, always=[Found("BAG-121", MANIFEST, 1, "data/hello.txt has 63 digits")])
def a_digit_short(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.edit(MANIFEST, bag.line("data/hello.txt")[:64], "d" * 63).seal()


@case("2.1.3", LINE, always=[Found("BAG-121", MANIFEST, 1, "has 128 digits; sha256 has 64")])
def a_checksum_of_another_algorithm(version: str) -> Bag:
    bag = Bag(version=version)
    right, other = bag.line("data/hello.txt"), bag.line("data/hello.txt", "sha512")
    return bag.edit(MANIFEST, right, other).seal()


# paths

PLAIN = "a path lies in data/, `/` parts its folders"


@case("2.1.3", PLAIN, always=[Found("BAG-123", MANIFEST, 3, "notes.txt")])
def a_tag_file_in_a_payload_manifest(version: str) -> Bag:
    bag = Bag(version=version).put("notes.txt", b"note\n")
    return bag.add(MANIFEST, bag.line("notes.txt")).seal()


@case(
    "2.1.3",
    PLAIN,
    always=[
        Found("BAG-123", MANIFEST, 1, "`/` parts folders, not `\\`"),
        Found("BAG-202", "data/hello.txt"),
    ],
)
def backslashes_for_slashes(version: str) -> Bag:
    return Bag(version=version).edit(MANIFEST, "data/hello", "data\\hello").seal()


@case(
    "2.1.3",
    PLAIN,
    always=[Found("BAG-120", MANIFEST, 1, "data/hello.txt"), Found("BAG-202", "data/hello.txt")],
)
def a_doubled_slash(version: str) -> Bag:
    return Bag(version=version).edit(MANIFEST, "data/hello", "data//hello").seal()


@case(
    "2.1.3",
    PLAIN,
    always=[Found("BAG-120", MANIFEST, 1, "data/hello.txt"), Found("BAG-202", "data/hello.txt")],
)
def a_dot_in_the_path(version: str) -> Bag:
    return Bag(version=version).edit(MANIFEST, "data/hello", "data/./hello").seal()


@case("2.1.3", "a path has any length", always=NOTHING)
def a_long_path(version: str) -> Bag:
    folders = "/".join(["f" * 200] * 6)
    return Bag(version=version).put_listed(f"data/{folders}/end.txt", b"end").seal()


@case("2.1.3", "a path is all that follows the blanks", always=NOTHING)
def blanks_within_a_name(version: str) -> Bag:
    return Bag(version=version).put_listed("data/a  b c #d.txt", b"abcd").seal()


@case("2.1.3", "a path is all that follows the blanks", always=[Found("BAG-406", "data/end ")])
def a_blank_at_a_names_end(version: str) -> Bag:
    return Bag(version=version).put_listed("data/end ", b"end").seal()


# coding

CODED = "CR, LF and %, and only those, are percent-encoded"


@case(
    "2.1.3",
    CODED,
    always=[Found("BAG-406", "data/old\rmac.txt"), Found("BAG-406", "data/two\nlines.txt")],
)
def line_ends_in_names(version: str) -> Bag:
    bag = Bag(version=version).put_listed("data/two\nlines.txt", b"2")
    return bag.put_listed("data/old\rmac.txt", b"3", "data/old%0dmac.txt").seal()


@case("2.1.3", CODED, always=NOTHING)
def a_percent_sign_in_a_name(version: str) -> Bag:
    return Bag(version=version).put_listed("data/100%.txt", b"all").seal()


@case("2.1.3", CODED, strict=[Found("BAG-130", MANIFEST, 3, "data/100%25.txt")])
def a_percent_sign_that_is_not_coded(version: str) -> Bag:
    return Bag(version=version).put_listed("data/100%.txt", b"all", "data/100%.txt").seal()


@case("2.1.3", CODED, strict=NOTHING)
def names_that_look_coded(version: str) -> Bag:
    bag = Bag(version=version).put_listed("data/x%0Ay.txt", b"x", "data/x%250Ay.txt")
    return bag.put_listed("data/x%25y.txt", b"x", "data/x%2525y.txt").seal()


@case(
    "2.1.3",
    CODED,
    strict=[
        Found("BAG-130", MANIFEST, 3, "data/a%20b.txt"),
        Found("BAG-201", "data/a%20b.txt"),
        Found("BAG-202", "data/a b.txt"),
    ],
)
def a_blank_that_is_coded(version: str) -> Bag:
    return Bag(version=version).put_listed("data/a b.txt", b"ab", "data/a%20b.txt").seal()


OLDER_CODED = "before 1.0 CR and LF are percent-encoded, and nothing else"


@case("2.1.3", OLDER_CODED, older=NOTHING)
def percent_signs_that_stand_for_themselves(version: str) -> Bag:
    bag = Bag(version=version)
    for name in ("%7Etest1.txt", "%test2.txt", "100%25.txt", "dir1/~test3.txt", "a%20b.txt"):
        bag.put_listed(f"data/{name}", name.encode(), f"data/{name}")
    return bag.seal()


@case("2.1.3", OLDER_CODED, older=[Found("BAG-409", "data/x%0Ay.txt", None, "data/x\ny.txt")])
def a_name_that_looks_coded(version: str) -> Bag:
    return Bag(version=version).put_listed("data/x%0Ay.txt", b"x", "data/x%0Ay.txt").seal()


@case("2.1.3", OLDER_CODED, older=[Found("BAG-409", "data/100%.txt", None, "data/100%25.txt")])
def a_percent_sign_coded_as_in_1_0(version: str) -> Bag:
    return Bag(version=version).put_listed("data/100%.txt", b"all", "data/100%25.txt").seal()


# 2.2.1

LISTS_MANIFESTS = "each tag manifest lists every payload manifest"


@case(
    "2.2.1",
    LISTS_MANIFESTS,
    strict=[Found("BAG-142", TAG_MANIFEST, None, MANIFEST)],
    older=[Found("BAG-146", TAG_MANIFEST, None, MANIFEST)],
)
def a_payload_manifest_in_no_tag_manifest(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.list_files(TAG_MANIFEST, "sha256", ["bagit.txt", bag.info_path])


@case(
    "2.2.1",
    LISTS_MANIFESTS,
    strict=[Found("BAG-142", "tagmanifest-md5.txt", None, MANIFEST)],
    older=[Found("BAG-146", "tagmanifest-md5.txt", None, MANIFEST)],
)
def a_payload_manifest_in_one_of_two_tag_manifests(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256")).seal()
    return bag.edit("tagmanifest-md5.txt", bag.line(MANIFEST, "md5") + "\n", "")


@case(
    "2.2.1",
    "no tag manifest lists a tag manifest",
    always=[Found("BAG-140", TAG_MANIFEST, None, "tagmanifest-md5.txt")],
)
def a_tag_manifest_listed(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256")).seal()
    return bag.add(TAG_MANIFEST, bag.line("tagmanifest-md5.txt"))


@case(
    "2.2.1",
    "no tag manifest lists a payload file",
    always=[Found("BAG-141", TAG_MANIFEST, 4, "data/hello.txt")],
)
def a_payload_file_in_a_tag_manifest(version: str) -> Bag:
    bag = Bag(version=version).seal()
    return bag.add(TAG_MANIFEST, bag.line("data/hello.txt"))


SAME_SET = "tag manifests should list all other tag files, each the same set"


@case("2.2.1", SAME_SET, always=[Found("BAG-143", "notes/readme.txt")])
def a_tag_file_in_no_tag_manifest(version: str) -> Bag:
    return Bag(version=version).seal().put("notes/readme.txt", b"read me\n")


@case("2.2.1", SAME_SET, always=[Found("BAG-143", INFO)])
def bag_info_in_no_tag_manifest(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.list_files(TAG_MANIFEST, "sha256", ["bagit.txt", MANIFEST])


@case("2.2.1", SAME_SET, always=[Found("BAG-144", "tagmanifest-md5.txt", None, "notes.txt")])
def a_tag_file_in_one_of_two_tag_manifests(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256")).seal().put("notes.txt", b"note\n")
    return bag.add(TAG_MANIFEST, bag.line("notes.txt"))


@case("2.2.1", "tag manifests should use the payload's algorithms", always=[Found("BAG-145")])
def other_algorithms_for_tag_files(version: str) -> Bag:
    return Bag(version=version).seal("sha512")


@case("2.2.4", "other tag files may hold anything", always=NOTHING)
def other_tag_files(version: str) -> Bag:
    bag = Bag(version=version).put("metadata/dc.xml", b"<not-xml")
    return bag.put(".hidden/manifest-md5.txt", b"\xff\xfe no manifest").seal()


# 2.4

NAMES = "an algorithm's name has lower-case letters and digits only"


def renamed(old: str, new: str) -> Builder:
    """A bag with a manifest under another name."""
    return lambda version: Bag(version=version).rename(old, new).seal()


for new in (
    "manifest-SHA256.txt",
    "manifest-sha-256.txt",
    "manifest-sha_256.txt",
    "Manifest-sha256.TXT",
):
    enter(
        f"a manifest named {new}",
        "2.4",
        NAMES,
        renamed(MANIFEST, new),
        strict=[Found("BAG-112", new)],
        older=[Found("BAG-115", new)],
    )


@case("2.4", NAMES, strict=[Found("BAG-112", "tagmanifest-SHA256.txt")])
def a_tag_manifest_named_in_upper_case(version: str) -> Bag:
    return Bag(version=version).seal().rename(TAG_MANIFEST, "tagmanifest-SHA256.txt")


SUPPORTED = "what is supported is checked, what is not is said"


@case("2.4", SUPPORTED, always=NOTHING)
def sha_3(version: str) -> Bag:
    return Bag(version=version, algorithms=("sha3256", "sha3512")).seal()


@case(
    "2.4",
    SUPPORTED,
    always=[
        Found("BAG-113", "manifest-madeup.txt", None, "madeup"),
        Found("BAG-113", "tagmanifest-madeup.txt", None, "madeup"),
    ],
)
def an_algorithm_that_nobody_knows(version: str) -> Bag:
    return Bag(version=version, algorithms=("madeup", "sha256")).seal()
