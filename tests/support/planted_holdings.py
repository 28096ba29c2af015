"""A thousand holdings in folders, tar and zip archives, and a hundred faults planted in them.

Each plant says what an audit has to name: the outcome, and each fault by kind and path.
"""

from __future__ import annotations

import io
import random
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bagbuilder import Bag

FORMS = ("folder", "tar", "zip")

Files = dict[str, bytes]
Faults = frozenset[tuple[str, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A fault, what has to be found of it, and where it can be planted."""

    name: str
    change: Callable[[Files, random.Random], Faults]
    forms: tuple[str, ...] = FORMS


def _payload(files: Files) -> list[str]:
    return sorted(path for path in files if path.startswith("data/"))


def _flip(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(sorted(path for path in files if files[path]))
    data = bytearray(files[path])
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    files[path] = bytes(data)
    return frozenset({("corrupt", path)})


def _truncate(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(_payload(files))
    files[path] = files[path][: chance.randrange(len(files[path]))]
    return frozenset({("corrupt", path)})


def _grow(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(_payload(files))
    files[path] += b"more"
    return frozenset({("corrupt", path)})


def _same_size(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(_payload(files))
    files[path] = chance.randbytes(len(files[path]))
    return frozenset({("corrupt", path)})


def _delete(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(_payload(files))
    del files[path]
    return frozenset({("missing", path)})


def _delete_tag_file(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(["bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt"])
    del files[path]
    return frozenset({("missing", path)})


def _delete_seal(files: Files, chance: random.Random) -> Faults:
    """Without one of its tag manifests, or without any, the bag is still valid by itself."""
    seals = ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]
    gone = chance.sample(seals, chance.randrange(1, 3))
    for path in gone:
        del files[path]
    faults = {("missing", path) for path in gone}
    if len(gone) == len(seals):  # then nobody vouches for the rest but the ledger
        files["bag-info.txt"] = files["bag-info.txt"].replace(b"a", b"b")
        faults.add(("corrupt", "bag-info.txt"))
    return frozenset(faults)


def _flip_case_of_seal(files: Files, _: random.Random) -> Faults:
    """A flipped bit that makes a digest's letter a capital: the bag is still valid by itself."""
    path = "tagmanifest-sha256.txt"
    data = bytearray(files[path])
    data[next(place for place, byte in enumerate(data) if byte in b"abcdef")] ^= 0x20
    files[path] = bytes(data)
    return frozenset({("corrupt", path)})


def _add(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(["data/stray.txt", "data/inner/stray.txt"])
    files[path] = b"a stray"
    return frozenset({("extra", path)})


def _add_tag_file(files: Files, _: random.Random) -> Faults:
    files["notes.txt"] = b"not of the bag"
    return frozenset({("extra", "notes.txt")})


def _rename(files: Files, chance: random.Random) -> Faults:
    path = chance.choice(_payload(files))
    files["data/renamed.txt"] = files.pop(path)
    return frozenset({("missing", path), ("extra", "data/renamed.txt")})


def _swap(files: Files, chance: random.Random) -> Faults:
    files.clear()
    files.update(sound(chance))
    return frozenset({("swapped", None)})


def _several(files: Files, chance: random.Random) -> Faults:
    first, second, *_ = _payload(files)
    files[first] = chance.randbytes(len(files[first]))
    del files[second]
    files["data/stray.txt"] = b"a stray"
    info = files["bag-info.txt"]
    files["bag-info.txt"] = info[:-2] + bytes([info[-2] ^ 1]) + info[-1:]
    return frozenset(
        {
            ("corrupt", first),
            ("missing", second),
            ("extra", "data/stray.txt"),
            ("corrupt", "bag-info.txt"),
        }
    )


PLANTS = (
    Plant(name="flip", change=_flip),
    Plant(name="truncation", change=_truncate),
    Plant(name="growth", change=_grow),
    Plant(name="same size", change=_same_size),
    Plant(name="deletion", change=_delete),
    Plant(name="deleted tag file", change=_delete_tag_file),
    Plant(name="deleted seal", change=_delete_seal),
    Plant(name="flipped case of a seal", change=_flip_case_of_seal),
    Plant(name="addition", change=_add),
    Plant(name="added tag file", change=_add_tag_file),
    Plant(name="rename", change=_rename),
    Plant(name="swap", change=_swap),
    Plant(name="several", change=_several),
)


def sound(chance: random.Random) -> Files:
    """The files of a sound bag with something of its own in each."""
    payload = {
        f"data/{name}.txt": chance.randbytes(chance.randrange(20, 300))
        for name in ("a", "b", "inner/c", "inner/d")
    }
    bag = Bag(payload=payload, algorithms=("sha256", "sha512")).seal()
    return dict(bag.files)


def write(path: Path, form: str, files: Mapping[str, bytes]) -> None:
    """Write a bag in a form, in the place of what was there."""
    if form == "folder":
        shutil.rmtree(path, ignore_errors=True)
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        return
    top = path.name.partition(".")[0]
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(f"{top}/{name}", data)
        return
    with tarfile.open(path, "w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def path_of(folder: Path, number: int, form: str) -> Path:
    """Where a holding lies."""
    name = f"bag-{number:04d}"
    return folder / (name if form == "folder" else f"{name}.{form}")
