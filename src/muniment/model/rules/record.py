"""Rules of authored records (REC): 1xx the file as text, 2xx against the schema, 3xx crosswalks."""

from __future__ import annotations

from muniment.model.findings import SpecRef
from muniment.model.rules._table import ERROR, INFO, WARNING, json_schema, rule


def _yaml(section: str) -> SpecRef:
    return SpecRef(document="YAML 1.2.2", section=section, url="https://yaml.org/spec/1.2.2/")


def _json(section: str) -> SpecRef:
    return SpecRef(
        document="RFC 8259",
        section=section,
        url=f"https://www.rfc-editor.org/rfc/rfc8259#section-{section}",
    )


_ADDITIONAL = SpecRef(
    document="JSON Schema 2020-12",
    section="10.3.2.3",
    url="https://json-schema.org/draft/2020-12/json-schema-core",
)
_EDTF = SpecRef(document="EDTF", section="2019", url="https://www.loc.gov/standards/datetime/")
_URI = SpecRef(
    document="RFC 3986", section="4.3", url="https://www.rfc-editor.org/rfc/rfc3986#section-4.3"
)
_BCP47 = SpecRef(
    document="RFC 5646", section="2.1", url="https://www.rfc-editor.org/rfc/rfc5646#section-2.1"
)
_XML_CHARACTERS = SpecRef(document="XML 1.0", section="2.2", url="https://www.w3.org/TR/xml/")
_MAPPING = SpecRef(
    document="MODS to Dublin Core mapping",
    section="version 3",
    url="https://www.loc.gov/standards/mods/mods-dcsimple.html",
)

NOT_UTF8 = rule(
    "REC-101",
    "The file is not UTF-8",
    ERROR,
    why="Read as UTF-8, its letters would turn into other letters or into nothing.",
    hint="Save the file as UTF-8: in most editors a choice in the dialogue `Save as`.",
    spec=_yaml("5.2"),
)
EMPTY_FILE = rule(
    "REC-102",
    "The file holds no record",
    ERROR,
    why="There is nothing in it but blanks or comments.",
    hint="Write at least a title: `title: Letters of the parish`.",
)
YAML_SYNTAX = rule(
    "REC-103",
    "The file is not well-formed YAML",
    ERROR,
    why="What follows the fault cannot be read, so nothing can be said of the rest.",
    hint="Put a value that holds `: `, ` #` or begins with a mark like `[`, `@` or `*` in quotes; "
    "indent what belongs together alike.",
    spec=_yaml("1"),
)
JSON_SYNTAX = rule(
    "REC-104",
    "The file is not well-formed JSON",
    ERROR,
    why="What follows the fault cannot be read, so nothing can be said of the rest.",
    hint="JSON knows double quotes only, no comments, no comma after the last value, no NaN.",
    spec=_json("2"),
)
TAB = rule(
    "REC-105",
    "A tab stands outside quotes",
    ERROR,
    why="YAML forbids tabs in indentation, and its readers differ over tabs elsewhere.",
    hint="Replace the tab by blanks; a tab that belongs to a text goes in double quotes.",
    spec=_yaml("6.1"),
)
SEVERAL_DOCUMENTS = rule(
    "REC-106",
    "The file holds several documents",
    ERROR,
    why="A record describes one thing; it would not be clear which document is meant.",
    hint="Give each document a file of its own, and take out the line `---` between them.",
    spec=_yaml("9.2"),
)
ALIAS = rule(
    "REC-107",
    "The record uses an anchor or an alias",
    ERROR,
    why="A record says everything where it stands. A few aliases can also grow into gigabytes.",
    hint="Write the value out where the alias stands; put a value that begins with `*` or `&` in "
    "quotes.",
    spec=_yaml("7.1"),
)
TAG = rule(
    "REC-108",
    "The record uses a YAML tag",
    ERROR,
    why="Tags ask a program to build objects; a record is text only.",
    hint="Take the tag out; put a value that begins with `!` in quotes.",
    spec=_yaml("6.9.1"),
)
DUPLICATE_KEY = rule(
    "REC-109",
    "A property is given twice",
    ERROR,
    why="Programs keep one of the two, some the first and some the last.",
    hint="Write the property once, with a list of its values.",
    spec=_yaml("3.2.1.1"),
)
TOO_DEEP = rule(
    "REC-110",
    "The record is nested too deeply",
    ERROR,
    why="No record needs such depth; it is a slip, or an attack on whoever reads it.",
    hint="Look for brackets that were opened and never closed.",
    spec=_json("9"),
)
TOO_LARGE = rule(
    "REC-111",
    "The record is too large",
    ERROR,
    why="A description of this size is content, and reading it would take minutes.",
    hint="Keep long texts as files of the payload, and describe them in the record.",
)
UNKNOWN_FORM = rule(
    "REC-112",
    "The file name does not say what form the record has",
    ERROR,
    why="YAML, JSON and XML are told apart by the end of the name.",
    hint="Name the file `.yaml`, `.json` or `.xml`.",
)
KEY_NOT_TEXT = rule(
    "REC-113",
    "A property has no name of letters",
    ERROR,
    why="Properties are named by words; a number, a list or nothing is no name.",
    hint="Write the name of a property before the colon.",
)
UNKNOWN_PROPERTY = rule(
    "REC-201",
    "A property is unknown",
    ERROR,
    why="It would be left out of MODS and Dublin Core, and nobody would find it.",
    hint="Correct the spelling; upper and lower case count. `schemas/record.schema.json` names "
    "every property.",
    spec=_ADDITIONAL,
)
MISSING_PROPERTY = rule(
    "REC-202",
    "A property is missing",
    ERROR,
    why="Without it the description does not say enough.",
    hint="Add the property.",
    spec=json_schema("6.5.3"),
)
WRONG_TYPE = rule(
    "REC-203",
    "A value is of the wrong kind",
    ERROR,
    why="A bare number, `true` or `null` is not text: other programs change its spelling.",
    hint='Put text that looks like a number in quotes: `"1952"`.',
    spec=json_schema("6.1.1"),
)
EMPTY_VALUE = rule(
    "REC-204",
    "A property has no value",
    ERROR,
    why="An empty property says nothing, and schemas refuse the empty element it becomes.",
    hint="Give the value, or take the property out.",
    spec=json_schema("6.3.3"),
)
NOT_IN_VOCABULARY = rule(
    "REC-205",
    "A value is not in its vocabulary",
    ERROR,
    why="A word from outside the list is not found by those who search by it.",
    hint="Choose a term of the list.",
    spec=json_schema("6.1.2"),
)
NOT_EDTF = rule(
    "REC-206",
    "A date is not EDTF",
    ERROR,
    why="Dates are sorted and searched; words and local spellings are not.",
    hint="Write 1952-12-27, 1952-12, 1952, 1952/1953, 1952~ (about), 195X; a wording for readers "
    "goes to `display`.",
    spec=_EDTF,
)
NOT_URI = rule(
    "REC-207",
    "An address is not a URI",
    ERROR,
    why="It leads nowhere.",
    hint="Write the whole address with its scheme, `http://...`; a blank in it is `%20`.",
    spec=_URI,
)
NOT_LANGUAGE = rule(
    "REC-208",
    "A language is not given by its code",
    ERROR,
    why="Names of languages differ from language to language; codes do not.",
    hint="Write an ISO 639 code (eng, deu) or a tag by BCP 47 (zh-Hant).",
    spec=_BCP47,
)
WRONG_PATTERN = rule(
    "REC-209",
    "A value has not the form it should have",
    ERROR,
    why="Programs that read the value rely on its form.",
    hint="Codes have no blanks; a script is four letters by ISO 15924, as `Latn`.",
    spec=json_schema("6.3.3"),
)
IMPOSSIBLE_CHARACTER = rule(
    "REC-210",
    "A value holds a character that XML cannot hold",
    ERROR,
    why="Control characters come from copying and cannot be written to MODS or Dublin Core.",
    hint="Delete the character and type it anew.",
    spec=_XML_CHARACTERS,
)
STRAY_BLANKS = rule(
    "REC-211",
    "A value begins or ends with blanks",
    WARNING,
    why="To a program `Text ` is another word than `Text`. MODS and Dublin Core get it without.",
    hint="Take the blanks out.",
)
NOT_CARRIED_TO_DC = rule(
    "REC-301",
    "A part of the MODS record has no place in Dublin Core",
    INFO,
    why="Dublin Core has 15 elements; the MODS record keeps what they cannot say.",
    hint="Nothing needs doing: the bag keeps the MODS record as it came.",
    spec=_MAPPING,
)
