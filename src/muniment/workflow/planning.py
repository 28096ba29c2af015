"""What a packaging will write: decided whole, before a byte is.

source -> record -> description -> plan. What stands in the way leaves sideways, as a report.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from muniment import __version__
from muniment.bags.checking import CheckOptions
from muniment.bags.payload import PayloadFile
from muniment.bags.plan import (
    Plan,
    SealedManifest,
    TagFile,
    bag_info_fields,
    bag_name,
    human_size,
    oxum_of,
)
from muniment.bags.serialising import Serialization
from muniment.bags.source_links import LinkPolicy
from muniment.bags.source_lists import SourceList
from muniment.bags.sources import EmptyFolderPolicy, Sources, survey_sources
from muniment.bags.splitting import larger_than, split_payload
from muniment.configuration import HouseConfiguration, house_configuration
from muniment.metadata.premis import Packaging, premis_xml
from muniment.metadata.requirements_reading import requirements_from
from muniment.model.digests import Algorithm
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Location, Report, Severity, Skipped, SubjectReport
from muniment.model.rules import source as rules
from muniment.storage.progress import Progress
from muniment.storage.staging import STAGING_PREFIX
from muniment.workflow.describing import Description, describe
from muniment.workflow.events import packaging_events
from muniment.workflow.preflight import check_algorithms, paths_too_long
from muniment.workflow.profiling import Prescription, prescribe
from muniment.workflow.verifying import judge_premis

AGENT = f"muniment {__version__}"
PREMIS_PATH = "metadata/premis.xml"


class SecondOpinion(StrEnum):
    """Whether the Library of Congress's bagit judges the bag too; `auto` where it is small."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRequest:
    """What is to be packaged, and how. `date` is YYYY-MM-DD, as the operator gave it.

    `profiles` are shipped names, files or addresses; `tags` are (file, label, value) for tag files
    beside bag-info.txt. `in_place` turns the one source, a folder, into a bag of its own name where
    it lies; `output` is then the folder around it. `split` is the most bytes of payload that a bag
    is to have: a group of bags is made then.
    """

    sources: tuple[Path, ...]
    record: Path
    output: Path
    name: str | None = None
    algorithms: tuple[Algorithm, ...] | None = None
    date: str | None = None
    bag_info: tuple[tuple[str, str], ...] = ()
    config: Path | None = None
    allow_empty: bool = False
    second_opinion: SecondOpinion = SecondOpinion.AUTO
    serialize: Serialization | None = None
    profiles: tuple[str, ...] = ()
    tags: tuple[tuple[str, str, str], ...] = ()
    in_place: bool = False
    lists: tuple[SourceList, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_system_files: bool = False
    symlinks: LinkPolicy = LinkPolicy.REFUSE
    empty_folders: EmptyFolderPolicy = EmptyFolderPolicy.WARN
    allow_nested_bags: bool = False
    split: int | None = None

    @property
    def ending(self) -> str:
        """The end of the name of what is made: an archive's, or nothing."""
        return self.serialize.ending if self.serialize else ""

    def to_survey(self, working: str | None = None) -> Sources:
        """The sources, and what is to be done about what a bag cannot hold as it lies.

        `working` is the name of a folder in the source that is ours.
        """
        return Sources(
            paths=self.sources,
            lists=self.lists,
            record=self.record,
            include=self.include,
            exclude=self.exclude,
            exclude_system_files=self.exclude_system_files,
            symlinks=self.symlinks,
            empty_folders=self.empty_folders,
            allow_nested_bags=self.allow_nested_bags,
            allow_empty=self.allow_empty,
            working=working,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BaggingDate:
    """The date of a packaging in the precision it is known in.

    `supplied` says that the operator gave it; it is then a day, else a second in UTC.
    """

    text: str
    supplied: bool

    @property
    def day(self) -> str:
        """The day alone, YYYY-MM-DD."""
        return self.text[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """All that is to be written, and what was found until now.

    `request` is as given but for what its profiles decide; `name` is the bag's, or the group's.
    `record_path` is where the record as it was given will lie in the bag.
    """

    request: PackageRequest
    name: str
    date: BaggingDate
    prescribed: Prescription
    plans: tuple[Plan, ...]
    findings: tuple[Finding, ...]
    record_path: str


def plan_packaging(
    request: PackageRequest,
    *,
    now: Callable[[], datetime],
    progress: Progress,
    working: str | None = None,
) -> Planned | Report:
    """Look at everything and decide everything; a report where that cannot be packaged as it is.

    `working` names a folder in the source that is ours. Raises UsageError, EnvironmentFault.
    """
    house = house_configuration(request.config)
    prescribed = prescribe(
        request.profiles, house, algorithms=request.algorithms, form=request.serialize
    )
    check_algorithms(prescribed.algorithms)
    request = dataclasses.replace(request, serialize=prescribed.form)
    date = bagging_date(request.date, now)
    progress.phase("looking", None)
    requirements = None if house.requirements is None else requirements_from(house.requirements)
    description, findings = describe(
        request.record, date=date.text, version=__version__, requirements=requirements
    )
    payload = survey_sources(request.to_survey(working))
    findings = (*findings, *payload.findings, *_look_ahead(request, payload.files))
    if description is None or _has_errors(findings) or payload.unread:
        return refused(request, findings, payload.skipped())
    if request.split is not None:
        _refuse_counted((*house.bag_info_fields(), *request.bag_info))
    name = _name(request, description)
    plans = tuple(
        plan_bag(request, house, description, content, date, prescribed=prescribed)
        for content in _contents(request, name, payload.files)
    )
    judged = [each for plan in plans for each in prescribed.judge(plan, sealed=(PREMIS_PATH,))]
    findings = (*findings, *{(each.rule, each.message): each for each in judged}.values())
    if _has_errors(findings):
        return refused(request, findings, (), profiled=True)
    return Planned(
        request=request,
        name=name,
        date=date,
        prescribed=prescribed,
        plans=plans,
        findings=findings,
        record_path=description.given_path,
    )


def _has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _look_ahead(request: PackageRequest, files: Sequence[PayloadFile]) -> list[Finding]:
    """What will not fit: into the file system, or into a bag of the size that was asked for."""
    findings = [] if request.split is None else larger_than(files, request.split)
    if request.in_place and os.path.lexists(request.sources[0] / "data"):
        findings.append(_holds_data(request.sources[0] / "data"))
    if request.serialize is None:
        # While it is written, the bag lies deeper than it will.
        beside = request.sources[0] if request.in_place else request.output
        findings += paths_too_long(files, beside / f"{STAGING_PREFIX}{'x' * 20}" / "bag")
    return findings


def _holds_data(path: Path) -> Finding:
    message = f"{path} is there: packaging in place would make data/data"
    return Finding(rule=rules.HOLDS_DATA, message=message, location=Location(path=str(path)))


def _refuse_counted(fields: Sequence[tuple[str, str]]) -> None:
    if any(label.lower() == "bag-count" for label, _ in fields):
        raise UsageError(
            "--split counts the bags: take Bag-Count out of --bag-info or muniment.toml"
        )


def _name(request: PackageRequest, description: Description) -> str:
    if request.in_place:
        return request.sources[0].resolve().name
    return bag_name(request.name, description.identifiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagContent:
    """The payload of one bag, its name, and what bag-info.txt says of it as one of a group.

    `digested` says for PREMIS when the checksums were computed.
    """

    name: str
    files: tuple[PayloadFile, ...]
    group: tuple[tuple[str, str], ...]
    digested: str


def _contents(
    request: PackageRequest, name: str, files: Sequence[PayloadFile]
) -> Iterator[BagContent]:
    """One bag, or those of a group. Raises UsageError where a name becomes too long."""
    digested = "computed in the read that copied the payload"
    if request.in_place:
        digested = "computed before the payload was moved into place"
    for part in split_payload(files, request.split):
        own = (("Bag-Group-Identifier", name), ("Bag-Count", part.count))
        group = own if part.total > 1 else ()
        yield BagContent(name=part.name(name), files=part.files, group=group, digested=digested)


def bagging_date(given: str | None, now: Callable[[], datetime]) -> BaggingDate:
    """The date as the operator gave it, else now."""
    if given is not None:
        return BaggingDate(text=given, supplied=True)
    return BaggingDate(text=now().strftime("%Y-%m-%dT%H:%M:%SZ"), supplied=False)


def plan_bag(
    request: PackageRequest,
    house: HouseConfiguration,
    description: Description,
    content: BagContent,
    date: BaggingDate,
    *,
    prescribed: Prescription,
) -> Plan:
    """Decide everything that will be written."""
    oxum = oxum_of(content.files)
    derived = [
        *([("External-Description", description.summary)] if description.summary else []),
        *(("External-Identifier", identifier) for identifier in description.identifiers),
        *content.group,
        ("Bagging-Date", date.day),
        ("Bag-Size", human_size(oxum.octets)),
        ("Payload-Oxum", str(oxum)),
        ("Bag-Software-Agent", AGENT),
    ]

    def seal(manifests: Sequence[SealedManifest]) -> tuple[TagFile, ...]:
        packaging = Packaging(
            bag_name=content.name,
            identifiers=description.accepted.record.identifiers,
            manifests={each.path: each.digest for each in manifests},
            payload_octets=oxum.octets,
            payload_files=oxum.files,
            date_supplied=date.supplied,
            files=tuple(file.path for file in content.files) if prescribed.events_by_file else (),
            events=packaging_events(
                when=date.text,
                manifests=manifests,
                files=oxum.files,
                digested=content.digested,
                derived="Record, MODS 3.8 and Dublin Core (oai_dc)",
                organization=house.agent or house.organization,
                version=__version__,
            ),
        )
        return (TagFile(path=PREMIS_PATH, content=premis_xml(packaging)),)

    return Plan(
        name=content.name,
        payload=content.files,
        tag_files=(
            *(TagFile(path=path, content=data) for path, data in description.files),
            *prescribed.tag_files(description, house.tags, request.tags),
        ),
        bag_info=bag_info_fields(
            derived, house.bag_info_fields(), prescribed.bag_info(request.bag_info)
        ),
        algorithms=prescribed.algorithms,
        seal=seal,
    )


def check_options(prescribed: Prescription) -> CheckOptions:
    """How the bag is read back: by the profiles it was made for."""
    return CheckOptions(profiles=prescribed.asked, form=prescribed.form, judge_premis=judge_premis)


def refused(
    request: PackageRequest,
    findings: Sequence[Finding],
    skipped: Sequence[Skipped],
    *,
    profiled: bool = False,
) -> Report:
    """The report of what cannot be packaged as it is; nothing was written."""
    subject = looked_at(request, findings, skipped, profiled=profiled)
    return Report(command="package", subjects=(subject,))


def looked_at(
    request: PackageRequest,
    findings: Sequence[Finding],
    skipped: Sequence[Skipped],
    *,
    profiled: bool,
) -> SubjectReport:
    """What was found about the sources before anything was written."""
    return SubjectReport(
        subject=request.to_survey().name,
        kind="source",
        findings=tuple(findings),
        checks_run=("record", "source", *(["profile"] if profiled else [])),
        checks_skipped=tuple(skipped),
    )
