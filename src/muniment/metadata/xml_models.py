"""What may stand where: content models read off the schema itself, so that messages can tell.

libxml2 says that something is wrong; it does not say where a misplaced element would belong, in
which version an attribute came, or what all the allowed names are (it stops at ten).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from muniment.metadata.xml_schemas import XS

_PARTICLES = {f"{XS}{name}" for name in ("sequence", "choice", "all", "group")}
_MANY = "unbounded"


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
    required: bool
    values: tuple[str, ...] = ()


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

    def __init__(self, documents: Iterable[etree._Element]) -> None:
        self._globals: dict[tuple[str, str], etree._Element] = {}
        for document in documents:
            for node in document.iterchildren(etree.Element):
                if node.get("name") is not None:
                    self._globals.setdefault((node.tag, _declared_name(node)), node)
        self._substitutes: dict[str, list[str]] = {}
        for (_, name), node in self._globals.items():
            head = _referred_name(node, "substitutionGroup")
            if head is not None:
                self._substitutes.setdefault(head, []).append(name)

    def type_at(self, path: Sequence[str]) -> etree._Element | None:
        """The type of the element that a path of names leads to, from the root downwards."""
        declaration = self._globals.get((f"{XS}element", path[0]))
        for name in path[1:]:
            declaration = self._child_declaration(self._type_of(declaration), name)
        return self._type_of(declaration)

    def _child_declaration(
        self, type_node: etree._Element | None, name: str
    ) -> etree._Element | None:
        child = self.children(type_node).get(name)
        if child is not None:
            return child.declaration
        is_open = self.is_open(type_node)
        return self._globals.get((f"{XS}element", name)) if is_open else None

    def children(self, type_node: etree._Element | None) -> Mapping[str, Child]:
        """The elements that may stand in an element of this type, in the schema's order."""
        order = _Order()
        self._walk_type(type_node, order)
        return order.children

    def attributes(self, type_node: etree._Element | None) -> Mapping[str, Attribute]:
        """The attributes that an element of this type may carry."""
        return {
            attribute.name: attribute
            for holder in self._ancestry(type_node)
            for attribute in self._attributes_in(holder)
        }

    def is_open(self, type_node: etree._Element | None) -> bool:
        """Whether elements of other standards may stand in this type, as in `extension`."""
        return any(
            next(holder.iter(f"{XS}any"), None) is not None for holder in self._ancestry(type_node)
        )

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """For every element the elements in which it may stand."""
        found: dict[str, list[str]] = {}
        for parent, type_node in self._elements():
            for name in self.children(type_node):
                if parent not in found.setdefault(name, []):
                    found[name].append(parent)
        return {name: tuple(parents) for name, parents in found.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every element that the schema knows."""
        return frozenset(name for name, _ in self._elements())

    @cached_property
    def carriers(self) -> Mapping[str, tuple[str, ...]]:
        """For every attribute the elements that may carry it."""
        found: dict[str, list[str]] = {}
        for element, type_node in self._elements():
            for name in self.attributes(type_node):
                if element not in found.setdefault(name, []):
                    found[name].append(element)
        return {name: tuple(elements) for name, elements in found.items()}

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
            return self._type_of(self._globals.get((f"{XS}element", head)))
        return self._named_type(declaration, "type")

    def _named_type(self, node: etree._Element, attribute: str) -> etree._Element | None:
        name = _referred_name(node, attribute)
        return self._globals.get((f"{XS}complexType", name)) if name else None

    def _ancestry(self, type_node: etree._Element | None) -> list[etree._Element]:
        """The nodes that hold a type's own declarations, the type it extends first."""
        if type_node is None:
            return []
        extension = type_node.find(f"*/{XS}extension")
        if extension is None:
            return [type_node]
        return [*self._ancestry(self._named_type(extension, "base")), extension]

    def _walk_type(self, type_node: etree._Element | None, order: _Order) -> None:
        for holder in self._ancestry(type_node):
            for particle in holder.iterchildren(etree.Element):
                if particle.tag in _PARTICLES:
                    self._walk(particle, order, repeats=False)
                    order.rank += 1

    def _walk(self, particle: etree._Element, order: _Order, *, repeats: bool) -> None:
        repeats = repeats or particle.get("maxOccurs") == _MANY
        if particle.tag == f"{XS}element":
            for name, declaration in self._declared(particle):
                order.add(name, declaration, repeatable=repeats)
        elif particle.tag == f"{XS}group":
            self._walk_parts(self._group(particle), order, repeats=repeats)
        elif particle.tag in _PARTICLES:
            self._walk_parts(particle, order, repeats=repeats)

    def _walk_parts(self, holder: etree._Element, order: _Order, *, repeats: bool) -> None:
        in_order = holder.tag == f"{XS}sequence" and not repeats
        for part in holder.iterchildren(etree.Element):
            self._walk(part, order, repeats=repeats)
            order.rank += in_order

    def _group(self, particle: etree._Element) -> etree._Element:
        return self._globals[f"{XS}group", _referred_name(particle, "ref") or ""]

    def _declared(self, particle: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """The element that a particle names, and those that may stand in for it."""
        head = _referred_name(particle, "ref")
        if head is None:
            yield _declared_name(particle), particle
            return
        waiting = [head]
        while waiting:
            name = waiting.pop(0)
            yield name, self._globals[f"{XS}element", name]
            waiting += self._substitutes.get(name, [])

    def _attributes_in(self, holder: etree._Element) -> Iterator[Attribute]:
        for node in holder.iterchildren(etree.Element):
            if node.tag == f"{XS}attribute":
                yield self._attribute(node)
            elif node.tag == f"{XS}attributeGroup":
                group = _referred_name(node, "ref") or ""
                yield from self._attributes_in(self._globals[f"{XS}attributeGroup", group])

    def _attribute(self, node: etree._Element) -> Attribute:
        required = node.get("use") == "required"
        name = _referred_name(node, "ref")
        if name is not None:
            declaration = self._globals.get((f"{XS}attribute", name), node)
            return Attribute(name=name, required=required, values=self._values(declaration))
        qualified = node.get("form") == "qualified"
        name = _declared_name(node) if qualified else node.get("name", "")
        return Attribute(name=name, required=required, values=self._values(node))

    def _values(self, attribute: etree._Element) -> tuple[str, ...]:
        fixed = attribute.get("fixed")
        if fixed is not None:
            return (fixed,)
        named = _referred_name(attribute, "type") or ""
        holder = self._globals.get((f"{XS}simpleType", named), attribute)
        return tuple(e.get("value", "") for e in holder.iter(f"{XS}enumeration"))


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
    if prefix == "xml":
        return f"{{http://www.w3.org/XML/1998/namespace}}{local}"
    namespace = node.nsmap.get(prefix if colon else None)
    return f"{{{namespace}}}{local}" if namespace else local
