"""Which children of an element are wrong, and why: unknown, misplaced, out of order, too many.

libxml2 names the first wrong child of an element and passes over all that follow it. Here every
child is judged by the content model, and the children are then put right, as far as can be
guessed, so that the next round of validation reaches what lay behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lxml import etree

from muniment.metadata.xml_context import Context, Fault, likeness, nearest, span
from muniment.metadata.xml_formats import split_name
from muniment.model.rules import xml as rules

if TYPE_CHECKING:
    from muniment.metadata.xml_models import Child

_SURE = 0.8
"""How alike a misspelt name must be to one that may stand here to be judged as if it were that."""


@dataclass(slots=True, kw_only=True)
class JudgedChildren:
    """The faults of an element's children, and what to do to judge on."""

    faults: list[Fault] = field(default_factory=list)
    renames: dict[etree._Element, str] = field(default_factory=dict)
    removals: list[etree._Element] = field(default_factory=list)
    is_unordered: bool = False


def judge_children(parent: etree._Element, context: Context) -> JudgedChildren:
    """Every child that cannot stand where it stands."""
    allowed = context.model.children(context.type_of(parent))
    judged = JudgedChildren()
    _judge_strangers(parent, allowed, context, judged)
    judged.faults += _order_faults(parent, allowed, context, judged)
    return judged


def put_right(parent: etree._Element, judged: JudgedChildren, context: Context) -> None:
    """Change the children so that validation can go on behind the faults."""
    for child, name in judged.renames.items():
        _rename(child, name)
    for child in judged.removals:
        parent.remove(child)
    if judged.is_unordered:
        allowed = context.model.children(context.type_of(parent))
        children = parent.iterchildren(etree.Element)
        parent[:] = sorted(children, key=lambda child: allowed[child.tag].rank)


def _rename(element: etree._Element, name: str) -> None:
    """Give an element its right name; its descendants follow it into its namespace."""
    wrong, right = split_name(element.tag)[0], split_name(name)[0]
    if wrong != right:
        for descendant in element.iterdescendants(etree.Element):
            namespace, local = split_name(descendant.tag)
            if namespace == wrong:
                descendant.tag = f"{{{right}}}{local}"
    element.tag = name


def _judge_strangers(
    parent: etree._Element, allowed: Mapping[str, Child], context: Context, judged: JudgedChildren
) -> None:
    """Say of children that cannot stand here at all why, and under which name to judge on.

    Each name is looked into once, for a hostile file may have a hundred thousand of them.
    """
    known: dict[str, tuple[Fault, str | None]] = {}
    for child in parent.iterchildren(etree.Element):
        if child.tag in allowed:
            continue
        if child.tag not in known:
            known[child.tag] = _stranger(child, allowed, context)
        fault, guess = known[child.tag]
        judged.faults.append(replace(fault, element=child))
        if guess is None:
            judged.removals.append(child)
        else:
            judged.renames[child] = guess


def _stranger(
    child: etree._Element, allowed: Mapping[str, Child], context: Context
) -> tuple[Fault, str | None]:
    """Why a child cannot stand in its parent, and the name that was probably meant."""
    namespace, local = split_name(child.tag)
    same = [name for name in allowed if split_name(name)[1] == local]
    if same:
        right = max(same, key=lambda name: _likeness(namespace, split_name(name)[0]))
        return _wrong_namespace(child, right, namespace), right
    guess = nearest(child.tag, allowed, _SURE)
    versions = context.versions_with_child(_parent(child), child.tag)
    if versions:
        return _of_other_version(child, versions, guess, context), guess
    if child.tag in context.model.names and guess is None:
        return _misplaced(child, context), None
    return _unknown(child, allowed, context), guess


def _likeness(namespace: str | None, other: str | None) -> float:
    """How alike two namespaces are: `http://purl.org/dc/terms` wants a slash only."""
    return SequenceMatcher(None, namespace or "", other or "", autojunk=False).ratio()


def _wrong_namespace(child: etree._Element, right: str, namespace: str | None) -> Fault:
    standing = f"in the namespace {namespace}" if namespace else "in no namespace"
    wanted = split_name(right)[0]
    local = split_name(right)[1]
    message = f"`{local}` stands {standing} here; it belongs in {wanted}."
    evidence = {"expected": wanted, "actual": namespace}
    return Fault(
        element=child, rule=rules.ELEMENT_NAMESPACE_WRONG, message=message, evidence=evidence
    )


def _of_other_version(
    child: etree._Element, versions: list[str], guess: str | None, context: Context
) -> Fault:
    known = context.kind.format
    message = (
        f"`{context.name(child.tag)}` exists here in {known.title}"
        f" {span(versions, known.versions)}; this record is judged as {context.kind.title}."
    )
    near = context.name(guess) if guess else None
    if near is not None:
        message += f" The nearest in it is `{near}`."
    evidence = {"expected": context.kind.version, "actual": versions, "nearest": near}
    return Fault(
        element=child, rule=rules.ELEMENT_OF_OTHER_VERSION, message=message, evidence=evidence
    )


def _misplaced(child: etree._Element, context: Context) -> Fault:
    name, parent = context.name(child.tag), context.name(_parent(child).tag)
    homes = context.model.parents.get(child.tag, ())
    message = f"`{name}` cannot stand directly in `{parent}`."
    if homes:
        message += f" It belongs in {context.listed(homes)}."
    evidence = {"expected": context.plain(homes), "actual": parent}
    return Fault(element=child, rule=rules.ELEMENT_MISPLACED, message=message, evidence=evidence)


def _unknown(child: etree._Element, allowed: Mapping[str, Child], context: Context) -> Fault:
    name, parent = context.name(child.tag), context.name(_parent(child).tag)
    here = nearest(child.tag, allowed)
    elsewhere = nearest(child.tag, context.model.names, _SURE)
    near = max(filter(None, (here, elsewhere)), key=lambda n: likeness(child.tag, n), default=None)
    message = f"{context.kind.title} has no element `{name}`."
    if near is None:
        message += f" In `{parent}` may stand {context.listed(allowed)}." if allowed else ""
    elif near in allowed:
        message += f" In `{parent}` the nearest is `{context.name(near)}`."
    else:
        homes = context.listed(context.model.parents.get(near, ()))
        message += f" The nearest is `{context.name(near)}`, which belongs in {homes}."
    evidence = {
        "actual": name,
        "nearest": context.name(near) if near else None,
        "expected": context.plain(allowed),
    }
    return Fault(element=child, rule=rules.ELEMENT_UNKNOWN, message=message, evidence=evidence)


def _order_faults(
    parent: etree._Element, allowed: Mapping[str, Child], context: Context, judged: JudgedChildren
) -> Iterator[Fault]:
    """Children that come after one that should follow them, or that are one too many."""
    last, last_name = parent, ""
    seen: Counter[str] = Counter()
    known: dict[tuple[str, str], Fault] = {}
    for child in parent.iterchildren(etree.Element):
        name = judged.renames.get(child, child.tag)
        if name not in allowed:
            continue
        seen[name] += 1
        if last_name and allowed[name].rank < allowed[last_name].rank:
            judged.is_unordered = True
            pair = (child.tag, last.tag)
            if pair not in known:
                known[pair] = _out_of_order(child, last, allowed, context)
            yield replace(known[pair], element=child)
        else:
            last, last_name = child, name
        if seen[name] > 1 and not allowed[name].repeatable:
            judged.removals.append(child)
            yield _too_often(child, seen[name], context)


def _out_of_order(
    child: etree._Element, last: etree._Element, allowed: Mapping[str, Child], context: Context
) -> Fault:
    parent = context.name(_parent(child).tag)
    order = ", ".join(f"`{context.name(name)}`" for name in allowed)
    message = (
        f"`{context.name(child.tag)}` stands after `{context.name(last.tag)}`;"
        f" in `{parent}` the order is {order}."
    )
    standing = dict.fromkeys(c.tag for c in _parent(child).iterchildren(etree.Element))
    evidence = {"expected": context.plain(allowed), "actual": context.plain(standing)}
    return Fault(element=child, rule=rules.ELEMENT_OUT_OF_ORDER, message=message, evidence=evidence)


def _too_often(child: etree._Element, number: int, context: Context) -> Fault:
    name, parent = context.name(child.tag), context.name(_parent(child).tag)
    message = f"This is `{name}` number {number} in `{parent}`, where one at most is allowed."
    evidence = {"expected": 1, "actual": number}
    return Fault(element=child, rule=rules.ELEMENT_TOO_OFTEN, message=message, evidence=evidence)


def _parent(child: etree._Element) -> etree._Element:
    parent = child.getparent()
    return child if parent is None else parent
