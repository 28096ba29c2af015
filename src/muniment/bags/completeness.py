"""Is everything there, and nothing more? (RFC 8493 section 3, "complete")."""

from __future__ import annotations

from muniment.bags.contents import PAYLOAD_FOLDER, Contents
from muniment.bags.manifests import manifest_name
from muniment.bags.structure import Structure
from muniment.bags.verdicts import Findings
from muniment.model.paths import decode_path, encode_path, normal_key
from muniment.model.rules import bag as rules
from muniment.model.rules import fetch as fetch_rules


def judge_completeness(structure: Structure, contents: Contents, findings: Findings) -> set[str]:
    """Hold the bag's contents against its manifests; returns the paths that are still to fetch."""
    if not contents.has_data and "" not in contents.unreadable:
        message = "there is no folder data/ in the top folder"
        findings.add(rules.DATA_MISSING, message, path=PAYLOAD_FOLDER)
    to_fetch = _judge_missing(structure, contents, findings)
    if not structure.manifests_unread:
        _judge_unlisted(structure, contents, findings)
        _judge_every_manifest(structure, findings)
    _judge_tag_files(structure, contents, findings)
    if not to_fetch:
        _judge_oxum(structure, contents, findings)
    return to_fetch


def same_but_for_normalisation(structure: Structure, contents: Contents) -> dict[str, str]:
    """Files that are listed under another Unicode form: disk path to manifest path.

    A file may be listed under both forms: some systems keep one of them only.
    """
    index, present = structure.payload.index, contents.present
    missing = {
        normal_key(path): path
        for path, position in index.items()
        if not present[position] and not path.isascii()
    }
    if not missing:
        return {}
    there = (path for path, position in index.items() if present[position] and not path.isascii())
    found = {path: missing.get(normal_key(path)) for path in (*there, *contents.unlisted)}
    return {disk: listed for disk, listed in found.items() if listed is not None}


def same_but_for_percent(structure: Structure, contents: Contents) -> dict[str, str]:
    """Before 1.0, unlisted files listed with their `%` coded otherwise than we read it."""
    if structure.declaration.is_1_0:
        return {}
    index, present = structure.payload.index, contents.present
    found: dict[str, str] = {}
    for disk in contents.unlisted:
        for written in (disk, encode_path(disk)) if "%" in disk else ():
            listed = decode_path(written, percent_is_coded=False)
            if listed in index and not present[index[listed]]:
                found[disk] = listed
    return found


def _judge_missing(structure: Structure, contents: Contents, findings: Findings) -> set[str]:
    fetchable = {entry.path: entry for entry in structure.fetch}
    to_fetch: set[str] = set()
    for path, position in structure.payload.index.items():
        if contents.present[position] or contents.hidden_by_unreadable(path):
            continue
        if path in fetchable:
            to_fetch.add(path)
        elif path in contents.folders:
            findings.add(rules.FOLDER_LISTED, f"{path} is a folder", path=path)
        else:
            findings.add(
                rules.PAYLOAD_MISSING,
                f"{path} is missing",
                path=path,
                listed_in=[c.path for c in structure.payload.columns if c.lists(position)],
            )
    _tell_what_to_fetch(structure, to_fetch, findings)
    return to_fetch


def _tell_what_to_fetch(structure: Structure, to_fetch: set[str], findings: Findings) -> None:
    if not to_fetch:
        return
    known = 0
    unknown = 0
    for entry in structure.fetch:
        if entry.path not in to_fetch:
            continue
        length = "unknown length" if entry.length is None else f"{entry.length:,} bytes"
        known += entry.length or 0
        unknown += entry.length is None
        message = f"{entry.path} is still to be fetched ({length})"
        findings.add(fetch_rules.TO_BE_FETCHED, message, path=entry.path, url=entry.url)
    files = "1 file" if len(to_fetch) == 1 else f"{len(to_fetch):,} files"
    more = f" and {unknown:,} of unknown length" if unknown else ""
    findings.leave_open("completeness", f"{files} still to be fetched: {known:,} bytes{more}")


def _judge_unlisted(structure: Structure, contents: Contents, findings: Findings) -> None:
    if not structure.payload.columns:
        return
    for path, size in contents.unlisted.items():
        message = f"{path} is in no manifest ({size:,} bytes)"
        findings.add(rules.PAYLOAD_NOT_LISTED, message, path=path, size=size)


def _judge_every_manifest(structure: Structure, findings: Findings) -> None:
    columns = structure.payload.columns
    strict = structure.declaration.is_1_0
    rule = rules.NOT_IN_EVERY_MANIFEST if strict else rules.NOT_IN_EVERY_MANIFEST_BEFORE_1_0
    count = len(structure.payload.index)
    if all(len(column.listed) == count and 0 not in column.listed for column in columns):
        return
    for path, position in structure.payload.index.items():
        for column in columns:
            if not column.lists(position):
                message = f"{path} is not in {column.path}"
                findings.add(rule, message, path=path, manifest=column.path)


def _judge_tag_files(structure: Structure, contents: Contents, findings: Findings) -> None:
    listed = structure.tags.index
    for path in listed:
        name = manifest_name(path)
        is_tag_manifest = name is not None and name.is_tag_manifest
        if path in contents.tag_files or path in structure.unread or is_tag_manifest:
            continue
        if path in contents.folders:
            findings.add(rules.FOLDER_LISTED, f"{path} is a folder", path=path)
        elif not contents.hidden_by_unreadable(path):
            findings.add(rules.TAG_FILE_MISSING, f"{path} is missing", path=path)
    if not structure.tags.columns:
        return
    for path in contents.tag_files.keys() - listed.keys():
        name = manifest_name(path)
        if name is None:
            message = f"{path} is in no tag manifest"
            findings.add(rules.TAG_FILE_NOT_LISTED, message, path=path)


def _judge_oxum(structure: Structure, contents: Contents, findings: Findings) -> None:
    oxum = structure.info.oxum
    if oxum is None or contents.unreadable:
        return
    if (oxum.octets, oxum.files) != (contents.octets, contents.files):
        message = (
            f"Payload-Oxum says {oxum.octets:,} bytes in {oxum.files:,} files;"
            f" there are {contents.octets:,} bytes in {contents.files:,} files"
        )
        findings.add(
            rules.OXUM_MISMATCH,
            message,
            path=structure.info.path,
            expected=str(oxum),
            actual=f"{contents.octets}.{contents.files}",
        )
