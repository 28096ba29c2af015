"""The record: what a description says, whatever form it came in.

Named by DCMI Metadata Terms, in the shape of MODS 3.8, which carries all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A text or a controlled term: its language, its vocabulary, its address, a note on it."""

    value: str
    lang: str | None = None
    authority: str | None = None
    uri: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title and its parts. `kind` is None for a main title; `supplied` by the cataloguer."""

    value: str
    kind: str | None = None
    non_sort: str | None = None
    subtitle: str | None = None
    part_number: str | None = None
    part_name: str | None = None
    lang: str | None = None
    supplied: bool = False
    authority: str | None = None
    uri: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeName:
    """Another name of the same agent; `kind` says which: a pseudonym, an earlier name."""

    value: str
    kind: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person, family, body or meeting. `roles` are MARC relator codes.

    `creator` says under which property it stands: creator, else contributor.
    """

    value: str
    creator: bool
    kind: str | None = None
    dates: str | None = None
    roles: tuple[str, ...] = ()
    alternatives: tuple[AlternativeName, ...] = ()
    affiliations: tuple[str, ...] = ()
    description: str | None = None
    lang: str | None = None
    authority: str | None = None
    uri: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of making or publication."""

    value: str
    lang: str | None = None
    supplied: bool = False
    authority: str | None = None
    uri: str | None = None
    note: str | None = None


class DateKind(StrEnum):
    """What a date is the date of, by DCMI Metadata Terms."""

    CREATED = "created"
    ISSUED = "issued"
    DATE = "date"
    AVAILABLE = "available"
    ACCEPTED = "dateAccepted"
    COPYRIGHTED = "dateCopyrighted"
    SUBMITTED = "dateSubmitted"
    MODIFIED = "modified"
    VALID = "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date: EDTF where `encoding` says so, else as it stood in the source.

    `display` is the form for a reader; `key` marks the date to sort and find by.
    """

    kind: DateKind
    value: str
    encoding: str | None = "edtf"
    display: str | None = None
    key: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the content by its code; `part` names the part that is in it."""

    value: str
    authority: str | None = None
    script: str | None = None
    part: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note, and what it is about."""

    value: str
    kind: str | None = None
    label: str | None = None
    lang: str | None = None


class SubjectKind(StrEnum):
    """What kind of subject a part of a heading is."""

    TOPIC = "topic"
    GEOGRAPHIC = "geographic"
    TEMPORAL = "temporal"
    PERSONAL_NAME = "personalName"
    FAMILY_NAME = "familyName"
    CORPORATE_NAME = "corporateName"
    CONFERENCE_NAME = "conferenceName"
    NAME = "name"
    TITLE = "title"
    GENRE = "genre"
    OCCUPATION = "occupation"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPart:
    """One part of a subject heading."""

    value: str
    kind: SubjectKind = SubjectKind.TOPIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject heading: its parts in order, and the vocabulary that the whole is taken from."""

    parts: tuple[SubjectPart, ...]
    lang: str | None = None
    authority: str | None = None
    uri: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier and its type; `invalid` where it is cancelled or wrong."""

    value: str
    kind: str | None = None
    label: str | None = None
    invalid: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the thing is kept: repository, shelf mark, address."""

    repository: str | None = None
    shelf_mark: str | None = None
    url: str | None = None
    lang: str | None = None
    authority: str | None = None
    uri: str | None = None
    note: str | None = None


class RightsKind(StrEnum):
    """Which rights a statement speaks of, by DCMI Metadata Terms."""

    RIGHTS = "rights"
    LICENSE = "license"
    ACCESS = "accessRights"
    HOLDER = "rightsHolder"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsStatement:
    """A statement of rights: its words, its address, or both."""

    kind: RightsKind = RightsKind.RIGHTS
    value: str | None = None
    uri: str | None = None
    lang: str | None = None
    note: str | None = None


class RelationKind(StrEnum):
    """How another thing is related, by DCMI Metadata Terms. SERIES is MODS's own."""

    SOURCE = "source"
    RELATION = "relation"
    IS_PART_OF = "isPartOf"
    HAS_PART = "hasPart"
    IS_VERSION_OF = "isVersionOf"
    HAS_VERSION = "hasVersion"
    IS_FORMAT_OF = "isFormatOf"
    HAS_FORMAT = "hasFormat"
    REPLACES = "replaces"
    IS_REPLACED_BY = "isReplacedBy"
    REFERENCES = "references"
    IS_REFERENCED_BY = "isReferencedBy"
    REQUIRES = "requires"
    IS_REQUIRED_BY = "isRequiredBy"
    CONFORMS_TO = "conformsTo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A related thing: how it is related, and as much of its own record as is known."""

    kind: RelationKind
    item: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInfo:
    """About the record itself. Dates are EDTF, the language is that of the cataloguing."""

    content_source: Term | None = None
    created: str | None = None
    changed: str | None = None
    identifier: str | None = None
    language: str | None = None
    standard: Term | None = None
    origin: str | None = None
    notes: tuple[Note, ...] = ()


class DigitalOrigin(Enum):
    """How a digital thing came about, in MODS's words."""

    BORN_DIGITAL = "born digital"
    REFORMATTED = "reformatted digital"
    MICROFILM = "digitized microfilm"
    OTHER_ANALOG = "digitized other analog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that a description says of one thing, in the order in which it says it.

    `types` are terms of the DCMI Type Vocabulary.
    """

    titles: tuple[Title, ...] = ()
    names: tuple[Name, ...] = ()
    types: tuple[str, ...] = ()
    genres: tuple[Term, ...] = ()
    publishers: tuple[Term, ...] = ()
    places: tuple[Place, ...] = ()
    editions: tuple[Term, ...] = ()
    dates: tuple[Date, ...] = ()
    languages: tuple[Language, ...] = ()
    formats: tuple[Term, ...] = ()
    media: tuple[Term, ...] = ()
    extents: tuple[Term, ...] = ()
    digital_origin: DigitalOrigin | None = None
    abstracts: tuple[Term, ...] = ()
    contents: tuple[Term, ...] = ()
    audiences: tuple[Term, ...] = ()
    education_levels: tuple[Term, ...] = ()
    notes: tuple[Note, ...] = ()
    subjects: tuple[Subject, ...] = ()
    classifications: tuple[Term, ...] = ()
    relations: tuple[Relation, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    locations: tuple[Location, ...] = ()
    rights: tuple[RightsStatement, ...] = ()
    info: RecordInfo | None = None
