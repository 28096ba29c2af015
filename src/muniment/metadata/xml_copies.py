"""Working copies of a record, to be put right at will; a large record is copied slice by slice.

For each error libxml2 counts the siblings before the element, and keeps the error for good: a
large file with many faults would take hours and all memory. Slices keep both in bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

_LARGE_BYTES = 256 * 2**10
_PIECE_BYTES = 64 * 2**10
_SLICE_ELEMENTS = 2_000
_ELEMENTS_AT_MOST = 20_000


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkingCopy:
    """A copy of a record without comments, or of its root with some of the children.

    `origins` leads back to the record. `cut` are the elements that were not copied to their end,
    because one child alone was too much.
    """

    root: etree._Element
    origins: dict[etree._Element, Standing]
    cut: frozenset[etree._Element] = frozenset()


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
    if not record.is_large:
        root = deepcopy(record.root)
        pairs = zip(_elements(root), _elements(record.as_found), strict=True)
        origins = {e: Standing(element=found, order=n) for n, (e, found) in enumerate(pairs)}
        yield WorkingCopy(root=_without_asides(root), origins=origins)
        return
    shell = deepcopy(record.root)
    shell[:] = []
    slices = _Slices(shell, record.as_found)
    for child, found in zip(_children(record.root), _children(record.as_found), strict=True):
        yield from slices.take(child, found)
    yield slices.rest()


class _Slices:
    """Collects children until they make a slice. `shell` is the root with nothing in it."""

    def __init__(self, shell: etree._Element, as_found: etree._Element) -> None:
        self._shell = shell
        self._as_found = as_found
        self._order = 1
        self._begin()

    def _begin(self) -> None:
        self._root = deepcopy(self._shell)
        self._shell.text = None  # text before the first child stands in the first slice only
        self._origins = {self._root: Standing(element=self._as_found, order=0)}
        self._cut: frozenset[etree._Element] = frozenset()

    def take(self, child: etree._Element, found: etree._Element) -> Iterator[WorkingCopy]:
        """Add a child; gives a slice when one is full."""
        copy = last = deepcopy(child)
        self._root.append(copy)
        for element, as_found in zip(_elements(copy), _elements(found), strict=True):
            if len(self._origins) < _ELEMENTS_AT_MOST:
                self._origins[element] = Standing(element=as_found, order=self._order)
                last = element
            self._order += 1
        if self._origins[last].order < self._order - 1:
            self._cut = _cut_after(last, copy)
        if len(self._origins) >= _SLICE_ELEMENTS:
            yield self.rest()
            self._begin()

    def rest(self) -> WorkingCopy:
        """The slice as it is."""
        root = _without_asides(self._root)
        return WorkingCopy(root=root, origins=self._origins, cut=self._cut)


def _cut_after(last: etree._Element, top: etree._Element) -> frozenset[etree._Element]:
    """Take away all that follows an element within `top`; gives what was not left whole."""
    last[:] = []
    cut = {last}
    current = last
    while current is not top:
        parent = current.getparent()
        if parent is None:
            break
        del parent[parent.index(current) + 1 :]
        cut.add(parent)
        current = parent
    return frozenset(cut)


def _without_asides(root: etree._Element) -> etree._Element:
    """Join the text that comments and processing instructions part."""
    asides: Sequence[Any] = (etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(root, *asides, with_tail=False)
    return root


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(etree.Element)


def _children(root: etree._Element) -> Iterator[etree._Element]:
    return root.iterchildren(etree.Element)
