"""Does a bag do what a profile asks? Every key of BagIt Profiles 1.1.0 to 1.4.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.bags import baginfo, declaration, fetchlist
from muniment.bags.profile import IDENTIFIER_LABEL, Profile, Receiver, SerializationRule
from muniment.bags.profile_aptrust import judge_for_aptrust
from muniment.bags.profile_archivematica import JudgePremis, judge_for_archivematica
from muniment.bags.profile_fields import FieldJudge
from muniment.bags.profile_forms import accepts
from muniment.bags.profile_patterns import Patterns
from muniment.bags.profile_shelf import Asked, shipped_name
from muniment.bags.profile_telling import Teller, listed, short
from muniment.bags.profile_view import BagView
from muniment.bags.verdicts import Findings
from muniment.model.findings import Rule
from muniment.model.rules import profile as rules


def judge_asked(
    asked: Asked, bag: BagView, findings: Findings, *, judge_premis: JudgePremis | None = None
) -> None:
    """Hold a bag against the profiles that were asked for, or say that none was.

    A profile that the bag itself names is not judged unasked: a bag that was made for a receiver
    and is kept as a folder would else never pass again.
    """
    if not asked.profiles and not asked.unknown:
        findings.skip("profile", _not_asked(bag))
    for address in asked.unknown:
        reason = f"{address} is no profile that is shipped or configured; none is ever fetched"
        findings.leave_open("profile", f"{reason}: save it and give the file")
    judge_profiles(asked.profiles, bag, findings, judge_premis=judge_premis)


def _not_asked(bag: BagView) -> str:
    reason = "none was asked for"
    named = () if bag.info is None else bag.info.values(IDENTIFIER_LABEL)
    known = [name for name in map(shipped_name, named) if name is not None]
    if known:
        return f"{reason}; the bag names one that --profile {known[0]} judges"
    return f"{reason}; the bag names {short(named[0])!r}" if named else reason


def judge_profiles(
    profiles: Sequence[Profile],
    bag: BagView,
    findings: Findings,
    *,
    judge_premis: JudgePremis | None = None,
) -> None:
    """Hold a bag against each profile. `judge_premis` reads PREMIS for those that look into it."""
    for profile in profiles:
        teller = Teller(profile=profile, findings=findings)
        _ProfileJudge(profile=profile, bag=bag, teller=teller).judge()
        if profile.receiver is Receiver.APTRUST:
            judge_for_aptrust(bag, teller)
        elif profile.receiver is Receiver.ARCHIVEMATICA:
            judge_for_archivematica(bag, teller, judge_premis)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ProfileJudge:
    """One profile and one bag, key by key."""

    profile: Profile
    bag: BagView
    teller: Teller

    def judge(self) -> None:
        for note in self.profile.notes:
            self.teller.tell(note.rule, note.key, f"{note.key}: {note.message}")
        self._judge_form()
        self._judge_version()
        self._judge_info()
        self._judge_manifests()
        self._judge_fetch()
        self._judge_tag_files()
        self._judge_payload()

    def _judge_form(self) -> None:
        profile, form = self.profile, self.bag.form
        accepted = profile.accept_serialization
        if form is None and profile.serialization is SerializationRule.REQUIRED:
            right = f", of type {listed(accepted)}" if accepted else ""
            message = f"the bag is a folder; it must be serialized into one file{right}"
            self._tell(rules.SERIALIZATION, "Serialization", message, "required", "folder")
        elif form is not None and profile.serialization is SerializationRule.FORBIDDEN:
            message = f"the bag is a {form} file; it must be a folder"
            self._tell(rules.SERIALIZATION, "Serialization", message, "forbidden", form)
        elif form is not None and not accepts(accepted, form):
            message = f"the bag is a {form} file; accepted are {listed(accepted)}"
            expected = list(accepted)
            self._tell(rules.SERIALIZATION_FORMAT, "Accept-Serialization", message, expected, form)

    def _judge_version(self) -> None:
        accepted, version = self.profile.accept_versions, self.bag.version
        if not accepted or version is None:
            return
        stated = f"{version[0]}.{version[1]}"
        if stated not in accepted:
            message = f"the bag is of BagIt {stated}; accepted are {listed(accepted)}"
            self.teller.tell(
                rules.VERSION,
                "Accept-BagIt-Version",
                message,
                path=declaration.PATH,
                expected=list(accepted),
                actual=stated,
            )

    def _judge_info(self) -> None:
        info = self.bag.info
        if info is None:
            self.teller.leave_open(f"{baginfo.PATH} could not be read")
            return
        self._judge_identifier(info)
        FieldJudge(
            teller=self.teller,
            info=info,
            key="Bag-Info",
            missing=rules.FIELD_MISSING,
            value=rules.FIELD_VALUE,
            repeated=rules.FIELD_REPEATED,
            recommended=rules.FIELD_RECOMMENDED,
        ).judge(self.profile.bag_info)

    def _judge_identifier(self, info: baginfo.BagInfo) -> None:
        """A bag names its profile; the receivers that we know of take bags that do not."""
        named = info.values(IDENTIFIER_LABEL)
        identifiers = self.profile.identifiers
        if not identifiers or self.profile.receiver is not None or set(named) & set(identifiers):
            return
        there = f"names {listed(named)}" if named else "names no profile"
        self.teller.tell(
            rules.IDENTIFIER,
            IDENTIFIER_LABEL,
            f"{info.path} {there}; `{IDENTIFIER_LABEL}: {identifiers[0]}` would be right",
            path=info.path,
            expected=identifiers[0],
            actual=[short(value) for value in named],
        )

    def _judge_manifests(self) -> None:
        profile = self.profile
        payload = self.bag.manifests(of_tags=False)
        self._judge_required("Manifests-Required", profile.manifests_required, payload)
        self._judge_allowed("Manifests-Allowed", profile.manifests_allowed, payload)
        tags = self.bag.manifests(of_tags=True)
        self._judge_required("Tag-Manifests-Required", profile.tag_manifests_required, tags)
        self._judge_allowed("Tag-Manifests-Allowed", profile.tag_manifests_allowed, tags)

    def _judge_required(self, key: str, required: Sequence[str], found: dict[str, str]) -> None:
        tag = key.startswith("Tag")
        rule = rules.TAG_MANIFEST_REQUIRED if tag else rules.MANIFEST_REQUIRED
        there = listed(found.values()) or "none"
        for algorithm in required:
            if algorithm not in found and not self.bag.may_hide(""):
                path = f"{'tagmanifest' if tag else 'manifest'}-{algorithm}.txt"
                message = f"{path} is required; there is {there}"
                self.teller.tell(rule, key, message, path=path, expected=algorithm)

    def _judge_allowed(
        self, key: str, allowed: Sequence[str] | None, found: dict[str, str]
    ) -> None:
        tag = key.startswith("Tag")
        rule = rules.TAG_MANIFEST_NOT_ALLOWED if tag else rules.MANIFEST_NOT_ALLOWED
        for algorithm, path in found.items():
            if allowed is not None and algorithm not in allowed:
                message = f"{path} is not allowed; allowed are {listed(allowed) or 'none'}"
                expected = list(allowed)
                self.teller.tell(rule, key, message, path=path, expected=expected, actual=algorithm)

    def _judge_fetch(self) -> None:
        path = fetchlist.PATH
        there = path in self.bag.tag_files
        if there and not self.profile.fetch_allowed:
            message = f"the bag has a {path}; none is allowed"
            self.teller.tell(rules.FETCH_NOT_ALLOWED, "Allow-Fetch.txt", message, path=path)
        elif self.profile.fetch_required and not there and not self.bag.may_hide(path):
            message = f"the bag has no {path}; one is required"
            self.teller.tell(rules.FETCH_REQUIRED, "Fetch.txt-Required", message, path=path)

    def _judge_tag_files(self) -> None:
        self._judge_files_required(
            rules.TAG_FILE_REQUIRED, "Tag-Files-Required", self.profile.tag_files_required
        )
        allowed = self.profile.tag_files_allowed
        if allowed is not None:
            key = "Tag-Files-Allowed"
            self._judge_files_allowed(
                rules.TAG_FILE_NOT_ALLOWED, key, allowed, self.bag.further_tag_files
            )

    def _judge_payload(self) -> None:
        bag, profile = self.bag, self.profile
        if profile.data_empty and (bag.octets or bag.files > 1):
            message = f"data/ has {bag.octets:,} bytes in {bag.files:,} files; it must be empty"
            actual = f"{bag.octets}.{bag.files}"
            self.teller.tell(
                rules.DATA_NOT_EMPTY, "Data-Empty", message, path="data", actual=actual
            )
        key = "Payload-Files-Required"
        self._judge_files_required(rules.PAYLOAD_FILE_REQUIRED, key, profile.payload_files_required)
        allowed = profile.payload_files_allowed
        if allowed is not None:
            key = "Payload-Files-Allowed"
            paths = sorted(bag.payload_paths)
            self._judge_files_allowed(rules.PAYLOAD_FILE_NOT_ALLOWED, key, allowed, paths)

    def _judge_files_required(self, rule: Rule, key: str, required: Sequence[str]) -> None:
        for path in required:
            if path.endswith("/"):
                what, there = "a file in it", any(p.startswith(path) for p in self.bag.paths)
            else:
                what, there = "the file", self.bag.has(path)
            if there:
                continue
            if self.bag.may_hide(path):
                self.teller.leave_open(f"whether {path} is there could not be seen")
                continue
            message = f"{path} is required; {what} is missing"
            self.teller.tell(rule, key, message, path=path, expected=path)

    def _judge_files_allowed(
        self, rule: Rule, key: str, allowed: Sequence[str], paths: Sequence[str]
    ) -> None:
        patterns, expected = Patterns(allowed), list(allowed)
        for path in paths:
            if not patterns.match(path):
                message = f"{path} is not allowed; allowed are {listed(allowed) or 'none'}"
                self.teller.tell(rule, key, message, path=path, expected=expected, actual=path)

    def _tell(
        self, rule: Rule, key: str, message: str, expected: str | list[str], actual: str
    ) -> None:
        self.teller.tell(rule, key, message, expected=expected, actual=actual)
