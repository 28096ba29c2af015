"""LED-2xx: proofs and the signed checkpoints that they rest on."""

from __future__ import annotations

from muniment.model.findings import SpecRef
from muniment.model.rules._table import ERROR, INFO, WARNING, rule


def _rfc9162(section: str) -> SpecRef:
    return SpecRef(
        document="RFC 9162",
        section=section,
        url=f"https://www.rfc-editor.org/rfc/rfc9162#section-{section}",
    )


_ANEW = "Ask whoever gave the proof to make it anew, and to send the file as it is."
_DISTRUST = "Trust nothing in it; ask the holder of the key for an explanation."

FORM = rule(
    "LED-201",
    "It is not a proof in its one canonical form",
    ERROR,
    why="What can be written in two ways can be altered without being noticed.",
    hint=_ANEW,
)
EVENT = rule(
    "LED-202",
    "An event of the proof is not an event of a holding's history",
    ERROR,
    why="What is recorded there cannot be told with certainty.",
    hint="Check with the version of muniment that made the proof, or ask for the proof anew.",
)
CHAIN = rule(
    "LED-203",
    "The events are not one unbroken chain",
    ERROR,
    why="An event was altered, left out, put in or moved.",
    hint=_DISTRUST,
)
CHECKPOINT = rule(
    "LED-204",
    "A checkpoint is not a signed note of a ledger's state",
    ERROR,
    why="Without origin, size, root and signature it says nothing of a ledger.",
    hint="Take the file as it was exported, byte for byte.",
    spec=SpecRef(
        document="C2SP tlog-checkpoint",
        section="Note text",
        url="https://c2sp.org/tlog-checkpoint",
    ),
)
SIGNATURE = rule(
    "LED-205",
    "A signature is not by the key that it names",
    ERROR,
    why="The checkpoint was altered, or somebody signed in another's name.",
    hint=_DISTRUST,
    spec=SpecRef(
        document="C2SP signed-note", section="Signatures", url="https://c2sp.org/signed-note"
    ),
)
UNKNOWN_SIGNER = rule(
    "LED-206",
    "The signer of a checkpoint is not known here",
    INFO,
    why="Anybody can sign a history of their own making; only a trusted key says whose it is.",
    hint="Get the public key from its holder, by a way that you trust, and give it as `--key`.",
)
INCLUSION = rule(
    "LED-207",
    "The newest event does not lead to the signed root",
    ERROR,
    why="What the proof shows is not what the holder of the key signed.",
    hint=_DISTRUST,
    spec=_rfc9162("2.1.3.2"),
)
CONSISTENCY = rule(
    "LED-208",
    "The last checkpoint does not go on from the first",
    ERROR,
    why="The log did not only grow in between: something that was signed before was changed.",
    hint=_DISTRUST,
    spec=_rfc9162("2.1.4.2"),
)
TIME_STAMP = rule(
    "LED-209",
    "The time stamp does not hold for the checkpoint",
    ERROR,
    why="It shows no time: it is for other bytes, damaged, or not by the authority given.",
    hint="Check that the certificate is the authority's own, then ask for the proof anew.",
    spec=SpecRef(
        document="RFC 3161",
        section="2.4.2",
        url="https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2",
    ),
)
OTHER_BAG = rule(
    "LED-210",
    "The bag in hand is not the one that the proof speaks of",
    ERROR,
    why="A tag manifest has another digest than was recorded last.",
    hint="Compare with the bag that the holder keeps; it may have been updated since.",
)
NOT_WELL = rule(
    "LED-211",
    "The newest outcome that the proof shows is not a good one",
    WARNING,
    why="The proof holds, and what it shows is that the holding was not found as it was recorded.",
    hint="Ask what was done since; a later proof shows a later outcome.",
)
