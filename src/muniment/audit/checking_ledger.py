"""Checks a whole ledger: events, chains, tree, checkpoints, and all that is derived from events.

What can be found: any change, deletion, insertion or reordering of events, up to a checkpoint that
somebody outside holds; after that, whatever is not consistent in itself. What cannot: a change
after the last such checkpoint by someone who makes everything anew; observations that wait for
their event; time stamps, which are for those to judge who trust their authority.

The work is done in shares of the holdings, and then in ranges of the tree. In memory, at a time,
are the rows of `_HOLDINGS_AT_ONCE` holdings for each worker, about 2 KB each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from muniment.audit.checking_checkpoints import (
    CheckpointsCheck,
    Held,
    Kept,
    Named,
    compare_roots,
)
from muniment.audit.checking_share import ShareChecked, check_share, shares, snapshot
from muniment.audit.checking_tree import Tree, ranges, read_leaves
from muniment.audit.checkpoints import Checkpoint
from muniment.audit.keys import PublicKey
from muniment.audit.ledger import Ledger
from muniment.audit.ledger_findings import LedgerFindings
from muniment.audit.opening import faults_told, origin_of
from muniment.audit.tables import checkpoints, events, head, holdings, nodes
from muniment.model.findings import Finding
from muniment.model.rules import ledger as rules
from muniment.storage.executors import Executor

_HOLDINGS_AT_ONCE = 250_000
_EVENTS_FOR_ONE = 20_000  # as many are checked while a second process starts


class Crew(Executor, Protocol):
    """An executor that says how many pieces it works on at a time."""

    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was looked at."""

    events: int
    holdings: int
    observations: int
    documents: int
    checkpoints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerChecked:
    """What the check of a ledger came to. `good` is the last checkpoint that it leads to."""

    findings: tuple[Finding, ...]
    counts: Counts
    root: bytes | None
    good: Checkpoint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What the ledger says of itself, at one moment."""

    origin: str
    heads: Sequence[tuple[Any, ...]]  # id, size, frontier: of one row
    events: int
    first: int | None
    last: int | None
    holdings: int
    kept: Sequence[Kept]
    nodes: dict[tuple[int, int], bytes]


def check_ledger(
    ledger: Ledger, executor: Crew, *, held: Sequence[Held] = (), key: PublicKey | None = None
) -> LedgerChecked:
    """Check everything; see the module for what that can find.

    `key` is the one whose signatures count; without it no signature is checked. Events that are
    told to the ledger meanwhile do no harm. Raises EnvironmentFault.
    """
    url, findings = ledger.url, LedgerFindings()
    with faults_told(url), snapshot(url) as connection:
        stored = _stored(connection)
    ledger.close()  # workers are forked, and a connection is not to be in two processes
    checked = [done for _, done in executor.map(check_share, shares(url, _count(stored, executor)))]
    for each in checked:
        findings.take_in(each.findings)
    tree = Tree(done for _, done in executor.map(read_leaves, ranges(url, stored.events)))
    _check_numbers(findings, stored, tree)
    _check_head(findings, stored, tree)
    tree.compare(stored.nodes, findings)
    _check_origin(findings, stored, checked)
    notes = CheckpointsCheck(findings, stored.origin, key)
    notes.take_kept(stored.kept)
    for each in checked:
        notes.take_exported(each.exported, stored.kept)
    notes.take_held(held)
    named = sorted(notes.named, key=lambda each: each.checkpoint.size)
    with faults_told(url), snapshot(url) as connection:
        roots = [_root(connection, tree, each) for each in named]
        root = _root_of(connection, tree, tree.whole) if tree.whole else None
    good = compare_roots(findings, named, roots, tree.whole)
    return LedgerChecked(
        findings=findings.findings(),
        counts=_counts(checked, len(stored.kept) + len(held)),
        root=root,
        good=good,
    )


def _count(stored: _Stored, executor: Crew) -> int:
    """In how many shares: no more in memory than was said, and one where little is to be done."""
    if stored.events <= _EVENTS_FOR_ONE:
        return 1
    return max(executor.workers, -(-stored.holdings // _HOLDINGS_AT_ONCE))


def _stored(connection: sa.Connection) -> _Stored:
    execute = connection.execute
    numbers = sa.select(
        sa.func.count(), sa.func.min(events.c.number), sa.func.max(events.c.number)
    ).select_from(events)
    count, first, last = execute(numbers).one()
    wanted = sa.select(checkpoints.c.size, checkpoints.c.sha256, checkpoints.c.note)
    return _Stored(
        origin=origin_of(connection),
        heads=[tuple(row) for row in execute(sa.select(head.c.id, head.c.size, head.c.frontier))],
        events=count,
        first=first,
        last=last,
        holdings=execute(sa.select(sa.func.count()).select_from(holdings)).scalar_one(),
        kept=[Kept(size=row[0], sha256=row[1], note=bytes(row[2])) for row in execute(wanted)],
        nodes={(row.level, row.place): bytes(row.hash) for row in execute(sa.select(nodes))},
    )


def _check_numbers(findings: LedgerFindings, stored: _Stored, tree: Tree) -> None:
    if stored.first is not None and stored.first < 0:
        message = f"an event has the number {stored.first}; the first is 0"
        findings.add(rules.NUMBERS, message, f"event {stored.first}", order=stored.first)
    if tree.missing is not None:
        number = tree.missing
        message = f"event {number} is missing; there are some up to {stored.last}"
        findings.add(rules.NUMBERS, message, f"event {number}", order=number)


def _check_head(findings: LedgerFindings, stored: _Stored, tree: Tree) -> None:
    """The head is one row, and says how many events there are and how the tree goes on."""
    if len(stored.heads) != 1 or stored.heads[0][0] != 1:
        message = f"the head has the rows {[row[0] for row in stored.heads]}; it is the row 1"
        findings.add(rules.TREE, message, "head")
        return
    _, size, frontier = stored.heads[0]
    if size != stored.events:
        message = f"the head says that there are {size:,} events; there are {stored.events:,}"
        evidence = {"expected": size, "actual": stored.events}
        findings.add(rules.NUMBERS, message, "head", order=min(size, stored.events), **evidence)
    elif tree.missing is None and bytes(frontier) != tree.frontier():
        message = f"the head's frontier is not that of the tree of {size:,} events"
        findings.add(rules.TREE, message, "head", order=size)


def _check_origin(
    findings: LedgerFindings, stored: _Stored, checked: Sequence[ShareChecked]
) -> None:
    told = next((each.origin for each in checked if each.origin is not None), None)
    if told != stored.origin:
        message = f"its first event names it {told}; it stands there as {stored.origin}"
        findings.add(rules.OTHER_LEDGER, message, "name", actual=stored.origin)


def _root(connection: sa.Connection, tree: Tree, named: Named) -> bytes | None:
    size = named.checkpoint.size
    return _root_of(connection, tree, size) if size <= tree.whole else None


def _root_of(connection: sa.Connection, tree: Tree, size: int) -> bytes:
    def leaves(first: int, count: int) -> Sequence[bytes]:
        wanted = sa.select(events.c.leaf_hash).where(
            events.c.number >= first, events.c.number < first + count
        )
        found = connection.execute(wanted.order_by(events.c.number)).scalars()
        return [bytes(each) for each in found]

    return tree.root(size, leaves)


def _counts(checked: Sequence[ShareChecked], notes: int) -> Counts:
    return Counts(
        events=sum(each.events for each in checked),
        holdings=sum(each.holdings for each in checked),
        observations=sum(each.observations for each in checked),
        documents=sum(each.documents for each in checked),
        checkpoints=notes,
    )
