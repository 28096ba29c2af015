"""How a rule is written down, and the standards that rules refer to."""

from __future__ import annotations

from muniment.model.findings import Rule, Severity, SpecRef

ERROR = Severity.ERROR
WARNING = Severity.WARNING
INFO = Severity.INFO


def rfc8493(section: str) -> SpecRef:
    """A section of RFC 8493, The BagIt File Packaging Format (V1.0)."""
    return SpecRef(
        document="RFC 8493",
        section=section,
        url=f"https://www.rfc-editor.org/rfc/rfc8493#section-{section}",
    )


def xml10(section: str) -> SpecRef:
    """A section of Extensible Markup Language (XML) 1.0, fifth edition."""
    return SpecRef(document="XML 1.0", section=section, url="https://www.w3.org/TR/xml/")


def json_schema(section: str) -> SpecRef:
    """A keyword of JSON Schema, draft 2020-12, validation vocabulary."""
    return SpecRef(
        document="JSON Schema 2020-12",
        section=section,
        url="https://json-schema.org/draft/2020-12/json-schema-validation",
    )


def rule(
    rule_id: str,
    title: str,
    severity: Severity,
    *,
    why: str,
    hint: str,
    spec: SpecRef | None = None,
) -> Rule:
    """One row of the table."""
    return Rule(id=rule_id, title=title, severity=severity, why=why, hint=hint, spec=spec)
