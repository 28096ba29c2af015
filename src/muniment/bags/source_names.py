"""Names that the payload would have in the bag: taken twice, twins, and such as do not travel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import groupby

from muniment.bags.payload import Payload, PayloadFile
from muniment.bags.portability import is_system_file, odd_names, twin_difference, twins_among
from muniment.model.paths import windows_fault
from muniment.model.rules import source as rules


def judge_names(payload: Payload) -> None:
    """Put the files into code-point order, each once, and tell of every name that is at fault."""
    payload.files.sort(key=_path)
    sources = {file.path: file.source for file in payload.files}
    if len(sources) < len(payload.files):
        _judge_repeated(payload)
    for paths in _by_folder(sources).values():
        for first, second in twins_among(paths):
            difference = twin_difference(first, second)
            message = f"{second} and {first} differ by {difference} only"
            payload.add(rules.CASE_TWINS, message, path=sources.get(second, second), twin=first)
        for path in odd_names(paths):
            _tell_of_odd_name(path, sources.get(path, path), payload)


def _path(file: PayloadFile) -> str:
    return file.path


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """Files and folders by the folder that holds them."""
    folders: dict[str, list[str]] = {}

    def enter(path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in folders:
            folders[folder] = []
            if folder:
                enter(folder)
        folders[folder].append(path)

    for path in paths:
        enter(path)
    return folders


def _judge_repeated(payload: Payload) -> None:
    """One file named twice is packaged once; two files cannot have one name."""
    kept: list[PayloadFile] = []
    repeated: list[PayloadFile] = []
    for _, same in groupby(payload.files, key=_path):
        first, *others = same
        kept.append(first)
        real = os.path.realpath(first.source)
        for other in others:
            if os.path.realpath(other.source) == real:
                repeated.append(other)
                continue
            message = f"{first.source} and {other.source} would both be {other.path}"
            payload.add(rules.SAME_NAME_TWICE, message, path=other.source, twin=first.source)
    payload.files[:] = kept
    if repeated:
        more = f", and {len(repeated) - 1:,} more" if len(repeated) > 1 else ""
        message = f"{repeated[0].source}{more}: named more than once, packaged once"
        payload.add(rules.NAMED_TWICE, message, path=repeated[0].source, files=len(repeated))


def _tell_of_odd_name(path: str, source: str, payload: Payload) -> None:
    fault = windows_fault(path.rpartition("/")[2])
    if fault is not None:
        payload.add(rules.NAME_NOT_PORTABLE, f"{path}: {fault}", path=source)
    if is_system_file(path):
        message = f"{path} was made by the operating system"
        payload.add(rules.SYSTEM_FILE, message, path=source)
