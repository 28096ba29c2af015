"""Checkpoints (C2SP tlog-checkpoint)."""

from __future__ import annotations

import pytest
from histories import KEY, ORIGIN
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit.checkpoints import (
    Checkpoint,
    NotACheckpointError,
    checkpoint_of,
    read_checkpoint,
    sign_checkpoint,
)
from muniment.audit.notes import Signing, sign_note

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_the_text_of_the_standards_example_is_ours() -> None:
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
    checkpoint = checkpoint_of(sign_note(text, KEY))
    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20852163
    assert checkpoint.root.hex().startswith("0ac5186a91863e8e")
    assert checkpoint.text() == text


@given(st.integers(1, 10**18), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=root)
    signed = sign_checkpoint(checkpoint, KEY)
    assert signed == sign_checkpoint(checkpoint, KEY)
    note, again = read_checkpoint(signed.to_bytes())
    assert again == checkpoint
    assert note.signing(KEY.public) is Signing.VERIFIED


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{ORIGIN}\n3\n", "2 lines"),
        (f"{ORIGIN}\n3\n{ROOT}\nmore\n", "4 lines"),
        (f"{ORIGIN}\n3\n{ROOT}\n\n", "4 lines"),
        (f"\n3\n{ROOT}\n", "no ledger"),
        (f"{ORIGIN}\n0\n{ROOT}\n", "no number"),
        (f"{ORIGIN}\n03\n{ROOT}\n", "no number"),
        (f"{ORIGIN}\n+3\n{ROOT}\n", "no number"),
        (f"{ORIGIN}\n3 \n{ROOT}\n", "no number"),
        (f"{ORIGIN}\n\u0663\n{ROOT}\n", "no number"),
        (f"{ORIGIN}\n{'9' * 20}\n{ROOT}\n", "no number"),
        (f"{ORIGIN}\n3\nAAAA\n", "3 bytes"),
        (f"{ORIGIN}\n3\n{ROOT[:-1]}\n", "base64"),
        (f"{ORIGIN}\n3\n{ROOT[:-2]}J=\n", "another spelling"),
        (f"{ORIGIN}\n3\n{ROOT.replace('/', '_')}\n", "base64"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotACheckpointError, match=why):
        checkpoint_of(sign_note(text, KEY))


def test_a_file_that_is_no_note_is_no_checkpoint() -> None:
    with pytest.raises(NotACheckpointError, match="no signed note"):
        read_checkpoint(b"20852163\n")
