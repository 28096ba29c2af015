"""Codes of languages: ISO 639-1, 639-2 (B and T, collective and local codes), 639-3; BCP 47.

ISO 639-3 has some 8,000 codes: the package that knows them is loaded when one is asked for that
ISO 639-2 does not have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from muniment.metadata.country_codes import is_region
from muniment.metadata.languages import ISO639_2B, is_language_tag, is_local_code
from muniment.metadata.script_codes import is_script, nearest_script

# ISO 639-1 and the bibliographic code of ISO 639-2 that is the same language: `de ger`.
_ALPHA_2 = """
aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis
bmbam bnben botib brbre bsbos cacat ceche chcha cocos crcre cscze cuchu cvchv cywel dadan deger
dvdiv dzdzo eeewe elgre eneng eoepo esspa etest eubaq faper ffful fifin fjfij fofao frfre fyfry
gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyarm hzher iaina
idind ieile igibo iiiii ikipk ioido isice itita iuiku jajpn jvjav kageo kgkon kikik kjkua kkkaz
klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao
ltlit lulub lvlav mgmlg mhmah mimao mkmac mlmal mnmon mrmar msmay mtmlt mybur nanau nbnob ndnde
nenep ngndo nldut nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan pipli plpol
pspus ptpor quque rmroh rnrun rorum rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslo slslv
smsmo snsna sosom sqalb srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk
tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln
wowol xhxho yiyid yoyor zazha zhchi zuzul
"""
# Bibliographic and terminological code, where ISO 639-2 has two.
_TWOFOLD = """
albsqi armhye baqeus burmya chizho czeces dutnld frefra geokat gerdeu greell iceisl macmkd
maomri maymsa perfas rumron sloslk tibbod welcym
"""
# Codes that were in use once, in ISO 639 or in MARC's list, and what they are now.
_RETIRED = """
in:ind iw:heb ji:yid jw:jav mo:rum sh:srp cam:khm esk:ypk esp:epo eth:gez far:fao fri:fry gae:gla
gag:glg gal:orm gua:grn int:ina iri:gle kus:kos lan:oci lap:smi max:glv mla:mlg mol:rum sao:smo
scc:srp scr:hrv sho:sna snh:sin sso:sot swz:ssw tag:tgl taj:tgk tar:tat tru:chk tsw:tsn ajm:aym
"""
_B_OF_ALPHA_2 = {pair[:2]: pair[2:] for pair in _ALPHA_2.split()}
_ALPHA_2_OF_B = {b: alpha_2 for alpha_2, b in _B_OF_ALPHA_2.items()}
_B_OF_T = {pair[3:]: pair[:3] for pair in _TWOFOLD.split()}
_T_OF_B = {b: t for t, b in _B_OF_T.items()}
_NOW = dict(pair.split(":") for pair in _RETIRED.split())
# RFC 5646 section 2.2.8: tags that were registered whole, before there were subtags.
_GRANDFATHERED = frozenset(
    [
        "en-gb-oed",
        "i-ami",
        "i-bnn",
        "i-default",
        "i-enochian",
        "i-hak",
        "i-klingon",
        "i-lux",
        "i-mingo",
        "i-navajo",
        "i-pwn",
        "i-tao",
        "i-tay",
        "i-tsu",
        "sgn-be-fr",
        "sgn-be-nl",
        "sgn-ch-de",
        "art-lojban",
        "cel-gaulish",
        "no-bok",
        "no-nyn",
        "zh-guoyu",
        "zh-hakka",
        "zh-min",
        "zh-min-nan",
        "zh-xiang",
    ]
)
_SUBTAG_OF_THREE = re.compile(r"[a-z]{3}")
_COMMON = [
    "eng",
    "ger",
    "fre",
    "spa",
    "ita",
    "rus",
    "lat",
    "por",
    "dut",
    "pol",
    "gre",
    "chi",
    "jpn",
    "ara",
    "heb",
    "swe",
    "dan",
    "nor",
    "fin",
    "hun",
    "cze",
]
_LISTS = frozenset({"iso639-1", "iso639-2", "iso639-2b", "iso639-2t", "iso639-3"})
_TAG_AUTHORITIES = frozenset({"rfc1766", "rfc3066", "rfc4646", "rfc5646", "bcp47"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFault:
    """Why a code cannot stand for a language, and what would be right, where that is plain.

    `nearest` is what may have been meant, where that is a guess. `is_kin` says that the language is
    known, but by another list, an older code or another case.
    """

    reason: str
    expected: str | None = None
    nearest: str | None = None
    is_kin: bool = False


@lru_cache(maxsize=4096)
def code_fault(code: str, authority: str | None = None) -> LanguageFault | None:
    """Why a code is not of the list that `authority` names (of any list where it names none)."""
    named = (authority or "").lower().replace("_", "-")
    if named in _TAG_AUTHORITIES:
        return tag_fault(code)
    if code in _NOW and not (named == "iso639-3" and _is_iso639_3(code)):
        now = _in_list(_NOW[code], named)
        return LanguageFault(reason="the code was retired", expected=now, is_kin=True)
    if _is_in(code, named):
        return None
    if "-" in code and not named:
        return tag_fault(code)
    if "_" in code and not named and tag_fault(tag := code.replace("_", "-")) is None:
        return LanguageFault(reason="a tag is written with hyphens", expected=tag)
    return _outside(code, named)


def _is_in(code: str, named: str) -> bool:
    if is_local_code(code):
        return named != "iso639-1"
    match named:
        case "iso639-2b":
            return code in ISO639_2B
        case "iso639-2t":
            return code in _B_OF_T or (code in ISO639_2B and code not in _T_OF_B)
        case "iso639-1":
            return code in _B_OF_ALPHA_2
        case "iso639-3":
            # A collective code names no language, but the two lists share their letters.
            return code not in _T_OF_B and _is_iso639_3(code)
        case "iso639-2":
            return code in ISO639_2B or code in _B_OF_T
        case _:
            return (
                code in ISO639_2B or code in _B_OF_T or code in _B_OF_ALPHA_2 or _is_iso639_3(code)
            )


def _outside(code: str, named: str) -> LanguageFault:
    """What to say of a code that is not in its list."""
    lower = code.strip().lower()
    if lower != code and _is_in(lower, named):
        return LanguageFault(reason="codes are lower case", expected=lower, is_kin=True)
    kin = _in_list(lower, named)
    if kin is not None and kin != lower:
        # ger and deu are one code in two spellings; de and deu are codes of different lists.
        is_kin = len(lower) == len(kin)
        return LanguageFault(reason="it is of another list", expected=kin, is_kin=is_kin)
    if _is_iso639_3(lower):
        return LanguageFault(reason="it is a code of iso639-3")
    several = [lower[start : start + 3] for start in range(0, len(lower), 3)]
    is_name = code_of_name(code) is not None  # `German`
    if len(several) > 1 and not is_name and all(each in ISO639_2B for each in several):
        # MARC's field 041 once held them so.
        return LanguageFault(reason=f"several codes stand together: {', '.join(several)}")
    listed = named if named in _LISTS else "a list of languages that is known"
    named_by = nearest_code(code, named)
    near = get_close_matches(lower, _COMMON, n=1, cutoff=0.6)
    nearest = _in_list(near[0], named) if near and named_by is None else None
    return LanguageFault(reason=f"it is not in {listed}", expected=named_by, nearest=nearest)


def _in_list(code: str, named: str) -> str | None:
    """The code of the same language in another list; None where it has none."""
    b = _B_OF_T.get(code) or _B_OF_ALPHA_2.get(code) or (code if code in ISO639_2B else None)
    if b is None:
        return None
    match named:
        case "iso639-1":
            return _ALPHA_2_OF_B.get(b)
        case "iso639-2t" | "iso639-3":
            return _T_OF_B.get(b, b)
        case _:
            return b


def nearest_code(text: str, named: str = "") -> str | None:
    """The code that was most likely meant by a text: `eng` for `English`."""
    b = code_of_name(text)
    return None if b is None else _in_list(b, named) or b


@cache
def _names() -> dict[str, str]:
    """English names in lower case -> code, the bibliographic one where there is one."""
    from iso639 import ALL_LANGUAGES

    names: dict[str, str] = {}
    for language in ALL_LANGUAGES:
        if language.part2b is None and language.part3 is None:
            continue
        code = language.part2b or language.part3
        if language.status == "A" and code:
            names.setdefault(str(language.name).lower(), str(code))
    # ISO 639-2 adds what parts two languages of one name: `Greek, Modern (1453-)`.
    for name, code in list(names.items()):
        plain = re.split(r" \(|, ", name)[0]
        if code in ISO639_2B:
            names.setdefault(plain, code)
    return names


def code_of_name(text: str) -> str | None:
    """The code of a language that is given by its English name, or nearly so."""
    name = " ".join(text.lower().split())
    if len(name) < 4:  # noqa: PLR2004 - shorter words are codes
        return None
    names = _names()
    if name in names:
        return names[name]
    close = get_close_matches(name, (known for known in names if names[known] in ISO639_2B), 1, 0.8)
    return names[close[0]] if close else None


@cache
def _names_by_code() -> dict[str, str]:
    return {code: name for name, code in reversed(_names().items())}


def name_of_code(code: str) -> str | None:
    """The English name of a language in lower case, by its code of ISO 639-2 or 639-3."""
    return _names_by_code().get(code)


@cache
def _three_letters() -> frozenset[str]:
    from iso639 import ALL_LANGUAGES

    return frozenset(str(each.part3) for each in ALL_LANGUAGES if each.part3 and each.status == "A")


def _is_iso639_3(code: str) -> bool:
    if _SUBTAG_OF_THREE.fullmatch(code) is None:
        return False
    if code in _T_OF_B:
        return False
    # Every individual code of ISO 639-2 is one of ISO 639-3, in its terminological spelling.
    return (
        code in _B_OF_T or (code in ISO639_2B and code in _ALPHA_2_OF_B) or code in _three_letters()
    )


@lru_cache(maxsize=4096)
def tag_fault(tag: str) -> LanguageFault | None:
    """Why a text is no language tag by BCP 47 (RFC 5646) with subtags that exist."""
    if tag.lower() in _GRANDFATHERED or tag.lower().startswith("x-"):
        return None
    if not is_language_tag(tag):
        mended = tag.strip().replace("_", "-")
        right = mended if mended != tag and is_language_tag(mended) else nearest_code(tag)
        return LanguageFault(reason="it has not the form of a language tag", expected=right)
    language, *others = tag.split("-")
    fault = _primary_fault(language.lower(), others)
    return fault or next((found for part in others if (found := _subtag_fault(part, tag))), None)


def _primary_fault(language: str, others: list[str]) -> LanguageFault | None:
    if language in _NOW:
        now = _shortest(_NOW[language])
        return LanguageFault(
            reason="the code was retired", expected="-".join([now, *others]), is_kin=True
        )
    if language in _T_OF_B or (language in _B_OF_T or language in _ALPHA_2_OF_B):
        shortest = "-".join([_shortest(language), *others])
        return LanguageFault(
            reason="a tag takes the shortest code of a language", expected=shortest, is_kin=True
        )
    known = language in _B_OF_ALPHA_2 or language in ISO639_2B or is_local_code(language)
    if known or _is_iso639_3(language):
        return None
    return LanguageFault(reason=f"there is no language {language}")


def _shortest(code: str) -> str:
    b = _B_OF_T.get(code, code)
    return _ALPHA_2_OF_B.get(b) or _T_OF_B.get(b, b)


def _subtag_fault(subtag: str, tag: str) -> LanguageFault | None:
    """A script or region that does not exist; variants and extensions are not judged."""
    if f"-{subtag}" not in re.split("-[a-z0-9]-", tag, maxsplit=1, flags=re.IGNORECASE)[0]:
        return None
    if len(subtag) == 4 and subtag.isalpha() and not is_script(subtag.title()):  # noqa: PLR2004 - a script
        near = nearest_script(subtag)
        nearest = tag.replace(subtag, near) if near else None
        return LanguageFault(reason=f"there is no script {subtag}", nearest=nearest)
    if len(subtag) == 2 and not is_region(subtag):  # noqa: PLR2004 - a region
        return LanguageFault(reason=f"there is no region {subtag}")
    return None


def are_of_one_language(code: str, other: str) -> bool:
    """Whether two codes are spellings of one language, or one is the other's macrolanguage."""
    one, two = (_B_OF_T.get(each, _B_OF_ALPHA_2.get(each, each)) for each in (code, other))
    return one == two or two == _macro(one) or one == _macro(two)


@cache
def _macrolanguages() -> dict[str, str]:
    from iso639 import ALL_LANGUAGES

    return {
        str(each.part2b or each.part3): str(each.macrolanguage)
        for each in ALL_LANGUAGES
        if each.macrolanguage
    }


def _macro(code: str) -> str | None:
    macro = _macrolanguages().get(code)
    return None if macro is None else _B_OF_T.get(macro, macro)
