"""What is to be packaged: the files, and what was found about them, before a byte is written."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field

from muniment.model.findings import Finding, JsonValue, Location, Rule, Severity, Skipped
from muniment.model.rules import source as rules
from muniment.storage.copying import CopyJob

KEEPER = ".keep"
_READ_BY_ALL = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


class PayloadFile(CopyJob):
    """One file to be kept: where it lies, where it goes (`data/...`), its bytes and its time.

    The source of a file that keeps an empty folder is the null device: it has no bytes.
    """

    __slots__ = ()

    @property
    def is_keeper(self) -> bool:
        """Whether the file is made to keep an empty folder (RFC 8493 section 2.1.3)."""
        return self.source == os.devnull


@dataclass(slots=True)
class Payload:
    """What the sources hold, and what was found about them."""

    files: list[PayloadFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def octets(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def can_be_packaged(self) -> bool:
        """Whether nothing stands against packaging these files."""
        faults = any(finding.severity is Severity.ERROR for finding in self.findings)
        return not faults and not self.unread

    def add(self, rule: Rule, message: str, *, path: str, **evidence: JsonValue) -> None:
        """Enter a finding about a place in the sources."""
        self.findings.append(
            Finding(rule=rule, message=message, location=Location(path=path), evidence=evidence)
        )

    def not_read(self, path: str, reason: str) -> None:
        """A place in the sources could not be read."""
        self.add(rules.UNREADABLE, f"{path}: {reason}", path=path, reason=reason)
        self.unread.append(f"{path} could not be read: {reason}")

    def keep(self, full: str, path: str, status: os.stat_result) -> None:
        """Enter a file that lies at `full` and goes to `path`, which a manifest must carry."""
        if not _is_utf8(path):
            shown = os.fsencode(full).decode("utf-8", "backslashreplace")
            message = f"{shown}: the name's bytes are not UTF-8"
            self.add(rules.NAME_NOT_UTF8, message, path=shown)
        elif not _may_be_read(full, status.st_mode):
            self.not_read(full, os.strerror(errno.EACCES))
        else:
            size, modified = status.st_size, status.st_mtime_ns
            self.files.append(PayloadFile(source=full, path=path, size=size, modified=modified))

    def keep_folder(self, full: str, path: str) -> None:
        """Enter the file of no bytes that keeps an empty folder; both paths are the folder's."""
        try:
            modified = os.stat(full).st_mtime_ns
        except OSError as error:
            self.not_read(full, error.strerror or str(error))
            return
        self.files.append(
            PayloadFile(source=os.devnull, path=path + KEEPER, size=0, modified=modified)
        )

    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be looked at, as an open check."""
        if not self.unread:
            return ()
        more = f"; and {len(self.unread) - 1} more" if len(self.unread) > 1 else ""
        return (Skipped(check="source", reason=self.unread[0] + more, asked=True),)


def _may_be_read(full: str, mode: int) -> bool:
    """Whether this user may read a file; the system is asked where not everybody may."""
    return mode & _READ_BY_ALL == _READ_BY_ALL or os.access(full, os.R_OK)


def _is_utf8(path: str) -> bool:
    if path.isascii():
        return True
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
