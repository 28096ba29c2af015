"""What every bag of a house shares, from `muniment.toml`.

    organization = "City Archive"          # Source-Organization
    agent = "City Archive, Accessions"     # who is named as having had the bags made
    algorithms = ["sha256", "sha512"]
    profile = "aptrust"                    # or several, and files: ["btr", "profiles/ours.json"]
    requirements = "requirements.yaml"     # what the house asks of a description; or "deposit"
    ledger = "audit/ledger.sqlite"         # the audit's history; or postgresql://...
    checkpoints = "/mnt/notary"            # where each run leaves a signed copy of its state

    [contact]                              # Contact-Name, -Phone, -Email, Organization-Address
    name = "The reading room"
    email = "readingroom@archive.example"

    [bag-info]                             # further labels of bag-info.txt
    Rights-Holder = "City Archive"

    [locations."/mnt/tape"]                # what the audit may ask of a place
    window = "22:00-06:00"                 # hours of the day, in UTC
    max-bytes = "500GB"                    # in one run
    limit-rate = "40MB"                    # bytes a second
    workers = 1                            # how many may read there at a time

    [tags."aptrust-info.txt"]              # labels of further tag files, for those who ask for them
    Access = "Institution"

The set of keys is closed: a misspelt key would else be a setting that silently does nothing.
"""

from __future__ import annotations

import difflib
import os
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from muniment.model.digests import Algorithm
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.locations import LocationLimits, window_of
from muniment.model.sizes import octets_of

FILE_NAME = "muniment.toml"

Value = TypeVar("Value")

# Labels that say what the bag itself is; a value from outside could only be wrong.
_OURS = {
    "bag-size": "it is measured",
    "bag-software-agent": "it names the program that made the bag",
    "bagging-date": "it is the date of the packaging (--date)",
    "payload-oxum": "it is counted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask about a bag, in the reserved labels of RFC 8493 section 2.2.2."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseConfiguration:
    """The settings of a house; `source` is the file they came from, None where there is none.

    `algorithms` None leaves the choice to the defaults. `profiles` are names, addresses or paths,
    as `--profile` takes them; a path is taken from the settings' own folder. `bag_info` holds
    further labels, and `tags` (file, label, value), in their order in the file. `requirements` is
    a file, located likewise, or the name of one that is shipped. `locations` are the limits of
    places with limits of their own, by mount point or by scheme and bucket. `ledger` is a URL or a
    path, `checkpoints` a folder; paths are taken from the settings' own folder.
    """

    source: Path | None = None
    organization: str | None = None
    agent: str | None = None
    algorithms: tuple[Algorithm, ...] | None = None
    profiles: tuple[str, ...] = ()
    contact: Contact = field(default_factory=Contact)
    bag_info: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str, str], ...] = ()
    requirements: str | None = None
    ledger: str | None = None
    checkpoints: Path | None = None
    locations: Mapping[str, LocationLimits] = field(default_factory=dict)

    @property
    def profile_files(self) -> tuple[Path, ...]:
        """The profiles that the house keeps as files."""
        return tuple(path for path in map(Path, self.profiles) if path.is_file())

    def bag_info_fields(self) -> tuple[tuple[str, str], ...]:
        """Everything that the house says in bag-info.txt, in the reserved labels' order."""
        reserved = (
            ("Source-Organization", self.organization),
            ("Organization-Address", self.contact.address),
            ("Contact-Name", self.contact.name),
            ("Contact-Phone", self.contact.phone),
            ("Contact-Email", self.contact.email),
        )
        return (*((label, value) for label, value in reserved if value), *self.bag_info)


def house_configuration(
    explicit: Path | None = None,
    *,
    working_folder: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> HouseConfiguration:
    """The house's settings: of the file given, else of the file found, else none.

    Looked for is `muniment.toml` in the working folder and upwards, then in the user's
    configuration folder; the first one counts alone. Raises UsageError, which names every key that
    cannot stand, and EnvironmentFault where a file cannot be read.
    """
    if explicit is not None:
        if not explicit.is_file():
            raise UsageError(f"there is no configuration file {explicit}")
        return read_configuration(explicit)
    folder = (working_folder or Path.cwd()).absolute()
    candidates = [*(each / FILE_NAME for each in (folder, *folder.parents))]
    candidates += [each / FILE_NAME for each in _user_folders(environment)]
    found = next((path for path in candidates if path.is_file()), None)
    return HouseConfiguration() if found is None else read_configuration(found)


def read_configuration(path: Path) -> HouseConfiguration:
    """The settings of one file. Raises as `house_configuration` does."""
    settings = _Table(values=_parsed(path))
    asked = settings.text("requirements")
    ledger = settings.text("ledger")
    checkpoints = settings.text("checkpoints")
    house = HouseConfiguration(
        source=path,
        organization=settings.text("organization"),
        agent=settings.text("agent"),
        algorithms=settings.algorithms("algorithms"),
        profiles=tuple(_located(each, path.parent) for each in settings.texts("profile")),
        contact=_contact(settings.table("contact")),
        bag_info=_further_labels(settings.table("bag-info")),
        tags=_tags(settings.table("tags")),
        requirements=None if asked is None else _located(asked, path.parent),
        ledger=None if ledger is None else _from_folder(ledger, path.parent),
        checkpoints=None if checkpoints is None else path.parent / checkpoints,
        locations=_locations(settings.table("locations")),
    )
    settings.close()
    if settings.faults:
        raise UsageError("\n".join(f"{path}: {fault}" for fault in settings.faults))
    return house


def bag_info_field(line: str) -> tuple[str, str]:
    """The label and the value of `Label: value`, as `--bag-info` takes it. Raises UsageError."""
    label, colon, value = line.partition(":")
    if not colon or not label.strip() or not value.strip():
        raise UsageError(f'--bag-info "{line}" is not of the form "Label: value"')
    fault = _label_fault(label.strip()) or _text_fault(value.strip())
    if fault is not None:
        raise UsageError(f'--bag-info "{line}": {fault}')
    return label.strip(), value.strip()


def tag_field(line: str) -> tuple[str, str, str]:
    """The file, label and value of `file: Label: value`, as `--tag` takes it. Raises UsageError."""
    path, colon, field = line.partition(":")
    label, second, value = field.partition(":")
    path, label, value = path.strip(), label.strip(), value.strip()
    if not colon or not second or not path:
        raise UsageError(f'--tag "{line}" is not of the form "file: Label: value"')
    fault = _plain_label_fault(label) or _text_fault(value)
    if fault is not None:
        raise UsageError(f'--tag "{line}": {fault}')
    return path, label, value


def _located(profile: str, folder: Path) -> str:
    """A profile's path, taken from the folder of the settings; any other name as it stands."""
    path = folder / profile
    return str(path) if path.is_file() else profile


def _from_folder(place: str, folder: Path) -> str:
    """A path, there or not, taken from the folder of the settings; a URL as it stands."""
    return place if "://" in place else str(folder / place)


def _user_folders(environment: Mapping[str, str]) -> list[Path]:
    """Where this system keeps a user's settings (XDG Base Directory on Linux)."""
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if sys.platform == "win32":
        bases = [environment.get("APPDATA")]
    elif sys.platform == "darwin":
        bases = [f"{home}/Library/Application Support" if home else None]
    else:
        bases = [environment.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else None)]
    return [Path(base) / "muniment" for base in bases if base]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise UsageError(f"{path} is not TOML: {fault}") from fault
    except UnicodeDecodeError as fault:
        raise UsageError(f"{path} is not UTF-8, which TOML is: {fault.reason}") from fault
    except OSError as fault:
        raise EnvironmentFault(f"{path} cannot be read: {fault.strerror}") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A table of the file: its values are taken key by key, and what cannot stand is noted."""

    values: dict[str, Any]
    name: str = ""
    known: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def text(self, key: str) -> str | None:
        """A text; None where there is none or it cannot stand."""
        value = self._take(key, str, "a text in quotes")
        return value if value is not None and self._stands(key, _text_fault(value)) else None

    def algorithms(self, key: str) -> tuple[Algorithm, ...] | None:
        """Names of algorithms; None where there are none or they cannot stand."""
        names = self._take(key, list, "a list of names")
        if names is None or not self._stands(key, _algorithms_fault(names)):
            return None
        return tuple(dict.fromkeys(Algorithm(name) for name in names))

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts; empty where there is none or one cannot stand."""
        value = self.values.get(key)
        if not isinstance(value, list):
            text = self.text(key)
            return () if text is None else (text,)
        self.known.add(key)
        faults = [fault for each in value if (fault := _text_fault(each)) is not None]
        return tuple(value) if self._stands(key, faults[0] if faults else None) else ()

    def table(self, key: str) -> _Table:
        """A table within; its faults are noted here. Empty where there is none."""
        values = self._take(key, dict, f"a table, [{key}]")
        return _Table(values=values or {}, name=f"{key}.", faults=self.faults)

    def read(self, key: str, reader: Callable[[str], Value]) -> Value | None:
        """What a text stands for; None where there is none or it cannot stand."""
        text = self.text(key)
        try:
            return None if text is None else reader(text)
        except ValueError as fault:
            self._stands(key, str(fault))
            return None

    def count(self, key: str) -> int | None:
        """A whole number from 1 on; None where there is none or it cannot stand."""
        value = self._take(key, int, "a whole number")
        is_right = value is None or (value >= 1 and not isinstance(value, bool))
        return value if self._stands(key, None if is_right else "it must be 1 or more") else None

    def close(self) -> None:
        """Note every key that nobody asked for: it is unknown or misspelt."""
        for key in self.values:
            if key not in self.known:
                near = difflib.get_close_matches(key.lower(), self.known, n=1)
                hint = f'did you mean "{near[0]}"?' if near else f"known: {_listed(self.known)}"
                self._stands(key, f"there is no such setting; {hint}")

    def _take(self, key: str, kind: type, wanted: str) -> Any:  # noqa: ANN401 - as TOML gives it
        self.known.add(key)
        value = self.values.get(key)
        right = value is None or isinstance(value, kind)
        return value if self._stands(key, None if right else f"it must be {wanted}") else None

    def _stands(self, key: str, fault: str | None) -> bool:
        if fault is not None:
            self.faults.append(f"{self.name}{key}: {fault}")
        return fault is None


def _contact(table: _Table) -> Contact:
    contact = Contact(
        name=table.text("name"),
        phone=table.text("phone"),
        email=table.text("email"),
        address=table.text("address"),
    )
    table.close()
    return contact


def _further_labels(table: _Table) -> tuple[tuple[str, str], ...]:
    """Labels with a value or a list of values, in the order of the file."""
    fields = [
        (label, value)
        for label, given in table.values.items()
        for value in (given if isinstance(given, list) else [given])
    ]
    for label, value in fields:
        fault = _label_fault(label) or _text_fault(value)
        if fault is not None:
            table.faults.append(f"{table.name}{label}: {fault}")
    return tuple(fields)


def _tags(table: _Table) -> tuple[tuple[str, str, str], ...]:
    """A table of labels for each file, in the order of the settings."""
    tags: list[tuple[str, str, str]] = []
    for path in table.values:
        labels = table.table(path)
        for label, given in labels.values.items():
            for value in given if isinstance(given, list) else [given]:
                fault = _plain_label_fault(label) or _text_fault(value)
                table.faults.extend([] if fault is None else [f"{labels.name}{label}: {fault}"])
                tags.append((path, label, value))
    return tuple(tags)


def _locations(table: _Table) -> dict[str, LocationLimits]:
    """The limits of each location that has some."""
    found = {}
    for location in table.values:
        limits = table.table(location)
        found[location] = LocationLimits(
            octets=limits.read("max-bytes", octets_of),
            rate=limits.read("limit-rate", octets_of),
            window=limits.read("window", window_of),
            workers=limits.count("workers"),
        )
        limits.close()
    return found


def _plain_label_fault(label: str) -> str | None:
    """Why a label cannot stand in a tag file (RFC 8493 section 2.2.2)."""
    if not label.strip() or label != label.strip() or ":" in label or not label.isprintable():
        return "a label has no colon, no control character, and no blank at its ends"
    return None


def _label_fault(label: str) -> str | None:
    """Why a label cannot stand in bag-info.txt from outside."""
    fault = _plain_label_fault(label)
    if fault is not None:
        return fault
    ours = _OURS.get(label.lower())
    return None if ours is None else f"this label is not for you to set: {ours}"


def _text_fault(value: object) -> str | None:
    if not isinstance(value, str):
        return "it must be a text in quotes"
    if not value.strip() or value != value.strip():
        return "the text is empty, or has blanks at its ends"
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        return "the text holds a line end or another control character"
    return None


def _algorithms_fault(names: Iterable[object]) -> str | None:
    known = list(map(str, Algorithm))
    wrong = [str(name) for name in names if name not in known]
    if wrong:
        return f"no such algorithm: {', '.join(wrong)}; known: {', '.join(known)}"
    return None if names else "name at least one, or leave the setting out"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
