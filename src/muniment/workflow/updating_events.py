"""What an update did to a bag, as events for its PREMIS document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muniment.bags.plan import SealedManifest
from muniment.metadata.premis import program_agent
from muniment.model.events import (
    EXECUTING_PROGRAM,
    IMPLEMENTER,
    Agent,
    Event,
    EventType,
    Outcome,
)
from muniment.workflow.events import ALGORITHM_LABELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What there is to tell of one update.

    `checked`, `tag_files` and `unfetched` count the payload files that were verified, the tag
    files that were, and the payload files that are still to be fetched. `changed` names what was
    changed, such as `replaced` -> paths. `after` are the tag manifests without their line of the
    PREMIS document at `path`.
    """

    when: str
    reason: str
    by: str
    checked: int
    tag_files: int
    unfetched: int
    described: bool
    added: Sequence[str]
    changed: Mapping[str, str]
    before: Sequence[SealedManifest]
    after: Sequence[SealedManifest]
    path: str


def update_events(account: Account, *, version: str) -> tuple[Event, ...]:
    """The events of an update, in their order: what was checked, what was made, what was changed.

    The last one gives the reason, who asked for the change, and the digests of the tag manifests
    before and after.
    """
    program = ((program_agent(version), EXECUTING_PROGRAM),)
    by = Agent(identifier=account.by, name=account.by, kind=None)

    def event(kind: EventType, detail: str) -> Event:
        when = account.when
        return Event(type=kind, when=when, detail=detail, outcome=Outcome.SUCCESS, agents=program)

    events = [event(EventType.FIXITY_CHECK, _fixity(account))]
    if account.described:
        detail = "Record, MODS 3.8 and Dublin Core (oai_dc) validated against their schemas"
        events.append(event(EventType.VALIDATION, detail))
    if account.added:
        names = " and ".join(map(_label, account.added))
        detail = f"{names} of {_files(account.checked)}, computed in the read that verified them"
        events.append(event(EventType.MESSAGE_DIGEST_CALCULATION, detail))
    modification = Event(
        type=EventType.METADATA_MODIFICATION,
        when=account.when,
        detail=account.reason,
        outcome=Outcome.SUCCESS,
        agents=(*program, (by, IMPLEMENTER)),
        extension={**account.changed, **_digests(account)},
    )
    return (*events, modification)


def _fixity(account: Account) -> str:
    text = (
        f"{_files(account.checked)} of the payload and {_files(account.tag_files, 'tag file')}"
        " were as the manifests stated, before anything was changed"
    )
    if account.unfetched:
        text += f"; {_files(account.unfetched)} still to be fetched could not be checked"
    return text


def _digests(account: Account) -> dict[str, str]:
    """A line for each tag manifest, before and after."""
    without = f"without its line for {account.path}"
    before = {f"{each.path} before": _digest(each) for each in account.before}
    after = {f"{each.path} after, {without}": _digest(each) for each in account.after}
    return (before or {"tag manifests before": "none"}) | after


def _digest(manifest: SealedManifest) -> str:
    return f"{_label(manifest.digest.algorithm)} {manifest.digest.hex}"


def _label(algorithm: str) -> str:
    return ALGORITHM_LABELS.get(algorithm, algorithm)


def _files(count: int, what: str = "file") -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
