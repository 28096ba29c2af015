"""The labels that a profile asks for in a tag file, held against those that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.bags.baginfo import BagInfo, Field
from muniment.bags.profile import FieldRule
from muniment.bags.profile_telling import Teller, listed, short
from muniment.model.findings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldJudge:
    """Judges the labels of one tag file. The rules say what is told of which fault."""

    teller: Teller
    info: BagInfo
    key: str
    missing: Rule
    value: Rule
    repeated: Rule
    recommended: Rule | None = None

    def judge(self, wanted: Sequence[FieldRule]) -> None:
        """Hold every label that is asked for against the fields."""
        for rule in wanted:
            fields = self.info.named(rule.label)
            if not rule.repeatable and len(fields) > 1:
                message = f"{rule.label} stands {len(fields)} times; it may stand once"
                self._tell(self.repeated, rule, fields[1], message, actual=len(fields))
            if rule.required and not any(field.value for field in fields):
                self._missing(rule, fields)
                continue
            if rule.recommended and not fields and self.recommended is not None:
                self._tell(self.recommended, rule, None, f"{rule.label} is recommended")
            self._judge_values(rule, fields)

    def _missing(self, rule: FieldRule, fields: Sequence[Field]) -> None:
        right = f"; it is one of {listed(rule.values)}" if rule.values else ""
        what = "has no value" if fields else "is missing"
        what += f" ({short(rule.description)})" if rule.description else ""
        field = fields[0] if fields else None
        self._tell(self.missing, rule, field, f"{rule.label} is required and {what}{right}")

    def _judge_values(self, rule: FieldRule, fields: Sequence[Field]) -> None:
        for field in fields:
            if rule.values and field.value not in rule.values:
                right = f"it must be one of {listed(rule.values)}"
                value = short(field.value)
                message = f"{rule.label} is {value!r}; {right}"
                self._tell(self.value, rule, field, message, actual=value)

    def _tell(
        self, told: Rule, rule: FieldRule, field: Field | None, message: str, **evidence: str | int
    ) -> None:
        expected = {"expected": list(rule.values)} if rule.values else {}
        self.teller.tell(
            told,
            f"{self.key}/{rule.label}",
            message,
            path=self.info.path,
            line=None if field is None else field.line,
            **expected,
            **evidence,
        )
