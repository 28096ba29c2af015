"""Sections 3, 5.1 and 6.1: complete and valid, paths and links that lead out, names that travel."""

from __future__ import annotations

from bagbuilder import Bag
from bagcheck import Found
from requirements import INFO, NOTHING, Builder, case, enter

MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

# 3: complete

COMPLETE = "every listed file is there"


@case("3", COMPLETE, always=[Found("BAG-201", "data/hello.txt", None, "missing")])
def a_missing_payload_file(version: str) -> Bag:
    return Bag(version=version).seal().drop("data/hello.txt")


@case(
    "3",
    COMPLETE,
    always=[
        Found("BAG-201", "data/hello.txt"),
        Found("BAG-202", "data/greeting.txt", None, "data/hello.txt"),
    ],
)
def a_renamed_payload_file(version: str) -> Bag:
    return Bag(version=version).seal().rename("data/hello.txt", "data/greeting.txt")


@case("3", COMPLETE, always=[Found("BAG-205", INFO, None, "missing")])
def a_missing_tag_file(version: str) -> Bag:
    bag = Bag(version=version).seal()
    return bag.drop(bag.info_path)


@case("3", COMPLETE, always=[Found("BAG-205", "notes/readme.txt", None, "missing")])
def a_missing_tag_file_in_a_folder(version: str) -> Bag:
    bag = Bag(version=version).put("notes/readme.txt", b"read me\n").seal()
    return bag.drop("notes/readme.txt")


# 3: valid

VALID = "every checksum of every manifest holds"


@case("3", VALID, always=[Found("BAG-301", "data/hello.txt", None, "sha256")])
def a_changed_payload_file(version: str) -> Bag:
    return Bag(version=version).seal().put("data/hello.txt", b"Hallo\n")


@case("3", VALID, always=[Found("BAG-301", "data/hello.txt")])
def a_cut_payload_file(version: str) -> Bag:
    return Bag(version=version).seal().put("data/hello.txt", b"")


@case("3", VALID, always=[Found("BAG-301", "data/hello.txt", None, "though manifest-sha256.txt")])
def a_wrong_checksum_in_one_of_two_manifests(version: str) -> Bag:
    bag = Bag(version=version, algorithms=("md5", "sha256"))
    right, wrong = bag.line("data/hello.txt", "md5"), bag.line("data/maps/north.txt", "md5")
    return bag.edit("manifest-md5.txt", right[:32], wrong[:32]).seal()


@case("3", VALID, always=[Found("BAG-302", INFO, None, "sha256")])
def a_changed_tag_file(version: str) -> Bag:
    bag = Bag(version=version).seal()
    return bag.edit(bag.info_path, "City", "Town")


@case("3", VALID, always=[Found("BAG-302", "notes/readme.txt")])
def a_changed_tag_file_in_a_folder(version: str) -> Bag:
    bag = Bag(version=version).put("notes/readme.txt", b"read me\n").seal()
    return bag.put("notes/readme.txt", b"read ME\n")


@case("3", VALID, always=[Found("BAG-302", MANIFEST, None, TAG_MANIFEST)])
def a_changed_payload_manifest(version: str) -> Bag:
    return Bag(version=version).seal().edit(MANIFEST, "  data/h", " data/h")


# 5.1: paths

INSIDE = "no path leads out of the bag"
OUTSIDE = (
    "/etc/passwd",
    "../bag-evil/hello.txt",
    "data/../../hello.txt",
    "data/maps/../../../hello.txt",
    "..",
    "~/hello.txt",
    "~root/hello.txt",
    "C:\\Windows\\win.ini",
    "C:/Windows/win.ini",
    "c:hello.txt",
    "\\\\?\\C:\\Windows\\win.ini",
    "\\\\?\\UNC\\server\\share\\hello.txt",
    "\\\\server\\share\\hello.txt",
    "//server/share/hello.txt",
    "%HomeDrive%\\hello.txt",
    "%USERPROFILE%/hello.txt",
    "$HOME/hello.txt",
    "${HOME}/hello.txt",
    "data\\..\\..\\hello.txt",
    "data/..\\..\\hello.txt",
    "data/a\x00b.txt",
)


def in_manifest(name: str, path: str) -> Builder:
    """A bag whose manifest lists a path that leads out."""
    line = f"{'d' * 64}  {path}"
    return lambda version: Bag(version=version).seal().add(name, line)


def in_fetch(path: str) -> Builder:
    """A bag whose fetch.txt names a path that leads out."""
    line = f"https://example.org/x 6 {path}"
    return lambda version: Bag(version=version).add("fetch.txt", line).seal()


for path in OUTSIDE:
    shown = path.replace("\x00", "<NUL>")
    evidence = [Found("BAG-122", MANIFEST, 3, path), Found("BAG-302", MANIFEST)]
    enter(f"{shown} in a manifest", "5.1", INSIDE, in_manifest(MANIFEST, path), always=evidence)
    found = Found("BAG-122", TAG_MANIFEST, 4, path)
    enter(
        f"{shown} in a tag manifest", "5.1", INSIDE, in_manifest(TAG_MANIFEST, path), always=[found]
    )
    found = Found("BAG-122", "fetch.txt", 1, path)
    enter(f"{shown} in fetch.txt", "5.1", INSIDE, in_fetch(path), always=[found])

for path in (
    "data/..hello.txt",
    "data/~hello.txt",
    "data/a..b/c.txt",
    "data/$HOME/x.txt",
    "data/~/x",
):
    enter(
        f"{path}, which stays inside",
        "5.1",
        INSIDE,
        lambda version, path=path: Bag(version=version).put_listed(path, b"x").seal(),  # type: ignore[misc]
        always=NOTHING,
    )

# 5.1: links

LINKS = "no link leads out of the bag"


@case("5.1", LINKS, always=[Found("BAG-401", "data/hello.txt", None, "kept/hello.txt")])
def a_link_inside_the_bag(version: str) -> Bag:
    bag = Bag(version=version).put("kept/hello.txt", b"Hello\n")
    bag.add(bag.info_path, f"Payload-Oxum: {bag.oxum}").seal()
    return bag.link("data/hello.txt", "../kept/hello.txt")


@case(
    "5.1",
    LINKS,
    always=[Found("BAG-401", "data/hello.txt"), Found("BAG-301", "data/hello.txt")],
)
def a_link_to_another_file_inside(version: str) -> Bag:
    return Bag(version=version).seal().link("data/hello.txt", "maps/north.txt")


for name, target in (
    ("out of the bag", "../../outside.txt"),
    ("to an absolute path", "/etc/passwd"),
    ("nowhere", "gone.txt"),
    ("to itself", "hello.txt"),
    ("to a folder inside", "maps"),
):
    enter(
        f"a link {name}",
        "5.1",
        LINKS,
        lambda version, target=target: (  # type: ignore[misc]
            Bag(version=version).seal().link("data/hello.txt", target)
        ),
        always=[
            Found("BAG-402", "data/hello.txt", None, target),
            Found("BAG-201", "data/hello.txt"),
        ],
    )


@case(
    "5.1",
    LINKS,
    always=[
        Found("BAG-114", MANIFEST, None, "symbolic link"),
        Found("BAG-402", MANIFEST, None, "/etc/passwd"),
    ],
)
def a_manifest_that_is_a_link_out_of_the_bag(version: str) -> Bag:
    return Bag(version=version).seal().link(MANIFEST, "/etc/passwd")


@case("5.1", LINKS, always=[Found("BAG-402", "data/outside", None, "/etc")])
def a_folder_that_is_a_link_out_of_the_bag(version: str) -> Bag:
    return Bag(version=version).seal().link("data/outside", "/etc")


# 6.1: names

TWINS = "names that differ by case or Unicode form only are told of"
NFC, NFD = "data/N\xfa\xf1ez.txt", "data/Nu\u0301n\u0303ez.txt"


@case("6.1", TWINS, always=[Found("BAG-405", "data/hello.txt", None, "case")])
def names_that_differ_by_case(version: str) -> Bag:
    return Bag(version=version).put_listed("data/Hello.TXT", b"Hello\n").seal()


@case("6.1", TWINS, always=[Found("BAG-405", "data/maps", None, "data/MAPS")])
def folders_that_differ_by_case(version: str) -> Bag:
    return Bag(version=version).put_listed("data/MAPS/south.txt", b"South\n").seal()


@case("6.1", TWINS, always=[Found("BAG-405", NFC, None, "Unicode form")])
def names_that_differ_by_unicode_form(version: str) -> Bag:
    return Bag(version=version).put_listed(NFC, b"C").put_listed(NFD, b"D").seal()


@case("6.1", "names are compared in one Unicode form", always=[Found("BAG-404", NFD, None, NFC)])
def another_unicode_form_on_disk(version: str) -> Bag:
    return Bag(version=version).put_listed(NFC, b"C").seal().rename(NFC, NFD)


@case("6.1", "names are compared in one Unicode form", always=[Found("BAG-404", NFC, None, NFD)])
def another_unicode_form_in_the_manifest(version: str) -> Bag:
    return Bag(version=version).put_listed(NFD, b"D").seal().rename(NFD, NFC)


@case(
    "6.1",
    "names are compared in one Unicode form",
    always=[Found("BAG-404", NFD), Found("BAG-301", NFD)],
)
def another_unicode_form_and_other_bytes(version: str) -> Bag:
    return Bag(version=version).put_listed(NFC, b"C").seal().drop(NFC).put(NFD, b"D")


TRAVEL = "names that cannot stand on Windows are told of"
for odd in (
    "CON",
    "nul.txt",
    "Com1.tar.gz",
    "LPT9",
    "end.",
    "end ",
    "a<b",
    "a:b",
    'a"b',
    "a|b",
    "a?b",
    "a*b",
    "tab\tb",
):
    enter(
        f"the name {odd!r}",
        "6.1",
        TRAVEL,
        lambda version, odd=odd: Bag(version=version).put_listed(f"data/{odd}", b"x").seal(),  # type: ignore[misc]
        always=[Found("BAG-406", f"data/{odd}")],
    )
for fine in ("CONSOLE", "nul-and-void.txt", "COM0", "COM10", ".end", "a'b", "a b", "\u65e5\u672c"):
    enter(
        f"the name {fine!r}",
        "6.1",
        TRAVEL,
        lambda version, fine=fine: Bag(version=version).put_listed(f"data/{fine}", b"x").seal(),  # type: ignore[misc]
        always=NOTHING,
    )

SYSTEM = "files of the operating system are told of"
for name in (".DS_Store", "Thumbs.db", "._hello.txt", "desktop.ini"):
    enter(
        f"the file {name}",
        "6.1",
        SYSTEM,
        lambda version, name=name: Bag(version=version).put_listed(f"data/{name}", b"x").seal(),  # type: ignore[misc]
        always=[Found("BAG-407", f"data/{name}")],
    )

# 6.1: md5sum and other old ways of writing manifests

MD5SUM = "what md5sum writes is read, with a warning"


@case(
    "6.1", MD5SUM, always=[Found("BAG-128", MANIFEST, 1, "*"), Found("BAG-128", MANIFEST, 2, "*")]
)
def asterisks_before_paths(version: str) -> Bag:
    bag = Bag(version=version).edit(MANIFEST, "  data/h", " *data/h")
    return bag.edit(MANIFEST, "  data/m", " *data/m").seal()


@case(
    "6.1",
    MD5SUM,
    always=[
        Found("BAG-128", MANIFEST, 3, "\\"),
        Found("BAG-406", "data/a\\b\\nc.txt"),
    ],
)
def backslashes_as_md5sum_writes_them(version: str) -> Bag:
    bag = Bag(version=version).put("data/a\\b\\nc.txt", b"abc")
    line = bag.line("data/a\\b\\nc.txt", written="data/a\\\\b\\\\nc.txt")
    return bag.add(MANIFEST, f"\\{line}").seal()


@case(
    "6.1",
    MD5SUM,
    always=[Found("BAG-128", MANIFEST, 3, "\\"), Found("BAG-406", "data/a\nb.txt")],
)
def a_line_end_as_md5sum_writes_it(version: str) -> Bag:
    bag = Bag(version=version).put("data/a\nb.txt", b"ab")
    line = bag.line("data/a\nb.txt", written="data/a\\nb.txt")
    return bag.add(MANIFEST, f"\\{line}").seal()


@case(
    "2.1.3",
    "a path begins at the bag's top, without `./`",
    always=[Found("BAG-129", MANIFEST, 1, "data/hello.txt"), Found("BAG-129", MANIFEST, 2)],
)
def dot_slash_before_paths(version: str) -> Bag:
    bag = Bag(version=version).edit(MANIFEST, "data/h", "./data/h")
    return bag.edit(MANIFEST, "data/m", "./data/m").seal()
