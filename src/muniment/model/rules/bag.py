"""BAG: BagIt, RFC 8493. 1xx structure, 2xx completeness, 3xx fixity, 4xx what to watch for."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, INFO, WARNING, rfc8493, rule

# 10x: the declaration.
DECLARATION_MISSING = rule(
    "BAG-101",
    "`bagit.txt` is missing",
    ERROR,
    why="Without it the folder is not a bag, and its version and encoding are unknown.",
    hint="Check that this is the bag's top folder; if so, the declaration must be restored.",
    spec=rfc8493("2.1.1"),
)
DECLARATION_MALFORMED = rule(
    "BAG-102",
    "`bagit.txt` is not the two lines that it must be",
    ERROR,
    why="A reader that is strict refuses the bag at its first file.",
    hint="It holds exactly `BagIt-Version: 1.0` and `Tag-File-Character-Encoding: UTF-8`,"
    " with one blank after each colon. The RFC's own examples print `BagIt-version`: an error"
    " all the same.",
    spec=rfc8493("2.1.1"),
)
VERSION_UNKNOWN = rule(
    "BAG-103",
    "The BagIt version is not one that exists",
    ERROR,
    why="What the bag must hold depends on its version.",
    hint="Versions in use are 0.93 to 0.97 and 1.0.",
    spec=rfc8493("2.1.1"),
)
ENCODING_UNKNOWN = rule(
    "BAG-104",
    "The encoding of the tag files is unknown",
    ERROR,
    why="Tag files cannot be read without it.",
    hint="Name a character set that IANA has registered; UTF-8 is right nearly always.",
    spec=rfc8493("2.1.1"),
)
DECLARATION_NOT_UTF8 = rule(
    "BAG-105",
    "`bagit.txt` is not plain UTF-8",
    ERROR,
    why="The declaration is always UTF-8 without a byte order mark, whatever the other files are.",
    hint="Save the file as UTF-8 without BOM.",
    spec=rfc8493("2.1.1"),
)
ENCODING_NOT_UTF8 = rule(
    "BAG-106",
    "The tag files are not in UTF-8",
    WARNING,
    why="UTF-8 should be used; some readers know no other.",
    hint="Bring the tag files to UTF-8 when the bag is next updated.",
    spec=rfc8493("2.1.1"),
)
ENCODING_NAME_UNREGISTERED = rule(
    "BAG-107",
    "The encoding goes by a name that IANA does not know",
    WARNING,
    why="Other readers may not know the name.",
    hint="Write the registered name, for example `UTF-8`.",
    spec=rfc8493("2.1.1"),
)
# 11x: required elements.
DATA_MISSING = rule(
    "BAG-110",
    "The `data/` folder is missing",
    ERROR,
    why="Every bag has it, even an empty one.",
    hint="Check that the whole bag arrived.",
    spec=rfc8493("2.1.2"),
)
MANIFEST_MISSING = rule(
    "BAG-111",
    "There is no payload manifest",
    ERROR,
    why="Without one nothing says what belongs to the bag, nor whether it is unchanged.",
    hint="Check that the whole bag arrived: a file `manifest-sha512.txt` or the like is required.",
    spec=rfc8493("2.1.3"),
)
ALGORITHM_NAME = rule(
    "BAG-112",
    "A manifest's name does not name its algorithm as it must",
    ERROR,
    why="Algorithm names are lower-case letters and digits only; others are not recognised.",
    hint="Rename the manifest, for example to `manifest-sha256.txt`.",
    spec=rfc8493("2.4"),
)
ALGORITHM_UNSUPPORTED = rule(
    "BAG-113",
    "A manifest's algorithm is not supported here",
    INFO,
    why="Its checksums could not be checked.",
    hint="Check the bag with a tool that knows the algorithm, or ask for a sha512 manifest.",
    spec=rfc8493("2.4"),
)
TAG_FILE_NOT_A_FILE = rule(
    "BAG-114",
    "A tag file is not a regular file",
    ERROR,
    why="What must be read as a file is a folder, a link or a special file.",
    hint="Put the file itself in its place.",
    spec=rfc8493("2"),
)
ALGORITHM_NAME_BEFORE_1_0 = rule(
    "BAG-115",
    "A manifest of an older bag does not name its algorithm as 1.0 asks",
    WARNING,
    why="Many readers look for lower-case letters and digits only, and miss this manifest.",
    hint="Rename the manifest when the bag is next updated, for example to `manifest-sha256.txt`.",
    spec=rfc8493("2.4"),
)
# 12x: manifests.
MANIFEST_LINE = rule(
    "BAG-120",
    "A manifest's line is not a checksum and a path",
    ERROR,
    why="The file that the line stands for cannot be checked.",
    hint="A line is: checksum in hexadecimal digits, blanks, path from the bag's top.",
    spec=rfc8493("2.1.3"),
)
MANIFEST_DIGEST = rule(
    "BAG-121",
    "A checksum has the wrong length for its algorithm",
    ERROR,
    why="It cannot be the file's checksum.",
    hint="Compare with the manifest's other lines; the file may have been cut or renamed.",
    spec=rfc8493("2.1.3"),
)
PATH_UNSAFE = rule(
    "BAG-122",
    "A path leads out of the bag",
    ERROR,
    why="Following it could read or overwrite files that are none of the bag's business.",
    hint="Do not open this bag with tools that follow such paths; ask its sender.",
    spec=rfc8493("5.1"),
)
NOT_PAYLOAD = rule(
    "BAG-123",
    "A payload manifest lists something outside `data/`",
    ERROR,
    why="Payload manifests list the payload only; tag files belong in tag manifests.",
    hint="Take the line out of the payload manifest and put it into the tag manifest.",
    spec=rfc8493("2.1.3"),
)
LISTED_TWICE = rule(
    "BAG-124",
    "A manifest lists a path twice",
    ERROR,
    why="Each file must be listed exactly once.",
    hint="Remove one of the two lines.",
    spec=rfc8493("2.1.3"),
)
LISTED_TWICE_BEFORE_1_0 = rule(
    "BAG-125",
    "A manifest of an older bag lists a path twice",
    WARNING,
    why="The two lines agree, and versions before 1.0 do not forbid it; 1.0 does.",
    hint="Remove one of the two lines when the bag is next updated.",
    spec=rfc8493("2.1.3"),
)
LISTED_WITH_TWO_DIGESTS = rule(
    "BAG-126",
    "A manifest lists a path with two different checksums",
    ERROR,
    why="At most one of them can be right.",
    hint="Find out which line is the right one before anything is changed.",
    spec=rfc8493("2.1.3"),
)
FOLDER_LISTED = rule(
    "BAG-127",
    "A manifest lists a folder",
    ERROR,
    why="Manifests list files; a folder has no checksum.",
    hint="Remove the line; keep an empty folder by a file named `.keep` in it.",
    spec=rfc8493("2.1.3"),
)
MD5SUM_MARK = rule(
    "BAG-128",
    "A manifest carries md5sum's own marks",
    WARNING,
    why="A `*` before the path or a backslash before the checksum is md5sum's, not BagIt's.",
    hint="Remove the mark; write CR, LF and `%` in names as `%0D`, `%0A`, `%25`.",
    spec=rfc8493("6.1"),
)
DOT_SLASH = rule(
    "BAG-129",
    "A path in a manifest begins with `./`",
    WARNING,
    why="Paths start at the bag's top without it; some readers then miss the file.",
    hint="Remove the `./`.",
    spec=rfc8493("2.1.3"),
)
PERCENT_NOT_CODED = rule(
    "BAG-130",
    "A `%` in a path is not coded",
    ERROR,
    why="Since 1.0 a `%` of a name is written `%25`; readers may differ on what is meant.",
    hint="Write `%25` for `%`.",
    spec=rfc8493("2.1.3"),
)
LINE_TOO_LONG = rule(
    "BAG-131",
    "A line of a tag file is too long to be one",
    ERROR,
    why="No path and no metadata value has a million characters; the rest of the file is not read.",
    hint="The file is broken or made to do harm; ask the bag's sender.",
)
# 13x: text of tag files.
BYTE_ORDER_MARK = rule(
    "BAG-132",
    "A tag file begins with a byte order mark",
    ERROR,
    why="With UTF-8 it becomes part of the first checksum or label.",
    hint="Save the file as UTF-8 without BOM.",
    spec=rfc8493("2.3"),
)
NOT_IN_ENCODING = rule(
    "BAG-133",
    "A tag file has bytes that its encoding does not allow",
    ERROR,
    why="The text cannot be read as it was meant.",
    hint="Find the file's true encoding and declare it in `bagit.txt`, or save the file in UTF-8.",
    spec=rfc8493("2.3"),
)
NO_LAST_LINE_END = rule(
    "BAG-134",
    "A tag file's last line has no line end",
    INFO,
    why="A line end is recommended: without it a cut file cannot be told from a whole one.",
    hint="Add a line end.",
    spec=rfc8493("2.3"),
)
# 14x: tag manifests.
TAG_MANIFEST_LISTED = rule(
    "BAG-140",
    "A tag manifest lists a tag manifest",
    ERROR,
    why="Tag manifests must not list themselves or each other.",
    hint="Remove the line.",
    spec=rfc8493("2.2.1"),
)
PAYLOAD_IN_TAG_MANIFEST = rule(
    "BAG-141",
    "A tag manifest lists a payload file",
    ERROR,
    why="The payload belongs in payload manifests.",
    hint="Move the line to the payload manifest.",
    spec=rfc8493("2.2.1"),
)
MANIFEST_NOT_LISTED = rule(
    "BAG-142",
    "A tag manifest leaves out a payload manifest",
    ERROR,
    why="A payload manifest that is not listed can be changed unseen.",
    hint="Add the payload manifest's line.",
    spec=rfc8493("2.2.1"),
)
TAG_FILE_NOT_LISTED = rule(
    "BAG-143",
    "A tag file is in no tag manifest",
    WARNING,
    why="A change to it would go unseen.",
    hint="Add it to every tag manifest.",
    spec=rfc8493("2.2.1"),
)
TAG_MANIFESTS_DIFFER = rule(
    "BAG-144",
    "Tag manifests list different files",
    WARNING,
    why="Every tag manifest should list the same set.",
    hint="Add the file to the tag manifest that lacks it.",
    spec=rfc8493("2.2.1"),
)
TAG_ALGORITHMS_DIFFER = rule(
    "BAG-145",
    "Tag manifests use other algorithms than payload manifests",
    WARNING,
    why="They should use the same.",
    hint="Add the tag manifest that is missing.",
    spec=rfc8493("2.2.1"),
)
MANIFEST_NOT_LISTED_BEFORE_1_0 = rule(
    "BAG-146",
    "A tag manifest of an older bag leaves out a payload manifest",
    WARNING,
    why="A payload manifest that is not listed can be changed unseen; 1.0 asks for it.",
    hint="Add the payload manifest's line when the bag is next updated.",
    spec=rfc8493("2.2.1"),
)
# 15x: bag-info.txt.
INFO_LINE = rule(
    "BAG-150",
    "A line of `bag-info.txt` is not a label and a value",
    ERROR,
    why="The line cannot be read.",
    hint="Write `Label: value`; begin a continued line with a blank.",
    spec=rfc8493("2.2.2"),
)
INFO_LABEL = rule(
    "BAG-151",
    "A label of `bag-info.txt` has white space around it",
    ERROR,
    why="Labels must not begin or end with white space; readers then know another label.",
    hint="Remove the blank before the label or before its colon.",
    spec=rfc8493("2.2.2"),
)
INFO_LABEL_BEFORE_1_0 = rule(
    "BAG-152",
    "A label of an older bag's `bag-info.txt` has white space around it",
    WARNING,
    why="Versions before 1.0 allowed it; 1.0 does not.",
    hint="Remove the blank when the bag is next updated.",
    spec=rfc8493("2.2.2"),
)
INFO_NO_BLANK = rule(
    "BAG-153",
    "A label of `bag-info.txt` is not followed by one blank",
    WARNING,
    why="One blank or tab stands after the colon; any other blank belongs to the value.",
    hint="Write `Label: value`.",
    spec=rfc8493("2.2.2"),
)
OXUM_REPEATED = rule(
    "BAG-154",
    "Payload-Oxum stands more than once",
    ERROR,
    why="It must not be repeated: at most one of them can be right.",
    hint="Remove all but the right one.",
    spec=rfc8493("2.2.2"),
)
OXUM_MALFORMED = rule(
    "BAG-155",
    "Payload-Oxum is not `octets.count`",
    ERROR,
    why="The size and number of the payload cannot be compared.",
    hint="Write the bytes and the files of the payload, for example `279164409832.1198`.",
    spec=rfc8493("2.2.2"),
)
INFO_REPEATED = rule(
    "BAG-156",
    "A label stands twice that should stand once",
    WARNING,
    why="Bagging-Date, Bag-Size, Bag-Group-Identifier and Bag-Count should not be repeated.",
    hint="Remove all but the right one.",
    spec=rfc8493("2.2.2"),
)
BAGGING_DATE = rule(
    "BAG-157",
    "Bagging-Date is not a date",
    WARNING,
    why="It is written YYYY-MM-DD, so that people and programs read the same day.",
    hint="Write the date as YYYY-MM-DD.",
    spec=rfc8493("2.2.2"),
)
BAG_COUNT = rule(
    "BAG-158",
    "Bag-Count is not `N of T`",
    WARNING,
    why="It says which bag of how many this is; T is `?` where the number is not known.",
    hint="Write, for example, `2 of 4`.",
    spec=rfc8493("2.2.2"),
)
COUNT_WITHOUT_GROUP = rule(
    "BAG-159",
    "Bag-Count stands without Bag-Group-Identifier",
    WARNING,
    why="Nothing says which group of bags is counted.",
    hint="Add a Bag-Group-Identifier that all bags of the group share.",
    spec=rfc8493("2.2.2"),
)
INFO_NOT_PARTED = rule(
    "BAG-160",
    "A label of `bag-info.txt` is not parted from its value",
    ERROR,
    why="One blank or tab must stand after the colon; a reader may take the line for another.",
    hint="Write `Label: value`.",
    spec=rfc8493("2.2.2"),
)
INFO_EMPTY_LINE = rule(
    "BAG-161",
    "An empty line stands in `bag-info.txt`",
    WARNING,
    why="The file is made of elements, one after another; nothing says what an empty line is.",
    hint="Remove the line.",
    spec=rfc8493("2.2.2"),
)
# 2xx: completeness.
PAYLOAD_MISSING = rule(
    "BAG-201",
    "A payload file is missing",
    ERROR,
    why="A manifest lists it, and it is not there: the bag is not complete.",
    hint="Fetch the file from another copy of the bag.",
    spec=rfc8493("3"),
)
PAYLOAD_NOT_LISTED = rule(
    "BAG-202",
    "A payload file is in no manifest",
    ERROR,
    why="It came after the bag was sealed, or a manifest lost its line; nothing vouches for it.",
    hint="Find out where it comes from; take it out, or update the bag.",
    spec=rfc8493("3"),
)
NOT_IN_EVERY_MANIFEST = rule(
    "BAG-203",
    "A payload file is not in every payload manifest",
    ERROR,
    why="Since 1.0 every manifest lists every payload file.",
    hint="Add the missing line, or remove the manifest that is not kept up.",
    spec=rfc8493("2.1.3"),
)
NOT_IN_EVERY_MANIFEST_BEFORE_1_0 = rule(
    "BAG-204",
    "A payload file of an older bag is not in every manifest",
    WARNING,
    why="Before 1.0 one manifest sufficed; 1.0 asks for all.",
    hint="Add the missing line when the bag is next updated.",
    spec=rfc8493("2.1.3"),
)
TAG_FILE_MISSING = rule(
    "BAG-205",
    "A tag file is missing",
    ERROR,
    why="A tag manifest lists it, and it is not there.",
    hint="Fetch the file from another copy of the bag.",
    spec=rfc8493("3"),
)
OXUM_MISMATCH = rule(
    "BAG-206",
    "The payload is not as large as Payload-Oxum says",
    ERROR,
    why="Bytes or files were added or lost since the bag was made.",
    hint="See the other findings for the files; if there are none, Payload-Oxum itself is wrong.",
    spec=rfc8493("2.2.2"),
)
# 3xx: fixity.
PAYLOAD_CHANGED = rule(
    "BAG-301",
    "A payload file is not what its checksum says",
    ERROR,
    why="Its bytes have changed since the bag was made.",
    hint="Replace the file from another copy of the bag; keep this one until that is verified.",
    spec=rfc8493("3"),
)
TAG_FILE_CHANGED = rule(
    "BAG-302",
    "A tag file is not what its checksum says",
    ERROR,
    why="Metadata or a manifest has changed since the bag was made.",
    hint="If the change was meant, update the bag; if not, restore the file from another copy.",
    spec=rfc8493("3"),
)
FILE_UNREADABLE = rule(
    "BAG-303",
    "A file could not be read",
    INFO,
    why="Whether it is unchanged is not known.",
    hint="Give yourself the right to read it, or have the disk looked at; then verify again.",
)
FILE_DAMAGED = rule(
    "BAG-304",
    "A file in the archive is damaged",
    ERROR,
    why="The archive's own sums or sizes do not hold for it: its bytes cannot be had.",
    hint="Replace the archive from another copy; keep this one until that is verified.",
    spec=rfc8493("3"),
)
# 4xx: what to watch for.
LINK_INSIDE = rule(
    "BAG-401",
    "A symbolic link stands in for a file",
    WARNING,
    why="It leads to a file in the same bag and was followed; copying may break or double it.",
    hint="Put the file itself in the link's place.",
    spec=rfc8493("5.1"),
)
LINK_OUTSIDE = rule(
    "BAG-402",
    "A symbolic link leads out of the bag, or nowhere",
    ERROR,
    why="It was not followed: what it leads to is not part of the bag.",
    hint="Put the file itself in the link's place.",
    spec=rfc8493("5.1"),
)
SPECIAL_FILE = rule(
    "BAG-403",
    "A special file lies in the bag",
    ERROR,
    why="Pipes, sockets and devices have no bytes to check.",
    hint="Take it out of the bag.",
)
NORMALISATION = rule(
    "BAG-404",
    "A name is in another Unicode form on disk than in the manifest",
    WARNING,
    why="They look the same and were taken for the same; another tool may call the file missing.",
    hint="Rename the file to the form that the manifest has, or update the bag.",
    spec=rfc8493("6.1"),
)
TWINS = rule(
    "BAG-405",
    "Two names differ only by case or Unicode form",
    WARNING,
    why="On Windows and macOS they are one file: one is lost when the bag is copied there.",
    hint="Rename one of them and update the bag.",
    spec=rfc8493("6.1"),
)
NOT_PORTABLE = rule(
    "BAG-406",
    "A name cannot stand on Windows",
    WARNING,
    why="The bag cannot be copied to a Windows machine whole.",
    hint="Rename the file and update the bag.",
    spec=rfc8493("6.1"),
)
SYSTEM_FILE = rule(
    "BAG-407",
    "A file of the operating system lies in the payload",
    WARNING,
    why="Thumbnails and folder settings say nothing of the content.",
    hint="Leave it: taking it out changes the bag.",
)
EMPTY_FOLDER = rule(
    "BAG-408",
    "An empty folder lies in the payload",
    INFO,
    why="No manifest can list it: it may be lost when the bag is copied.",
    hint="Put a file named `.keep` into it and update the bag if it carries meaning.",
    spec=rfc8493("2.1.3"),
)
PERCENT_TAKEN_AS_IT_STANDS = rule(
    "BAG-409",
    "A name with `%` is coded otherwise in the older bag's manifest",
    WARNING,
    why="Before 1.0 writers coded `%` in different ways; the file was taken for the one listed.",
    hint="Write the manifest anew when the bag is next updated: 1.0 codes `%` as `%25`.",
    spec=rfc8493("2.1.3"),
)
ARCHIVE_DAMAGED = rule(
    "BAG-420",
    "The archive is damaged or cut off",
    ERROR,
    why="What comes after the damage cannot be read.",
    hint="Replace the archive from another copy.",
    spec=rfc8493("3"),
)
ARCHIVE_DUPLICATE = rule(
    "BAG-421",
    "The archive holds a path twice",
    ERROR,
    why="Which of the two a receiver gets depends on the program that unpacks.",
    hint="Make the archive anew from a verified bag.",
    spec=rfc8493("5.1"),
)
ARCHIVE_NO_TOP_FOLDER = rule(
    "BAG-422",
    "The bag lies in no folder of its archive",
    WARNING,
    why="Unpacked, its files are strewn over the folder that one stands in.",
    hint="Make the archive of the bag's folder, not of what is in it.",
)
ARCHIVE_NAME = rule(
    "BAG-423",
    "The archive's folder is not named as the archive",
    WARNING,
    why="Archive and bag should have one name, so that neither is lost from sight.",
    hint="Rename the archive, or make it anew.",
)
ARCHIVE_OUTSIDE = rule(
    "BAG-424",
    "The archive holds something beside the bag",
    WARNING,
    why="Nothing vouches for it, and some receivers refuse the archive.",
    hint="Make the archive anew from the bag's folder alone.",
)
SECOND_OPINION = rule(
    "BAG-490",
    "The Library of Congress's bagit judges otherwise",
    WARNING,
    why="Repositories that use it, such as Archivematica, would refuse the bag.",
    hint="See its own words; names with `%` or trailing blanks are known to confuse it.",
)
# 5xx: updates.
UNFETCHED_NOT_DIGESTED = rule(
    "BAG-501",
    "A manifest would lack files that are still to be fetched",
    INFO,
    why="What is not there cannot be digested, and every manifest must list every file.",
    hint="Fetch the files first (`muniment fetch`), then update.",
    spec=rfc8493("2.1.3"),
)
OTHER_ENCODING = rule(
    "BAG-502",
    "A tag file is not in the encoding that the bag now declares",
    WARNING,
    why="The bag was brought to UTF-8; what other tag files say is left to whoever wrote them.",
    hint="Save the file as UTF-8 and put it in with `muniment update --tag-file`.",
    spec=rfc8493("2.1.1"),
)
PREMIS_NOT_ADDED_TO = rule(
    "BAG-503",
    "The bag's PREMIS document could not be added to",
    INFO,
    why="It is no well-formed PREMIS 3; the event stands in a document of its own beside it.",
    hint="Nothing is to be mended; look for the bag's events in both files.",
)
UPDATE_FINISHED = rule(
    "BAG-504",
    "An update that had been interrupted was finished first",
    INFO,
    why="It was sealed and judged when it was stopped; only files had to be put in their places.",
    hint="Look at the bag's PREMIS events if you do not know of that update.",
)
UPDATE_INTERRUPTED = rule(
    "BAG-505",
    "An update of the bag was interrupted",
    INFO,
    why="Some of its tag files may be new and others old; what is to be done lies beside the bag.",
    hint="Run the same `muniment update` again to finish it.",
)
