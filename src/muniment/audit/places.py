"""Where holdings lie: from a path or an address to a place, and whether it can be reached at all.

A location is what places share: the mount point they lie below, or scheme and bucket. A share that
is not mounted is an empty folder, so whether it was one is part of the place.
"""

from __future__ import annotations

import os
from pathlib import Path

from muniment.audit.canonical import coded_name, decoded_name
from muniment.audit.holdings import HoldingKind, Place
from muniment.bags.homes import archive_form
from muniment.storage.addresses import Address, Home, home_of
from muniment.storage.containers import DeniedError, UnreachableError
from muniment.storage.object_store import open_bucket
from muniment.storage.patience import Patience

_ROOT = os.sep


def place_of(home: Home) -> Place:
    """The place of what lies at a path or address."""
    if isinstance(home, Address):
        form = archive_form(home) or "prefix"
        return Place(
            address=coded_name(str(home)), form=form, location=f"{home.scheme}://{home.place}"
        )
    path = home.absolute() if home.is_absolute() else Path(os.path.abspath(home))  # noqa: PTH100
    location = mount_point(path)
    return Place(
        address=coded_name(str(path)),
        form=_form_of(path),
        location=coded_name(location),
        mounted=location != _ROOT,
    )


def home_at(place: Place) -> Home:
    """The path or address of a place."""
    return home_of(decoded_name(place.address))


def mount_point(path: Path) -> str:
    """The nearest folder above, or the path itself, on which a file system is mounted."""
    real = os.path.realpath(path)
    while not os.path.ismount(real):
        real = os.path.dirname(real)  # noqa: PTH120 - of a text that may not exist
    return real


def why_unreachable(place: Place) -> str | None:
    """Why nothing at a place can be told missing now; None where its surroundings are there.

    Raises DeniedError where what lies above it may not be entered.
    """
    home = home_at(place)
    if isinstance(home, Address):
        return None
    location = decoded_name(place.location)
    if place.mounted and not os.path.ismount(location):
        return f"{location} is not mounted"
    try:
        home.lstat()
    except FileNotFoundError:
        return _why_not_there(home.parent)
    except PermissionError as error:
        raise DeniedError(f"{home}: {error.strerror}") from error
    except OSError as error:
        return f"{home}: {error.strerror}"
    return None


def _why_not_there(parent: Path) -> str | None:
    """Why even the folder of a holding is not there; None where it is, so only this is gone."""
    try:
        parent.stat()
    except OSError as error:
        return f"{parent}: {error.strerror}"
    return None


def why_not_missing(place: Place, patience: Patience) -> str | None:
    """Why what is gone cannot be called missing: its bucket is gone too, or does not answer."""
    home = home_at(place)
    if not isinstance(home, Address):
        return None
    try:
        next(open_bucket(home, patience).list(""), None)
    except UnreachableError as error:
        return str(error)
    return None


def is_bag(home: Path) -> bool:
    """Whether a path is to be judged as a bag: an archive, or a folder with a bagit.txt."""
    return home.is_file() or os.path.lexists(home / "bagit.txt")


def kind_of(home: Home) -> HoldingKind:
    """A bag, or plain files."""
    if isinstance(home, Address) or is_bag(home):
        return HoldingKind.BAG
    return HoldingKind.FOLDER


def _form_of(path: Path) -> str:
    try:
        return archive_form(path) or "folder"
    except UnreachableError:
        return "folder"
