"""Section 2.2.2: bag-info.txt, package-info.txt up to 0.95."""

from __future__ import annotations

from bagbuilder import Bag
from bagcheck import Found
from requirements import INFO, NOTHING, Builder, case, enter


def described(*lines: str) -> Builder:
    """A bag with further lines, from the third on, in its bag-info.txt."""

    def build(version: str) -> Bag:
        bag = Bag(version=version)
        return bag.add(bag.info_path, *lines).seal()

    return build


FREE = "labels may repeat, in any order, and hold blanks"
ELEMENT = "an element is a label, a colon, one blank or tab, a value"
FOLDED = "a value goes on in indented lines"

enter(
    "labels that repeat",
    "2.2.2",
    FREE,
    described("Contact-Name: A", "contact-name: B", "Contact-Name: A"),
    always=NOTHING,
)
enter(
    "labels of one's own",
    "2.2.2",
    FREE,
    described("My Own Label: x", "\xdcber: y", "Oxum: 1"),
    always=NOTHING,
)
enter("a tab after the colon", "2.2.2", FREE, described("Note:\ta"), always=NOTHING)
enter("colons in the value", "2.2.2", FREE, described("Note: a: b:c ::"), always=NOTHING)
enter("a folded value", "2.2.2", FOLDED, described("Note: one", "  two", "\tthree"), always=NOTHING)
enter(
    "a folded value with a colon",
    "2.2.2",
    FOLDED,
    described("Note: one", "  http://example.org/ two"),
    always=NOTHING,
)
enter(
    "a line of more than 79 characters",
    "2.2.2",
    FOLDED,
    described("Note: " + "word " * 40 + "end"),
    always=NOTHING,
)

for name, line in (("no colon", "just words"), ("no label", ": value")):
    found = Found("BAG-150", INFO, 3, line)
    enter(f"a line with {name}", "2.2.2", ELEMENT, described(line), always=[found])

enter(
    "an empty line in bag-info.txt",
    "2.2.2",
    ELEMENT,
    described("", "Note: a"),
    strict=[Found("BAG-161", INFO, 3, "empty")],
    older=NOTHING,
)


@case(
    "2.2.2",
    ELEMENT,
    strict=[Found("BAG-151", INFO, 1, "Source-Organization: City Archive")],
    older=[Found("BAG-152", INFO, 1, "Source-Organization: City Archive")],
)
def a_blank_before_the_first_label(version: str) -> Bag:
    bag = Bag(version=version)
    return bag.edit(bag.info_path, "Source-", " Source-").seal()


for name, line in (("a blank", "Note : a"), ("a tab", "Note\t: a")):
    enter(
        f"{name} before the colon",
        "2.2.2",
        ELEMENT,
        described(line),
        strict=[Found("BAG-151", INFO, 3, "Note: a")],
        older=[Found("BAG-152", INFO, 3, "Note: a")],
    )

enter(
    "no blank between colon and value",
    "2.2.2",
    ELEMENT,
    described("Note:a"),
    strict=[Found("BAG-160", INFO, 3, "Note:a")],
    older=[Found("BAG-153", INFO, 3, "Note:a")],
)
enter(
    "further blanks before the value",
    "2.2.2",
    ELEMENT,
    described("Note:  \t a"),
    strict=[Found("BAG-153", INFO, 3, "Note:  \t a")],
    older=NOTHING,
)
enter(
    "a label alone",
    "2.2.2",
    ELEMENT,
    described("Note:"),
    strict=[Found("BAG-153", INFO, 3, "Note:")],
    older=NOTHING,
)

# Payload-Oxum

OXUM = "Payload-Oxum is octets.count, once, and true"


def oxum(label: str = "Payload-Oxum", value: str | None = None) -> Builder:
    """A bag with a Payload-Oxum: the true one, or another."""

    def build(version: str) -> Bag:
        bag = Bag(version=version)
        return bag.add(bag.info_path, f"{label}: {bag.oxum if value is None else value}").seal()

    return build


enter("a true Payload-Oxum", "2.2.2", OXUM, oxum(), always=NOTHING)
enter("a true payload-oxum in lower case", "2.2.2", OXUM, oxum("payload-oxum"), always=NOTHING)
for label in ("Payload-Oxum", "payload-oxum"):
    for wrong in ("13.2", "12.1", "12.3", "0.0"):
        enter(
            f"{label} {wrong}",
            "2.2.2",
            OXUM,
            oxum(label, wrong),
            always=[Found("BAG-206", INFO, None, "12.2")],
        )
for wrong in (
    "12",
    "12.",
    ".2",
    "12.2.0",
    "12,2",
    "-12.2",
    "12 . 2",
    "\u0661\u0662.\u0662",
    "9" * 5000 + ".2",
):
    enter(
        f"Payload-Oxum {wrong[:12]}",
        "2.2.2",
        OXUM,
        oxum(value=wrong),
        always=[Found("BAG-155", INFO, 3, wrong)],
    )
enter(
    "Payload-Oxum twice",
    "2.2.2",
    OXUM,
    described("Payload-Oxum: 12.2", "payload-oxum: 12.2"),
    always=[Found("BAG-154", INFO, 4, "12.2")],
)

# other reserved labels

ONCE = "Bagging-Date, Bag-Size, Bag-Group-Identifier and Bag-Count should stand once"
for label, value in (
    ("Bagging-Date", "2024-02-29"),
    ("Bag-Size", "12 B"),
    ("Bag-Group-Identifier", "letters"),
):
    enter(f"{label} once", "2.2.2", ONCE, described(f"{label}: {value}"), always=NOTHING)
    enter(
        f"{label} twice",
        "2.2.2",
        ONCE,
        described(f"{label}: {value}", f"{label.upper()}: {value}"),
        always=[Found("BAG-156", INFO, 4, value)],
    )
enter(
    "Bag-Count twice",
    "2.2.2",
    ONCE,
    described("Bag-Group-Identifier: letters", "Bag-Count: 1 of 2", "Bag-Count: 1 of 3"),
    always=[Found("BAG-156", INFO, 5, "1 of 3")],
)

DATE = "Bagging-Date is YYYY-MM-DD"
for wrong in ("2024", "2024-2-9", "2024-02-30", "29.02.2024", "20240229", "2024-02-29T10:00"):
    enter(
        f"Bagging-Date {wrong}",
        "2.2.2",
        DATE,
        described(f"Bagging-Date: {wrong}"),
        always=[Found("BAG-157", INFO, 3, wrong)],
    )
enter(
    "Packing-Date, as up to 0.95",
    "2.2.2",
    DATE,
    described("Packing-Date: 2009-10-14", "Packing-Date: 2016-10-14", "Package-Size: 1 GB"),
    older=NOTHING,
)

COUNT = "Bag-Count is N of T, with Bag-Group-Identifier beside it"
GROUP = "Bag-Group-Identifier: letters"
for right in ("1 of 2", "3 of ?", "89 of 145"):
    enter(f"Bag-Count {right}", "2.2.2", COUNT, described(GROUP, f"Bag-Count: {right}"), always=())
for wrong in ("1", "1/2", "1 of", "0 of 2", "1 of many"):
    enter(
        f"Bag-Count {wrong}",
        "2.2.2",
        COUNT,
        described(GROUP, f"Bag-Count: {wrong}"),
        always=[Found("BAG-158", INFO, 4, wrong)],
    )
enter(
    "Bag-Count without a group",
    "2.2.2",
    COUNT,
    described("Bag-Count: 1 of 2"),
    always=[Found("BAG-159", INFO, 3, "Bag-Group-Identifier")],
)


@case("2.2.2", "bag-info.txt has another name up to 0.95 only", strict=NOTHING)
def package_info_in_1_0(version: str) -> Bag:
    bag = Bag(version=version).put("package-info.txt", b"no label, no value\n")
    return bag.seal()
