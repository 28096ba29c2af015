"""AUD-2xx: promises and copies, what an audit owes beyond the state of one holding."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, INFO, WARNING, rule

PROMISE_BROKEN = rule(
    "AUD-201",
    "A holding was not checked by its deadline",
    WARNING,
    why="What was promised of it is not kept: since its deadline nobody knows whether it holds.",
    hint="Run `muniment audit run`; `muniment audit forecast` says what time the promises need.",
)
NEVER_FITS = rule(
    "AUD-202",
    "A holding is larger than any run may read",
    WARNING,
    why="With these limits no run ever checks it, and its promise cannot be kept.",
    hint="Give a run a greater --max-bytes or --time-limit, or the location a wider window.",
)
COPIES_SHORT = rule(
    "AUD-203",
    "An object has fewer sound copies than it must have",
    ERROR,
    why="The next loss may be final.",
    hint="Repair a copy from a sound one with `muniment audit repair`, or add one with --copy-of.",
)
WILL_BREAK = rule(
    "AUD-204",
    "Promises cannot be kept as things are",
    WARNING,
    why="More falls due than the runs can read; holdings will not be checked by their deadlines.",
    hint="Give the runs what the forecast says they need, or promise less: `audit add --every`.",
)
OTHER_CONTENT = rule(
    "AUD-205",
    "The new place does not hold what is recorded",
    ERROR,
    why="A move keeps the content as it is; this would put something else in its stead.",
    hint="Copy it anew from the old place; record a change that is meant with `audit accept`.",
)
NOTHING_TO_REPAIR = rule(
    "AUD-206",
    "The copy cannot mend the holding",
    ERROR,
    why="A repair takes only what is proven to be the recorded content, byte for byte.",
    hint="Name a copy that is intact and of the same content: `muniment audit status` lists them.",
)
LEFT_AS_IT_IS = rule(
    "AUD-207",
    "A repair left files that nobody recorded",
    INFO,
    why="They may be somebody's work; a repair writes what is missing or damaged and no more.",
    hint="Look at them; --move-extra takes them out of the bag into a folder beside it.",
)
NOT_SOUND = rule(
    "AUD-208",
    "The change cannot be accepted",
    ERROR,
    why="A new baseline is taken only of a package that is sound in itself.",
    hint="Mend the package until `muniment verify` passes, then accept it.",
)
REPAIR_INTERRUPTED = rule(
    "AUD-209",
    "A repair of the bag was interrupted",
    INFO,
    why="Some of its files may be mended and others not; what is to be done lies beside the bag.",
    hint="Run the same `muniment audit repair` again to finish it.",
)
