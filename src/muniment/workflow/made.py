"""What packaging made, as the report's result tells it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from muniment.bags.baginfo import Oxum
from muniment.bags.plan import SealedManifest
from muniment.model.findings import JsonValue


def bag_made(
    bag: Path, name: str, oxum: Oxum, tag_manifests: Sequence[SealedManifest]
) -> dict[str, JsonValue]:
    """Enough to find a bag again and to know it from any other."""
    return {
        "bag": str(bag),
        "name": name,
        "payload": {"files": oxum.files, "octets": oxum.octets},
        "tag_manifests": [
            {"path": each.path, "algorithm": each.digest.algorithm, "digest": each.digest.hex}
            for each in tag_manifests
        ],
    }
