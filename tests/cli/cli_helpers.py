"""Running the real commands, and bags written by hand for them."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from muniment.cli.root import root

PAYLOAD = {
    "data/letter.txt": b"To the Main Military Adviser\n",
    "data/maps/a b.txt": b"north\n",
    "data/maps/c.txt": b"south\n",
}


def muniment(*arguments: str | Path) -> Result:
    """Run a command in this process; standard output and error apart."""
    return CliRunner().invoke(root, [str(argument) for argument in arguments])


def write_bag(folder: Path, payload: dict[str, bytes] | None = None) -> Path:
    """A valid bag (BagIt 1.0) with a manifest and a tag manifest in sha256."""
    payload = PAYLOAD if payload is None else payload
    octets = sum(map(len, payload.values()))
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Payload-Oxum: {octets}.{len(payload)}\n".encode(),
        "manifest-sha256.txt": manifest(payload),
    }
    for path, content in (payload | tags | {"tagmanifest-sha256.txt": manifest(tags)}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def manifest(files: dict[str, bytes]) -> bytes:
    """The lines of a manifest."""
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n"
        for path, content in sorted(files.items())
    ).encode()


def document_of(result: Result) -> dict[str, Any]:
    """The JSON document that a command wrote, held to the shipped schema."""
    document: dict[str, Any] = json.loads(result.stdout)
    assert_conforms(document)
    return document


def assert_conforms(instance: object, definition: str | None = None) -> None:
    """Hold a value to the shipped schema, or to one of its definitions."""
    path = resources.files("muniment.schemas").joinpath("report.schema.json")
    schema = json.loads(path.read_text("utf-8"))
    if definition is not None:
        schema = {"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    faults = Draft202012Validator(schema).iter_errors(instance)
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []
