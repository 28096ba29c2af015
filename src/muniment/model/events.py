"""What happened to whom, in the terms of PREMIS 3 and the vocabularies of id.loc.gov."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

_VOCABULARY = "http://id.loc.gov/vocabulary/preservation/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of a controlled vocabulary; `uri` is None where the word is local."""

    label: str
    uri: str | None = None


class EventType(Enum):
    """The event types that this library writes; those without a code are words of our own."""

    MESSAGE_DIGEST_CALCULATION = ("message digest calculation", "mes")
    VALIDATION = ("validation", "val")
    INFORMATION_PACKAGE_CREATION = ("information package creation", "ipc")
    FIXITY_CHECK = ("fixity check", "fix")
    METADATA_MODIFICATION = ("metadata modification", "mem")
    TRANSFER = ("transfer", "tra")
    REPLICATION = ("replication", "rep")
    RECOVERY = ("recovery", "rec")
    DEACCESSION = ("deaccession", "dea")
    LEDGER_OPENING = ("opening of a ledger", None)
    AUDIT_RUN_BEGIN = ("beginning of an audit run", None)
    AUDIT_RUN_END = ("end of an audit run", None)
    TAKING_UNDER_AUDIT = ("taking under audit", None)
    FIXITY_CHECK_ATTEMPT = ("attempt at a fixity check", None)
    CHANGE_ACCEPTANCE = ("acceptance of a change", None)
    FIXITY_PROMISE = ("promise of fixity checks", None)
    CHECKPOINT_EXPORT = ("export of a checkpoint", None)

    @property
    def term(self) -> Term:
        """The label, and its address in the eventType vocabulary where it is a word of that."""
        label, code = self.value
        return Term(label=label, uri=code and f"{_VOCABULARY}eventType/{code}")


class Outcome(Enum):
    """How an event ended, in the eventOutcome vocabulary."""

    SUCCESS = ("success", "suc")
    FAIL = ("fail", "fai")
    WARNING = ("warning", "war")

    @property
    def term(self) -> Term:
        """The label and its address in the eventOutcome vocabulary."""
        label, code = self.value
        return Term(label=label, uri=f"{_VOCABULARY}eventOutcome/{code}")


EXECUTING_PROGRAM = Term(label="executing program", uri=f"{_VOCABULARY}eventRelatedAgentRole/exe")
IMPLEMENTER = Term(label="implementer", uri=f"{_VOCABULARY}eventRelatedAgentRole/imp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who or what acted: a program with its version, or an organisation. Never a private person.

    `kind` is None where it is not known what acted, only under which name.
    """

    identifier: str
    name: str
    kind: str | None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to the content of a bag.

    `when` is an ISO 8601 or EDTF date in the precision it was given in.
    """

    type: EventType
    when: str
    detail: str
    outcome: Outcome
    outcome_note: str | None = None
    agents: tuple[tuple[Agent, Term], ...] = ()
    extension: Mapping[str, str] = field(default_factory=dict)
