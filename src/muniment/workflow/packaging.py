"""package: a record and its files become a bag, whole or not at all.

source -> record -> description -> plan -> written bag -> verified bag -> published bag.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from muniment import __version__
from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.payload import Payload, survey_sources
from muniment.bags.plan import (
    Plan,
    SealedManifest,
    TagFile,
    bag_info_fields,
    bag_name,
    human_size,
    oxum_of,
)
from muniment.bags.second_opinion import second_opinion
from muniment.bags.writing import SourceChangedError, WrittenBag, write_bag
from muniment.configuration import HouseConfiguration, house_configuration
from muniment.metadata.premis import Packaging, premis_xml
from muniment.model.digests import DEFAULT_ALGORITHMS, Algorithm
from muniment.model.findings import (
    Finding,
    JsonValue,
    Location,
    Report,
    Severity,
    Skipped,
    SubjectReport,
    Verdict,
)
from muniment.model.rules import bag as bag_rules
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.folder import Folder
from muniment.storage.progress import Progress, Silent
from muniment.storage.space import check_room
from muniment.storage.staging import refuse_existing, staged
from muniment.workflow.describing import Description, describe
from muniment.workflow.events import packaging_events

AGENT = f"muniment {__version__}"
PREMIS_PATH = "metadata/premis.xml"
_LARGE_OCTETS = 256 << 20
_LARGE_FILES = 5000


class SecondOpinion(StrEnum):
    """Whether the Library of Congress's bagit judges the bag too; `auto` where it is small."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRequest:
    """What is to be packaged, and how. `date` is YYYY-MM-DD, as the operator gave it."""

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


def package(
    request: PackageRequest,
    *,
    now: Callable[[], datetime],
    workers: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Make one bag. Faults of the record or the sources are findings; nothing is then written.

    Raises UsageError, EnvironmentFault.
    """
    watch = progress or Silent()
    house = house_configuration(request.config)
    date = bagging_date(request.date, now)
    watch.phase("looking", None)
    description, findings = describe(request.record, date=date.text, version=__version__)
    payload = survey_sources(
        request.sources, record=request.record, allow_empty=request.allow_empty
    )
    findings = (*findings, *payload.findings)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    if description is None or failed or payload.unread:
        return _refused(request, findings, payload.skipped())
    plan = plan_bag(request, house, description, payload, date)
    return _build(request, plan, findings, workers=workers, progress=watch)


def bagging_date(given: str | None, now: Callable[[], datetime]) -> BaggingDate:
    """The date as the operator gave it, else now."""
    if given is not None:
        return BaggingDate(text=given, supplied=True)
    return BaggingDate(text=now().strftime("%Y-%m-%dT%H:%M:%SZ"), supplied=False)


def plan_bag(
    request: PackageRequest,
    house: HouseConfiguration,
    description: Description,
    payload: Payload,
    date: BaggingDate,
) -> Plan:
    """Decide everything that will be written. Raises UsageError where the bag has no name."""
    name = bag_name(request.name, description.identifiers)
    files = tuple(payload.files)
    oxum = oxum_of(files)
    derived = [
        *([("External-Description", description.summary)] if description.summary else []),
        *(("External-Identifier", identifier) for identifier in description.identifiers),
        ("Bagging-Date", date.day),
        ("Bag-Size", human_size(oxum.octets)),
        ("Payload-Oxum", str(oxum)),
        ("Bag-Software-Agent", AGENT),
    ]

    def seal(manifests: Sequence[SealedManifest]) -> tuple[TagFile, ...]:
        packaging = Packaging(
            bag_name=name,
            identifiers=description.accepted.record.identifiers,
            manifests={each.path: each.digest for each in manifests},
            payload_octets=oxum.octets,
            payload_files=oxum.files,
            date_supplied=date.supplied,
            events=packaging_events(
                when=date.text,
                manifests=manifests,
                files=oxum.files,
                derived="Record, MODS 3.8 and Dublin Core (oai_dc)",
                organization=house.agent or house.organization,
                version=__version__,
            ),
        )
        return (TagFile(path=PREMIS_PATH, content=premis_xml(packaging)),)

    return Plan(
        name=name,
        payload=files,
        tag_files=tuple(TagFile(path=path, content=data) for path, data in description.files),
        bag_info=bag_info_fields(derived, house.bag_info_fields(), request.bag_info),
        algorithms=request.algorithms or house.algorithms or DEFAULT_ALGORITHMS,
        seal=seal,
    )


def _refused(
    request: PackageRequest, findings: Sequence[Finding], skipped: Sequence[Skipped]
) -> Report:
    """The report of what cannot be packaged as it is; nothing was written."""
    subject = SubjectReport(
        subject=str(request.sources[0]),
        kind="source",
        findings=tuple(findings),
        checks_run=("record", "source"),
        checks_skipped=tuple(skipped),
    )
    return Report(command="package", subjects=(subject,))


def _build(
    request: PackageRequest,
    plan: Plan,
    findings: Sequence[Finding],
    *,
    workers: int,
    progress: Progress,
) -> Report:
    """Write aside, read back, publish."""
    destination = request.output / plan.name
    refuse_existing(destination)
    check_room(request.output, plan.oxum.octets)
    with ProcessPool(workers) as executor, staged(destination) as staging:
        try:
            written = write_bag(plan, staging.folder, executor=executor, progress=progress)
        except SourceChangedError as change:
            return _refused(request, (*findings, *change.findings), _not_read(change.findings))
        progress.phase("making durable", None)
        staging.make_durable()
        judged = _read_back(written, str(destination), executor=executor, progress=progress)
        opinion = _ask(request.second_opinion, plan, written)
        subject = _judged(judged, findings, opinion)
        if judged.verdict() is not Verdict.PASS:
            return Report(command="package", subjects=(subject,))
        progress.phase("publishing", None)
        staging.publish()
    return Report(
        command="package", subjects=(subject,), result=_result(destination, plan, written)
    )


def _not_read(findings: Sequence[Finding]) -> tuple[Skipped, ...]:
    reason = findings[0].message
    if len(findings) > 1:
        reason += f"; and {len(findings) - 1} more"
    return (Skipped(check="source", reason=reason, asked=True),)


def _read_back(
    written: WrittenBag, subject: str, *, executor: Executor, progress: Progress
) -> SubjectReport:
    """Judge the bag as any receiver would, before it appears under its name."""
    return check_bag(
        Folder(written.folder),
        subject=subject,
        options=CheckOptions(),
        executor=executor,
        progress=progress,
    )


def _ask(wanted: SecondOpinion, plan: Plan, written: WrittenBag) -> Finding | Skipped | None:
    """The Library of Congress's opinion: a finding, a reason why it was not asked, or consent."""
    check = "second opinion"
    if wanted is SecondOpinion.NEVER:
        return Skipped(check=check, reason="not asked for: --second-opinion never")
    large = plan.oxum.octets > _LARGE_OCTETS or plan.oxum.files > _LARGE_FILES
    if wanted is SecondOpinion.AUTO and large:
        reason = "the payload is large; --second-opinion always asks all the same"
        return Skipped(check=check, reason=reason)
    against = second_opinion(written.folder)
    if against is None:
        return None
    return Finding(
        rule=bag_rules.SECOND_OPINION,
        message=f"bagit-python refuses the bag: {against}",
        location=Location(path=plan.name),
        evidence={"actual": against},
    )


def _judged(
    judged: SubjectReport, findings: Sequence[Finding], opinion: Finding | Skipped | None
) -> SubjectReport:
    """The bag's report, with what was found before it was written and what others say of it."""
    asked = () if isinstance(opinion, Skipped) else ("second opinion",)
    return SubjectReport(
        subject=judged.subject,
        kind="bag",
        findings=(
            *findings,
            *judged.findings,
            *([opinion] if isinstance(opinion, Finding) else []),
        ),
        checks_run=("record", "source", *judged.checks_run, *asked),
        checks_skipped=(
            *judged.checks_skipped,
            *([opinion] if isinstance(opinion, Skipped) else []),
        ),
        state=judged.state,
    )


def _result(destination: Path, plan: Plan, written: WrittenBag) -> dict[str, JsonValue]:
    """What was made: enough to find the bag again and to know it from any other."""
    return {
        "bag": str(destination),
        "name": plan.name,
        "payload": {"files": plan.oxum.files, "octets": plan.oxum.octets},
        "tag_manifests": [
            {"path": each.path, "algorithm": each.digest.algorithm, "digest": each.digest.hex}
            for each in written.tag_manifests
        ],
    }
