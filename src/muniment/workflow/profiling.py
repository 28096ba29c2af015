"""The profiles of a packaging: found, and what they prescribe before anything is read.

They are named by `--profile`, else by the house's setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.bags.plan import Plan, TagFile
from muniment.bags.profile import Profile, Receiver
from muniment.bags.profile_applying import (
    algorithms_for,
    form_for,
    identified,
    refuse_other_versions,
    tell_before_sending,
)
from muniment.bags.profile_judging import judge_profiles
from muniment.bags.profile_shelf import Asked, profiles_asked
from muniment.bags.profile_tags import Tag, described, label_files
from muniment.bags.profile_view import view_of_plan
from muniment.bags.serialising import Serialization
from muniment.bags.verdicts import Findings
from muniment.configuration import HouseConfiguration
from muniment.model.digests import DEFAULT_ALGORITHMS, Algorithm
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Severity
from muniment.workflow.describing import Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """What the profiles of a packaging decide. `form` None makes a folder."""

    profiles: tuple[Profile, ...]
    algorithms: tuple[Algorithm, ...]
    form: Serialization | None

    @property
    def asked(self) -> Asked:
        """The same profiles, to read the bag back by."""
        return Asked(profiles=self.profiles)

    @property
    def events_by_file(self) -> bool:
        """Whether the receiver imports events from PREMIS, file by file."""
        return any(profile.receiver is Receiver.ARCHIVEMATICA for profile in self.profiles)

    def bag_info(self, given: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The fields given for the bag, and the profiles that it names."""
        return identified(self.profiles, given)

    def tag_files(
        self, description: Description, house: Sequence[Tag], given: Sequence[Tag]
    ) -> tuple[TagFile, ...]:
        """The tag files of labels and values: of the record, of the house, of the caller."""
        titles = description.accepted.record.titles
        title = titles[0].value if titles else None
        of_record = described(self.profiles, title=title, description=description.summary)
        return label_files(of_record, house, given)

    def judge(self, plan: Plan, *, sealed: Sequence[str]) -> tuple[Finding, ...]:
        """What the profiles say against the plan; where nothing, what is worth knowing of it.

        What cannot be seen before the bag is written, is seen when it is read back.
        """
        findings = Findings()
        view = view_of_plan(plan, form=self.form, sealed=sealed)
        judge_profiles(self.profiles, view, findings)
        if any(finding.severity is Severity.ERROR for finding in findings.found):
            return tuple(findings.found)
        worth_knowing = Findings()
        tell_before_sending(self.profiles, plan.name, worth_knowing)
        return tuple(worth_knowing.found)


def prescribe(
    references: Sequence[str],
    house: HouseConfiguration,
    *,
    algorithms: tuple[Algorithm, ...] | None,
    form: Serialization | None,
) -> Prescription:
    """Find the profiles and let them decide. Raises UsageError, EnvironmentFault."""
    wanted = references or house.profiles
    asked = profiles_asked(wanted, configured=house.profile_files)
    if asked.unknown:
        raise UsageError(
            f"{', '.join(asked.unknown)}: no profile that is shipped or configured goes by this"
            " address, and none is ever fetched; save it and give the file"
        )
    refuse_other_versions(asked.profiles)
    preferred = house.algorithms or DEFAULT_ALGORITHMS
    return Prescription(
        profiles=asked.profiles,
        algorithms=algorithms_for(asked.profiles, chosen=algorithms, preferred=preferred),
        form=form_for(asked.profiles, form),
    )
