"""Rules of an institution's own requirements (REQ): what its file asks of a description."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, WARNING, rule

_ASK = "The requirements file says what is asked, and by `because` why."

REQUIRED_MISSING = rule(
    "REQ-101",
    "A required property is missing",
    ERROR,
    why="The institution does not take a description without it.",
    hint=f"Add the property. {_ASK}",
)
RECOMMENDED_MISSING = rule(
    "REQ-102",
    "A recommended property is missing",
    WARNING,
    why="The institution asks for it wherever it is known.",
    hint=f"Add the property where it is known. {_ASK}",
)
FORBIDDEN_PRESENT = rule(
    "REQ-103",
    "A property stands that may not",
    ERROR,
    why="The institution does not want it in its descriptions.",
    hint=f"Take the property out. {_ASK}",
)
VALUE_NOT_ALLOWED = rule(
    "REQ-104",
    "A value is not among those that are allowed",
    ERROR,
    why="The institution searches and sorts by a list of values.",
    hint=f"Choose a value of the list. {_ASK}",
)
PATTERN_NOT_MATCHED = rule(
    "REQ-105",
    "A value has not the form that is asked for",
    ERROR,
    why="The institution's programs rely on the form.",
    hint=f"Write it like the example. {_ASK}",
)
TOO_MANY = rule(
    "REQ-106",
    "A property has more values than are allowed",
    ERROR,
    why="The institution's programs take so many and no more.",
    hint=f"Keep those that matter. {_ASK}",
)
AUTHORITY_NOT_ALLOWED = rule(
    "REQ-107",
    "A value is not from a vocabulary that is allowed",
    ERROR,
    why="The institution joins its descriptions by the terms of certain vocabularies.",
    hint=f"Take the term from one of them, and name it by `authority`. {_ASK}",
)
ENCODING_NOT_ALLOWED = rule(
    "REQ-108",
    "A date is not in an encoding that is allowed",
    ERROR,
    why="The institution sorts and searches by dates in certain encodings.",
    hint=f"Write the date so, and name the encoding. {_ASK}",
)
ADDRESS_MISSING = rule(
    "REQ-109",
    "A value has no address",
    ERROR,
    why="The institution joins its descriptions by the addresses of terms.",
    hint=f"Give the term's address: `valueURI` in MODS, `uri` in a record. {_ASK}",
)
TOO_FEW = rule(
    "REQ-110",
    "A property has fewer values than are asked for",
    ERROR,
    why="The institution asks for so many.",
    hint=f"Add what is missing. {_ASK}",
)
