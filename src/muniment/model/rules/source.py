"""SRC: what is to be packaged, looked at before the first byte is written."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, INFO, WARNING, rfc8493, rule

NAME_NOT_UTF8 = rule(
    "SRC-101",
    "A file name cannot stand in a manifest",
    ERROR,
    why="Manifests are UTF-8 text; a name whose bytes are not UTF-8 cannot be written into one.",
    hint="Rename the file so that its name is valid UTF-8; `convmv` finds and converts such names.",
    spec=rfc8493("2.1.3"),
)
SYMBOLIC_LINK = rule(
    "SRC-102",
    "A symbolic link in the source",
    ERROR,
    why="A bag holds files. A link may lead anywhere, and would be lost or surprise its receiver.",
    hint="Put the file itself in the link's place, or take the link out.",
)
SPECIAL_FILE = rule(
    "SRC-103",
    "A special file in the source",
    ERROR,
    why="Pipes, sockets and devices have no bytes to keep.",
    hint="Take it out of the source.",
)
EMPTY_PAYLOAD = rule(
    "SRC-104",
    "There is nothing to package",
    ERROR,
    why="An empty payload is legal, but is most often a wrong path.",
    hint="Check the source; where an empty payload is meant, say `--allow-empty`.",
    spec=rfc8493("2.1.2"),
)
ALREADY_A_BAG = rule(
    "SRC-105",
    "The source is a bag already",
    ERROR,
    why="A bag in a bag is hard to check and seldom meant.",
    hint="Verify or update the bag, or package what lies in its `data/` folder.",
)
SAME_NAME_TWICE = rule(
    "SRC-106",
    "Two sources have the same name",
    ERROR,
    why="Both would be written to the same place in the bag.",
    hint="Rename one of them, or package their common folder.",
    spec=rfc8493("2.1.3"),
)
UNREADABLE = rule(
    "SRC-107",
    "A source could not be read",
    INFO,
    why="What cannot be read cannot be kept; nothing was packaged.",
    hint="Give yourself the right to read it, or check that its disk or share is there.",
)
CHANGED_WHILE_READ = rule(
    "SRC-108",
    "A file changed while it was read",
    INFO,
    why="The bytes in the bag would be neither the old nor the new; nothing was packaged.",
    hint="Let whatever writes to the source finish, then package again.",
)
EMPTY_FOLDER = rule(
    "SRC-109",
    "An empty folder is not kept",
    WARNING,
    why="A bag knows files only; an empty folder does not reach the receiver.",
    hint="Put a file named `.keep` into the folder if it carries meaning.",
    spec=rfc8493("2.1.3"),
)
SYSTEM_FILE = rule(
    "SRC-110",
    "A file of the operating system is among the payload",
    WARNING,
    why="Thumbnails and folder settings are made by the system and say nothing of the content.",
    hint="Take the file out of the source if it is not wanted.",
)
CASE_TWINS = rule(
    "SRC-111",
    "Two names differ only by case or Unicode form",
    WARNING,
    why="On Windows and macOS they are one file: one of the two is lost when the bag is copied.",
    hint="Rename one of them.",
    spec=rfc8493("6.1"),
)
NAME_NOT_PORTABLE = rule(
    "SRC-112",
    "A name cannot stand on Windows",
    WARNING,
    why="A receiver on Windows cannot unpack the bag.",
    hint="Rename the file.",
    spec=rfc8493("6.1"),
)
