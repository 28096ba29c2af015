"""Types of content by DCMI and MODS; media types of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from muniment.metadata.semantic_faults import Fault, fault
from muniment.metadata.statements import MediaTypeField, ResourceTypeField
from muniment.model.rules import metadata as rules

DCMI_TYPES = [
    "Collection",
    "Dataset",
    "Event",
    "Image",
    "InteractiveResource",
    "MovingImage",
    "PhysicalObject",
    "Service",
    "Software",
    "Sound",
    "StillImage",
    "Text",
]
_BY_LETTERS = {term.lower(): term for term in DCMI_TYPES}
_MODS_TYPES = frozenset(
    {
        "cartographic",
        "mixed material",
        "moving image",
        "notated music",
        "software, multimedia",
        "sound recording",
        "sound recording-musical",
        "sound recording-nonmusical",
        "still image",
        "text",
        "three dimensional object",
    }
)
_LETTERS = re.compile(r"[\s_-]+")


def faults_of_resource_type(field: ResourceTypeField, value: str) -> Iterator[Fault]:
    """A type that its vocabulary does not have, or has in another spelling."""
    match field.authority:
        case "dcmitype":
            yield from _dcmi_type(field, value)
        case "mods":
            yield from _mods_type(field, value)
        case "dcmitype?":
            yield from _perhaps_dcmi_type(field, value)


def _dcmi_type(field: ResourceTypeField, value: str) -> Iterator[Fault]:
    # An address of the vocabulary says it, whatever words are beside it.
    term = value.rpartition("/")[2] if value.startswith("http") else value
    if term not in DCMI_TYPES and (field.uri or "").rpartition("/")[2] not in DCMI_TYPES:
        reason = "it is not in the DCMI Type Vocabulary"
        yield fault(rules.NOT_DCMI_TYPE, field, value, reason, nearest=_nearest_dcmi(term))


def _nearest_dcmi(value: str) -> str | None:
    letters = _LETTERS.sub("", value.lower())
    close = get_close_matches(letters, _BY_LETTERS, n=1, cutoff=0.75)
    return _BY_LETTERS[close[0]] if close else None


def _perhaps_dcmi_type(field: ResourceTypeField, value: str) -> Iterator[Fault]:
    """In simple Dublin Core any type may stand; one of DCMI's is told by its letters."""
    term = _BY_LETTERS.get(_LETTERS.sub("", value.lower()))
    if term is not None and term != value:
        yield fault(rules.DCMI_TYPE_RESPELT, field, value, "DCMI spells it otherwise", term)


def _mods_type(field: ResourceTypeField, value: str) -> Iterator[Fault]:
    """Since MODS 3.7 any text may stand; a term of MODS in another case is a slip."""
    plain = " ".join(value.lower().replace("_", " ").split())
    if value not in _MODS_TYPES and plain in _MODS_TYPES:
        yield fault(rules.RESOURCE_TYPE_RESPELT, field, value, "MODS spells it otherwise", plain)


_TOP_LEVEL = (
    "application|audio|chemical|example|font|haptics|image|message|model|multipart|text|video"
    "|x-[a-z-]+"
)
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"(?:{_TOP_LEVEL})/{_NAME}(?:\s*;.*)?", re.IGNORECASE | re.DOTALL)
_SLASHED = re.compile(rf"(?P<top>[A-Za-z-]+)/{_NAME}(?:\s*;.*)?", re.DOTALL)
_MISNAMED = {
    "application/docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/jpeg": "image/jpeg",
    "application/jpg": "image/jpeg",
    "application/mp3": "audio/mpeg",
    "application/tiff": "image/tiff",
    "application/txt": "text/plain",
    "application/word": "application/msword",
    "application/xls": "application/vnd.ms-excel",
    "application/x-pdf": "application/pdf",
    "audio/mp3": "audio/mpeg",
    "audio/wave": "audio/vnd.wave",
    "image/jp2000": "image/jp2",
    "image/jpeg2000": "image/jp2",
    "image/jpg": "image/jpeg",
    "image/pdf": "application/pdf",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "image/x-png": "image/png",
    "text/htm": "text/html",
    "text/pdf": "application/pdf",
    "text/txt": "text/plain",
    "video/mov": "video/quicktime",
    "video/mpg": "video/mpeg",
}
_BY_WORD = {
    "doc": "application/msword",
    "gif": "image/gif",
    "htm": "text/html",
    "html": "text/html",
    "jp2": "image/jp2",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "wav": "audio/vnd.wave",
    "xml": "application/xml",
}


def faults_of_media_type(field: MediaTypeField, value: str) -> Iterator[Fault]:
    """A media type that has not the form of one, or is registered under another name."""
    bare = value.partition(";")[0].strip().lower()
    if bare in _MISNAMED:
        reason = "no media type is registered under this name"
        yield fault(rules.MEDIA_TYPE_MISNAMED, field, value, reason, _MISNAMED[bare])
    elif field.is_certain and _MEDIA_TYPE.fullmatch(value) is None:
        slashed = _SLASHED.fullmatch(value)
        reason = "it is not type and subtype with `/` between"
        if slashed is not None:
            reason = f"there is no type {slashed['top']}/"
        right = _BY_WORD.get(bare.lstrip("."))
        yield fault(rules.NOT_MEDIA_TYPE, field, value, reason, right)
