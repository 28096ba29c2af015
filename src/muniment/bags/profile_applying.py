"""What profiles decide about a bag that is yet to be made, before its first byte is written.

Where the caller's own choice goes against a profile, or two profiles against each other, no bag
could satisfy them: UsageError, which names every such conflict. What the material lacks (a label
that is required) is a finding instead, by `profile_judging`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muniment.bags.profile import IDENTIFIER_LABEL, Profile, Receiver, SerializationRule
from muniment.bags.profile_forms import accepts
from muniment.bags.profile_telling import Teller, listed
from muniment.bags.serialising import Serialization
from muniment.bags.verdicts import Findings
from muniment.model.digests import Algorithm
from muniment.model.errors import UsageError
from muniment.model.rules import profile as rules

WRITTEN_VERSION = "1.0"


def refuse_other_versions(profiles: Sequence[Profile]) -> None:
    """Raise UsageError where a profile does not accept the version that we write."""
    _raise(
        f"profile {profile.name} accepts BagIt {listed(profile.accept_versions)} only;"
        f" bags are written in {WRITTEN_VERSION}"
        for profile in profiles
        if profile.accept_versions and WRITTEN_VERSION not in profile.accept_versions
    )


def algorithms_for(
    profiles: Sequence[Profile],
    *,
    chosen: Sequence[Algorithm] | None,
    preferred: Sequence[Algorithm],
) -> tuple[Algorithm, ...]:
    """The algorithms of a bag that satisfies every profile.

    `chosen` is what the caller insists on for this bag; `preferred` are taken as far as the
    profiles allow them. Payload and tag manifests have the same ones. Raises UsageError.
    """
    if chosen is not None:
        _raise(fault for profile in profiles for fault in _choice_faults(profile, chosen))
        return tuple(chosen)
    required = [name for profile in profiles for name in _required(profile)]
    wanted = dict.fromkeys((*preferred, *(name for name in Algorithm if name in required)))
    found = tuple(name for name in wanted if _allowed_by_all(name, profiles))
    lacking = sorted(set(required).difference(found))
    if lacking:
        names = listed([profile.name for profile in profiles])
        raise UsageError(
            f"no bag that is written here satisfies {names}: {listed(lacking)} is required, and is"
            f" not allowed beside, or none of {listed(list(Algorithm))}"
        )
    return found or (_strongest(profiles),)


def form_for(profiles: Sequence[Profile], chosen: Serialization | None) -> Serialization | None:
    """What the bag is serialized into, None for a folder.

    Where the caller chose nothing and a profile requires serialization, the first of our forms that
    every profile accepts. Raises UsageError.
    """
    required = any(p.serialization is SerializationRule.REQUIRED for p in profiles)
    if chosen is None and not required:
        return None
    fitting = [form for form in Serialization if all(_takes(p, form) for p in profiles)]
    if chosen is None and fitting:
        return fitting[0]
    if chosen is not None and chosen in fitting:
        return chosen
    _raise(
        f"profile {profile.name} takes bags {_forms(profile)};"
        f" --serialize {chosen or 'is not given'} does not fit"
        for profile in profiles
        if chosen is None or not _takes(profile, chosen)
    )
    return chosen


def identified(
    profiles: Sequence[Profile], given: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The fields given for a bag, with a BagIt-Profile-Identifier for each profile."""
    label = IDENTIFIER_LABEL.lower()
    named = {value for own, value in given if own.lower() == label}
    added = [
        (IDENTIFIER_LABEL, profile.identifier)
        for profile in profiles
        if profile.identifier is not None and named.isdisjoint(profile.identifiers)
    ]
    return (*given, *added)


def tell_before_sending(profiles: Sequence[Profile], name: str, findings: Findings) -> None:
    """What is worth knowing before a bag of this name is sent to the receiver."""
    for profile in profiles:
        if profile.receiver is Receiver.APTRUST:
            message = f"a bag named {name} that was sent to APTrust before will be overwritten"
            Teller(profile=profile, findings=findings).tell(
                rules.APTRUST_OVERWRITES, "names", message, actual=name
            )


def _choice_faults(profile: Profile, chosen: Sequence[Algorithm]) -> Iterable[str]:
    for name in chosen:
        if not _allowed_by_all(name, [profile]):
            allowed = [other for other in Algorithm if _allowed_by_all(other, [profile])]
            yield f"profile {profile.name} does not allow --algorithm {name}, but {listed(allowed)}"
    for required in _required(profile):
        if required not in chosen:
            yield f"profile {profile.name} requires --algorithm {required}"


def _required(profile: Profile) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*profile.manifests_required, *profile.tag_manifests_required)))


def _allowed_by_all(name: str, profiles: Sequence[Profile]) -> bool:
    lists = [each for p in profiles for each in (p.manifests_allowed, p.tag_manifests_allowed)]
    return all(allowed is None or name in allowed for allowed in lists)


def _strongest(profiles: Sequence[Profile]) -> Algorithm:
    """The last of our algorithms that is allowed: of those we prefer, none was."""
    fitting = [name for name in Algorithm if _allowed_by_all(name, profiles)]
    if not fitting:
        names = listed([profile.name for profile in profiles])
        raise UsageError(f"{names} allow none of the algorithms {listed(list(Algorithm))}")
    return fitting[-1]


def _takes(profile: Profile, form: Serialization) -> bool:
    forbidden = profile.serialization is SerializationRule.FORBIDDEN
    return not forbidden and accepts(profile.accept_serialization, form)


def _forms(profile: Profile) -> str:
    """How a profile takes bags, in the words of `--serialize`."""
    forms = [form for form in Serialization if _takes(profile, form)]
    serialized = f"as {listed(forms)}" if forms else f"as {listed(profile.accept_serialization)}"
    match profile.serialization:
        case SerializationRule.FORBIDDEN:
            return "as folders"
        case SerializationRule.REQUIRED:
            return serialized
        case SerializationRule.OPTIONAL:
            return f"as folders or {serialized}"


def _raise(faults: Iterable[str]) -> None:
    told = list(faults)
    if told:
        raise UsageError("\n".join(told))
