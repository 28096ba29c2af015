"""The words of MODS 3.8 for the parts of a record; both directions read them here."""

from __future__ import annotations

from muniment.metadata.record import DateKind, RelationKind, RightsKind, SubjectKind

MODS = "http://www.loc.gov/mods/v3"
DCTERMS = "http://purl.org/dc/terms/"
PRODUCTION = "production"
PUBLICATION = "publication"
LICENSE_LABEL = "license"
EDUCATION_LEVEL_LABEL = "education level"
# Who has one of these roles is a creator to Dublin Core.
CREATOR_ROLES = frozenset({"aut", "cre"})

# DCMI Type -> typeOfResource, by the Library of Congress's mapping. An Event has none.
RESOURCE_TYPES = {
    "Collection": "mixed material",
    "Dataset": "software, multimedia",
    "Image": "still image",
    "InteractiveResource": "software, multimedia",
    "MovingImage": "moving image",
    "PhysicalObject": "three dimensional object",
    "Service": "software, multimedia",
    "Software": "software, multimedia",
    "Sound": "sound recording",
    "StillImage": "still image",
    "Text": "text",
}
# The element of originInfo that holds a date, and the type of a dateOther.
DATE_ELEMENTS: dict[DateKind, tuple[str, str | None]] = {
    DateKind.CREATED: ("dateCreated", None),
    DateKind.ISSUED: ("dateIssued", None),
    DateKind.DATE: ("dateOther", None),
    DateKind.AVAILABLE: ("dateOther", "available"),
    DateKind.ACCEPTED: ("dateOther", "accepted"),
    DateKind.COPYRIGHTED: ("copyrightDate", None),
    DateKind.SUBMITTED: ("dateOther", "submitted"),
    DateKind.MODIFIED: ("dateModified", None),
    DateKind.VALID: ("dateValid", None),
}
EVENTS = {
    DateKind.CREATED: PRODUCTION,
    DateKind.ISSUED: PUBLICATION,
    DateKind.COPYRIGHTED: "copyright",
}
# relatedItem/@type. Where it does not say all, the DCMI term is named beside it.
RELATIONS: dict[RelationKind, str | None] = {
    RelationKind.SOURCE: "original",
    RelationKind.RELATION: None,
    RelationKind.IS_PART_OF: "host",
    RelationKind.HAS_PART: "constituent",
    RelationKind.IS_VERSION_OF: "otherVersion",
    RelationKind.HAS_VERSION: "otherVersion",
    RelationKind.IS_FORMAT_OF: "otherFormat",
    RelationKind.HAS_FORMAT: "otherFormat",
    RelationKind.REPLACES: "preceding",
    RelationKind.IS_REPLACED_BY: "succeeding",
    RelationKind.REFERENCES: "references",
    RelationKind.IS_REFERENCED_BY: "isReferencedBy",
    RelationKind.REQUIRES: None,
    RelationKind.IS_REQUIRED_BY: None,
    RelationKind.CONFORMS_TO: None,
}
NAMED_BESIDE = {
    RelationKind.IS_VERSION_OF,
    RelationKind.IS_FORMAT_OF,
    RelationKind.REQUIRES,
    RelationKind.IS_REQUIRED_BY,
    RelationKind.CONFORMS_TO,
}
ACCESS_TYPES = {
    RightsKind.RIGHTS: ("use and reproduction", None),
    RightsKind.LICENSE: ("use and reproduction", LICENSE_LABEL),
    RightsKind.ACCESS: ("restriction on access", None),
    RightsKind.HOLDER: ("rights holder", None),
}
NAME_TYPES = {
    SubjectKind.PERSONAL_NAME: "personal",
    SubjectKind.FAMILY_NAME: "family",
    SubjectKind.CORPORATE_NAME: "corporate",
    SubjectKind.CONFERENCE_NAME: "conference",
    SubjectKind.NAME: None,
}
