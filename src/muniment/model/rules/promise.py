"""AUD-2xx: promises and copies, what an audit owes beyond the state of one holding."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, WARNING, rule

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
