"""Tag files of labels and values that a receiver asks for beside bag-info.txt."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from muniment.bags import baginfo, declaration, fetchlist
from muniment.bags.manifests import PAYLOAD_PREFIX, manifest_name
from muniment.bags.plan import TagFile
from muniment.bags.profile import Profile, Receiver
from muniment.bags.profile_aptrust import INFO_PATH
from muniment.model.errors import UsageError
from muniment.model.paths import unsafe_reason, windows_fault

Tag = tuple[str, str, str]
"""A tag file's path from the bag's top, a label and its value."""


def described(
    profiles: Sequence[Profile], *, title: str | None, description: str | None
) -> tuple[Tag, ...]:
    """What a receiver asks for and the record says already."""
    if not any(profile.receiver is Receiver.APTRUST for profile in profiles):
        return ()
    known = (("Title", title), ("Description", description))
    return tuple((INFO_PATH, label, value) for label, value in known if value)


def label_files(*sources: Sequence[Tag]) -> tuple[TagFile, ...]:
    """The tag files that labels and values make, in the order in which they come.

    A later source's values for a label take the place of an earlier one's. Raises UsageError where
    a path cannot be such a tag file's.
    """
    files: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for source in sources:
        fresh: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for path, label, value in source:
            fresh.setdefault((_checked(path), label.lower()), []).append((label, value))
        for (path, key), fields in fresh.items():
            files.setdefault(path, {})[key] = fields
    _refuse_nested(files)
    return tuple(
        TagFile(
            path=path,
            content=baginfo.write_bag_info(field for fields in labels.values() for field in fields),
        )
        for path, labels in files.items()
    )


def _checked(path: str) -> str:
    fault = _path_fault(path)
    if fault is not None:
        raise UsageError(f'the tag file "{path}" cannot be written: {fault}')
    return path


def _refuse_nested(paths: Collection[str]) -> None:
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder in paths:
            raise UsageError(f'the tag files "{folder}" and "{path}" cannot both be written')


def _path_fault(path: str) -> str | None:
    if path == baginfo.PATH:
        return "give its labels with --bag-info"
    if path in {declaration.PATH, fetchlist.PATH} or manifest_name(path) is not None:
        return "BagIt itself says what stands in it"
    if f"{path}/".startswith((PAYLOAD_PREFIX, "metadata/")):
        return "data/ and metadata/ are filled from the sources and the record"
    if not path.isprintable() or any(part in {"", ".", ".."} for part in path.split("/")):
        return "it is no plain path from the bag's top"
    return unsafe_reason(path) or windows_fault(path)
