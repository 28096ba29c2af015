"""FET: fetch.txt, what a bag leaves to be brought in (RFC 8493 section 2.2.3)."""

from __future__ import annotations

from muniment.model.rules._table import ERROR, INFO, WARNING, rfc8493, rule

LINE = rule(
    "FET-101",
    "A line of `fetch.txt` is not an address, a length and a path",
    ERROR,
    why="The file that the line stands for cannot be fetched.",
    hint="A line is: URL, length in bytes or `-`, path from the bag's top.",
    spec=rfc8493("2.2.3"),
)
ADDRESS = rule(
    "FET-102",
    "An address in `fetch.txt` is not an absolute URI",
    ERROR,
    why="It does not say where to fetch from.",
    hint="Write the whole address, with white space percent-encoded.",
    spec=rfc8493("2.2.3"),
)
LENGTH = rule(
    "FET-103",
    "A length in `fetch.txt` is not a number or `-`",
    ERROR,
    why="How much is to be fetched is not known.",
    hint="Write the number of bytes, or `-`.",
    spec=rfc8493("2.2.3"),
)
NOT_PAYLOAD = rule(
    "FET-104",
    "`fetch.txt` names something outside `data/`",
    ERROR,
    why="Only payload files may be fetched.",
    hint="Remove the line; tag files travel with the bag.",
    spec=rfc8493("2.2.3"),
)
NOT_LISTED = rule(
    "FET-105",
    "`fetch.txt` names a file that a manifest lacks",
    ERROR,
    why="What is fetched must be in every payload manifest, or it cannot be verified.",
    hint="Add the file's line to the manifests, or remove it from `fetch.txt`.",
    spec=rfc8493("2.2.3"),
)
LENIENT_BEFORE_1_0 = rule(
    "FET-106",
    "`fetch.txt` of an older bag has a line that 1.0 would refuse",
    WARNING,
    why="Drafts before 1.0 did not say what 1.0 says of such a line.",
    hint="Correct or remove the line when the bag is next updated.",
    spec=rfc8493("2.2.3"),
)
LISTED_TWICE = rule(
    "FET-107",
    "`fetch.txt` names a file twice",
    WARNING,
    why="Nothing says which address counts.",
    hint="Remove one of the lines.",
    spec=rfc8493("2.2.3"),
)
LOCAL_ADDRESS = rule(
    "FET-108",
    "An address in `fetch.txt` is a file of the reader's own machine",
    WARNING,
    why="Followed, it would put a file of the reader's own machine into the bag.",
    hint="Ask the sender for an address that all can reach.",
    spec=rfc8493("5.2"),
)
TO_BE_FETCHED = rule(
    "FET-201",
    "A payload file is still to be fetched",
    INFO,
    why="The bag is not complete before everything in `fetch.txt` has been brought in.",
    hint="Fetch the files that `fetch.txt` names, then verify again.",
    spec=rfc8493("2.2.3"),
)
SIZE_DIFFERS = rule(
    "FET-202",
    "A fetched file is not as long as `fetch.txt` says",
    WARNING,
    why="The address may give another file by now.",
    hint="Its checksum decides; correct the length when the bag is next updated.",
    spec=rfc8493("2.2.3"),
)
# 3xx: what fetching met with.
FETCHED_DIFFERS = rule(
    "FET-301",
    "An address gives other bytes than the manifest says",
    ERROR,
    why="What was fetched is not the file that belongs to the bag; it was not put into it.",
    hint="Ask the sender for the right address, or for the file itself.",
    spec=rfc8493("3"),
)
FETCHED_TOO_LONG = rule(
    "FET-302",
    "An address gives more bytes than `fetch.txt` states",
    ERROR,
    why="The download was stopped: it may be another file, or never end.",
    hint="Ask the sender for the right address and length.",
    spec=rfc8493("5.3"),
)
NOT_FETCHED = rule(
    "FET-303",
    "A file could not be fetched",
    INFO,
    why="The server could not be reached, or did not give the file.",
    hint="Run the same command again later: what has arrived is kept, and the rest is fetched.",
    spec=rfc8493("2.2.3"),
)
NOT_FOLLOWED = rule(
    "FET-304",
    "An address was not followed",
    WARNING,
    why="Following it could reach machines or files that are none of the bag's business.",
    hint="Where the address is known to be meant, allow it with `--allow-private` or"
    " `--allow-scheme`; else ask the bag's sender.",
    spec=rfc8493("5.2"),
)
LIMIT_REACHED = rule(
    "FET-305",
    "A file was left out by the limit on bytes",
    INFO,
    why="Fetching it would bring in more than was allowed.",
    hint="Run the command again with a higher `--max-bytes`.",
    spec=rfc8493("5.3"),
)
