"""What Dask workers of the tests load first: bags by their names kill who reads them, or are slow.

A slow bag is read once the file exists that MUNIMENT_TEST_RELEASE names.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from muniment.audit import looking
from muniment.audit.bag_reading import read_bag


def _disturbed(home: Path, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as it is
    if home.name.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    while home.name.startswith("slow") and not Path(os.environ["MUNIMENT_TEST_RELEASE"]).exists():
        time.sleep(0.02)
    return read_bag(home, *arguments, **more)


setattr(looking, "read_bag", _disturbed)  # noqa: B010 - mypy knows no such change
