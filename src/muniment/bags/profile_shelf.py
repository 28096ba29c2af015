"""Where profiles are found: those that muniment ships, files, and what the house has configured.

A profile is asked for by its shipped name, by a file's path, or by its address
(BagIt-Profile-Identifier). An address is only ever compared: nothing is fetched.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from muniment.bags.profile import Profile, Receiver
from muniment.bags.profile_document import LARGEST
from muniment.bags.profile_reading import read_profile
from muniment.model.errors import EnvironmentFault, UsageError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:\S+")
_BTR = "dpscollaborative/btr_bagit_profile"
# Further addresses that bags in the field give for a profile: of its file, not of its release.
_ADDRESSES = {
    "btr": (
        f"https://github.com/{_BTR}/blob/1.0/btr-bagit-profile.json",
        f"https://raw.githubusercontent.com/{_BTR}/master/btr-bagit-profile.json",
    ),
    "aptrust": ("https://wiki.aptrust.org/APTrust_BagIt_Profile-2.2",),
    "archivematica": (),
}
_RECEIVERS = {"aptrust": Receiver.APTRUST, "archivematica": Receiver.ARCHIVEMATICA}
SHIPPED = tuple(sorted(_ADDRESSES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The profiles that were asked for; `unknown` are addresses that nobody here knows."""

    profiles: tuple[Profile, ...] = ()
    unknown: tuple[str, ...] = ()


def profiles_asked(references: Iterable[str], configured: Sequence[Path] = ()) -> Asked:
    """Find every profile that is asked for, each once.

    `configured` are files of profiles that the house keeps: they too go by their addresses. Raises
    UsageError where a name is neither shipped nor a file, or a document is no profile, and
    EnvironmentFault where a file cannot be read.
    """
    found: dict[str, Profile] = {}
    unknown: dict[str, None] = {}
    for reference in references:
        profile = _find(reference.strip(), configured)
        if profile is None:
            unknown[reference.strip()] = None
        else:
            found.setdefault(profile.identifier or profile.name, profile)
    return Asked(profiles=tuple(found.values()), unknown=tuple(unknown))


@cache
def shipped_profile(name: str) -> Profile:
    """A profile that muniment ships, by one of the names in `SHIPPED`."""
    data = (files("muniment.schemas") / f"profile-{name}.json").read_bytes()
    return read_profile(data, name, addresses=_ADDRESSES[name], receiver=_RECEIVERS.get(name))


def shipped_name(identifier: str) -> str | None:
    """The name of the shipped profile that goes by an address."""
    address = identifier.strip()
    return next((name for name in SHIPPED if address in shipped_profile(name).identifiers), None)


def profile_file(path: Path) -> Profile:
    """A profile of a file. Raises UsageError, EnvironmentFault."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as fault:
        raise EnvironmentFault(f"profile {path} cannot be read: {fault.strerror}") from fault
    return read_profile(data, str(path))


def _find(reference: str, configured: Sequence[Path]) -> Profile | None:
    if reference.lower() in SHIPPED:
        return shipped_profile(reference.lower())
    if _ADDRESS.fullmatch(reference) and not Path(reference).exists():
        return _by_address(reference, configured)
    path = Path(reference)
    if path.is_file():
        return profile_file(path)
    what = "is a folder" if path.is_dir() else "is neither shipped nor a file"
    near = difflib.get_close_matches(reference.lower(), SHIPPED, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"shipped are {', '.join(SHIPPED)}"
    raise UsageError(f'profile "{reference}" {what}; {hint}')


def _by_address(address: str, configured: Sequence[Path]) -> Profile | None:
    name = shipped_name(address)
    if name is not None:
        return shipped_profile(name)
    kept = (profile_file(path) for path in configured)
    return next((profile for profile in kept if address in profile.identifiers), None)
