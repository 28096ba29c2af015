"""What a profile can ask of a bag, gathered: of a bag that lies somewhere, or of one only planned.

A profile speaks of names, labels and forms. No checksum is needed for it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from muniment.bags import baginfo, declaration, fetchlist
from muniment.bags.baginfo import BagInfo, Field
from muniment.bags.contents import Contents
from muniment.bags.manifests import manifest_name
from muniment.bags.plan import Plan
from muniment.bags.structure import Structure
from muniment.storage.containers import Container, Problem

_OWN = frozenset({declaration.PATH, baginfo.PATH, baginfo.OLD_PATH, fetchlist.PATH})


@dataclass(frozen=True, slots=True, kw_only=True)
class BagView:
    """A bag as a profile sees it.

    `version` and `info` are None where they could not be read. `tag_files` are all files outside
    `data/`; the members of `payload` together are all paths of the payload, found or listed.
    `octets` and `files` count what lies in `data/`. `form` is None for a folder, else `tar`,
    `tar.gz` or `zip`. `unreadable` names what could not be looked into. `open` raises OSError.
    """

    name: str
    version: tuple[int, int] | None
    info: BagInfo | None
    tag_files: Collection[str]
    payload: tuple[Collection[str], ...]
    octets: int
    files: int
    form: str | None
    open: Callable[[str], BinaryIO]
    problems: Sequence[Problem] = ()
    unreadable: Collection[str] = ()

    @property
    def payload_paths(self) -> Iterator[str]:
        """Every path of the payload, from `data/` on."""
        return chain.from_iterable(self.payload)

    @property
    def paths(self) -> Iterator[str]:
        """Every file of the bag."""
        return chain(self.tag_files, self.payload_paths)

    @property
    def further_tag_files(self) -> list[str]:
        """The tag files that RFC 8493 has no name for, in code-point order."""
        return sorted(
            path for path in self.tag_files if path not in _OWN and manifest_name(path) is None
        )

    def has_payload(self, path: str) -> bool:
        """Whether the payload has a file of that path."""
        return any(path in paths for paths in self.payload)

    def has(self, path: str) -> bool:
        """Whether the bag has a file of that path."""
        return path in self.tag_files or self.has_payload(path)

    def may_hide(self, path: str) -> bool:
        """Whether a path could lie where nobody could look."""
        return any(not folder or path.startswith(f"{folder}/") for folder in self.unreadable)

    def manifests(self, *, of_tags: bool) -> dict[str, str]:
        """The algorithms of the payload manifests, or of the tag manifests, with their files."""
        found = (manifest_name(path) for path in sorted(self.tag_files))
        names = (name for name in found if name is not None)
        return {name.algorithm: name.path for name in names if name.is_tag_manifest == of_tags}


def view_of_bag(
    container: Container, structure: Structure, contents: Contents, *, form: str | None
) -> BagView:
    """A bag that lies in a container, once it has been walked."""
    unread = structure.unread
    declared = declaration.PATH in contents.tag_files and declaration.PATH not in unread
    return BagView(
        name=container.name,
        version=structure.declaration.version if declared else None,
        info=None if unread & {baginfo.PATH, baginfo.OLD_PATH} else structure.info,
        tag_files=contents.tag_files,
        payload=(structure.payload.index, contents.unlisted),
        octets=contents.octets,
        files=contents.files,
        form=form,
        open=container.open,
        problems=container.problems,
        unreadable=contents.unreadable,
    )


def view_of_plan(plan: Plan, *, form: str | None, sealed: Iterable[str] = ()) -> BagView:
    """A bag that is only planned. `sealed` are the tag files that will be made of its manifests."""
    written = {file.path: file.content for file in plan.tag_files}
    sources = {file.path: file.source for file in plan.payload}
    manifests = [
        f"{kind}-{name}.txt" for kind in ("manifest", "tagmanifest") for name in plan.algorithms
    ]

    def open_planned(path: str) -> BinaryIO:
        return io.BytesIO(written[path]) if path in written else Path(sources[path]).open("rb")

    return BagView(
        name=plan.name,
        version=(1, 0),
        info=BagInfo(
            fields=tuple(Field(label=label, value=value) for label, value in plan.bag_info)
        ),
        tag_files={declaration.PATH, baginfo.PATH, *written, *sealed, *manifests},
        payload=(sources,),
        octets=plan.oxum.octets,
        files=plan.oxum.files,
        form=form,
        open=open_planned,
    )
