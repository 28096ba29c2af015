"""XML: 0xx is the file well-formed and safe to read, 1xx does it hold to its format's schema."""

from __future__ import annotations

from muniment.model.findings import SpecRef
from muniment.model.rules._table import ERROR, INFO, WARNING, rule, xml10


def _namespaces(section: str) -> SpecRef:
    """A section of Namespaces in XML 1.0, third edition."""
    return SpecRef(
        document="Namespaces in XML 1.0", section=section, url="https://www.w3.org/TR/xml-names/"
    )


def _structures(section: str) -> SpecRef:
    """A section of XML Schema Part 1: Structures, second edition."""
    return SpecRef(
        document="XML Schema Part 1", section=section, url="https://www.w3.org/TR/xmlschema-1/"
    )


def _datatypes(section: str) -> SpecRef:
    """A section of XML Schema Part 2: Datatypes, second edition."""
    return SpecRef(
        document="XML Schema Part 2", section=section, url="https://www.w3.org/TR/xmlschema-2/"
    )


_OAI_PMH = SpecRef(
    document="OAI-PMH 2.0",
    section="2.5",
    url="https://www.openarchives.org/OAI/openarchivesprotocol.html#Record",
)

# 00x: is it XML at all, and in which encoding.
EMPTY = rule(
    "XML-001",
    "The file is empty",
    ERROR,
    why="An empty file describes nothing; often a copy or an export broke off.",
    hint="Fetch the file again from where it came, or export it again.",
    spec=xml10("2.1"),
)
NOT_XML = rule(
    "XML-002",
    "The file is not XML",
    ERROR,
    why="XML begins with `<`; this begins otherwise, so no part of it can be read as XML.",
    hint="Check what was exported, and that the name's ending says what the file is.",
    spec=xml10("2.1"),
)
BYTES_OUTSIDE_ENCODING = rule(
    "XML-003",
    "Bytes that do not exist in the file's encoding",
    ERROR,
    why="No reader can know which characters were meant; many refuse the whole file.",
    hint="Either declare the encoding that the file is in, or, better, save it as UTF-8.",
    spec=xml10("4.3.3"),
)
ENCODING_CONTRADICTED = rule(
    "XML-004",
    "The declared encoding is not the one that the file begins in",
    ERROR,
    why="The first bytes show the encoding; the declaration names another, and readers that"
    " believe it show garbled text.",
    hint='Correct the name in `<?xml ... encoding="..."?>` or leave it out.',
    spec=xml10("4.3.3"),
)
ENCODING_UNKNOWN = rule(
    "XML-005",
    "The declared encoding is unknown",
    ERROR,
    why="A file in an encoding that readers do not know cannot be read.",
    hint="Save the file as UTF-8 and declare that.",
    spec=xml10("4.3.3"),
)
ENCODING_DOUBTFUL = rule(
    "XML-006",
    "The file declares another encoding, but its text is UTF-8",
    WARNING,
    why="Every letter beyond ASCII will be read as two or three wrong ones (`Ã©` for `é`).",
    hint='Declare `encoding="UTF-8"` if the text looks right in an editor set to UTF-8.',
    spec=xml10("4.3.3"),
)
FORBIDDEN_CHARACTER = rule(
    "XML-007",
    "A character that XML does not allow",
    ERROR,
    why="XML allows no control characters but tab, line feed and carriage return; not even"
    " as `&#0;`. They usually come from a word processor or a broken conversion.",
    hint="Delete the character.",
    spec=xml10("2.2"),
)

# 01x: document types and entities; names and prefixes.
DOCTYPE = rule(
    "XML-010",
    "A document type declaration (DOCTYPE)",
    ERROR,
    why="It can pull in other files or blow up a small file to gigabytes; nothing that it"
    " declares is read here, and metadata in MODS or Dublin Core needs none.",
    hint="Delete the line with `<!DOCTYPE`, and write entities that it declares as characters.",
    spec=xml10("2.8"),
)
ENTITY_UNDEFINED = rule(
    "XML-011",
    "An entity that XML does not define",
    ERROR,
    why="Only `&amp;`, `&lt;`, `&gt;`, `&quot;` and `&apos;` exist in XML; names such as"
    " `&eacute;` belong to HTML.",
    hint="Write the character itself (é) or its number (`&#233;`).",
    spec=xml10("4.1"),
)
BARE_AMPERSAND = rule(
    "XML-012",
    "An ampersand that stands alone",
    ERROR,
    why="In XML `&` begins an entity; alone it cannot stand, not even in a web address.",
    hint="Write `&amp;`.",
    spec=xml10("2.4"),
)
PREFIX_UNDECLARED = rule(
    "XML-013",
    "A prefix that is not declared",
    ERROR,
    why="Without its declaration a prefix such as `xlink:` means nothing.",
    hint='Declare it on the root element, for example `xmlns:xlink="http://www.w3.org/1999/xlink"`.',
    spec=_namespaces("5"),
)
ENTITY_NOT_RESOLVED = rule(
    "XML-014",
    "An entity that the document type declares",
    ERROR,
    why="What it stands for may lie in another file or on another machine; it is never"
    " fetched, so this text is missing from the record.",
    hint="Write the text itself in place of the entity.",
    spec=xml10("4.4"),
)
ENTITY_EXPLOSION = rule(
    "XML-015",
    "Entities that grow without bound",
    ERROR,
    why="Entities within entities turn a few bytes into gigabytes: an attack on readers.",
    hint="Do not open the file with other tools; ask where it came from.",
    spec=xml10("4.1"),
)

# 02x: tags and attributes.
TAGS_DO_NOT_MATCH = rule(
    "XML-020",
    "An end tag that does not fit its start tag",
    ERROR,
    why="Which element holds which can no longer be told.",
    hint="Close elements in the reverse order in which they were opened, spelt alike.",
    spec=xml10("3.1"),
)
BREAKS_OFF = rule(
    "XML-021",
    "The file breaks off",
    ERROR,
    why="Elements are still open at the end: a copy or an export did not finish.",
    hint="Fetch or export the file again; do not just add the end tags.",
    spec=xml10("2.1"),
)
MORE_AFTER_ROOT = rule(
    "XML-022",
    "Something follows the root element",
    ERROR,
    why="A document has one root element; what follows it is not read.",
    hint="Put several records into one collection element, or into a file each.",
    spec=xml10("2.1"),
)
BARE_LESS_THAN = rule(
    "XML-023",
    "A `<` that begins no tag",
    ERROR,
    why="In XML `<` begins a tag; in text it cannot stand.",
    hint="Write `&lt;`.",
    spec=xml10("2.4"),
)
ATTRIBUTE_TWICE = rule(
    "XML-024",
    "An attribute given twice",
    ERROR,
    why="Which of the two holds cannot be told.",
    hint="Delete one.",
    spec=xml10("3.1"),
)
ATTRIBUTE_MALFORMED = rule(
    "XML-025",
    'An attribute that is not written `name="value"`',
    ERROR,
    why="Quotes and the equals sign are required; typographic quotes are none.",
    hint="Write the value in straight quotes, with a blank before the next attribute.",
    spec=xml10("3.1"),
)
DECLARATION_MISPLACED = rule(
    "XML-026",
    "The XML declaration is faulty or not at the very beginning",
    ERROR,
    why="`<?xml ...?>` must be the first thing in the file; not even a blank line may precede it.",
    hint="Delete what stands before it; in a joined file, delete the second declaration.",
    spec=xml10("2.8"),
)
NOT_WELL_FORMED = rule(
    "XML-029",
    "The file is not well-formed XML",
    ERROR,
    why="No XML reader has to accept it.",
    hint="The parser's own words are in the evidence; an XML editor shows the place.",
    spec=xml10("2.1"),
)

# 03x: limits that keep a hostile file from taking the machine.
TOO_LARGE = rule(
    "XML-030",
    "The file is too large to be judged",
    ERROR,
    why="A document is held in memory as a whole, which takes many times its size.",
    hint="Split a collection into several files.",
)
TOO_DEEP = rule(
    "XML-031",
    "Elements nested too deeply",
    ERROR,
    why="No description nests so deep; such files are made to bring readers down.",
    hint="Check how the file was made.",
)
TOO_LONG = rule(
    "XML-032",
    "A text or name beyond ten million characters",
    ERROR,
    why="No description holds such a text; it may be a whole file that was put into a field.",
    hint="Keep the content in a file of its own and describe it here.",
)
LIST_CUT_SHORT = rule(
    "XML-039",
    "There are more faults than are listed",
    INFO,
    why="After many faults of one file the rest are not listed, to bound time and memory.",
    hint="Mend what is listed and validate again.",
)

# 10x: which format, which version.
FORMAT_UNKNOWN = rule(
    "XML-101",
    "The root element belongs to no format that is known",
    ERROR,
    why="Without its format a record cannot be judged.",
    hint="Check that this is the file that was meant, and that it is metadata.",
)
NAMESPACE_WRONG = rule(
    "XML-102",
    "The right root element in a wrong namespace, or in none",
    ERROR,
    why="The namespace is part of an element's name: harvesters will not recognise the record.",
    hint="Declare the format's namespace on the root element, for example"
    ' `xmlns="http://www.loc.gov/mods/v3"`.',
    spec=_namespaces("6"),
)
VERSION_UNKNOWN = rule(
    "XML-103",
    "The record names a version that does not exist or is not known",
    WARNING,
    why="It is judged by another version than it claims.",
    hint="Correct the version in `xsi:schemaLocation` or `version`.",
)
VERSION_CONTRADICTED = rule(
    "XML-104",
    "The record claims two versions",
    ERROR,
    why="`xsi:schemaLocation` decides which schema holds, and that schema does not allow the"
    " number in `version`.",
    hint="Let both name the same version.",
    spec=_structures("3.2.4"),
)

# 11x: elements.
ELEMENT_UNKNOWN = rule(
    "XML-110",
    "An element that the format does not have",
    ERROR,
    why="Readers ignore or refuse what they do not know; mostly it is a misspelling.",
    hint="Check the spelling, upper and lower case included; `muniment` names the nearest.",
    spec=_structures("3.4.4"),
)
ELEMENT_MISPLACED = rule(
    "XML-111",
    "An element where it cannot stand",
    ERROR,
    why="The element exists, but not inside this one.",
    hint="Move it into the element that the message names.",
    spec=_structures("3.4.4"),
)
ELEMENT_OUT_OF_ORDER = rule(
    "XML-112",
    "Elements in the wrong order",
    ERROR,
    why="Here the format prescribes an order.",
    hint="Put the elements into the order that the message names.",
    spec=_structures("3.8.4"),
)
ELEMENT_TOO_OFTEN = rule(
    "XML-113",
    "An element more often than allowed",
    ERROR,
    why="It may stand here once only.",
    hint="Keep one, or join their contents.",
    spec=_structures("3.9.4"),
)
ELEMENT_MISSING = rule(
    "XML-114",
    "A required element is missing",
    ERROR,
    why="The element that should hold it means nothing without it.",
    hint="Add what the message names, or delete the empty element around it.",
    spec=_structures("3.9.4"),
)
ELEMENT_OF_OTHER_VERSION = rule(
    "XML-115",
    "An element of another version of the format",
    ERROR,
    why="The version that the record claims does not have this element.",
    hint="Raise the version in `xsi:schemaLocation` and `version`, or say it otherwise.",
    spec=_structures("3.4.4"),
)
ELEMENT_NAMESPACE_WRONG = rule(
    "XML-116",
    "The right element in a wrong namespace, or in none",
    ERROR,
    why="The namespace is part of an element's name; readers take this for another element.",
    hint="Give it the prefix of the format's namespace, or take an `xmlns` away that does not fit.",
    spec=_namespaces("6"),
)
TEXT_NOT_ALLOWED = rule(
    "XML-117",
    "Text directly in an element that holds only elements",
    ERROR,
    why="Readers that look for the inner element will not find the text.",
    hint="Put the text into the inner element that the message names.",
    spec=_structures("3.4.4"),
)
ELEMENT_IN_TEXT = rule(
    "XML-118",
    "An element inside one that holds only text",
    ERROR,
    why="The format allows no markup here; HTML pasted into a field is the usual cause.",
    hint="Take the tags out and keep their text.",
    spec=_structures("3.4.4"),
)

# 12x: attributes.
ATTRIBUTE_UNKNOWN = rule(
    "XML-120",
    "An attribute that the element does not have",
    ERROR,
    why="Readers ignore or refuse what they do not know.",
    hint="Check the spelling and the namespace, or move the attribute where it belongs.",
    spec=_structures("3.4.4"),
)
ATTRIBUTE_OF_OTHER_VERSION = rule(
    "XML-121",
    "An attribute of another version of the format",
    ERROR,
    why="The version that the record claims does not have this attribute here.",
    hint="Raise the version in `xsi:schemaLocation` and `version`, or leave the attribute out.",
    spec=_structures("3.4.4"),
)

ATTRIBUTE_MISSING = rule(
    "XML-122",
    "A required attribute is missing",
    ERROR,
    why="The element means nothing without it.",
    hint="Add the attribute that the message names.",
    spec=_structures("3.4.4"),
)

# 13x: values.
VALUE_NOT_LISTED = rule(
    "XML-130",
    "A value that is not in the list",
    ERROR,
    why="Only the listed values have a meaning here; an empty value is a value too.",
    hint="Use a listed value, or leave the attribute out.",
    spec=_datatypes("4.3.5"),
)
VALUE_OF_WRONG_TYPE = rule(
    "XML-131",
    "A value of the wrong type",
    ERROR,
    why="Readers that calculate, sort or link with the value will fail.",
    hint="Write it in the form that the message names.",
    spec=_datatypes("4.1.4"),
)
ID_MALFORMED = rule(
    "XML-132",
    "An ID that is not a name",
    ERROR,
    why="An ID begins with a letter or `_` and holds letters, digits, `.`, `-` and `_` only.",
    hint="Put a letter first (`id-123`) and replace other characters.",
    spec=_datatypes("3.3.8"),
)
ID_TWICE = rule(
    "XML-133",
    "An ID given twice",
    ERROR,
    why="A reference to it could mean either element.",
    hint="Give every element of the file an ID of its own.",
    spec=_structures("3.15.4"),
)
VALUE_NOT_FIXED_ONE = rule(
    "XML-134",
    "A value other than the only one allowed",
    ERROR,
    why="The attribute can have one value only.",
    hint="Write that value, or leave the attribute out.",
    spec=_structures("3.2.4"),
)

# 14x: attributes of XML Schema itself.
NIL_NOT_ALLOWED = rule(
    "XML-140",
    "`xsi:nil` where no element may be nil",
    ERROR,
    why="The format has no empty-on-purpose elements; exports of databases like to write them.",
    hint="Leave the empty element out, or give it content and delete `xsi:nil`.",
    spec=_structures("3.3.4"),
)
TYPE_UNKNOWN = rule(
    "XML-141",
    "`xsi:type` names a type that the format does not have",
    ERROR,
    why="By which type the content should be judged cannot be told.",
    hint="Check the spelling and that the prefix is declared, or delete `xsi:type`.",
    spec=_structures("3.3.4"),
)
TYPE_NOT_ALLOWED = rule(
    "XML-142",
    "`xsi:type` names a type that does not fit the element",
    ERROR,
    why="A type can only be replaced by one that was derived from it.",
    hint="Name a type that fits, or delete `xsi:type`.",
    spec=_structures("3.3.4"),
)
ELEMENT_ABSTRACT = rule(
    "XML-143",
    "An element that only stands for others",
    ERROR,
    why="The schema has it as a common name for a group; records use the members of the group.",
    hint="Use one of the elements that it stands for.",
    spec=_structures("3.3.4"),
)
TYPE_REQUIRED = rule(
    "XML-144",
    "An element that must name its kind in `xsi:type`",
    ERROR,
    why="The element is of one of several kinds, each with a content of its own.",
    hint='Name the kind, for example `xsi:type="premis:file"` on a PREMIS object.',
    spec=_structures("3.4.6"),
)
# 15x: what records stand in.
ENVELOPE_UNKNOWN = rule(
    "XML-150",
    "Records stand in an envelope that is not known",
    WARNING,
    why="The records were judged each; what the elements around them mean is not known.",
    hint="Nothing needs doing where the envelope is your own. An OAI-PMH response and a METS"
    " document declare their namespace on the root element.",
)
ENVELOPE_INCOMPLETE = rule(
    "XML-151",
    "A part of the envelope is missing",
    ERROR,
    why="The protocol or format requires it: by it records are told apart, found and read.",
    hint="Harvest or export the document again, or add the part.",
    spec=_OAI_PMH,
)
ENVELOPE_STRANGER = rule(
    "XML-152",
    "Something stands in the envelope that does not belong there",
    ERROR,
    why="Harvesters refuse it or pass it over, and with it what it holds.",
    hint="Take it out, correct its name, or move it to where it belongs.",
    spec=_OAI_PMH,
)
ENVELOPE_VALUE = rule(
    "XML-153",
    "A value of the envelope is not of its form",
    WARNING,
    why="Harvesters select and update records by such values, and will miss some.",
    hint="Write it in the form that the message names.",
    spec=_OAI_PMH,
)
ENVELOPE_EMPTY = rule(
    "XML-154",
    "A section for a description holds none",
    WARNING,
    why="The document promises a description; nothing is there to be read.",
    hint="Put the record into it, or delete the section.",
    spec=SpecRef(
        document="METS", section="mdWrap and mdRef", url="https://www.loc.gov/standards/mets/"
    ),
)
LIST_GOES_ON = rule(
    "XML-155",
    "The harvest goes on after this file",
    INFO,
    why="A list of many records comes in several responses; this is not the last of them.",
    hint="See that the other responses were harvested and kept too.",
    spec=SpecRef(
        document="OAI-PMH 2.0",
        section="3.5",
        url="https://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl",
    ),
)
SCHEMA_OTHERWISE = rule(
    "XML-199",
    "The file does not hold to its schema",
    ERROR,
    why="The schema refuses it for a reason that has no rule of its own here.",
    hint="The validator's own words are in the evidence.",
    spec=_structures("3.3.4"),
)
