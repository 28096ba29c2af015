"""What fires each FET rule that fetching tells of, and what nearly does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bagbuilder import PAYLOAD
from fixture_forms import Fixture, Pair
from holey import fetched, holey, reach
from web import Served, serving

from muniment.bags.fetching_http import Reach
from muniment.model.findings import Finding

HELLO = "data/hello.txt"
GIVEN = PAYLOAD[HELLO]


def fetching(
    served: Callable[[], Served],
    *,
    where: Reach | None = None,
    most_bytes: int | None = None,
    length: str = "6",
) -> Fixture:
    """What fetching one file finds, served as told."""

    def findings(home: Path) -> Iterable[Finding]:
        with serving() as web:
            bag = holey(home / "bag", web, {HELLO: served()}, lengths={HELLO: length})
            return fetched(bag, where=where, most_bytes=most_bytes).subjects[0].findings

    return findings


def right() -> Served:
    """The file itself."""
    return Served(content=GIVEN)


FIXTURES = {
    "FET-301": Pair(fetching(lambda: Served(content=b"Hallo\n")), fetching(right)),
    "FET-302": Pair(
        fetching(lambda: Served(content=GIVEN + b"\n", chunked=True)),
        fetching(lambda: Served(content=GIVEN, chunked=True)),
    ),
    "FET-303": Pair(
        fetching(lambda: Served(status=404)),
        fetching(lambda: Served(content=GIVEN, failures=[(503, {"Retry-After": "0"})])),
    ),
    "FET-304": Pair(fetching(right, where=Reach()), fetching(right, where=reach())),
    "FET-305": Pair(fetching(right, most_bytes=5), fetching(right, most_bytes=6)),
}
