"""LED-1xx: the ledger itself, its events and what is derived from them."""

from __future__ import annotations

from muniment.model.findings import SpecRef
from muniment.model.rules._table import ERROR, rule

_RESTORE = (
    "Keep the ledger as it is for inquiry; restore a copy that holds against the checkpoints that"
    " outsiders keep."
)
_DERIVED = "The events themselves may be sound; have the ledger restored from a copy that holds."

EVENT_BYTES = rule(
    "LED-101",
    "The bytes of an event do not give its stored hash",
    ERROR,
    why="The event or its hash was altered after it was written.",
    hint=_RESTORE,
    spec=SpecRef(
        document="RFC 6962",
        section="2.1",
        url="https://www.rfc-editor.org/rfc/rfc6962#section-2.1",
    ),
)
NUMBERS = rule(
    "LED-102",
    "The events are not numbered from 0 without gaps up to the ledger's size",
    ERROR,
    why="Events were taken away, or put in beside the ledger.",
    hint=_RESTORE,
)
FORM = rule(
    "LED-103",
    "What stands as an event is not one in its canonical form",
    ERROR,
    why="What is recorded there cannot be told with certainty.",
    hint=_RESTORE,
)
COLUMNS = rule(
    "LED-104",
    "A column beside an event says otherwise than the event",
    ERROR,
    why="Searches go by the columns: the event is not found, or found as something else.",
    hint=_DERIVED,
)
CHAIN = rule(
    "LED-105",
    "An event does not follow the one before of its holding",
    ERROR,
    why="An event of the holding was altered, taken away, put in or moved.",
    hint=_RESTORE,
)
TREE = rule(
    "LED-106",
    "What is stored of the tree is not the tree of the events",
    ERROR,
    why="Events were altered together with their hashes, or proofs made of it would fail.",
    hint=_RESTORE,
    spec=SpecRef(
        document="RFC 6962",
        section="2.1",
        url="https://www.rfc-editor.org/rfc/rfc6962#section-2.1",
    ),
)
CHECKPOINT = rule(
    "LED-107",
    "The events do not lead to the root of a checkpoint",
    ERROR,
    why="The history before the checkpoint is not the one that was signed.",
    hint=_RESTORE,
)
ROLLED_BACK = rule(
    "LED-108",
    "A checkpoint is of more events than the ledger holds",
    ERROR,
    why="The ledger was cut off or replaced by an older state: newer events are lost.",
    hint=_RESTORE,
)
OTHER_LEDGER = rule(
    "LED-109",
    "The ledger does not bear the name that it was begun with",
    ERROR,
    why="It was replaced, or the checkpoint is another ledger's.",
    hint="Check the ledger that the checkpoint was exported from; see `--ledger`.",
)
STANDING = rule(
    "LED-110",
    "A holding stands otherwise than its events leave it",
    ERROR,
    why="Deadlines and outcomes are read there: a check may never come due.",
    hint=_DERIVED,
)
DOCUMENT = rule(
    "LED-111",
    "A document of the ledger is lost or altered",
    ERROR,
    why="What a holding was, or what was wrong with it, cannot be told any more.",
    hint="Restore the document from a copy of the ledger; its name is its SHA-256.",
)
OBSERVATION = rule(
    "LED-112",
    "An observation is not the event that was made of it",
    ERROR,
    why="One of them was altered after it was written, or was taken away.",
    hint=_RESTORE,
)
KEPT_NOTE = rule(
    "LED-113",
    "A kept checkpoint does not stand under its own size and digest",
    ERROR,
    why="It was altered, and is not found when a proof needs it.",
    hint="Take the checkpoint from where it was exported to.",
)
