"""A checker that knows nothing of muniment comes to the same verdicts."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from subprocess import run

import check_proof as outsider
import pytest
from histories import KEY, LETTER, OTHER, STRANGER, short_history, short_proof
from proof_mutations import changed_bytes, cut_and_longer, structural

from muniment.audit.keys import PublicKey
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.proof import make_proof
from muniment.audit.proof_checking import Trust, check_proof
from muniment.model.findings import Verdict

SCRIPT = Path(outsider.__file__)
CODES = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNVERIFIED: 3}


def ours(data: bytes, key: PublicKey) -> int:
    return CODES[check_proof(data, "proof", Trust(key=key)).subject.verdict()]


def theirs(data: bytes, key: PublicKey) -> int:
    try:
        outsider.check(data, key.text)
    except outsider.Refused:
        return 1
    except outsider.Stranger:
        return 3
    return 0


def test_the_script_imports_nothing_of_muniment() -> None:
    tree = ast.parse(SCRIPT.read_bytes())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
        + [each.name for each in node.names if isinstance(node, ast.Import)]
        if name
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


@pytest.mark.parametrize("key", [KEY.public, STRANGER.public], ids=["ours", "strange"])
def test_good_proofs_are_judged_alike(key: PublicKey) -> None:
    for outcome in HoldingOutcome:
        memory = short_history(outcome)
        for holding in (LETTER, OTHER):
            data = make_proof(memory, holding, KEY.public).to_bytes()
            assert ours(data, key) == theirs(data, key) == (0 if key == KEY.public else 3)


def test_a_proof_with_one_checkpoint_is_judged_alike() -> None:
    memory = short_history()
    del memory.kept[0]
    data = make_proof(memory, LETTER, KEY.public).to_bytes()
    assert ours(data, KEY.public) == theirs(data, KEY.public) == 0


def test_altered_bytes_are_judged_alike() -> None:
    data = short_proof()
    bad = [octets for _, octets in [*changed_bytes(data), *cut_and_longer(data)]]
    assert {theirs(each, KEY.public) for each in bad} == {1, 3}
    assert [each for each in bad if ours(each, KEY.public) != theirs(each, KEY.public)] == []


@pytest.mark.parametrize("key", [KEY.public, STRANGER.public], ids=["ours", "strange"])
def test_altered_structures_are_judged_alike(key: PublicKey) -> None:
    differ = [what for what, bad in structural(short_proof()) if ours(bad, key) != theirs(bad, key)]
    assert differ == []


@pytest.mark.parametrize(("key", "code"), [(KEY, 0), (STRANGER, 3)])
def test_the_script_runs_by_itself(tmp_path: Path, key: object, code: int) -> None:
    public = KEY.public if key is KEY else STRANGER.public
    (tmp_path / "key").write_text(f"{public.text}\n", "utf-8")
    (tmp_path / "proof").write_bytes(short_proof())
    line = [sys.executable, "-I", str(SCRIPT), str(tmp_path / "proof"), str(tmp_path / "key")]
    assert run(line, capture_output=True, check=False).returncode == code
    (tmp_path / "proof").write_bytes(short_proof().replace(b"intact", b"Intact"))
    assert run(line, capture_output=True, check=False).returncode == 1
