"""A parsed record of ours (YAML or JSON) -> statements."""

from __future__ import annotations

from typing import cast

from muniment.metadata.language_codes import code_fault
from muniment.metadata.languages import authority_of
from muniment.metadata.nodes import ListNode, Node, ObjectNode, ScalarNode, pointer
from muniment.metadata.record import DateKind, RelationKind
from muniment.metadata.statements import (
    DateField,
    Description,
    Field,
    IdentifierField,
    LanguageField,
    LanguageTagField,
    MediaTypeField,
    Place,
    RelatorField,
    Repetition,
    ResourceTypeField,
    ScriptField,
    Statement,
    TextField,
    TitleField,
    UriField,
)
from muniment.model.findings import Location

_DATES = frozenset(DateKind)
_RELATIONS = frozenset(RelationKind)
_RIGHTS = frozenset({"rights", "license", "accessRights", "rightsHolder"})
_Path = tuple[str | int, ...]


def record_description(root: ObjectNode, name: str) -> Description:
    """What a record says. `name` is the file's, which the places carry."""
    return _Reader(root, name).description


class _Reader:
    """One reading of a record: values in the order of the file, each with its pointer."""

    def __init__(self, root: ObjectNode, name: str) -> None:
        def locate(place: Place) -> Location:
            node, path = cast("tuple[Node, _Path]", place)
            return Location(path=name, line=node.line, column=node.column, pointer=pointer(path))

        self.description = Description(form="record", start=(root, ()), locate=locate)
        self._properties(root, (), 0, "")

    def _properties(self, node: ObjectNode, path: _Path, item: int, owner: str) -> None:
        for key, value in node.entries:
            if isinstance(key.value, str):
                self._values(key.value, value, (*path, key.value), item, owner)

    def _values(self, name: str, node: Node, path: _Path, item: int, owner: str) -> None:
        """The values of a property: one, or a list of them."""
        if not isinstance(node, ListNode):
            self._value(name, node, path, item, owner)
            return
        seen: dict[str, Place] = {}
        for number, each in enumerate(node.items):
            place = (*path, number)
            self._value(name, each, place, item, owner)
            if isinstance(each, ScalarNode) and isinstance(each.value, str):
                text = each.value.strip()
                first = seen.setdefault(text, (each, place))
                if first != (each, place):
                    twice = Repetition(name, text, (each, place), first)
                    self.description.repetitions.append(twice)

    def _value(self, name: str, node: Node, path: _Path, item: int, owner: str) -> None:
        description = self.description
        group = len(description.parents)
        description.parents.append(0)
        if name in _RELATIONS and not owner:
            item = len(description.item_names)
            description.item_names.append(name)
            if isinstance(node, ObjectNode):
                self._properties(node, path, item, "")
                return
        if isinstance(node, ObjectNode):
            self._object(name, node, path, item, owner)
        elif isinstance(node, ScalarNode) and isinstance(node.value, str):
            field = _field(name, {}, owner, node.value)
            self._say(field, node, path, item, group)

    def _object(self, name: str, node: ObjectNode, path: _Path, item: int, owner: str) -> None:
        """A value that says more: its parts are statements of their own."""
        group = len(self.description.parents) - 1
        of = f"{owner}.{name}" if owner else name
        texts: dict[str, object] = {
            str(key.value): value.value
            for key, value in node.entries
            if isinstance(value, ScalarNode)
        }
        if name == "recordInfo" and not owner:
            self._properties(node, path, item, "recordInfo")
            return
        for key, value in node.entries:
            part, place = str(key.value), (*path, str(key.value))
            if part == "value" and isinstance(value, ScalarNode):
                self._say(_field(name, texts, owner, str(value.value)), value, place, item, group)
            elif isinstance(value, ScalarNode):
                self._say(_part_field(of, part), value, place, item, group)
            elif part == "role" and isinstance(value, ListNode):
                for number, role in enumerate(value.items):
                    if isinstance(role, ScalarNode):
                        self._say(_part_field(of, "role"), role, (*place, number), item, group)
            else:
                self._values(part, value, place, item, name)

    def _say(
        self, field: Field | None, node: ScalarNode, path: _Path, item: int, group: int
    ) -> None:
        if field is not None and isinstance(node.value, str):
            # A block of YAML ends with one line end, which is no fault of the writer.
            value = node.value.removesuffix("\n")
            self.description.add(Statement(field, value, (node, path), item, group))


def _field(name: str, texts: dict[str, object], owner: str, value: str) -> Field:
    """The field that the value of a property fills; `texts` are the other parts of its object."""
    of = f"{owner}.{name}" if owner else name
    kind, authority = _text(texts, "type"), _text(texts, "authority")
    uri, lang = _text(texts, "uri"), _text(texts, "lang")
    if name in {"title", "alternative"} and not owner:
        return TitleField(property=of, name=name, type=kind, uri=uri, lang=lang)
    if name in _DATES or of in {"recordInfo.created", "recordInfo.changed"}:
        is_key = texts.get("keyDate") is True
        return DateField(property=of, name=name, encoding="edtf", is_key=is_key)
    if name == "language":
        known = authority or _list_of(value)
        return LanguageField(property=of, name=name, authority=known, form="code")
    if name == "identifier" and not owner:
        is_invalid = texts.get("invalid") is True
        return IdentifierField(property=of, name=name, type=kind, is_invalid=is_invalid)
    if name == "type" and not owner:
        return ResourceTypeField(property=of, name=name, authority="dcmitype")
    if name == "format":
        return MediaTypeField(property=of, name=name, is_certain=False)
    return TextField(property=of, name=name, type=kind, authority=authority, uri=uri, lang=lang)


def _list_of(code: str) -> str | None:
    """The list that a code is from where nobody says; None where it is in none."""
    bare = code.strip()
    return authority_of(bare) if code_fault(bare) is None else None


def _text(texts: dict[str, object], name: str) -> str | None:
    value = texts.get(name)
    return value.strip() if isinstance(value, str) else None


def _part_field(of: str, part: str) -> Field | None:
    """The field of a part of an object; None for parts that only say what kind the value is."""
    match part:
        case "lang":
            return LanguageTagField(property=of, name="lang", is_bcp47=True)
        case "script":
            return ScriptField(property=of, name="script", authority="iso15924", form="code")
        case "url":
            return UriField(property=f"{of}.url", name=part)
        case "uri":
            return UriField(property=of, name=part)
        case "role":
            return RelatorField(property="role", name="role", authority="marcrelator", form="code")
        case "type" | "authority" | "display" | "value":
            return None
        case "title":
            return TitleField(property=f"{of}.title", name="title")
        case _:
            return TextField(property=f"{of}.{part}", name=part)
