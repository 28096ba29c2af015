"""Judging bags by profiles in a test: profiles as dictionaries, bags as `bagbuilder` makes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bagbuilder import PAYLOAD, Bag

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import archive_form, open_bag
from muniment.bags.profile import Profile
from muniment.bags.profile_reading import read_profile
from muniment.bags.profile_shelf import SHIPPED, Asked, shipped_profile
from muniment.model.findings import Finding, SubjectReport
from muniment.storage.executors import InProcess
from muniment.storage.progress import Silent
from muniment.workflow.verifying import judge_premis

ADDRESS = "https://profiles.example/letters-v1.json"
WHOLE: dict[str, object] = {
    "BagIt-Profile-Info": {
        "BagIt-Profile-Identifier": ADDRESS,
        "BagIt-Profile-Version": "1.4.0",
        "Source-Organization": "City Archive",
        "External-Description": "Letters",
        "Version": "1",
    },
    "Accept-BagIt-Version": ["0.97", "1.0"],
    "Serialization": "optional",
    "Accept-Serialization": ["application/zip", "application/tar"],
}
NAMED = (("Source-Organization", "City Archive"), ("BagIt-Profile-Identifier", ADDRESS))


def profile(**keys: object) -> Profile:
    """A profile that asks for nothing but what is given; `Allow_Fetch_txt` is `Allow-Fetch.txt`."""
    return read_profile(document(**keys), "letters")


def document(**keys: object) -> bytes:
    """The same profile as its document. A key that is given as None is left out."""
    named = {re.sub("_txt", ".txt", key).replace("_", "-"): value for key, value in keys.items()}
    document = {**WHOLE, **named}
    return json.dumps({k: v for k, v in document.items() if v is not None}).encode()


def named_bag(
    *fields: tuple[str, str],
    version: str = "1.0",
    algorithms: Sequence[str] = ("sha256",),
    payload: Mapping[str, bytes] = PAYLOAD,
) -> Bag:
    """A bag that names the profile, with further fields in bag-info.txt."""
    return Bag(info=(*NAMED, *fields), version=version, algorithms=algorithms, payload=payload)


def judged(
    home: Path, *profiles: Profile | str, quick: bool = True, unknown: Sequence[str] = ()
) -> SubjectReport:
    """Judge a bag that lies somewhere, by profiles or by the names of shipped ones."""
    found = tuple(shipped_profile(p) if isinstance(p, str) else p for p in profiles)
    assert all(p in SHIPPED for p in profiles if isinstance(p, str))
    options = CheckOptions(
        quick=quick,
        profiles=Asked(profiles=found, unknown=tuple(unknown)),
        form=archive_form(home),
        judge_premis=judge_premis,
    )
    return check_bag(
        open_bag(home),
        subject=home.name,
        options=options,
        executor=InProcess(),
        progress=Silent(),
    )


def of_profiles(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of profiles alone."""
    return [finding for finding in findings if finding.rule.id.startswith("PRO-")]
