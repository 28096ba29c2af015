"""Can this audit find a fault at all? Tried before each run, on bags made for it.

For each kind of container, bags with one known fault each, and with several, and a sound one, go
through the same function as holdings do, in a temporary folder; and the same files as a plain
folder, which another comparison judges. It tests the program, not the storage. Object stores are
not tried: nothing is ever written to them for it.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.audit.descriptions import Description, FileFacts
from muniment.audit.holdings import HoldingKind
from muniment.audit.looking import Looked, Task
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.places import place_of

PLAIN = "plain folder"
FORMS = ("folder", "tar", "tar.gz", "zip", PLAIN)

Files = dict[str, bytes]
Fault = tuple[str, str]

_PAYLOAD: Mapping[str, bytes] = {
    "data/first.txt": b"the first file\n",
    "data/inner/second.txt": b"the second file\n",
    "data/last.txt": b"the last file\n",
}
_FIRST, _SECOND, _LAST = _PAYLOAD
_CORRUPT = str(HoldingOutcome.CORRUPT)
_MISSING = str(HoldingOutcome.MISSING)
_EXTRA = str(HoldingOutcome.EXTRA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A change to a sound bag's files, and the faults that are to be found of it."""

    name: str
    change: Callable[[Files], None]
    faults: frozenset[Fault]


def self_test(
    look_all: Callable[[Sequence[Task]], Sequence[Looked]], forms: Sequence[str] = FORMS
) -> dict[str, dict[str, int]]:
    """How many faults were planted and how many of them found, by kind of container.

    A plant counts as found where its faults and no others are told; the sound bag counts too.
    """
    counts = {}
    with tempfile.TemporaryDirectory(prefix="muniment-self-test-") as folder:
        for form in forms:
            tasks = [_task(Path(folder), form, plant) for plant in PLANTS]
            looks = look_all(tasks)
            found = sum(
                _found(look) == plant.faults for look, plant in zip(looks, PLANTS, strict=True)
            )
            counts[form] = {"planted": len(PLANTS), "found": found}
    return counts


def _found(look: Looked) -> frozenset[Fault]:
    if not look.check.outcome.is_known:
        return frozenset({(str(look.check.outcome), "")})
    return frozenset((fault.kind, fault.path or "") for fault in look.faults)


def _flip(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = bytes([files[path][0] ^ 1]) + files[path][1:]

    return change


def _truncate(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = files[path][:-1]

    return change


def _replace(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = b"?" * len(files[path])

    return change


def _delete(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[path]

    return change


def _add(files: Files) -> None:
    files["data/stray.txt"] = b"a stray\n"


def _several(files: Files) -> None:
    for change in (_flip(_FIRST), _truncate(_SECOND), _replace(_LAST)):
        change(files)


def _nothing(_: Files) -> None:
    pass


def _plant(name: str, change: Callable[[Files], None], *faults: Fault) -> Plant:
    return Plant(name=name, change=change, faults=frozenset(faults))


PLANTS: Sequence[Plant] = (
    _plant("none", _nothing),
    _plant("flipped bit", _flip(_FIRST), (_CORRUPT, _FIRST)),
    _plant("flipped bit in the last file", _flip(_LAST), (_CORRUPT, _LAST)),
    _plant("truncated", _truncate(_SECOND), (_CORRUPT, _SECOND)),
    _plant("same size", _replace(_LAST), (_CORRUPT, _LAST)),
    _plant("deleted", _delete(_LAST), (_MISSING, _LAST)),
    _plant("added", _add, (_EXTRA, "data/stray.txt")),
    _plant("several", _several, *((_CORRUPT, path) for path in _PAYLOAD)),
    _plant("tag file", _flip("bag-info.txt"), (_CORRUPT, "bag-info.txt")),
)


def _task(folder: Path, form: str, plant: Plant) -> Task:
    files = _sound_bag()
    kind = HoldingKind.FOLDER if form == PLAIN else HoldingKind.BAG
    description = _description(files, kind)
    plant.change(files)
    name = plant.name.replace(" ", "-")
    path = folder / form / (name if form in {"folder", PLAIN} else f"{name}.{form}")
    path.parent.mkdir(exist_ok=True)
    _WRITERS[form](path, {f"{name}/{path}": data for path, data in files.items()})
    return Task(kind=kind, place=place_of(path), description=description)


def _sound_bag() -> Files:
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": b"External-Description: self-test\n",
        "manifest-sha256.txt": _manifest(_PAYLOAD),
    }
    return {**tags, "tagmanifest-sha256.txt": _manifest(tags), **_PAYLOAD}


def _manifest(files: Mapping[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in files.items()]
    return "".join(lines).encode()


def _description(files: Files, kind: HoldingKind) -> bytes:
    facts = {
        path: FileFacts(hashlib.sha256(data).hexdigest(), len(data))
        for path, data in files.items()
        if kind is HoldingKind.FOLDER or not path.startswith("data/")
    }
    return Description(kind=kind, files=facts, version="1.0", encoding="UTF-8").to_bytes()


def _write_folder(path: Path, files: Files) -> None:
    for name, data in files.items():
        target = path.parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _write_zip(path: Path, files: Files) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def _write_tar(path: Path, files: Files) -> None:
    packed = path.suffix == ".gz"
    with tarfile.open(path, "w:gz" if packed else "w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


_WRITERS: Mapping[str, Callable[[Path, Files], None]] = {
    "folder": _write_folder,
    "tar": _write_tar,
    "tar.gz": _write_tar,
    "zip": _write_zip,
    PLAIN: _write_folder,
}
