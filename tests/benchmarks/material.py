"""What the benchmarks work on, made once from a fixed seed."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
RECORD = "title: Benchmark\nidentifier: benchmark\ntype: Text\n"


def small_files(folder: Path, count: int) -> Path:
    """So many files of 200 to 8,192 random bytes, a thousand a folder."""
    if folder.exists():
        return folder
    source = random.Random(1952)
    for number in range(count):
        inner = folder / f"{number // 1000:04d}"
        if number % 1000 == 0:
            inner.mkdir(parents=True)
        size = source.randint(200, 8192)
        (inner / f"page-{number:07d}.txt").write_bytes(source.randbytes(size))
    return folder


def big_files(folder: Path, count: int, size: int) -> Path:
    """So many files of `size` random bytes."""
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    source = random.Random(1952)
    for number in range(count):
        with (folder / f"film-{number}.bin").open("wb") as stream:
            for _ in range(size >> 20):
                stream.write(source.randbytes(1 << 20))
    return folder


def bag_of(source: Path, bag: Path) -> Path:
    """A bag of a folder, by bagit-python, so that neither tool judges its own work alone."""
    if bag.exists():
        return bag
    shutil.copytree(source, bag)
    return _bagged(bag)


def bag_of_small_files(bag: Path, count: int) -> Path:
    """A bag of so many small files, where copies of them would take too long."""
    return bag if bag.exists() else _bagged(small_files(bag, count))


def _bagged(bag: Path) -> Path:
    command = ["bagit.py", "--sha256", "--sha512", "--processes", "2", "--quiet", str(bag)]
    subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], check=True)
    return bag
