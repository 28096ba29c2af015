"""The PREMIS document of a bag that is updated: the bag's own, or one beside it.

A document that is no well-formed PREMIS 3, or declares a document type, is left byte for byte; the
events then stand in a second document, to which later updates add.
"""

from __future__ import annotations

from dataclasses import dataclass

from muniment import __version__
from muniment.bags.updating import Draft
from muniment.bags.updating_aside import Aside
from muniment.bags.updating_seal import Seal
from muniment.metadata.premis import Packaging, premis_xml
from muniment.metadata.premis_updating import amended_premis, can_be_amended
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Location
from muniment.model.rules import bag as rules
from muniment.workflow.updating_events import Account, update_events

OWN_PATH = "metadata/premis.xml"
BESIDE_PATH = "metadata/premis-muniment.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisFile:
    """Where the events go, and what stands there already."""

    path: str
    document: bytes | None

    def findings(self) -> tuple[Finding, ...]:
        """What is to be told where the events do not go where they are looked for."""
        if self.path == OWN_PATH:
            return ()
        message = f"{OWN_PATH} is no PREMIS 3 that can be added to; see {BESIDE_PATH}"
        place = Location(path=OWN_PATH)
        return (Finding(rule=rules.PREMIS_NOT_ADDED_TO, message=message, location=place),)

    def with_events(self, packaging: Packaging) -> bytes:
        """The document with the events of a packaging, new where there was none."""
        if self.document is None:
            return premis_xml(packaging)
        return amended_premis(self.document, packaging)


def premis_file(aside: Aside) -> PremisFile:
    """The document to which the events are added. Raises UsageError, OSError."""
    for path in (OWN_PATH, BESIDE_PATH):
        document = aside.read(path) if path in aside.tag_files() else None
        if document is None or can_be_amended(document):
            return PremisFile(path=path, document=document)
    raise UsageError(f"neither {OWN_PATH} nor {BESIDE_PATH} is PREMIS 3 that can be added to")


def write_premis(
    draft: Draft, seal: Seal, account: Account, file: PremisFile, *, name: str, date_supplied: bool
) -> None:
    """Write the document that tells of the update. Raises OSError."""
    manifests = {each.path: each.digest for each in seal.payload_manifests()}
    octets, files = _payload(draft)
    packaging = Packaging(
        bag_name=name,
        manifests=manifests,
        payload_octets=octets,
        payload_files=files,
        events=update_events(account, version=__version__),
        date_supplied=date_supplied,
    )
    draft.aside.put(file.path, [file.with_events(packaging)])


def _payload(draft: Draft) -> tuple[int | None, int]:
    """Bytes and files of the payload, what is still to be fetched too."""
    oxum = draft.structure.info.oxum
    if oxum is not None:
        return oxum.octets, oxum.files
    octets = None if draft.to_fetch else draft.contents.octets
    return octets, len(draft.structure.payload.index)
