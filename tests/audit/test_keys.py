"""The signing key: made once, for its owner alone; and its public half as text."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from histories import KEY

from muniment.audit.keys import (
    PublicKey,
    existing_key,
    given_public_key,
    key_file,
    signing_key,
)
from muniment.model.errors import EnvironmentFault, UsageError


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "muniment" / "signing-key"
    assert existing_key(path) is None
    key = signing_key(path, os.urandom)
    assert signing_key(path, os.urandom) == key == existing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["signing-key"]


def test_the_umask_does_not_open_the_key(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from muniment.audit.keys import signing_key;"
        "os.umask(0); signing_key(Path(sys.argv[1]), os.urandom)"
    )
    path = tmp_path / "own" / "key"
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_those_who_come_at_once_get_one_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: signing_key(path, os.urandom), range(32)))
    assert {key.public.text for key in keys} == {keys[0].public.text}
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_the_file_is_a_key_that_other_tools_read(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = signing_key(path, lambda count: bytes(range(count)))
    assert key == KEY
    assert load_pem_private_key(path.read_bytes(), None).public_key().public_bytes_raw() == (  # type: ignore[union-attr]
        key.public.raw
    )
    assert repr(key) == f"SigningKey({key.public.label})"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o610])
def test_a_key_that_others_may_use_is_refused_with_a_hint(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    signing_key(path, os.urandom)
    path.chmod(mode)
    with pytest.raises(UsageError, match=rf"mode {mode:04o}.*chmod 600") as refused:
        signing_key(path, os.urandom)
    assert str(path) in str(refused.value)


def _ec_key() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _locked_key() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"),
        (_ec_key(), "no Ed25519 key"),
        (_locked_key(), "password"),
    ],
)
def test_a_file_that_is_no_such_key_is_refused_and_left(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UsageError, match=why):
        signing_key(path, os.urandom)
    assert path.read_bytes() == content


def test_a_key_that_cannot_be_read_or_made_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be read"):
        existing_key(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentFault, match=r"cannot be read|could not be made"):
        signing_key(tmp_path / "file" / "key", os.urandom)


def test_the_environment_names_the_file(tmp_path: Path) -> None:
    assert key_file({"MUNIMENT_KEY": "/keys/a", "HOME": "/home/a"}) == Path("/keys/a")
    if sys.platform == "linux":
        expected = tmp_path / "muniment" / "signing-key"
        assert key_file({"XDG_DATA_HOME": str(tmp_path)}) == expected
        assert key_file({"HOME": "/home/a"}) == Path("/home/a/.local/share/muniment/signing-key")
    with pytest.raises(UsageError, match="no home"):
        key_file({})


def test_the_public_key_is_a_verifier_key() -> None:
    """Ed25519 of RFC 8032; the id is SHA-256(name || LF || 0x01 || key), four bytes."""
    text = KEY.public.text
    assert text == "muniment+f6964fbc+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert PublicKey.of(f"{text}\n") == KEY.public
    assert KEY.public.verifies(b"text", KEY.sign(b"text"))
    assert not KEY.public.verifies(b"texT", KEY.sign(b"text"))
    assert not KEY.public.verifies(b"text", b"")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no public key"),
        ("muniment", "no public key"),
        ("muniment+f6964fbc", "no public key"),
        ("a b+f6964fbc+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "no public key"),
        ("muniment+F6964FBC+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "no public key"),
        ("muniment+f6964fbd+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "mistyped"),
        ("muniment+f6964fbc+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG5", "mistyped"),
        ("muniment+f6964fbc+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG", "base64"),
        ("muniment+f6964fbc+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "not an Ed25519"),
        ("muniment+f6964fbc+AQOh", "not an Ed25519"),
    ],
)
def test_what_is_no_public_key_is_refused(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        PublicKey.of(text)


def test_a_public_key_is_given_as_text_or_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "archive.pub"
    path.write_text(f"{KEY.public.text}\n", "utf-8")
    assert given_public_key(str(path)) == given_public_key(KEY.public.text) == KEY.public
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="no file of a public key"):
        given_public_key(str(path))
    with pytest.raises(UsageError, match="no public key"):
        given_public_key(str(tmp_path / "nowhere"))
