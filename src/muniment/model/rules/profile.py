"""PRO: BagIt profiles. 1xx what a profile document asks, 2xx what its receiver asks besides."""

from __future__ import annotations

from muniment.model.findings import SpecRef
from muniment.model.rules._table import ERROR, INFO, WARNING, rule


def _profiles(key: str) -> SpecRef:
    """A key of the BagIt Profiles Specification, 1.4.0."""
    return SpecRef(
        document="BagIt Profiles 1.4.0",
        section=key,
        url="https://bagit-profiles.github.io/bagit-profiles-specification/#implementation-details",
    )


# 10x: bag-info.txt.
IDENTIFIER = rule(
    "PRO-101",
    "The bag does not name the profile",
    ERROR,
    why="A receiver learns from `BagIt-Profile-Identifier` which profile a bag follows.",
    hint="Add the line `BagIt-Profile-Identifier: ADDRESS` to bag-info.txt, with the profile's own"
    " address; `muniment package --profile` writes it.",
    spec=_profiles("BagIt-Profile-Identifier"),
)
FIELD_MISSING = rule(
    "PRO-102",
    "A label that the profile requires is missing or empty",
    ERROR,
    why="Whoever receives bags by this profile refuses a bag without it.",
    hint='Give the value: `--bag-info "Label: value"`, or once for all bags in muniment.toml.',
    spec=_profiles("Bag-Info"),
)
FIELD_VALUE = rule(
    "PRO-103",
    "A label's value is none of those that the profile allows",
    ERROR,
    why="The receiver knows these values only; case and blanks count.",
    hint="Take one of the values that the message lists, letter by letter.",
    spec=_profiles("Bag-Info"),
)
FIELD_REPEATED = rule(
    "PRO-104",
    "A label stands more than once, which the profile forbids",
    ERROR,
    why="The receiver cannot tell which value counts.",
    hint="Keep one line of it.",
    spec=_profiles("Bag-Info"),
)
FIELD_RECOMMENDED = rule(
    "PRO-105",
    "A label that the profile recommends is missing",
    INFO,
    why="`recommended` is no key of the specification; profiles use it for what helps a receiver.",
    hint="Add the label where you know its value.",
)
# 11x: manifests.
MANIFEST_REQUIRED = rule(
    "PRO-110",
    "A payload manifest that the profile requires is missing",
    ERROR,
    why="The receiver checks the bag by this algorithm.",
    hint="Package anew with `--profile`, which chooses the algorithms, or add the manifest.",
    spec=_profiles("Manifests-Required"),
)
MANIFEST_NOT_ALLOWED = rule(
    "PRO-111",
    "A payload manifest has an algorithm that the profile does not allow",
    ERROR,
    why="The receiver refuses bags with manifests of other algorithms.",
    hint="Package anew with `--profile`, which chooses the algorithms.",
    spec=_profiles("Manifests-Allowed"),
)
TAG_MANIFEST_REQUIRED = rule(
    "PRO-112",
    "A tag manifest that the profile requires is missing",
    ERROR,
    why="The receiver checks the tag files by this algorithm.",
    hint="Package anew with `--profile`, which chooses the algorithms, or add the tag manifest.",
    spec=_profiles("Tag-Manifests-Required"),
)
TAG_MANIFEST_NOT_ALLOWED = rule(
    "PRO-113",
    "A tag manifest has an algorithm that the profile does not allow",
    ERROR,
    why="The receiver refuses bags with tag manifests of other algorithms.",
    hint="Package anew with `--profile`, which chooses the algorithms.",
    spec=_profiles("Tag-Manifests-Allowed"),
)
# 12x: what is fetched, and the payload as a whole.
FETCH_NOT_ALLOWED = rule(
    "PRO-120",
    "The bag has a `fetch.txt`, which the profile forbids",
    ERROR,
    why="The receiver takes whole bags only.",
    hint="Fetch the files that `fetch.txt` names, then package the bag without it.",
    spec=_profiles("Allow-Fetch.txt"),
)
FETCH_REQUIRED = rule(
    "PRO-121",
    "The bag has no `fetch.txt`, which the profile requires",
    ERROR,
    why="The receiver brings in the payload itself, from the addresses in `fetch.txt`.",
    hint="Ask the receiver how the bag should be made; the profile is for holey bags.",
    spec=_profiles("Fetch.txt-Required"),
)
DATA_NOT_EMPTY = rule(
    "PRO-122",
    "The payload is not empty, which the profile requires",
    ERROR,
    why="The profile is for bags that only say where the payload is to be fetched.",
    hint="`data/` may hold nothing, or one file of no bytes.",
    spec=_profiles("Data-Empty"),
)
# 13x: the form of the bag.
SERIALIZATION = rule(
    "PRO-130",
    "The bag is a folder or a file, and the profile asks for the other",
    ERROR,
    why="The receiver takes bags in one file only, or as folders only.",
    hint="`muniment package --serialize` makes the bag as one file.",
    spec=_profiles("Serialization"),
)
SERIALIZATION_FORMAT = rule(
    "PRO-131",
    "The bag is a file of a kind that the profile does not accept",
    ERROR,
    why="The receiver cannot open it, or will not.",
    hint="Serialize the bag in one of the kinds that the message lists.",
    spec=_profiles("Accept-Serialization"),
)
VERSION = rule(
    "PRO-132",
    "The bag's version of BagIt is none that the profile accepts",
    ERROR,
    why="The receiver's software may read the bag wrongly, or not at all.",
    hint="Ask the receiver whether its profile is up to date, or make the bag in that version.",
    spec=_profiles("Accept-BagIt-Version"),
)
# 14x: files by name.
TAG_FILE_REQUIRED = rule(
    "PRO-140",
    "A tag file that the profile requires is missing",
    ERROR,
    why="The receiver reads what it needs to know from this file.",
    hint='Write it with `muniment package --tag "FILE: Label: value"`, or once for all bags in'
    " muniment.toml.",
    spec=_profiles("Tag-Files-Required"),
)
TAG_FILE_NOT_ALLOWED = rule(
    "PRO-141",
    "The bag has a tag file that the profile does not allow",
    ERROR,
    why="The receiver refuses bags with files it does not expect.",
    hint="Ask the receiver whether its profile can allow the file, or make the bag without it.",
    spec=_profiles("Tag-Files-Allowed"),
)
PAYLOAD_FILE_REQUIRED = rule(
    "PRO-142",
    "A payload file that the profile requires is missing",
    ERROR,
    why="The receiver expects it at that place in the payload.",
    hint="Add it to the source and package anew.",
    spec=_profiles("Payload-Files-Required"),
)
PAYLOAD_FILE_NOT_ALLOWED = rule(
    "PRO-143",
    "The bag has a payload file that the profile does not allow",
    ERROR,
    why="The receiver refuses payload files that match none of its patterns.",
    hint="Move or rename the file in the source and package anew.",
    spec=_profiles("Payload-Files-Allowed"),
)
# 19x: the profile document itself.
UNKNOWN_KEY = rule(
    "PRO-190",
    "The profile has a key that no version of the specification knows",
    INFO,
    why="Nothing is judged by it. It may be an extension, or a misspelt key that means something.",
    hint="Compare the key with the specification; ask whoever keeps the profile.",
)
KEY_NEWER_THAN_PROFILE = rule(
    "PRO-191",
    "The profile uses a key that is newer than the version it states",
    INFO,
    why="The key is judged here; other software may ignore it.",
    hint="The profile's `BagIt-Profile-Version` should be raised by whoever keeps it.",
    spec=_profiles("BagIt-Profile-Version"),
)
PROFILE_LACKS = rule(
    "PRO-192",
    "The profile lacks something that the specification requires of it",
    INFO,
    why="What it does not say is not judged.",
    hint="Ask whoever keeps the profile to complete it.",
    spec=_profiles("BagIt-Profile-Info"),
)
# 20x: APTrust, beyond what its profile document can say.
APTRUST_LABEL_MISSING = rule(
    "PRO-201",
    "A label that APTrust requires in `aptrust-info.txt` is missing or empty",
    ERROR,
    why="APTrust shows, protects and stores a deposit by these labels, and refuses it without.",
    hint='Give it with `--tag "aptrust-info.txt: Label: value"`, or once for all bags in'
    ' muniment.toml: `[tags."aptrust-info.txt"]`.',
)
APTRUST_VALUE = rule(
    "PRO-202",
    "A value in `aptrust-info.txt` is none that APTrust knows",
    ERROR,
    why="APTrust refuses other values.",
    hint="Take one of the values that the message lists.",
)
APTRUST_TOP_FOLDER = rule(
    "PRO-203",
    "The tar does not hold one folder that is named as the tar",
    ERROR,
    why="APTrust unpacks `name.tar` and expects the bag in the folder `name`, and nothing beside.",
    hint="Rename the tar to the folder's name, or make the bag with `muniment package`.",
)
APTRUST_NAME = rule(
    "PRO-204",
    "A name that APTrust does not take",
    ERROR,
    why="Names of files and folders must not begin with `-`, hold line ends, tabs or bells, or be"
    " longer than 255 characters.",
    hint="Rename the file or folder in the source and package anew.",
)
APTRUST_OVERWRITES = rule(
    "PRO-205",
    "A bag of the same name that was sent to APTrust before is overwritten",
    INFO,
    why="APTrust keeps no versions: what is sent under a name again replaces its files.",
    hint="Give the bag a name of its own, with `--name`, unless it is meant to replace the first.",
)
APTRUST_LABEL_REPEATED = rule(
    "PRO-206",
    "A label stands in `aptrust-info.txt` more than once",
    WARNING,
    why="Nothing says which of the values APTrust takes.",
    hint="Keep one line of it.",
)
APTRUST_STORAGE_UNKNOWN = rule(
    "PRO-207",
    "A storage option in `aptrust-info.txt` is not known here",
    WARNING,
    why="A misspelt option would be refused, and what APTrust offers changes from time to time.",
    hint="Compare it with the options that the message lists, and with what APTrust offers now.",
)
# 21x: Archivematica, which publishes no profile document.
ARCHIVEMATICA_LABEL = rule(
    "PRO-211",
    "A label in bag-info.txt that Archivematica cannot make an XML element of",
    ERROR,
    why="It writes every label into its METS file as the name of an element.",
    hint="Letters, digits, `.`, `_` and `-`; it begins with a letter or `_`. Write `Rights-Holder`,"
    " not `Rights Holder`.",
)
ARCHIVEMATICA_NAME = rule(
    "PRO-212",
    "A file name that fails in Archivematica",
    ERROR,
    why="It verifies bags with bagit-python, which does not read `%` in a manifest as BagIt 1.0"
    " says, and loses a blank at a name's end.",
    hint="Rename the file in the source and package anew.",
)
ARCHIVEMATICA_CSV = rule(
    "PRO-213",
    "`data/metadata/metadata.csv` is not what Archivematica reads",
    ERROR,
    why="Descriptions are taken from a CSV file in UTF-8 whose first column is `filename`.",
    hint="Save it as CSV in UTF-8, with the heading `filename` first.",
)
ARCHIVEMATICA_CSV_ROW = rule(
    "PRO-214",
    "A row of `data/metadata/metadata.csv` describes nothing that is in the bag",
    ERROR,
    why="The description would be lost: no file or folder of the payload has that path.",
    hint="In a bag the paths of the column `filename` begin with `data/`.",
)
ARCHIVEMATICA_PREMIS = rule(
    "PRO-215",
    "`metadata/premis.xml` is not what Archivematica imports",
    ERROR,
    why="It imports events, files and agents from there, and fails the transfer where a link lacks"
    " its other end.",
    hint='Files are `xsi:type="premis:file"` with their path (`data/...`) as originalName; each'
    " event links a file and an agent, and every file and agent is linked;"
    " `muniment package --profile archivematica` writes it so.",
)
