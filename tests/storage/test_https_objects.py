"""Archives at https addresses: read from a server whose certificate is known, and from no other."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from bagbuilder import Bag
from web import Web, serving

from muniment.model.findings import Report, Verdict
from muniment.storage.addresses import home_of
from muniment.storage.patience import Patience
from muniment.workflow import verify

LEAF = "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"


def certificate_of(place: Path, openssl: str) -> Path:
    """A certificate with its key for this host; the authority's own is `authority.pem`."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    (place / "leaf.cnf").write_text(LEAF)
    for arguments in (
        ("req", "-x509", *key, "-keyout", "ca.key", "-out", "authority.pem", "-subj", "/CN=tests"),
        ("req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=here"),
        (
            *("x509", "-req", "-in", "leaf.csr", "-CA", "authority.pem", "-CAkey", "ca.key"),
            *("-CAcreateserial", "-days", "2", "-out", "leaf.pem", "-extfile", "leaf.cnf"),
        ),
    ):
        subprocess.run([openssl, *arguments], cwd=place, check=True, capture_output=True)
    both = place / "both.pem"
    both.write_text((place / "leaf.pem").read_text() + (place / "leaf.key").read_text())
    return both


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]) -> Path:
    """The folder of the certificates."""
    openssl = shutil.which("openssl") or missing("openssl is not installed")
    place = tmp_path_factory.mktemp("authority")
    certificate_of(place, openssl)
    return place


@pytest.fixture
def web(authority: Path) -> Iterator[Web]:
    with serving(certificate=authority / "both.pem") as web:
        yield web


def verified(address: str) -> Report:
    return verify([home_of(address)], patience=Patience(seconds=1))


def reason_of(report: Report) -> str:
    (subject,) = report.subjects
    assert subject.verdict() is Verdict.UNVERIFIED
    return subject.checks_skipped[0].reason


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "zip"])
def test_an_archive_is_read_over_https(
    web: Web, authority: Path, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "authority.pem"))
    archive = tmp_path / f"a letter.{ending}"
    if ending == "zip":
        Bag().seal().write_zip(archive, "a letter")
    else:
        Bag().seal().write_tar(archive, "a letter", "w:gz" if ending == "tar.gz" else "w")
    address = web.put(f"/a%20letter.{ending}", archive.read_bytes())
    report = verified(address)
    assert (report.verdict(), report.subjects[0].findings) == (Verdict.PASS, ())
    assert "it is not there (404)" in reason_of(verified(f"{web.url}/none.{ending}"))


def test_a_certificate_that_is_not_known_is_told(web: Web) -> None:
    address = web.put("/letter.zip", b"")
    assert "its certificate is not one that is trusted here" in reason_of(verified(address))
