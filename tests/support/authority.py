"""A time-stamping authority of our own (RFC 3161), made with openssl on the spot."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

CONFIGURATION = """\
[ tsa ]
default_tsa = ours
[ ours ]
serial = {folder}/serial
signer_cert = {folder}/own.pem
signer_key = {folder}/own.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
accuracy = secs:2
ess_cert_id_alg = sha256
"""
PURPOSE = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"


@dataclass(frozen=True)
class Authority:
    """A root, and a certificate for time stamps that it issued."""

    folder: Path
    openssl: str

    @property
    def root(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    @property
    def own(self) -> bytes:
        return (self.folder / "own.pem").read_bytes()

    def stamp(self, message: bytes, *, algorithm: str = "sha256", embed: bool = True) -> bytes:
        """The response to a request for this message; `embed` puts the certificate into it."""
        (self.folder / "message").write_bytes(message)
        query = ["ts", "-query", "-data", "message", f"-{algorithm}", "-out", "query"]
        self._run(*query, *(["-cert"] if embed else []))
        self._run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def _run(self, *arguments: str) -> None:
        line = [self.openssl, *arguments]
        subprocess.run(line, cwd=self.folder, check=True, capture_output=True)


def make_authority(folder: Path, missing: Callable[[str], NoReturn]) -> Authority:
    """Found an authority in an empty folder."""
    authority = Authority(folder=folder, openssl=shutil.which("openssl") or missing("no openssl"))
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder), "utf-8")
    (folder / "serial").write_text("01\n", "utf-8")
    (folder / "purpose").write_text(PURPOSE, "utf-8")
    new_key = ["-newkey", "rsa:2048", "-nodes", "-keyout"]
    authority._run(*["req", "-x509", *new_key, "root.key", "-out", "root.pem", "-subj", "/CN=Root"])
    authority._run("req", *new_key, "own.key", "-out", "own.csr", "-subj", "/CN=Time stamps")
    issue = ["x509", "-req", "-in", "own.csr", "-CA", "root.pem", "-CAkey", "root.key"]
    authority._run(*issue, "-CAcreateserial", "-extfile", "purpose", "-out", "own.pem")
    return authority
