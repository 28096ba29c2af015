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
SEVERAL_RECORDS = rule(
    "REC-114",
    "The file holds several records",
    ERROR,
    why="A bag, and a document in most formats, is of one record; it is not clear which is meant.",
    hint="Give each record a file of its own, and package each with its texts. `crosswalk` takes"
    " one by `--record`.",
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
NOT_CARRIED = rule(
    "REC-302",
    "A value has no place in the format it was brought to",
    INFO,
    why="Formats differ in what they can say; the file as it was given keeps the value.",
    hint="Keep the source beside the result, or choose a format that says more, such as MODS.",
    spec=_MAPPING,
)
LACKS_FOR_FORMAT = rule(
    "REC-303",
    "The format that it was brought to requires a property that is missing",
    WARNING,
    why="A receiver of the format will refuse the result as it is.",
    hint="Add the property to the source and bring it over again, or add it to the result.",
    spec=SpecRef(
        document="DataCite Metadata Schema",
        section="4.5, mandatory properties",
        url="https://datacite-metadata-schema.readthedocs.io/en/4.5/properties/overview/",
    ),
)
_CSV = SpecRef(
    document="RFC 4180", section="2", url="https://www.rfc-editor.org/rfc/rfc4180#section-2"
)
HEADING_UNKNOWN = rule(
    "REC-401",
    "A heading is the name of no property",
    ERROR,
    why="Its column would be left out of every record, and nobody would see it.",
    hint="Correct the heading, or begin it with `#` if the column is a note to yourself.",
)
HEADING_DEVIATES = rule(
    "REC-402",
    "A heading is not spelt as its property is",
    WARNING,
    why="It is understood here; other programs take blanks and capitals for other headings.",
    hint="Write the heading as the property is written.",
)
HEADING_TWICE = rule(
    "REC-403",
    "A heading with a number stands over two columns",
    ERROR,
    why="One value cannot stand in two places; the second column was not read.",
    hint="Number the columns onwards: creator.2, creator.3.",
)
NO_HEADINGS = rule(
    "REC-404",
    "The first row is no row of headings",
    ERROR,
    why="Without headings nobody knows what the cells mean; nothing of the sheet was read.",
    hint="Let the first row name a property over each column: title, creator, created.",
)
TOO_MANY_COLUMNS = rule(
    "REC-405",
    "The headings fill more columns than are read",
    ERROR,
    why="No description has so many properties; a sheet may have been turned on its side.",
    hint="Give each record a row, and each property a column.",
)
HEADING_MISSING = rule(
    "REC-406",
    "A column with values has no heading",
    ERROR,
    why="Nobody knows what the values mean; the column was not read.",
    hint="Write the name of a property over the column.",
)
ROW_TOO_LONG = rule(
    "REC-407",
    "A row has more cells than there are headings",
    ERROR,
    why="A delimiter within a value has moved all that follows it into wrong columns.",
    hint='Put a value that holds the delimiter in double quotes: `"London, 1952"`.',
    spec=_CSV,
)
ROW_TOO_SHORT = rule(
    "REC-408",
    "A row has fewer cells than there are headings",
    WARNING,
    why="Where a cell was left out in the middle, all that follows stands in wrong columns.",
    hint="Give every row as many delimiters as the headings have; empty cells count.",
    spec=_CSV,
)
NOT_CSV = rule(
    "REC-409",
    "The quotation marks of a row do not go together",
    ERROR,
    why="Where a value ends can no longer be told.",
    hint="A value in double quotes ends with one; a mark within it is written twice.",
    spec=_CSV,
)
DELIMITER = rule(
    "REC-410",
    "The columns are parted by something other than commas",
    INFO,
    why="Many spreadsheet programs write semicolons or tabs where a comma parts decimals.",
    hint="Nothing needs doing, if the columns are told apart as you meant them.",
)
LIST_PART_EMPTY = rule(
    "REC-411",
    "A value of a list is empty",
    WARNING,
    why="Something was deleted, or a separator is there once too often.",
    hint="Take out the separator `||` that has nothing before or after it.",
)
PARTS_DO_NOT_PAIR = rule(
    "REC-412",
    "Values and what is said of them do not go together",
    ERROR,
    why="It is not clear which role, date or address belongs to which value.",
    hint="Give as many parts as values, in their order: `Ann||Ben` and `aut||trl`.",
)
FORMULA = rule(
    "REC-413",
    "A cell holds a formula",
    WARNING,
    why="Its result changes with other cells and programs, and may be out of date.",
    hint="Copy the column and paste it as values.",
)
CELL_ERROR = rule(
    "REC-414",
    "A cell shows a fault of the spreadsheet program",
    ERROR,
    why="The value is not there: a formula failed, or a column was too narrow on export.",
    hint="Mend the formula or widen the column, then save the sheet again.",
)
NUMBER_TYPED = rule(
    "REC-415",
    "A number stands where text belongs",
    WARNING,
    why="Spreadsheet programs drop leading zeros of numbers and round long ones.",
    hint="Format the column as text, and type the value again where digits were lost.",
)
NUMBER_SHORTENED = rule(
    "REC-416",
    "Digits of a number are lost",
    ERROR,
    why="A spreadsheet program keeps 15 digits and shows long numbers as 9.78E+12.",
    hint="Format the column as text, then type the number again.",
)
DATE_TYPED = rule(
    "REC-417",
    "A date is kept with a day that the cell does not show",
    WARNING,
    why="The spreadsheet program has made up the day; only what is shown was read.",
    hint="Format the column as text and write 1952-12, or the day where it is known.",
)
DATE_IN_TEXT = rule(
    "REC-418",
    "A date stands where text belongs",
    ERROR,
    why="Spreadsheet programs turn texts like 1-2 or MAR1 into dates; what was typed is lost.",
    hint="Format the column as text, then type the value again.",
)
MERGED = rule(
    "REC-419",
    "Cells are merged",
    ERROR,
    why="All but the first of them are empty, so that their records lack the value.",
    hint="Take the merging back, and write the value into every row that it holds for.",
)
SHEET_HIDDEN = rule(
    "REC-420",
    "A sheet is hidden",
    WARNING,
    why="Who looks at the workbook does not see it; it was not read.",
    hint="Show the sheet if it holds records, or delete it.",
)
SHEET_NOT_READ = rule(
    "REC-421",
    "A sheet holds no records",
    INFO,
    why="Other sheets of the workbook have headings that are known; this one has none.",
    hint="Nothing needs doing, if the sheet is meant for something else.",
)
WORKBOOK_BROKEN = rule(
    "REC-422",
    "The workbook cannot be read",
    ERROR,
    why="It is damaged, protected, or not what its name says.",
    hint="Open it in a spreadsheet program and save it anew as .xlsx, without a password.",
)
SHEET_LIST_CUT = rule(
    "REC-423",
    "The sheet has more faults than are listed",
    ERROR,
    why="A list without an end would fill the memory and help nobody.",
    hint="Mend what is listed, then check the sheet again.",
)
ROW_WITHOUT_FILES = rule(
    "REC-451",
    "A row names no files",
    ERROR,
    why="A bag holds a description and what it describes; here the latter is missing.",
    hint="Write a file or folder into the column `files`; several are parted by `||`.",
)
FILE_OUTSIDE = rule(
    "REC-452",
    "A row names a file outside the sheet's folder",
    ERROR,
    why="A sheet from elsewhere could carry off any file of this machine.",
    hint="Lay the sheet beside the files, and name them from its folder on.",
)
FILE_NOT_THERE = rule(
    "REC-453",
    "A file that a row names is not there",
    ERROR,
    why="The bag would lack what its record describes.",
    hint="Correct the name, or bring the file; capitals and accents count.",
)
BAG_NAME_MISSING = rule(
    "REC-454",
    "A row has no identifier that could name its bag",
    ERROR,
    why="A bag is named by the first identifier of its record.",
    hint="Give each row an identifier with letters or digits.",
)
BAG_NAME_TWICE = rule(
    "REC-455",
    "Two rows lead to a bag of the same name",
    ERROR,
    why="Only one bag can have the name; the first row has it.",
    hint="Give each row an identifier of its own, different in letters and digits.",
)
