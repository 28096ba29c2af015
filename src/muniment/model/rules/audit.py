"""AUD-1xx: how a holding was found, a rule for each outcome of an audit but "intact"."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, INFO, rule

CORRUPT = rule(
    "AUD-101",
    "A file is not what it was",
    ERROR,
    why="Its bytes differ from what is recorded, read twice by different ways of reading.",
    hint="Repair it from a sound copy: `muniment audit repair HOLDING --from COPY`. Look at other"
    " holdings of the same device, too.",
)
MISSING = rule(
    "AUD-102",
    "Something recorded is gone",
    ERROR,
    why="Its place can be reached, and it is not there.",
    hint="Repair it from a sound copy: `muniment audit repair HOLDING --from COPY`. If it was"
    " moved, record that with `muniment audit move`; if it is kept no longer, with `audit retire`.",
)
EXTRA = rule(
    "AUD-103",
    "There are files that nobody recorded",
    ERROR,
    why="Somebody or something writes where nothing should be written.",
    hint="Find out where they come from. Take them out, or record the change with"
    " `muniment audit accept HOLDING --reason ... --by ...`.",
)
SWAPPED = rule(
    "AUD-104",
    "Another package stands where this one was",
    ERROR,
    why="It is sound in itself and not what was recorded; its own manifests cannot show that.",
    hint="If the change is meant, record it with `muniment audit accept HOLDING --reason ... --by"
    " ...`; if not, repair the holding from a sound copy.",
)
CHANGED = rule(
    "AUD-105",
    "It was changed, and the change is recorded",
    INFO,
    why="What is kept differs from what was taken in, for a reason that stands in the history.",
    hint="Nothing is to be mended; `muniment audit history HOLDING` tells who changed it and why.",
)
UNREACHABLE = rule(
    "AUD-106",
    "Its place could not be reached",
    INFO,
    why="Nothing is known of it now: it is neither sound nor lost.",
    hint="Mount the share or bring the store back, then run the audit again; what is due is taken.",
)
DENIED = rule(
    "AUD-107",
    "It may not be read",
    INFO,
    why="Nothing is known of it now: it is there, and the audit has no right to read it.",
    hint="Give the user that runs the audit the right to read it, then run the audit again.",
)
AUDITOR_FAULT = rule(
    "AUD-108",
    "The check itself went wrong",
    INFO,
    why="Nothing is known of it now: two reads disagreed, or the audit failed at it.",
    hint="Run the audit again; if it stays so, test the memory and the disk of this machine.",
)
ALREADY_ADDED = rule(
    "AUD-110",
    "A holding was taken in before",
    INFO,
    why="It is in the ledger with its history; nothing was added a second time.",
    hint="Nothing has to be done. To promise it another interval, add it again with --every.",
)
