"""Languages and scripts: codes by their lists, names beside codes, tags of texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.metadata.language_codes import (
    are_of_one_language,
    code_fault,
    code_of_name,
    name_of_code,
    tag_fault,
)
from muniment.metadata.languages import ISO639_2B
from muniment.metadata.script_codes import is_script, nearest_script
from muniment.metadata.semantic_faults import Fault, fault, quoted
from muniment.metadata.statements import (
    LanguageField,
    LanguageTagField,
    ScriptField,
    Statement,
)
from muniment.model.rules import metadata as rules

_CODE_LIKE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9-]+)?")
_LISTS = frozenset(
    [
        "iso639-1",
        "iso639-2",
        "iso639-2b",
        "iso639-2t",
        "iso639-3",
        "rfc1766",
        "rfc3066",
        "rfc4646",
        "rfc5646",
        "bcp47",
    ]
)


def faults_of_language(field: LanguageField, value: str) -> Iterator[Fault]:
    """A code that its list does not have. Names are free; a code may be missing beside them."""
    if field.form == "text":
        return
    authority = (field.authority or "").lower()
    if authority and authority not in _LISTS:
        return
    if not authority and field.form != "code":
        yield from _faults_of_free_language(field, value)
        return
    found = code_fault(value, authority)
    if found is None:
        return
    rule = rules.LANGUAGE_CODE_KIN if found.is_kin else rules.LANGUAGE_NOT_IN_LIST
    if not authority and not found.is_kin:
        rule = rules.LANGUAGE_UNKNOWN
    reason = f"as {authority}, {found.reason}" if found.is_kin and authority else found.reason
    yield fault(
        rule,
        field,
        value,
        reason,
        found.expected,
        nearest=found.nearest,
        authority=field.authority,
    )


def _faults_of_free_language(field: LanguageField, value: str) -> Iterator[Fault]:
    """A language of which nobody says whether it is a code or a name, as in Dublin Core."""
    if _CODE_LIKE.fullmatch(value):
        found = code_fault(value)
        if found is not None and not (found.is_kin and value.lower() != value):
            nearest = found.nearest
            expected = found.expected
            yield fault(
                rules.LANGUAGE_UNKNOWN, field, value, found.reason, expected, nearest=nearest
            )
    elif value.isalpha() and (code := code_of_name(value)) is not None:
        yield fault(rules.LANGUAGE_NAMED, field, value, "it is a name", code)


def faults_of_tag(field: LanguageTagField, value: str) -> Iterator[Fault]:
    """The language of a text: `xml:lang` by BCP 47, MODS's `lang` by any list of codes."""
    if not value:
        return
    if not field.is_bcp47 and (code_fault(value) is None or tag_fault(value) is None):
        return
    found = tag_fault(value)
    if found is not None:
        rule = rules.LANGUAGE_TAG_NOT_SHORTEST if found.is_kin else rules.LANGUAGE_TAG_UNKNOWN
        yield fault(rule, field, value, found.reason, found.expected, nearest=found.nearest)


def faults_of_script(field: ScriptField, value: str) -> Iterator[Fault]:
    """A script that ISO 15924 does not have."""
    if field.form == "text" or is_script(value):
        return
    if field.authority not in {None, "iso15924"}:
        return
    nearest = nearest_script(value)
    is_case = nearest is not None and nearest.lower() == value.lower()
    is_certain = field.form == "code" and field.authority == "iso15924" and not is_case
    rule = rules.SCRIPT_UNKNOWN if is_certain else rules.SCRIPT_DOUBTFUL
    reason = "ISO 15924 writes it otherwise" if is_case else "it is not in ISO 15924"
    if is_case:
        yield fault(rule, field, value, reason, nearest)
    else:
        yield fault(rule, field, value, reason, nearest=nearest)


def faults_among_languages(languages: list[Statement]) -> Iterator[tuple[Statement, Fault]]:
    """A name beside a code, in one `language`, that is the name of another language."""
    if not any(_form(each) == "text" for each in languages):
        return
    by_group: dict[int, list[Statement]] = {}
    for statement in languages:
        by_group.setdefault(statement.group, []).append(statement)
    for group in by_group.values():
        codes = [each.value.strip() for each in group if _form(each) == "code"]
        if not codes:
            continue
        for name in group:
            if _form(name) == "text" and (found := _contradiction(name, codes)) is not None:
                yield name, found


def _form(statement: Statement) -> str | None:
    return statement.field.form if isinstance(statement.field, LanguageField) else None


def _contradiction(name: Statement, codes: list[str]) -> Fault | None:
    """Only what is an English name of a language, letter by letter, can contradict a code."""
    named = code_of_name(name.value)
    if named is None or not _is_exact(name.value, named):
        return None
    known = [code for code in codes if code_fault(code) is None and "-" not in code]
    if len(known) < len(codes) or any(are_of_one_language(named, code) for code in known):
        return None
    reason = f"the code beside it is {quoted(codes[0])}; {name.value.strip()} is {named}"
    return fault(rules.LANGUAGE_CONTRADICTED, name.field, name.value, reason, code=codes[0])


def _is_exact(name: str, code: str) -> bool:
    full = name_of_code(code)
    return code in ISO639_2B and full is not None and full == " ".join(name.lower().split())
