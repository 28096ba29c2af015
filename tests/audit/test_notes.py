"""Signed notes (C2SP signed-note)."""

from __future__ import annotations

import base64

import pytest
from histories import KEY, STRANGER
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit.keys import PublicKey, SigningKey
from muniment.audit.notes import (
    MOST_SIGNATURES,
    NotANoteError,
    Note,
    Signing,
    exact_base64,
    read_note,
    sign_note,
)

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=0, max_size=30)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map(lambda lines: "\n".join(lines) + "\n")


@given(TEXTS)
def test_a_note_is_read_back_and_verifies(text: str) -> None:
    note = sign_note(text, KEY)
    assert read_note(note.to_bytes()) == note
    assert note.signing(KEY.public) is Signing.VERIFIED
    assert note.signing(STRANGER.public) is Signing.UNKNOWN


@given(st.data())
def test_no_changed_byte_of_a_note_verifies(data: st.DataObject) -> None:
    octets = bytearray(sign_note(data.draw(TEXTS), KEY).to_bytes())
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        changed = read_note(bytes(octets))
    except NotANoteError:
        return
    assert changed.to_bytes() == bytes(octets)
    assert changed.signing(KEY.public) is not Signing.VERIFIED


@given(st.binary(max_size=200) | TEXTS.map(str.encode))
def test_whatever_is_read_is_written_as_the_same_bytes(octets: bytes) -> None:
    try:
        note = read_note(octets)
    except NotANoteError:
        return
    assert note.to_bytes() == octets


# The example of the standard: its author's key signed it, not ours.
EXAMPLE = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcX\
xj99ihAQwaqP3ZekRwNtIc=
"""


def test_the_standards_example_is_read() -> None:
    note = read_note(EXAMPLE.encode())
    assert note.text.endswith("\n\ned è subito sera.\n")
    (signature,) = note.signatures
    assert (signature.name, signature.key_id.hex()) == ("quasimodo.example/salvatore", "367ba04b")
    assert len(signature.signature) == 64
    assert note.to_bytes() == EXAMPLE.encode()


# Key and note of the documentation of Go's package `note`.
GO_SEED = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM="
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
GO_SIGNATURE = """\
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ry\
yBwJnAM=
"""


def test_another_implementation_signs_and_verifies_the_same() -> None:
    key = SigningKey(seed=base64.b64decode(GO_SEED), name="PeterNeumann")
    assert key.public == PublicKey.of(GO_PUBLIC)
    signed = f"{GO_TEXT}\n{GO_SIGNATURE}".encode()
    assert sign_note(GO_TEXT, key).to_bytes() == signed
    assert read_note(signed).signing(key.public) is Signing.VERIFIED


def test_further_signatures_are_kept_and_ignored() -> None:
    own, other = sign_note("text\n", KEY), sign_note("text\n", STRANGER)
    both = Note(text="text\n", signatures=(*other.signatures, *own.signatures))
    again = read_note(both.to_bytes())
    assert again == both
    assert again.signing(KEY.public) is Signing.VERIFIED
    assert again.signing(STRANGER.public) is Signing.VERIFIED
    assert again.only_by(KEY.public) == own


def test_a_wrong_signature_by_a_known_key_is_wrong_beside_a_right_one() -> None:
    own, wrong = sign_note("text\n", KEY), sign_note("other\n", KEY)
    assert Note(text="text\n", signatures=wrong.signatures).signing(KEY.public) is Signing.WRONG
    both = Note(text="text\n", signatures=(*own.signatures, *wrong.signatures))
    assert both.signing(KEY.public) is Signing.WRONG


def test_a_wrong_signature_by_an_unknown_key_is_ignored() -> None:
    own, wrong = sign_note("text\n", KEY), sign_note("other\n", STRANGER)
    note = Note(text="text\n", signatures=(*wrong.signatures, *own.signatures))
    assert note.signing(KEY.public) is Signing.VERIFIED


def test_a_key_of_the_same_name_is_another_key() -> None:
    other = SigningKey(seed=STRANGER.seed, name=KEY.name)
    assert sign_note("text\n", other).signing(KEY.public) is Signing.UNKNOWN


SIGNATURE = sign_note("text\n", KEY).signatures[0].line()
ENCODED = SIGNATURE.rpartition(" ")[2]


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "no signature lines"),
        (b"text\n", "no signature lines"),
        (f"text\n{SIGNATURE}\n".encode(), "no signature lines"),
        (f"text\n\n{SIGNATURE}".encode(), "no signature lines"),
        (f"text\n\n{SIGNATURE}\nmore\n".encode(), "no signature line"),
        (f"text\r\n\n{SIGNATURE}\n".encode(), "control"),
        (f"te\x00xt\n\n{SIGNATURE}\n".encode(), "control"),
        (f"text\n\n{SIGNATURE}\n".encode("utf-16"), "UTF-8"),
        (f"text\n\n{SIGNATURE.replace('—', '-')}\n".encode(), "no signature line"),
        (f"text\n\n— a+b {ENCODED}\n".encode(), "no signature line"),
        (f"text\n\n— a b {ENCODED}\n".encode(), "no signature line"),
        (f"text\n\n— a\u00a0b {ENCODED}\n".encode(), "no signature line"),
        (f"text\n\n—  {ENCODED}\n".encode(), "no signature line"),
        (f"text\n\n— a {ENCODED[:-1]}\n".encode(), "base64"),
        (f"text\n\n— a {ENCODED[:-2]}R=\n".encode(), "another spelling"),
        (b"text\n\n\xe2\x80\x94 a AAAAAA==\n", "too short"),
        (b"text\n\n" + f"{SIGNATURE}\n".encode() * (MOST_SIGNATURES + 1), "more than"),
    ],
)
def test_what_is_no_note_is_refused(octets: bytes, why: str) -> None:
    with pytest.raises(NotANoteError, match=why):
        read_note(octets)


@given(st.binary(max_size=70))
def test_base64_has_one_spelling(octets: bytes) -> None:
    text = base64.b64encode(octets).decode()
    assert exact_base64(text) == octets
    for other in (f"{text}\n", f" {text}", f"{text}=", text.replace("A", "-")):
        if other != text:
            with pytest.raises(ValueError, match="base64"):
                exact_base64(other)
