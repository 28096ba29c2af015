"""What a description says, statement by statement, whatever form it came in.

MODS, Dublin Core and authored records are read into the same kinds of statements; the semantic
rules and an institution's requirements judge statements and know nothing of XML, YAML or JSON.
Properties carry the names of DCMI Metadata Terms, or of MODS where those have none.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from muniment.model.findings import Location

Place = Hashable
"""Where a statement stands, in the terms of its reader; `Description.locate` makes it plain."""


# Compared by identity: readers make one object of fields with the same traits, so that a value
# that was judged once in a field need not be judged again. Thousands of records say `eng`.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """What a value is said to be: of which property, of what kind, by which authority.

    `name` is what the source calls it: an element or attribute of XML, a property of a record.
    `lang` is the language that the value is said to be in, `uri` the address of what it names.
    """

    property: str
    name: str
    type: str | None = None
    authority: str | None = None
    uri: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextField(Field):
    """A plain text. `keeps_blanks` where a blank at an end belongs to the value (nonSort)."""

    keeps_blanks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TitleField(Field):
    """A title, without its subtitle and parts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DateField(Field):
    """A date in an `encoding` (edtf, w3cdtf, iso8601, marc, temper), or as people write dates.

    `point` is start or end where the two ends of a span are told apart.
    """

    encoding: str | None = None
    qualifier: str | None = None
    point: str | None = None
    is_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LanguageField(Field):
    """A language: its code by `authority`, its name, or either (`form` None)."""

    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LanguageTagField(Field):
    """The language that something is written in; `is_bcp47` where no other code may stand."""

    is_bcp47: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScriptField(Field):
    """A script: its code, or its name."""

    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceCodeField(Field):
    """A country or area by its code; `authority` is marccountry, iso3166 or marcgac."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RelatorField(Field):
    """A role: its code or its name, by `authority`."""

    form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdentifierField(Field):
    """An identifier and its `type`; `is_invalid` where it is recorded as cancelled or wrong."""

    is_invalid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UriField(Field):
    """An address: of a thing, of a term, of a statement of rights."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MediaTypeField(Field):
    """A media type; `is_certain` False where another word for the format may stand as well."""

    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResourceTypeField(Field):
    """The nature of the content, by the vocabulary `authority`: dcmitype, mods, or any (None)."""


class Statement(NamedTuple):
    """A value, as it stands in the source, in its field. Made by the million, so a tuple.

    `item` numbers the thing spoken of (0 the thing itself, others what is related to it), `group`
    the innermost part of the description that holds the statement.
    """

    field: Field
    value: str
    place: Place
    item: int
    group: int


PLAIN = frozenset({TextField, TitleField})
"""The fields of plain texts."""


def keeps_blanks(field: Field | None) -> bool:
    """Whether a blank at an end of the value belongs to it."""
    return isinstance(field, TextField) and field.keeps_blanks


class Mark(NamedTuple):
    """What ties parts of a description together, or sets one of them apart.

    `kind` is id, idref, alternatives (altRepGroup), name-title (nameTitleGroup) or primary.
    """

    kind: str
    value: str
    name: str
    place: Place
    item: int


class Repetition(NamedTuple):
    """A part of a description that says the same as an earlier one."""

    name: str
    value: str
    place: Place
    first: Place


@dataclass(slots=True, kw_only=True, eq=False)
class Description:
    """All that is said of one thing.

    `texts` are plain texts and titles, `coded` all other statements, each in the order of the
    source: most are texts, and few of them need a second look. `form` is mods, dc or record.
    `parents` leads from a group to the one around it. `start` is where the description begins.
    `has_id` tells whether the source has a part of this ID.
    """

    form: str
    start: Place
    locate: Callable[[Place], Location]
    texts: list[Statement] = field(default_factory=list)
    coded: list[Statement] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    repetitions: list[Repetition] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    item_names: list[str] = field(default_factory=lambda: [""])
    has_id: Callable[[str], bool] = lambda _: False

    @property
    def statements(self) -> list[Statement]:
        """All statements: the texts, then the others."""
        return self.texts + self.coded

    def add(self, statement: Statement) -> None:
        """Take one more statement."""
        kind = type(statement.field)
        (self.texts if kind in PLAIN else self.coded).append(statement)
