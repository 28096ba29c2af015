"""DEP: laying down a copy of a bag elsewhere. Our own practice; no standard speaks of it."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, INFO, rule

# 1xx: what lay at the target before.
OTHER_BYTES = rule(
    "DEP-101",
    "Other bytes lie at the target already",
    ERROR,
    why="It may be another state of the bag, or harmed; nothing that is there is overwritten.",
    hint="Verify what lies at the target, then deposit under another address or move it away.",
)
NOT_OF_THE_BAG = rule(
    "DEP-102",
    "The target holds a file that the bag does not have",
    ERROR,
    why="The copy would not be the bag; something else may have been laid down there.",
    hint="Deposit under another address, or find out where the file comes from and move it away.",
)
# 2xx: what became of what was sent.
READS_BACK_OTHERWISE = rule(
    "DEP-201",
    "A deposited file does not read back as it was sent",
    ERROR,
    why="The copy is not the bag: the bytes were harmed on the way or by the store.",
    hint="Keep your own copy; have the store looked at, then deposit under another address.",
)
# 3xx: what the service does of its own.
CHECKS_NOTHING = rule(
    "DEP-301",
    "The service takes in bytes that are not those of their checksum",
    INFO,
    why="What it says of an upload counts less; only reading back shows that the bytes arrived.",
    hint="Nothing need be done: the copy was read back. Ask the service for checksums on upload.",
)
REPLACES = rule(
    "DEP-302",
    "The service replaces an object where only a new one was asked for",
    INFO,
    why="Two deposits to one address at the same time could replace each other's files.",
    hint="Let one deposit at a time write below an address, or switch on versions of objects.",
)
