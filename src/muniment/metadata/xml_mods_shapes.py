"""What each element of MODS says: its kind of statement, its property, what may stand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from muniment.metadata.statements import (
    DateField,
    Field,
    IdentifierField,
    LanguageField,
    LanguageTagField,
    MediaTypeField,
    PlaceCodeField,
    RelatorField,
    ResourceTypeField,
    ScriptField,
    TextField,
    TitleField,
    UriField,
)
from muniment.metadata.xml_formats import MODS, XLINK, XML

Attributes = Mapping[str, str]
AttributeSays = tuple[Field, str, str]
"""A field, its value, and the attribute that it stands in."""

_HREF, _XML_LANG = f"{{{XLINK}}}href", f"{{{XML}}}lang"
_URIS = ("valueURI", "authorityURI", "typeURI", "otherTypeURI", "eventTypeURI", _HREF)
_MARKS = {
    "ID": "id",
    "IDREF": "idref",
    "altRepGroup": "alternatives",
    "nameTitleGroup": "name-title",
}


# Compared by identity: an element's shape is part of the key by which its reading is kept.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """How an element is read. `inner` is for those that hold elements, `say` for those with text.

    `inner_if_typed` holds for elements with a `type` attribute. `opens_item` is for relatedItem:
    what stands in it speaks of another thing.
    """

    name: str
    property: str = ""
    say: Callable[[Shape, Attributes], Field] | None = None
    inner: Mapping[str, Shape] | None = None
    inner_if_typed: Mapping[str, Shape] | None = None
    opens_item: bool = False
    may_be_empty: bool = False
    related: Mapping[str, str] = field(default_factory=dict)

    def field_of(self, attributes: Attributes) -> Field | None:
        """The field that an element's text fills."""
        return None if self.say is None else self.say(self, attributes)

    def attribute_says(self, attributes: Attributes) -> Iterator[AttributeSays]:
        """What the attributes say by themselves: addresses, languages, scripts."""
        of = self.property or self.name
        for name in _URIS:
            # A reference within the document, or to a file beside it, is no address by itself.
            if name in attributes and (name != _HREF or ":" in attributes[name]):
                plain = "xlink:href" if name == _HREF else name
                yield _address_field(of, plain), attributes[name], name
        for name, plain in ((_XML_LANG, "xml:lang"), ("lang", "lang")):
            if name in attributes:
                yield _tag_field(of, plain), attributes[name], name
        if "script" in attributes:
            yield _script_field(of), attributes["script"], "script"

    def marks(self, attributes: Attributes) -> Iterator[tuple[str, str, str]]:
        """The ties of an element: kind, value, and the attribute that says so."""
        for name, kind in _MARKS.items():
            if name in attributes:
                yield kind, attributes[name], name
        if attributes.get("usage", "").startswith("primary"):
            yield "primary", attributes.get("altRepGroup", ""), "usage"

    def inner_of(self, attributes: Attributes) -> Mapping[str, Shape] | None:
        """What may stand in an element with these attributes."""
        return self.inner_if_typed if self.inner_if_typed and "type" in attributes else self.inner

    def empty_field(self) -> Field:
        """The field that an element without any content leaves empty."""
        return TextField(property=self.property or self.name, name=self.name)


# Fields that many readings share: what was judged once in a field is not judged again.
@cache
def _address_field(of: str, name: str) -> UriField:
    return UriField(property=of, name=name)


@cache
def _tag_field(of: str, name: str) -> LanguageTagField:
    return LanguageTagField(property=of, name=name, is_bcp47=name == "xml:lang")


@cache
def _script_field(of: str) -> ScriptField:
    return ScriptField(property=of, name="script", form="code")


def _uri(attributes: Attributes) -> str | None:
    return attributes.get("valueURI") or attributes.get(_HREF)


def _lang(attributes: Attributes) -> str | None:
    return attributes.get(_XML_LANG) or attributes.get("lang")


def _text(shape: Shape, attributes: Attributes) -> Field:
    return TextField(
        property=shape.property,
        name=shape.name,
        type=attributes.get("type"),
        authority=attributes.get("authority"),
        uri=_uri(attributes),
        lang=_lang(attributes),
        keeps_blanks=shape.name == "nonSort",
    )


def _title(shape: Shape, attributes: Attributes) -> Field:
    lang = _lang(attributes)
    return TitleField(property=shape.property, name=shape.name, lang=lang)


def _date(shape: Shape, attributes: Attributes) -> Field:
    return DateField(
        property=shape.property,
        name=shape.name,
        type=attributes.get("type"),
        encoding=attributes.get("encoding"),
        qualifier=attributes.get("qualifier"),
        point=attributes.get("point"),
        is_key=attributes.get("keyDate") == "yes",
    )


def _language(shape: Shape, attributes: Attributes) -> Field:
    return LanguageField(
        property=shape.property,
        name=shape.name,
        authority=attributes.get("authority"),
        uri=_uri(attributes),
        form=attributes.get("type"),
    )


def _script(shape: Shape, attributes: Attributes) -> Field:
    authority, form = attributes.get("authority"), attributes.get("type")
    return ScriptField(property=shape.property, name=shape.name, authority=authority, form=form)


def _relator(shape: Shape, attributes: Attributes) -> Field:
    return RelatorField(
        property=shape.property,
        name=shape.name,
        authority=attributes.get("authority"),
        uri=_uri(attributes),
        form=attributes.get("type"),
    )


def _place(shape: Shape, attributes: Attributes) -> Field:
    if attributes.get("type") != "code":
        return _text(shape, attributes)
    return _place_code(shape, attributes)


def _place_code(shape: Shape, attributes: Attributes) -> Field:
    authority = attributes.get("authority")
    return PlaceCodeField(property=shape.property, name=shape.name, authority=authority)


def _identifier(shape: Shape, attributes: Attributes) -> Field:
    return IdentifierField(
        property=shape.property,
        name=shape.name,
        type=attributes.get("type"),
        is_invalid=attributes.get("invalid") == "yes",
    )


def _address(shape: Shape, attributes: Attributes) -> Field:
    kind = attributes.get("access")
    return UriField(property=shape.property, name=shape.name, type=kind)


def _media_type(shape: Shape, attributes: Attributes) -> Field:
    lang = _lang(attributes)
    return MediaTypeField(property=shape.property, name=shape.name, lang=lang)


def _resource_type(shape: Shape, attributes: Attributes) -> Field:
    authority = attributes.get("authority")
    return ResourceTypeField(
        property=shape.property,
        name=shape.name,
        authority="mods" if authority is None else _DCMI_TYPE.get(authority),
        uri=_uri(attributes),
    )


_DCMI_TYPE = {"dct": "dcmitype", "dcmitype": "dcmitype"}


def _genre(shape: Shape, attributes: Attributes) -> Field:
    if attributes.get("authority") in _DCMI_TYPE:
        return _resource_type(shape, attributes)
    return _text(shape, attributes)


_Say = Callable[[Shape, Attributes], Field]


def _leaves(say: _Say, **properties: str) -> dict[str, Shape]:
    """Elements with text, each with its property."""
    shapes = (Shape(name=name, property=of, say=say) for name, of in properties.items())
    return _table(*shapes)


def _table(*shapes: Shape) -> dict[str, Shape]:
    return {f"{{{MODS}}}{shape.name}": shape for shape in shapes}


def _titles(of: str) -> dict[str, Shape]:
    parts = {name: f"{of}.{name}" for name in ("subTitle", "partNumber", "partName", "nonSort")}
    return _leaves(_title, title=of) | _leaves(_text, **parts)


_ROLE = Shape(name="role", property="role", inner=_leaves(_relator, roleTerm="role"))
_NAME_PARTS = (
    _table(_ROLE)
    | _leaves(
        _text,
        namePart="name",
        displayForm="name.displayForm",
        affiliation="name.affiliation",
        description="name.description",
    )
    | _leaves(_identifier, nameIdentifier="name.identifier")
)
_NAMES = _NAME_PARTS | _table(
    Shape(name="alternativeName", property="name.alternative", inner=_NAME_PARTS),
    Shape(name="etal", property="name", say=_text, may_be_empty=True),
)
_CARTOGRAPHICS = Shape(
    name="cartographics",
    property="coverage",
    inner=_leaves(_text, scale="coverage", projection="coverage", coordinates="coverage"),
)
_LANGUAGES = _leaves(_language, languageTerm="language") | _leaves(
    _script, scriptTerm="language.script"
)
_CATALOGUING = _leaves(_language, languageTerm="recordInfo.language") | _leaves(
    _script, scriptTerm="recordInfo.script"
)
_PLACE = (
    _leaves(_place, placeTerm="place")
    | _leaves(_address, placeIdentifier="place")
    | _table(_CARTOGRAPHICS)
)
_ORIGIN = (
    _leaves(
        _date,
        dateIssued="issued",
        dateCreated="created",
        dateCaptured="date",
        dateValid="valid",
        dateModified="modified",
        copyrightDate="dateCopyrighted",
        dateOther="date",
    )
    | _leaves(
        _text,
        publisher="publisher",
        edition="edition",
        issuance="issuance",
        frequency="frequency",
        displayDate="displayDate",
    )
    | _table(
        Shape(name="place", property="place", inner=_PLACE),
        Shape(name="agent", property="name", inner=_NAMES),
    )
)
_PHYSICAL = _leaves(
    _text,
    form="medium",
    reformattingQuality="reformattingQuality",
    extent="extent",
    digitalOrigin="digitalOrigin",
    note="note",
) | _leaves(_media_type, internetMediaType="format")
_PLACES_IN_ORDER = _leaves(
    _text,
    **dict.fromkeys(
        [
            "extraTerrestrialArea",
            "continent",
            "country",
            "province",
            "region",
            "state",
            "territory",
            "county",
            "city",
            "citySection",
            "island",
            "area",
        ],
        "spatial",
    ),
)
_SUBJECT = (
    _leaves(_text, topic="subject", geographic="spatial", occupation="subject", genre="subject")
    | _leaves(_date, temporal="temporal")
    | _leaves(_place_code, geographicCode="spatial")
    | _table(
        Shape(name="titleInfo", property="subject", inner=_titles("subject.title")),
        Shape(name="name", property="subject.name", inner=_NAME_PARTS),
        Shape(name="hierarchicalGeographic", property="spatial", inner=_PLACES_IN_ORDER),
        _CARTOGRAPHICS,
    )
)
_COPY = _leaves(
    _text,
    form="medium",
    subLocation="location",
    shelfLocator="location.shelfMark",
    electronicLocator="location.url",
    note="note",
    enumerationAndChronology="location.copy",
) | _leaves(_identifier, itemIdentifier="location.identifier")
_HOLDING = _table(Shape(name="copyInformation", property="location.copy", inner=_COPY))
_LOCATION = (
    _leaves(_text, physicalLocation="location", shelfLocator="location.shelfMark")
    | _leaves(_address, url="location.url")
    | _table(Shape(name="holdingSimple", property="location.copy", inner=_HOLDING))
)
_PART = (
    _leaves(_text, text="part")
    | _leaves(_date, date="part.date")
    | _table(
        Shape(
            name="detail",
            property="part",
            inner=_leaves(_text, number="part", caption="part", title="part"),
        ),
        Shape(
            name="extent",
            property="part",
            inner=_leaves(_text, start="part", end="part", total="part", list="part"),
        ),
    )
)
_INFO = (
    _leaves(
        _text,
        recordContentSource="recordInfo.contentSource",
        recordIdentifier="recordInfo.identifier",
        recordOrigin="recordInfo.origin",
        descriptionStandard="recordInfo.standard",
        recordInfoNote="recordInfo.note",
    )
    | _leaves(_date, recordCreationDate="recordInfo.created", recordChangeDate="recordInfo.changed")
    | _table(Shape(name="languageOfCataloging", property="recordInfo.language", inner=_CATALOGUING))
)
_RELATIONS = {
    "host": "isPartOf",
    "series": "isPartOf",
    "constituent": "hasPart",
    "original": "source",
    "otherVersion": "hasVersion",
    "otherFormat": "hasFormat",
    "preceding": "replaces",
    "succeeding": "isReplacedBy",
    "references": "references",
    "isReferencedBy": "isReferencedBy",
    "reviewOf": "references",
}

ITEM: dict[str, Shape] = (
    _leaves(
        _text,
        abstract="abstract",
        tableOfContents="tableOfContents",
        targetAudience="audience",
        note="note",
        classification="classification",
    )
    | _leaves(_identifier, identifier="identifier")
    | _leaves(_resource_type, typeOfResource="type")
    | _leaves(_genre, genre="genre")
    | _table(
        Shape(
            name="titleInfo",
            property="title",
            inner=_titles("title"),
            inner_if_typed=_titles("alternative"),
        ),
        Shape(name="name", property="name", inner=_NAMES),
        Shape(name="originInfo", property="originInfo", inner=_ORIGIN),
        Shape(name="language", property="language", inner=_LANGUAGES),
        Shape(name="physicalDescription", property="physicalDescription", inner=_PHYSICAL),
        Shape(name="subject", property="subject", inner=_SUBJECT),
        Shape(name="location", property="location", inner=_LOCATION),
        Shape(name="part", property="part", inner=_PART, may_be_empty=True),
        Shape(name="recordInfo", property="recordInfo", inner=_INFO),
        Shape(name="accessCondition", property="rights", say=_text),
        # What an extension holds is not MODS, and not judged here.
        Shape(name="extension", property="extension"),
    )
)
"""What may stand in `mods` and in `relatedItem`."""

ITEM |= _table(
    Shape(name="relatedItem", property="relation", inner=ITEM, opens_item=True, related=_RELATIONS)
)
RECORD = Shape(name="mods", inner=ITEM)
