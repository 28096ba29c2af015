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
    hint="Put the file itself in the link's place, or take the link out; `--symlinks follow`"
    " packages the file it leads to, `--symlinks skip` leaves it out.",
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
    hint="Verify or update the bag, or package what lies in its `data/` folder. Where a bag in a"
    " bag is meant, say `--allow-nested-bags`.",
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
    hint="Where the folder carries meaning, `--empty-folders keep` puts a file named `.keep` into"
    " its place in the bag.",
    spec=rfc8493("2.1.3"),
)
SYSTEM_FILE = rule(
    "SRC-110",
    "A file of the operating system is among the payload",
    WARNING,
    why="Thumbnails and folder settings are made by the system and say nothing of the content.",
    hint="Where such files are not wanted, `--exclude-system-files` leaves them out.",
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
LEFT_OUT = rule(
    "SRC-113",
    "Files were left out as asked",
    INFO,
    why="What is not in the bag is not kept; whoever reads this report can see what was decided.",
    hint="Look at the number of files; a pattern may take in more than was meant.",
)
PATTERN_MATCHES_NOTHING = rule(
    "SRC-114",
    "A pattern matches nothing",
    WARNING,
    why="A misspelt pattern leaves out, or lets in, something else than was meant.",
    hint="Patterns are those of `.gitignore`, for the paths below `data/`: `*.tmp` at any depth,"
    " `/drafts/` at the top only. Letters must agree in case.",
)
LISTED_OUTSIDE = rule(
    "SRC-115",
    "A listed path leads out of the list's folder",
    ERROR,
    why="A listed file keeps its path below `data/`; for a file elsewhere there is no such path.",
    hint="Put the list into the folder that holds all the files, or give the list on standard input"
    " (`--files-from -`) from that folder.",
)
NAMED_TWICE = rule(
    "SRC-116",
    "Files are named more than once",
    INFO,
    why="A file is packaged once, however often it is named.",
    hint="Nothing has to be done; a list that names files twice may have been made in error.",
)
LINK_FOLLOWED = rule(
    "SRC-117",
    "A symbolic link was followed as asked",
    INFO,
    why="The bag holds the file that the link leads to, under the link's name.",
    hint="Nothing has to be done; a file that several links lead to is in the bag several times.",
)
LINK_SKIPPED = rule(
    "SRC-118",
    "A symbolic link was left out as asked",
    INFO,
    why="Neither the link nor what it leads to is in the bag.",
    hint="`--symlinks follow` packages the file that a link leads to.",
)
LINK_LEADS_OUT = rule(
    "SRC-119",
    "A symbolic link leads out of the source",
    ERROR,
    why="What lies elsewhere was not given to be packaged, and may be anything.",
    hint="Put the file itself in the link's place, name the folder it leads to as a source too, or"
    " say `--symlinks skip`.",
)
LINK_LEADS_NOWHERE = rule(
    "SRC-120",
    "A symbolic link leads nowhere",
    ERROR,
    why="The file that it stood for is gone, or the link leads to itself.",
    hint="Bring the file back, or take the link out.",
)
LINKS_IN_A_CIRCLE = rule(
    "SRC-121",
    "Symbolic links lead in a circle",
    ERROR,
    why="Followed, they would make the payload endless, or many times as large as the source.",
    hint="Take the link out, or say `--symlinks skip`.",
)
EMPTY_FOLDER_KEPT = rule(
    "SRC-122",
    "An empty folder is kept by a file as asked",
    INFO,
    why="A bag knows files only; a file `.keep` of no bytes stands in the folder for it.",
    hint="Nothing has to be done.",
    spec=rfc8493("2.1.3"),
)
NESTED_BAG = rule(
    "SRC-123",
    "A bag is packaged within the bag as asked",
    INFO,
    why="The bag within is payload like any other: its own manifests are not looked at.",
    hint="Verify the bag within on its own if its checksums matter.",
)
PATH_TOO_LONG = rule(
    "SRC-124",
    "A path is too long for where the bag is to lie",
    ERROR,
    why="The file system of the output folder cannot hold it.",
    hint="Shorten the names, or choose an output folder with a shorter path, or on another file"
    " system.",
)
LARGER_THAN_A_BAG = rule(
    "SRC-125",
    "A file is larger than a bag was to be",
    WARNING,
    why="Files are never cut: it has a bag of its own, larger than `--split` says.",
    hint="Where no bag may be larger, cut the file by other means before packaging.",
)
MADE_BEFORE = rule(
    "SRC-126",
    "A bag of the group was there already",
    INFO,
    why="An earlier run made it: it is valid, and holds what would be written now.",
    hint="Nothing has to be done.",
)
INTERRUPTED_IN_PLACE = rule(
    "SRC-127",
    "An in-place packaging was interrupted here",
    ERROR,
    why="Some of the folder's files may lie in the unfinished bag, and would be missed.",
    hint="Finish it with `--in-place --resume`, or take it back with `--in-place --undo`.",
)
HOLDS_DATA = rule(
    "SRC-128",
    "The folder to be packaged in place holds `data` already",
    ERROR,
    why="`data/data/` is what a second packaging of the same folder makes, and hard to tell apart"
    " from one that was meant.",
    hint="If it is left from an interrupted packaging by another program, move its content up"
    " again. Else rename it, or package into an output folder instead.",
)
UNDONE = rule(
    "SRC-129",
    "An in-place packaging was undone",
    INFO,
    why="Everything lies again where it lay before.",
    hint="Nothing has to be done.",
)
