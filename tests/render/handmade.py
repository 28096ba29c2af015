"""Reports made by hand, as the rooms below would make them."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from muniment.model.findings import (
    BagState,
    Finding,
    Location,
    Report,
    Rule,
    Severity,
    Skipped,
    SpecRef,
    SubjectReport,
)
from muniment.render import json as json_form
from muniment.render import jsonl, sarif, text

CHANGED = Rule(
    id="BAG-301",
    title="A payload file is not what its checksum says",
    severity=Severity.ERROR,
    why="Its bytes have changed since the bag was made.",
    hint="Bring the file back from another copy, then verify the bag again.",
    spec=SpecRef(
        document="RFC 8493",
        section="3",
        url="https://www.rfc-editor.org/rfc/rfc8493#section-3",
    ),
)
MISSING = Rule(
    id="BAG-201",
    title="A payload file is missing",
    severity=Severity.ERROR,
    why="The bag promises a file that nobody can read.",
    hint="Bring the file back from another copy of the bag.",
)
LANGUAGE = Rule(
    id="MET-112",
    title="A language code is unknown",
    severity=Severity.WARNING,
    why="Readers cannot filter by language.",
    hint="Use a code of ISO 639-2, such as ger or deu.",
)
REMARK = Rule(
    id="BAG-408",
    title="An empty folder lies in the payload",
    severity=Severity.INFO,
    why="No manifest can list it.",
    hint="Lay a file named .keep into it.",
)
NOT_ASKED = Skipped(check="profile", reason="none was asked for")


def bag(
    name: str,
    *findings: Finding,
    state: BagState = BagState.VALID,
    skipped: tuple[Skipped, ...] = (NOT_ASKED,),
) -> SubjectReport:
    """A bag that was checked in three ways."""
    return SubjectReport(
        subject=name,
        kind="bag",
        findings=findings,
        checks_run=("structure", "completeness", "fixity"),
        checks_skipped=skipped,
        state=state,
    )


def changed(path: str = "data/letter.txt") -> Finding:
    """A payload file whose checksum does not hold."""
    return Finding(
        rule=CHANGED,
        message="sha512 is 1f40..., manifest-sha512.txt says 77aa...",
        location=Location(path=path),
        evidence={"algorithm": "sha512", "expected": "77aa", "actual": "1f40"},
    )


def missing(path: str) -> Finding:
    """A payload file that is listed and not there."""
    return Finding(
        rule=MISSING,
        message="every manifest lists it, and it is not there",
        location=Location(path=path),
    )


def mods(name: str, line: int | None) -> SubjectReport:
    """A MODS file, with a language code that is unknown where a line is given."""
    finding = Finding(
        rule=LANGUAGE,
        message='"ge" is no language code; "ger" would be right',
        location=Location(path=name, line=line, xpath="/mods/language"),
    )
    return SubjectReport(
        subject=name,
        kind="MODS",
        findings=() if line is None else (finding,),
        checks_run=("well-formedness", "schema"),
    )


GOOD = bag("deposits/good")
BAD = bag(
    "deposits/bad",
    changed(),
    missing("data/a.txt"),
    missing("data/b.txt"),
    Finding(rule=REMARK, message="the folder holds nothing", location=Location(path="data/empty")),
    state=BagState.INVALID,
)
UNREAD = bag(
    "deposits/unread",
    state=BagState.INCOMPLETE,
    skipped=(
        Skipped(check="fixity", reason="data/c.txt: permission denied", asked=True),
        NOT_ASKED,
    ),
)


def verified(*subjects: SubjectReport) -> Report:
    """What `muniment verify` returns."""
    return Report(command="verify", subjects=subjects)


def text_of(report: Report, **options: Any) -> str:  # noqa: ANN401 - the renderer's own
    """The report as text."""
    return "".join(text.render(report, **options))


def json_of(report: Report, **options: Any) -> str:  # noqa: ANN401 - the renderer's own
    """The report as one JSON document."""
    return "".join(json_form.render(report, **options))


def jsonl_of(report: Report) -> str:
    """The report as JSON lines."""
    return "".join(jsonl.render(report))


def sarif_of(report: Report) -> str:
    """The report as SARIF."""
    return "".join(sarif.render(report))


def report_schema() -> dict[str, Any]:
    """The shipped schema of reports."""
    text = resources.files("muniment.schemas").joinpath("report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def assert_conforms(instance: object, definition: str | None = None) -> None:
    """Hold a value to the schema, or to one of its definitions."""
    schema = report_schema()
    if definition is not None:
        schema = {"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    faults = [
        f"{fault.json_path}: {fault.message}"
        for fault in Draft202012Validator(schema).iter_errors(instance)
    ]
    assert not faults, faults
