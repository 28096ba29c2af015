"""Semantic rules (MET): what is wrong with a description that its schema accepts.

10x dates, 12x languages, 13x scripts and places, 14x roles, 15x types, 16x identifiers,
17x addresses, 18x texts, 19x the description as a whole. An error is a value that is certainly
wrong; where practice varies, it is a warning.
"""

from __future__ import annotations

from muniment.model.findings import SpecRef
from muniment.model.rules._table import ERROR, INFO, WARNING, rule

_MODS_GUIDELINES = "https://www.loc.gov/standards/mods/userguide/"


def _mods(section: str, page: str) -> SpecRef:
    url = f"{_MODS_GUIDELINES}{page}"
    return SpecRef(document="MODS User Guidelines", section=section, url=url)


def _iso(number: str, section: str, url: str) -> SpecRef:
    return SpecRef(document=f"ISO {number}", section=section, url=url)


_EDTF = SpecRef(document="EDTF", section="2019", url="https://www.loc.gov/standards/datetime/")
_W3CDTF = SpecRef(
    document="W3C Date and Time Formats",
    section="Formats",
    url="https://www.w3.org/TR/NOTE-datetime",
)
_DATES = _mods("Date attributes", "generalapp.html")
_ISO639 = _iso("639-2", "code list", "https://www.loc.gov/standards/iso639-2/")
_BCP47 = SpecRef(
    document="RFC 5646", section="2.2", url="https://www.rfc-editor.org/rfc/rfc5646#section-2.2"
)
_SCRIPTS = _iso("15924", "code list", "https://www.unicode.org/iso15924/")
_PLACES = _mods("placeTerm", "origininfo.html")
_RELATORS = SpecRef(
    document="MARC relators",
    section="code list",
    url="https://id.loc.gov/vocabulary/relators.html",
)
_DCMI_TYPE = SpecRef(
    document="DCMI Metadata Terms",
    section="DCMI Type Vocabulary",
    url="https://www.dublincore.org/specifications/dublin-core/dcmi-terms/#section-7",
)
_MEDIA_TYPES = SpecRef(
    document="RFC 6838", section="4.2", url="https://www.rfc-editor.org/rfc/rfc6838#section-4.2"
)
_IDENTIFIERS = _mods("identifier", "identifier.html")
_URI = SpecRef(
    document="RFC 3986", section="4.3", url="https://www.rfc-editor.org/rfc/rfc3986#section-4.3"
)
_RIGHTS = SpecRef(
    document="RightsStatements.org",
    section="Technical requirements",
    url="https://rightsstatements.org/en/documentation/",
)
_GENERAL = _mods("attributes", "generalapp.html")
_IDREF = SpecRef(document="XML 1.0", section="3.3.1", url="https://www.w3.org/TR/xml/#idref")

NOT_IN_CALENDAR = rule(
    "MET-101",
    "A date is in no calendar",
    ERROR,
    why="There is no such month or day, so nobody can know which one was meant.",
    hint="Look the date up in the source. Month and day may have changed places.",
    spec=_EDTF,
)
NOT_IN_ENCODING = rule(
    "MET-102",
    "A date is not in the encoding that is claimed for it",
    ERROR,
    why="A program that trusts the encoding reads it wrongly, or drops it.",
    hint="Write the date as its encoding wants it; or take `encoding` out, and the wording stays "
    "as people read it.",
    spec=_EDTF,
)
DEPARTS_FROM_ENCODING = rule(
    "MET-103",
    "A date departs from the letter of its encoding",
    WARNING,
    why="Many programs read it all the same, some do not.",
    hint="W3CDTF wants a zone with every time: `Z`, or hours and minutes as `+01:00`.",
    spec=_W3CDTF,
)
SPAN_REVERSED = rule(
    "MET-104",
    "A span of time ends before it begins",
    ERROR,
    why="It holds no day, so a search by date never finds it.",
    hint="Exchange the two dates, or correct the one that is wrong.",
    spec=_EDTF,
)
OLD_EDTF = rule(
    "MET-105",
    "A date is written as EDTF was before 2018",
    WARNING,
    why="`u`, `open` and `unknown` were replaced when EDTF became part of ISO 8601.",
    hint="Write X for an unknown digit, `..` for an open end, nothing for an unknown one.",
    spec=_EDTF,
)
END_WITHOUT_START = rule(
    "MET-106",
    "A date is the end of a span that has no start",
    WARNING,
    why="It cannot be told whether the start is missing or the end is the date itself.",
    hint='Add the date with `point="start"`, or take `point` out.',
    spec=_DATES,
)
PLAIN_DATE_IMPOSSIBLE = rule(
    "MET-107",
    "A date without an encoding names a day that does not exist",
    WARNING,
    why="It is written as a calendar date, but no calendar has it.",
    hint="Look the date up in the source. Month and day may have changed places.",
    spec=_EDTF,
)
SEVERAL_KEY_DATES = rule(
    "MET-108",
    "Several dates are the key date",
    WARNING,
    why="The key date is the one to sort by; of several, each program takes another.",
    hint="Keep the mark on one date, or on the start and the end of one span.",
    spec=_DATES,
)
LANGUAGE_NOT_IN_LIST = rule(
    "MET-121",
    "A language code is not in the list it claims to be from",
    ERROR,
    why="Nobody who searches for the language finds it.",
    hint="Write the code of that list, or name the list that the code is from.",
    spec=_ISO639,
)
LANGUAGE_CODE_KIN = rule(
    "MET-122",
    "A language code is that of another list, or an older one",
    WARNING,
    why="The language is plain, but a program that knows one list only does not find it.",
    hint="Write the code of the list that is named: ger for iso639-2b, deu for iso639-3.",
    spec=_ISO639,
)
LANGUAGE_TAG_UNKNOWN = rule(
    "MET-123",
    "The language of a text is given by a tag that does not exist",
    WARNING,
    why="Readers, speech and search take the text for another language, or for none.",
    hint="Write a tag by BCP 47 (de, zh-Hant), or a code of ISO 639.",
    spec=_BCP47,
)
LANGUAGE_TAG_NOT_SHORTEST = rule(
    "MET-124",
    "A language tag is not in its canonical form",
    INFO,
    why="BCP 47 takes the shortest code that a language has: de, not deu or ger.",
    hint="Write the shorter tag.",
    spec=_BCP47,
)
LANGUAGE_NAMED = rule(
    "MET-125",
    "A language is named, not coded",
    INFO,
    why="Names of languages differ from language to language; codes do not.",
    hint="Write the code, or the code beside the name.",
    spec=_ISO639,
)
LANGUAGE_CONTRADICTED = rule(
    "MET-126",
    "The code of a language and its name do not agree",
    WARNING,
    why="One of the two is wrong, and programs read the code.",
    hint="Correct the one that is wrong.",
    spec=_ISO639,
)
LANGUAGE_UNKNOWN = rule(
    "MET-127",
    "A language code is in no list",
    WARNING,
    why="Nobody who searches for the language finds it.",
    hint="Write a code of ISO 639 (eng, deu) or a tag by BCP 47 (zh-Hant).",
    spec=_ISO639,
)
SCRIPT_UNKNOWN = rule(
    "MET-131",
    "A script code is not in ISO 15924",
    ERROR,
    why="Nobody who searches for the script finds it.",
    hint="Write the four letters of the list: Latn, Cyrl, Grek, Hebr, Arab, Hans.",
    spec=_SCRIPTS,
)
SCRIPT_DOUBTFUL = rule(
    "MET-132",
    "A script is not given as ISO 15924 writes it",
    WARNING,
    why="The codes have four letters, the first of them a capital.",
    hint="Write the code as the list has it: Latn, Cyrl.",
    spec=_SCRIPTS,
)
PLACE_CODE_UNKNOWN = rule(
    "MET-135",
    "A code of a country is not in the list it claims to be from",
    ERROR,
    why="It names no place.",
    hint="Write the code of that list: gw in MARC's, DE in ISO 3166 are both Germany.",
    spec=_PLACES,
)
PLACE_CODE_DOUBTFUL = rule(
    "MET-136",
    "A code of a place is out of use, or not written as its list has it",
    WARNING,
    why="Some programs know the codes of today only, in their own case.",
    hint="Write the code of today; keep the old country's name in a `placeTerm` of type text.",
    spec=_PLACES,
)
RELATOR_CODE_UNKNOWN = rule(
    "MET-141",
    "A role code is not a MARC relator",
    ERROR,
    why="The part that the person had cannot be read.",
    hint="Write the code of three letters: aut author, rcp addressee, pht photographer.",
    spec=_RELATORS,
)
RELATOR_TERM_UNKNOWN = rule(
    "MET-142",
    "A role is not among the MARC relators",
    WARNING,
    why="It claims to be from that list, so a program looks it up there in vain.",
    hint="Write the term of the list, or take the authority out.",
    spec=_RELATORS,
)
RELATOR_CONTRADICTED = rule(
    "MET-143",
    "The code of a role and its name do not agree",
    WARNING,
    why="One of the two is wrong: the person is shown as one thing and found as another.",
    hint="Correct the one that is wrong.",
    spec=_RELATORS,
)
RELATOR_RETIRED = rule(
    "MET-144",
    "A role code was withdrawn from the MARC relators",
    WARNING,
    why="Programs know the codes of today.",
    hint="Write the code that took its place.",
    spec=_RELATORS,
)
NOT_DCMI_TYPE = rule(
    "MET-151",
    "A type is not in the DCMI Type Vocabulary",
    WARNING,
    why="It claims to be one of the twelve terms.",
    hint="Choose one of: Collection, Dataset, Event, Image, InteractiveResource, MovingImage, "
    "PhysicalObject, Service, Software, Sound, StillImage, Text.",
    spec=_DCMI_TYPE,
)
DCMI_TYPE_RESPELT = rule(
    "MET-152",
    "A type is a DCMI Type in another spelling",
    INFO,
    why="Harvesters compare letter by letter: `text` and `Still image` are not found.",
    hint="Write the term as the vocabulary has it: Text, StillImage.",
    spec=_DCMI_TYPE,
)
RESOURCE_TYPE_RESPELT = rule(
    "MET-153",
    "A type of resource is not spelt as MODS spells it",
    WARNING,
    why="MODS's own terms are lower case; another spelling is another term.",
    hint="Write the term of MODS, or name the vocabulary by `authority`.",
    spec=_mods("typeOfResource", "typeofresource.html"),
)
NOT_MEDIA_TYPE = rule(
    "MET-155",
    "A media type has not the form of one",
    WARNING,
    why="Programs choose how to open a file by it.",
    hint="Write type and subtype: image/tiff, text/plain, application/pdf.",
    spec=_MEDIA_TYPES,
)
MEDIA_TYPE_MISNAMED = rule(
    "MET-156",
    "A media type does not exist under this name",
    WARNING,
    why="It is often written so, but registered under another name, which programs know.",
    hint="Write the registered name.",
    spec=_MEDIA_TYPES,
)
CHECK_DIGIT = rule(
    "MET-161",
    "The check digit of an identifier is wrong",
    ERROR,
    why="A digit was mistyped, or two changed places: it leads to another thing, or to none.",
    hint="Compare it with the thing in hand. Where the thing itself bears it so, keep it and mark "
    "it invalid.",
    spec=_IDENTIFIERS,
)
IDENTIFIER_FORM = rule(
    "MET-162",
    "An identifier has not the form that its type has",
    ERROR,
    why="It cannot be looked up.",
    hint="Correct it, or give it the type that it has.",
    spec=_IDENTIFIERS,
)
IDENTIFIER_OLD_FORM = rule(
    "MET-163",
    "An identifier is in an older form",
    WARNING,
    why="Programs know the form of today.",
    hint="Write it in the form of today.",
    spec=_IDENTIFIERS,
)
NOT_URI = rule(
    "MET-171",
    "An address is not a URI",
    WARNING,
    why="It leads nowhere: links made of it break.",
    hint="Write the whole address with its scheme, `https://...`; a blank in it is `%20`.",
    spec=_URI,
)
RIGHTS_URI_FORM = rule(
    "MET-172",
    "The address of a statement of rights is not in its right form",
    WARNING,
    why="Aggregators compare it letter by letter; the address of its page in a browser is another.",
    hint="Write http://rightsstatements.org/vocab/InC/1.0/, "
    "https://creativecommons.org/licenses/by/4.0/: the whole address, with the last slash.",
    spec=_RIGHTS,
)
RIGHTS_URI_UNKNOWN = rule(
    "MET-173",
    "There is no such statement of rights",
    ERROR,
    why="Nobody can tell what may be done with the thing.",
    hint="Choose one of the twelve statements of rightsstatements.org, or a licence that Creative "
    "Commons has published.",
    spec=_RIGHTS,
)
PAGE_ADDRESS = rule(
    "MET-174",
    "An address is that of a page about a term, not of the term",
    INFO,
    why="Programs that join descriptions by their terms compare the term's own address.",
    hint="Write the term's own address, as it stands on the page.",
    spec=_URI,
)
EMPTY = rule(
    "MET-181",
    "An element is empty",
    WARNING,
    why="It says nothing, and is shown as an empty line.",
    hint="Give the value, or take the element out.",
)
PLACEHOLDER = rule(
    "MET-182",
    "A value holds the place of one that is missing",
    WARNING,
    why="To a reader it looks like an answer, to a program like a value.",
    hint="Give the value, or take the element out.",
)
REPEATED = rule(
    "MET-183",
    "The same is said twice",
    WARNING,
    why="It is shown twice and counted twice.",
    hint="Take one of the two out.",
)
DOUBLE_ENCODED = rule(
    "MET-184",
    "A text was broken by a wrong encoding",
    WARNING,
    why="It was UTF-8, was read as another encoding, and saved: letters beyond ASCII are lost to "
    "readers and to search.",
    hint="Restore the text, and look at the step that brought it here: other records have the "
    "same fault.",
)
DOUBLE_ESCAPED = rule(
    "MET-185",
    "A character is escaped twice",
    WARNING,
    why="Readers see `&amp;` or `&#233;` in place of the character.",
    hint="Write the character itself; in XML alone `&` is written `&amp;`, once.",
)
CONTROL_CHARACTER = rule(
    "MET-186",
    "A text holds a control character",
    WARNING,
    why="It is not seen, but makes another word: search does not find it.",
    hint="Delete the character; it came in by copying or by conversion.",
)
BLANKS_AROUND_CODE = rule(
    "MET-187",
    "Blanks stand around a code, date or address",
    WARNING,
    why="To a program `eng ` is not `eng`.",
    hint="Take the blanks out.",
)
BLANKS_AROUND_TEXT = rule(
    "MET-188",
    "A text begins or ends with a blank",
    INFO,
    why="To a program `Text ` is another word than `Text`.",
    hint="Take the blanks out.",
)
NO_TITLE = rule(
    "MET-191",
    "The description has no title",
    WARNING,
    why="A title is what a list of results shows; without one the thing is a blank line.",
    hint="Give the title, or one of your own in square brackets or marked as supplied.",
    spec=_mods("titleInfo", "titleinfo.html"),
)
SEVERAL_PRIMARY = rule(
    "MET-192",
    "Several are marked as the primary one",
    WARNING,
    why="The mark is for the one that comes first; of several, each program takes another.",
    hint='Keep `usage="primary"` on one of them.',
    spec=_GENERAL,
)
REFERENCE_DANGLES = rule(
    "MET-193",
    "A reference leads to no element",
    ERROR,
    why="What it was to be tied to is not in the record.",
    hint="Write the ID of the element that is meant, or take the reference out.",
    spec=_IDREF,
)
GROUP_OF_ONE = rule(
    "MET-194",
    "A group has one member only",
    WARNING,
    why="The number says that another element belongs to this one; there is none.",
    hint="Give the other element the same number, or take this one's out.",
    spec=_GENERAL,
)
