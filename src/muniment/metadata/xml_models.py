"""What may stand where: content models read off the schema itself, so that messages can tell.

libxml2 says that something is wrong; it does not say where a misplaced element would belong, in
which version an attribute came, or what all the allowed names are (it stops at ten).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from muniment.metadata.xml_formats import XML
from muniment.metadata.xml_schemas import XS

_PARTICLES = {f"{XS}{name}" for name in ("sequence", "choice", "all", "group")}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Child:
    """An element that may stand in another. `rank` is its place where order counts, from 0."""

    name: str
    declaration: etree._Element
    rank: int
    repeatable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute that an element may carry; `values` are all it can have, if they are listed."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One element on the way down to another: its name, and the type that its xsi:type names."""

    name: str
    kind: str | None = None


@dataclass(slots=True)
class _Order:
    """Counts places while a content model is walked."""

    rank: int = 0
    children: dict[str, Child] = field(default_factory=dict)

    def add(self, name: str, declaration: etree._Element, *, repeatable: bool) -> None:
        child = Child(name=name, declaration=declaration, rank=self.rank, repeatable=repeatable)
        self.children.setdefault(name, child)


class SchemaModel:
    """The elements, types and attributes of one pruned schema and of those that it imports.

    Names are `{namespace}local`, as lxml writes them. A type is the schema's own node, or None
    for the built-in types, which have neither children nor attributes.
    """

    def __init__(self, documents: Sequence[etree._Element]) -> None:
        self.documents = documents
        self._children: dict[etree._Element | None, Mapping[str, Child]] = {}
        self._attributes: dict[etree._Element | None, Mapping[str, Attribute]] = {}
        self._globals: dict[tuple[str, str], etree._Element] = {}
        self._substitutes: dict[str, list[str]] = {}
        for document in documents:
            for node in document.iterchildren(etree.Element):
                if node.get("name") is not None:
                    self._globals.setdefault((node.tag, _declared_name(node)), node)
        for (_, name), node in self._globals.items():
            head = _referred_name(node, "substitutionGroup")
            if head is not None:
                self._substitutes.setdefault(head, []).append(name)

    def type_at(self, path: Sequence[Step]) -> etree._Element | None:
        """The type of the element that a path leads to, from the root downwards."""
        type_node = self._replaced(self._type_of(self._global("element", path[0].name)), path[0])
        for step in path[1:]:
            declared = self._type_of(self._child_declaration(type_node, step.name))
            type_node = self._replaced(declared, step)
        return type_node

    def has_type(self, name: str) -> bool:
        """Whether the schema has a type of this name for elements."""
        return self._global("complexType", name) is not None

    def kinds_of(self, type_node: etree._Element | None) -> Sequence[str]:
        """The types derived from a type, by name: what `xsi:type` may say in its place."""
        return [
            name
            for (tag, name), node in self._globals.items()
            if tag == f"{XS}complexType" and node is not type_node
            if type_node in self._lineage(node)
        ]

    def children(self, type_node: etree._Element | None) -> Mapping[str, Child]:
        """The elements that may stand in an element of this type, in the schema's order."""
        if type_node not in self._children:
            order = _Order()
            self._walk_type(type_node, order)
            self._children[type_node] = order.children
        return self._children[type_node]

    def attributes(self, type_node: etree._Element | None) -> Mapping[str, Attribute]:
        """The attributes that an element of this type may carry."""
        if type_node not in self._attributes:
            found: dict[str, Attribute] = {}
            for holder in self._holders(type_node):
                self._collect_attributes(holder, found)
            self._attributes[type_node] = found
        return self._attributes[type_node]

    def is_open(self, type_node: etree._Element | None) -> bool:
        """Whether elements of other standards may stand in this type, as in `extension`."""
        return any(
            wildcard.get("maxOccurs") != "0"
            for holder in self._content_holders(type_node)
            for wildcard in holder.iter(f"{XS}any")
        )

    def is_text(self, type_node: etree._Element | None) -> bool:
        """Whether only text may stand in this type, although the schema calls it mixed."""
        is_mixed = any(node.get("mixed") == "true" for node in self._lineage(type_node))
        return is_mixed and not self.children(type_node) and not self.is_open(type_node)

    def text_values(self, type_node: etree._Element | None) -> Sequence[str]:
        """The values that the text of this type can have, if they are listed."""
        if type_node is None:
            return ()
        simple = type_node.find(f".//{XS}simpleType/{XS}restriction")
        name = None if simple is None else _referred_name(simple, "base")
        holder = self._global("simpleType", name)
        listed = () if holder is None else holder.iter(f"{XS}enumeration")
        return tuple(value.get("value", "") for value in listed)

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """For every element the elements in which it may stand."""
        return _inverted((parent, self.children(kind)) for parent, kind in self._elements())

    @cached_property
    def carriers(self) -> Mapping[str, tuple[str, ...]]:
        """For every attribute the elements that may carry it."""
        return _inverted((element, self.attributes(kind)) for element, kind in self._elements())

    @cached_property
    def names(self) -> frozenset[str]:
        """Every element that the schema knows."""
        return frozenset(name for name, _ in self._elements())

    @cached_property
    def id_names(self) -> frozenset[str]:
        """The attributes whose values must be unique in a file (xs:ID)."""
        return frozenset(
            node.get("name", "")
            for document in self.documents
            for node in document.iter(f"{XS}attribute")
            if _referred_name(node, "type") == f"{XS}ID" and node.get("name") is not None
        )

    def _global(self, kind: str, name: str | None) -> etree._Element | None:
        return self._globals.get((f"{XS}{kind}", name or ""))

    def _replaced(self, declared: etree._Element | None, step: Step) -> etree._Element | None:
        """The type that xsi:type puts in the place of the declared one."""
        named = self._global("complexType", step.kind)
        return declared if named is None else named

    def _child_declaration(
        self, type_node: etree._Element | None, name: str
    ) -> etree._Element | None:
        child = self.children(type_node).get(name)
        if child is not None:
            return child.declaration
        return self._global("element", name) if self.is_open(type_node) else None

    def _elements(self) -> Iterator[tuple[str, etree._Element | None]]:
        """Every element, global or local, with its type."""
        seen: set[tuple[str, etree._Element | None]] = set()
        waiting = [
            (name, self._type_of(node))
            for (tag, name), node in self._globals.items()
            if tag == f"{XS}element"
        ]
        while waiting:
            element = waiting.pop(0)
            if element in seen:
                continue
            seen.add(element)
            yield element
            children = self.children(element[1]).values()
            waiting += [(child.name, self._type_of(child.declaration)) for child in children]

    def _type_of(self, declaration: etree._Element | None) -> etree._Element | None:
        if declaration is None:
            return None
        inline = declaration.find(f"{XS}complexType")
        if inline is not None:
            return inline
        head = _referred_name(declaration, "substitutionGroup")
        if head is not None and declaration.get("type") is None:
            return self._type_of(self._global("element", head))
        return self._global("complexType", _referred_name(declaration, "type"))

    def _base(self, type_node: etree._Element) -> etree._Element | None:
        derivation = _derivation(type_node)
        name = None if derivation is None else _referred_name(derivation, "base")
        return self._global("complexType", name)

    def _lineage(self, type_node: etree._Element | None) -> list[etree._Element]:
        """A type and those that it was derived from, the first of them first."""
        if type_node is None:
            return []
        return [*self._lineage(self._base(type_node)), type_node]

    def _holders(self, type_node: etree._Element | None) -> list[etree._Element]:
        """The nodes that hold the declarations of a type and of those that it was derived from."""
        lineage = self._lineage(type_node)
        derivations = [(node, _derivation(node)) for node in lineage]
        return [node if derivation is None else derivation for node, derivation in derivations]

    def _content_holders(self, type_node: etree._Element | None) -> list[etree._Element]:
        """The same for content, in which a restriction takes the place of what came before."""
        holders: list[etree._Element] = []
        for holder in self._holders(type_node):
            holders = [holder] if holder.tag == f"{XS}restriction" else [*holders, holder]
        return holders

    def _walk_type(self, type_node: etree._Element | None, order: _Order) -> None:
        for holder in self._content_holders(type_node):
            for particle in holder.iterchildren(etree.Element):
                if particle.tag in _PARTICLES:
                    self._walk(particle, order, repeats=False)
                    order.rank += 1

    def _walk(self, particle: etree._Element, order: _Order, *, repeats: bool) -> None:
        repeats = repeats or particle.get("maxOccurs") == "unbounded"
        if particle.tag == f"{XS}element":
            for name, declaration in self._declared(particle):
                order.add(name, declaration, repeatable=repeats)
        elif particle.tag == f"{XS}group":
            group = self._global("group", _referred_name(particle, "ref"))
            self._walk_parts(particle if group is None else group, order, repeats=repeats)
        elif particle.tag in _PARTICLES:
            self._walk_parts(particle, order, repeats=repeats)

    def _walk_parts(self, holder: etree._Element, order: _Order, *, repeats: bool) -> None:
        in_order = holder.tag == f"{XS}sequence" and not repeats
        for part in holder.iterchildren(etree.Element):
            self._walk(part, order, repeats=repeats)
            order.rank += in_order

    def _declared(self, particle: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """The element that a particle names, and those that may stand in for it."""
        head = _referred_name(particle, "ref")
        if head is None:
            yield _declared_name(particle), particle
            return
        waiting = [head]
        while waiting:
            name = waiting.pop(0)
            declaration = self._global("element", name)
            if declaration is not None and declaration.get("abstract") != "true":
                yield name, declaration
            waiting += self._substitutes.get(name, [])

    def _collect_attributes(self, holder: etree._Element, found: dict[str, Attribute]) -> None:
        for node in holder.iterchildren(f"{XS}attribute", f"{XS}attributeGroup"):
            group = self._global("attributeGroup", _referred_name(node, "ref"))
            if node.tag == f"{XS}attribute":
                attribute = self._attribute(node)
                found[attribute.name] = attribute
                if node.get("use") == "prohibited":
                    del found[attribute.name]
            elif group is not None:
                self._collect_attributes(group, found)

    def _attribute(self, node: etree._Element) -> Attribute:
        name = _referred_name(node, "ref")
        if name is not None:
            declaration = self._global("attribute", name)
            return Attribute(name=name, values=self._values(declaration))
        qualified = node.get("form") == "qualified"
        name = _declared_name(node) if qualified else node.get("name", "")
        return Attribute(name=name, values=self._values(node))

    def _values(self, attribute: etree._Element | None) -> tuple[str, ...]:
        if attribute is None:
            return ()
        fixed = attribute.get("fixed")
        if fixed is not None:
            return (fixed,)
        named = self._global("simpleType", _referred_name(attribute, "type"))
        holder = attribute if named is None else named
        return tuple(e.get("value", "") for e in holder.iter(f"{XS}enumeration"))


def _derivation(type_node: etree._Element) -> etree._Element | None:
    """The node that says what a type extends or restricts."""
    extension = type_node.find(f"*/{XS}extension")
    return type_node.find(f"*/{XS}restriction") if extension is None else extension


def _inverted(owned: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """From owners and what each has to what is had and by whom."""
    found: dict[str, dict[str, None]] = {}
    for owner, names in owned:
        for name in names:
            found.setdefault(name, {})[owner] = None
    return {name: tuple(owners) for name, owners in found.items()}


def _declared_name(node: etree._Element) -> str:
    namespace = node.getroottree().getroot().get("targetNamespace")
    name = node.get("name", "")
    return f"{{{namespace}}}{name}" if namespace else name


def _referred_name(node: etree._Element, attribute: str) -> str | None:
    """The name that `ref`, `type` or `base` refers to, its prefix resolved where it stands."""
    value = node.get(attribute)
    if value is None:
        return None
    prefix, colon, local = value.rpartition(":")
    namespace = XML if prefix == "xml" else node.nsmap.get(prefix if colon else None)
    return f"{{{namespace}}}{local}" if namespace else local
