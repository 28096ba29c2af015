"""Tag manifests of an updated bag, as they were and as they will be (RFC 8493 section 2.2.1).

Every tag file but the tag manifests is listed, the same set in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.bags.manifests import manifest_name
from muniment.bags.plan import SealedManifest
from muniment.bags.structure import Structure
from muniment.bags.updating_aside import Aside
from muniment.bags.updating_manifests import manifest_bytes
from muniment.bags.updating_text import Script
from muniment.model.digests import Digest
from muniment.storage.hashing import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Seals a bag whose other tag files have been written aside.

    `names` are the tag manifests that there will be, by algorithm.
    """

    aside: Aside
    structure: Structure
    names: dict[str, str]
    script: Script
    is_1_0: bool

    def before(self) -> tuple[SealedManifest, ...]:
        """The tag manifests as they are. Raises OSError."""
        return tuple(
            _sealed(column.path, column.algorithm, self.aside.read(column.path))
            for column in self.structure.tags.columns
            if column.size
        )

    def after_without(self, path: str) -> tuple[SealedManifest, ...]:
        """The tag manifests as they will be, but for their line of one file.

        This is what that file itself can say of them: no file can hold its own digest.
        """
        return self._manifests([each for each in self.aside.tag_files() if each != path])

    def write(self) -> tuple[SealedManifest, ...]:
        """Write the tag manifests; those that go by another name are gone. Raises OSError."""
        listed = self.aside.tag_files()
        for algorithm, name in self.names.items():
            self.aside.put(name, [self._content(listed, algorithm, name)])
        old = {column.path for column in self.structure.tags.columns}
        self.aside.remove(old - set(self.names.values()))
        return self._manifests(listed)

    def payload_manifests(self) -> tuple[SealedManifest, ...]:
        """The payload manifests as they will be, each with its digest by its own algorithm."""
        found = [name for path in self.aside.tag_files() if (name := manifest_name(path))]
        self.aside.learn([name.path for name in found])
        return tuple(
            SealedManifest(
                path=name.path,
                digest=Digest(
                    algorithm=name.algorithm,
                    value=self.aside.digest(name.path, name.algorithm),
                ),
            )
            for name in found
        )

    def _manifests(self, listed: Sequence[str]) -> tuple[SealedManifest, ...]:
        return tuple(
            _sealed(name, algorithm, self._content(listed, algorithm, name))
            for algorithm, name in self.names.items()
        )

    def _content(self, listed: Sequence[str], algorithm: str, name: str) -> bytes:
        self.aside.learn(listed)
        lines = [(path, self.aside.digest(path, algorithm)) for path in listed]
        return b"".join(manifest_bytes(lines, self.script, is_1_0=self.is_1_0, path=name))


def _sealed(path: str, algorithm: str, content: bytes) -> SealedManifest:
    digest = Digest(algorithm=algorithm, value=digest_of(content, algorithm))
    return SealedManifest(path=path, digest=digest)
