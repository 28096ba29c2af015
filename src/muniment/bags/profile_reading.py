"""A profile document (JSON) -> Profile. Nothing is fetched.

What cannot stand in a profile makes it unusable: a profile is the caller's choice, not the material
that is judged, so its faults are named all at once in a UsageError. What is merely missing or
unknown is kept as a note: many published profiles are sparse.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from muniment.bags.profile import FieldRule, Note, Profile, Receiver, SerializationRule
from muniment.bags.profile_document import Part, parsed, shown
from muniment.bags.profile_patterns import Patterns
from muniment.model.errors import UsageError
from muniment.model.rules import profile as rules

_FIRST_VERSION = (1, 1)
_NEWEST_VERSION = (1, 4)
_INFO_KEYS = ("Source-Organization", "External-Description", "Version", "BagIt-Profile-Identifier")
# The keys that version 1.1.0 did not know, with the version that brought them.
_SINCE = {
    "Tag-Files-Allowed": (1, 2),
    "Manifests-Allowed": (1, 3),
    "Tag-Manifests-Allowed": (1, 3),
    "Fetch.txt-Required": (1, 4),
    "Data-Empty": (1, 4),
    "Payload-Files-Required": (1, 4),
    "Payload-Files-Allowed": (1, 4),
}
_PAIRS = (
    ("Manifests-Required", "Manifests-Allowed"),
    ("Tag-Manifests-Required", "Tag-Manifests-Allowed"),
)
_FILE_PAIRS = (
    ("Tag-Files-Required", "Tag-Files-Allowed"),
    ("Payload-Files-Required", "Payload-Files-Allowed"),
)


def read_profile(
    data: bytes,
    name: str,
    *,
    addresses: tuple[str, ...] = (),
    receiver: Receiver | None = None,
) -> Profile:
    """Read a profile document of any version from 1.1.0 to 1.4.0.

    `name` is what to call it; `addresses` are further identifiers that it goes by. Raises
    UsageError, which names everything that cannot stand.
    """
    document = Part(values=parsed(data, name))
    info = document.part("BagIt-Profile-Info")
    own = info.text("BagIt-Profile-Identifier")
    version = _version(info)
    profile = Profile(
        name=name,
        identifiers=(*([own] if own else []), *addresses),
        receiver=receiver,
        bag_info=tuple(_field_rules(document.part("Bag-Info"))),
        manifests_required=document.algorithms("Manifests-Required") or (),
        manifests_allowed=document.algorithms("Manifests-Allowed"),
        tag_manifests_required=document.algorithms("Tag-Manifests-Required") or (),
        tag_manifests_allowed=document.algorithms("Tag-Manifests-Allowed"),
        fetch_allowed=document.truth("Allow-Fetch.txt", default=True),
        fetch_required=document.truth("Fetch.txt-Required", default=False),
        data_empty=document.truth("Data-Empty", default=False),
        serialization=_serialization(document),
        accept_serialization=document.texts("Accept-Serialization") or (),
        accept_versions=document.texts("Accept-BagIt-Version") or (),
        tag_files_required=document.texts("Tag-Files-Required") or (),
        tag_files_allowed=document.texts("Tag-Files-Allowed"),
        payload_files_required=document.texts("Payload-Files-Required") or (),
        payload_files_allowed=document.texts("Payload-Files-Allowed"),
        notes=(*_lacking(document, info), *_too_new(document, version), *_unknown(document)),
    )
    faults = [*document.faults, *_contradictions(document, profile)]
    if faults:
        raise UsageError("\n".join(f"profile {name}: {fault}" for fault in faults))
    return profile


def _version(info: Part) -> tuple[int, int]:
    """The version of the specification that the profile follows; 1.1 where it does not say."""
    stated = info.text("BagIt-Profile-Version")
    if stated is None:
        return _FIRST_VERSION
    numbers = stated.split(".")
    if not 2 <= len(numbers) <= 3 or not all(n.isascii() and n.isdigit() for n in numbers):  # noqa: PLR2004
        key = f"{info.place}BagIt-Profile-Version"
        info.faults[f"{key}: {shown(stated)} is no version such as 1.3.0"] = None
        return _NEWEST_VERSION
    return int(numbers[0][:9]), int(numbers[1][:9])


def _serialization(document: Part) -> SerializationRule:
    stated = document.text("Serialization")
    if stated is None:
        return SerializationRule.OPTIONAL
    known = [str(member) for member in SerializationRule]
    if stated.lower() in known:
        return SerializationRule(stated.lower())
    document.faults[f"Serialization: {shown(stated)} is none of {', '.join(known)}"] = None
    return SerializationRule.OPTIONAL


def _field_rules(part: Part) -> Iterator[FieldRule]:
    for label in part.values:
        rule = part.part(label)
        yield FieldRule(
            label=label,
            required=rule.truth("required", default=False),
            recommended=rule.truth("recommended", default=False),
            repeatable=rule.truth("repeatable", default=True),
            values=rule.texts("values") or (),
            description=rule.text("description"),
        )


def _contradictions(document: Part, profile: Profile) -> Iterator[str]:
    """Where no bag at all could conform."""
    for required, allowed in _PAIRS:
        may = document.algorithms(allowed)
        lacking = [] if may is None else _without(document.algorithms(required), may)
        if lacking:
            yield f"{allowed}: it lacks {', '.join(lacking)}, which {required} asks for"
    for required, allowed in _FILE_PAIRS:
        patterns = document.texts(allowed)
        may_lie = None if patterns is None else Patterns(patterns)
        for path in document.texts(required) or ():
            # A folder is there with any file in it, which a pattern may allow in many ways.
            if may_lie is not None and not path.endswith("/") and not may_lie.match(path):
                yield f"{allowed}: it does not allow {shown(path)}, which {required} asks for"
    if profile.fetch_required and not profile.fetch_allowed:
        yield "Fetch.txt-Required: it is true, and Allow-Fetch.txt is false"


def _without(required: tuple[str, ...] | None, allowed: tuple[str, ...]) -> list[str]:
    return [name for name in required or () if name not in allowed]


def _lacking(document: Part, info: Part) -> Iterator[Note]:
    """What the specification requires of every profile."""
    for key in _INFO_KEYS:
        if not info.text(key):
            yield _note_of_lack(f"BagIt-Profile-Info/{key}", "it is missing or empty")
    if not document.texts("Accept-BagIt-Version"):
        message = "it names no version, so bags of any version are accepted"
        yield _note_of_lack("Accept-BagIt-Version", message)
    if document.text("Serialization") not in {None, "forbidden"} and not document.texts(
        "Accept-Serialization"
    ):
        message = "it names no media type, so any is accepted"
        yield _note_of_lack("Accept-Serialization", message)


def _note_of_lack(key: str, message: str) -> Note:
    return Note(rule=rules.PROFILE_LACKS, key=key, message=message)


def _too_new(document: Part, version: tuple[int, int]) -> Iterator[Note]:
    for key, since in _SINCE.items():
        if key in document.values and since > version:
            message = (
                f"the key exists since {_dotted(since)}, and the profile follows {_dotted(version)}"
            )
            yield Note(rule=rules.KEY_NEWER_THAN_PROFILE, key=key, message=message)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _unknown(document: Part) -> Iterator[Note]:
    for key in document.values:
        if key not in document.known:
            near = difflib.get_close_matches(key[:100], document.known, n=1)
            hint = f"; did its author mean {near[0]}?" if near else ""
            message = f"no version of the specification has this key{hint}"
            yield Note(rule=rules.UNKNOWN_KEY, key=key, message=message)
