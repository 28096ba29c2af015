"""How a fault against a profile is told: whose rule it is, its key, what stands there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from muniment.bags.profile import Profile
from muniment.bags.verdicts import Findings
from muniment.model.findings import Finding, JsonValue, Location, Rule

_FEW = 10
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Enters findings about one profile."""

    profile: Profile
    findings: Findings

    def tell(
        self,
        rule: Rule,
        key: str,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        **evidence: JsonValue,
    ) -> None:
        """Enter a finding; its message names the profile, its evidence the address and the key."""
        named = {"profile": self.profile.name, "identifier": self.profile.identifier, "key": key}
        self.findings.report(
            Finding(
                rule=rule,
                message=f"profile {self.profile.name}: {message}",
                location=Location(path=path, line=line),
                evidence={**named, **evidence},
            )
        )

    def leave_open(self, reason: str) -> None:
        """Something that the profile asks for could not be looked at."""
        self.findings.leave_open("profile", f"profile {self.profile.name}: {reason}")


def listed(names: Collection[str]) -> str:
    """Names in one line for a person; of many, the first."""
    shown = [short(name) for name in list(names)[:_FEW]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def short(text: str) -> str:
    """A text that a bag or a profile holds, cut to what a person reads."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
