"""What happened to a payload before its bag was sealed, as events for PREMIS."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.bags.plan import SealedManifest
from muniment.metadata.premis import program_agent
from muniment.model.events import (
    EXECUTING_PROGRAM,
    IMPLEMENTER,
    Agent,
    Event,
    EventType,
    Outcome,
    Term,
)

ALGORITHM_LABELS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}


def packaging_events(
    *,
    when: str,
    manifests: Sequence[SealedManifest],
    files: int,
    digested: str,
    derived: str,
    organization: str | None,
    version: str,
) -> tuple[Event, ...]:
    """The three events of a packaging, in their order.

    `digested` says when the checksums were computed, `derived` what was validated.
    """
    program = ((program_agent(version), EXECUTING_PROGRAM),)
    names = " and ".join(ALGORITHM_LABELS.get(each.digest.algorithm, "") for each in manifests)
    counted = "1 file" if files == 1 else f"{files} files"
    return (
        Event(
            type=EventType.MESSAGE_DIGEST_CALCULATION,
            when=when,
            detail=f"{names} of {counted}, {digested}",
            outcome=Outcome.SUCCESS,
            agents=program,
        ),
        Event(
            type=EventType.VALIDATION,
            when=when,
            detail=f"{derived} validated against their schemas",
            outcome=Outcome.SUCCESS,
            agents=program,
        ),
        Event(
            type=EventType.INFORMATION_PACKAGE_CREATION,
            when=when,
            detail="BagIt 1.0 bag made",
            outcome=Outcome.SUCCESS,
            agents=(*program, *_implementer(organization)),
        ),
    )


def _implementer(organization: str | None) -> tuple[tuple[Agent, Term], ...]:
    if organization is None:
        return ()
    agent = Agent(identifier=organization, name=organization, kind="organization")
    return ((agent, IMPLEMENTER),)
