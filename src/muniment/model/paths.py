"""Paths inside a bag: what is safe, how they are coded in manifests, when two are twins.

RFC 8493 sections 2.1.3 (coding), 5.1 (a bag never reaches outside itself), 6.1 (portability).
"""

from __future__ import annotations

import re
import unicodedata

_CODED = re.compile("%(0[aA]|0[dD]|25)")
_DECODED = {"0a": "\n", "0d": "\r", "25": "%"}
_CODED_BEFORE_1_0 = re.compile("%(0[aA]|0[dD])")
_DRIVE = re.compile(r"[^/]:")  # Windows lets any character stand for a drive
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_VARIABLE = re.compile(r"%[A-Za-z][A-Za-z0-9_()]*%|\$\{?[A-Za-z_]+\}?[\\/]")
_WINDOWS_NAMES = frozenset(
    ["CON", "PRN", "AUX", "NUL"]
    + [f"{device}{number}" for device in ("COM", "LPT") for number in "123456789¹²³"]
)
_WINDOWS_ILLEGAL = re.compile(r'[<>:"\\|?*\x00-\x1f]')
LONGEST_NAME = 255


def encode_path(path: str) -> str:
    """Code a path for a manifest or fetch.txt: CR, LF and `%`, and only those (section 2.1.3)."""
    if "%" not in path and "\n" not in path and "\r" not in path:
        return path
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def decode_path(coded: str, *, percent_is_coded: bool = True) -> str:
    """Undo `encode_path`. Before BagIt 1.0 `%25` stood for itself: `percent_is_coded=False`.

    Any other `%` stands for itself.
    """
    if "%" not in coded:
        return coded
    pattern = _CODED if percent_is_coded else _CODED_BEFORE_1_0
    return pattern.sub(lambda match: _DECODED[match[1].lower()], coded)


def unsafe_reason(path: str) -> str | None:
    """Why a path from a manifest must not be followed, or None where it is safe (section 5.1).

    Windows forms are refused on every platform, for a bag travels.
    """
    if path.startswith("/"):
        return "it is absolute"
    if path.startswith("~"):
        return "it begins with a home folder"
    if path.startswith("\\"):
        return "it is a Windows network or device path"
    if _DRIVE.match(path):
        return "it begins with a drive letter"
    if _ADDRESS.match(path):
        return "it is an address"
    if _VARIABLE.match(path):
        return "it begins with an environment variable"
    if "\x00" in path:
        return "it holds a NUL character"
    if ".." in path and ".." in re.split(r"[/\\]", path):
        return "it climbs out of its folder with `..`"
    return None


def twin_key(path: str) -> str:
    """Two paths with the same key are one file on some systems (case and normalisation)."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def normal_key(path: str) -> str:
    """Two paths with the same key differ in Unicode normalisation only."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def windows_fault(path: str) -> str | None:
    """Why a path cannot stand on Windows, or None where it can (section 6.1)."""
    for name in path.split("/"):
        fault = _windows_name_fault(name)
        if fault is not None:
            return fault
    return None


def _windows_name_fault(name: str) -> str | None:
    if _WINDOWS_ILLEGAL.search(name):
        return "it holds a character that Windows does not allow"
    if name.partition(".")[0].rstrip(" ").upper() in _WINDOWS_NAMES:
        return "it is the name of a Windows device"
    if name.endswith((".", " ")):
        return "it ends in a dot or a blank, which Windows removes"
    if len(name) > LONGEST_NAME:
        return f"it is longer than {LONGEST_NAME} characters"
    return None
