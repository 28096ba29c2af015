"""Working copies of a record, to be put right at will; a large record is copied slice by slice.

For each error libxml2 counts the siblings before the element, and keeps the error for good: a
large file with many faults would take hours and all memory. Slices keep both in bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

_LARGE_BYTES = 256 * 2**10
_PIECE_BYTES = 64 * 2**10
_SLICE_ELEMENTS = 2_000
_ELEMENTS_AT_MOST = 20_000
_CHILDREN_AT_MOST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A record to be judged, and the size of its file in bytes.

    `as_found` is its root in the file; `root` is the same, or a copy in the right namespace.
    """

    root: etree._Element
    as_found: etree._Element
    size: int

    @property
    def is_large(self) -> bool:
        """Whether it is judged in pieces."""
        return self.size > _LARGE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """An element as it stands in the file, and its number there, from 0."""

    element: etree._Element
    order: int


@dataclass(slots=True, kw_only=True, eq=False)
class WorkingCopy:
    """A copy of a record's elements without comments, or of some of the root's children.

    `origins` leads back to the record. `is_partial` says that one child alone was too much.
    """

    root: etree._Element
    origins: dict[etree._Element, Standing]
    is_partial: bool = False
    _copies: dict[etree._Element, etree._Element] = field(default_factory=dict)

    def add(self, element: etree._Element, standing: Standing, *, bounded: bool) -> None:
        """Copy one more element, if its parent was copied; parents come before children."""
        parent = self._copies.get(element.getparent())  # type: ignore[arg-type] # None is no key
        if parent is None:
            return
        is_full = len(self.origins) >= _ELEMENTS_AT_MOST or len(parent) >= _CHILDREN_AT_MOST
        if bounded and is_full:
            self.is_partial = True
            return
        make: Any = etree  # the stubs take no attributes of another element
        copy = make.SubElement(parent, element.tag, element.attrib, element.nsmap)
        copy.text = _text(element)
        parent.text = _join(parent.text, element.tail)
        self._copies[element] = copy
        self.origins[copy] = standing

    @classmethod
    def of_root(cls, record: Record) -> WorkingCopy:
        """A copy that holds the root alone as yet."""
        make: Any = etree
        root = make.Element(record.root.tag, record.root.attrib, record.root.nsmap)
        standing = Standing(element=record.as_found, order=0)
        return cls(root=root, origins={root: standing}, _copies={record.root: root})


def first_fault(record: Record, judge: etree.XMLSchema) -> str | None:
    """What libxml2 says first of a record, or None if the schema takes it.

    A large one is judged while it is read in pieces, which stops at the first fault.
    """
    if not record.is_large:
        return None if judge.validate(record.root) else log_of(judge)[0].message
    parser: Any = etree.XMLParser(schema=judge, recover=True, no_network=True)
    data = memoryview(etree.tostring(record.root, with_tail=False))
    for start in range(0, len(data), _PIECE_BYTES):
        parser.feed(bytes(data[start : start + _PIECE_BYTES]))
        if parser.feed_error_log:
            return str(parser.feed_error_log[0].message)
    return None


def log_of(judge: etree.XMLSchema) -> list[etree._LogEntry]:
    """What libxml2 found wrong at the last validation."""
    log: Any = judge.error_log  # the stubs do not know that it can be walked
    return list(log)


def working_copies(record: Record) -> Iterator[WorkingCopy]:
    """The record as one copy, or, if it is large, the root with some children at a time."""
    copy = WorkingCopy.of_root(record)
    copy.root.text = _text(record.root)
    found = record.as_found.iter(etree.Element)
    pairs = zip(record.root.iter(etree.Element), found, strict=True)
    next(pairs)
    for order, (element, as_found) in enumerate(pairs, 1):
        is_child = element.getparent() is record.root
        if record.is_large and is_child and len(copy.origins) >= _SLICE_ELEMENTS:
            yield copy
            copy = WorkingCopy.of_root(record)
        standing = Standing(element=as_found, order=order)
        copy.add(element, standing, bounded=record.is_large)
    yield copy


def _text(element: etree._Element) -> str | None:
    """An element's text up to its children, joined where comments part it."""
    text = element.text
    for aside in element.iterchildren(etree.Comment, etree.ProcessingInstruction):
        text = _join(text, aside.tail)
    return text


def _join(text: str | None, more: str | None) -> str | None:
    return (text or "") + more if more else text
