"""What Dask workers of the tests load first: bags by their names kill who reads them, or are slow.

A slow bag is read when as many other bags have been as MUNIMENT_TEST_OTHERS says, else not at all;
each of those leaves its name in the folder MUNIMENT_TEST_SEEN.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from muniment.audit import looking
from muniment.audit.bag_reading import read_bag

_PATIENCE_SECONDS = 60


def _disturbed(home: Path, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as it is
    if home.name.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    if home.name.startswith("slow"):
        _wait_for_the_others()
    seen = read_bag(home, *arguments, **more)
    if home.name.startswith("bag"):
        (Path(os.environ["MUNIMENT_TEST_SEEN"]) / home.name).touch()
    return seen


def _wait_for_the_others() -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    seen = Path(os.environ["MUNIMENT_TEST_SEEN"])
    while sum(1 for _ in seen.iterdir()) < int(os.environ["MUNIMENT_TEST_OTHERS"]):
        if time.monotonic() > until:
            raise TimeoutError("the others were not read meanwhile")
        time.sleep(0.02)


setattr(looking, "read_bag", _disturbed)  # noqa: B010 - mypy knows no such change
