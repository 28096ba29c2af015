"""Codes of scripts by ISO 15924: four letters, the first a capital."""

from __future__ import annotations

import re
from difflib import get_close_matches

_CODES = """
Adlm Afak Aghb Ahom Arab Aran Armi Armn Avst Bali Bamu Bass Batk Beng Berf Bhks Blis Bopo Brah
Brai Bugi Buhd Cakm Cans Cari Cham Cher Chis Chrs Cirt Copt Cpmn Cprt Cyrl Cyrs Deva Diak Dogr
Dsrt Dupl Egyd Egyh Egyp Elba Elym Ethi Gara Geok Geor Glag Gong Gonm Goth Gran Grek Gujr Gukh
Guru Hanb Hang Hani Hano Hans Hant Hatr Hebr Hira Hluw Hmng Hmnp Hntl Hrkt Hung Inds Ital Jamo
Java Jpan Jurc Kali Kana Kawi Khar Khmr Khoj Kitl Kits Knda Kore Kpel Krai Kthi Lana Laoo Latf
Latg Latn Leke Lepc Limb Lina Linb Lisu Loma Lyci Lydi Mahj Maka Mand Mani Marc Maya Medf Mend
Merc Mero Mlym Modi Mong Moon Mroo Mtei Mult Mymr Nagm Nand Narb Nbat Newa Nkdb Nkgb Nkoo Nshu
Ogam Olck Onao Orkh Orya Osge Osma Ougr Palm Pauc Pcun Pelm Perm Phag Phli Phlp Phlv Phnx Piqd
Plrd Prti Psin Ranj Rjng Rohg Roro Runr Samr Sara Sarb Saur Seal Sgnw Shaw Shrd Shui Sidd Sidt
Sind Sinh Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Syre Syrj Syrn Tagb Takr Tale Talu Taml Tang
Tavt Tayo Telu Teng Tfng Tglg Thaa Thai Tibt Tirh Tnsa Todr Tols Toto Tutg Ugar Vaii Visp Vith
Wara Wcho Wole Xpeo Xsux Yezi Yiii Zanb Zinh Zmth Zsye Zsym Zxxx Zyyy Zzzz
"""
_SCRIPTS = frozenset(_CODES.split())
_COMMON = [
    "Latn",
    "Cyrl",
    "Grek",
    "Hebr",
    "Arab",
    "Hans",
    "Hant",
    "Jpan",
    "Kore",
    "Deva",
    "Armn",
    "Geor",
    "Thai",
    "Latf",
]
_PRIVATE = re.compile(r"Qa(?:a[a-z]|b[a-x])")


def is_script(code: str) -> bool:
    """Whether a code is in ISO 15924; Qaaa to Qabx are for private use."""
    return code in _SCRIPTS or _PRIVATE.fullmatch(code) is not None


def nearest_script(text: str) -> str | None:
    """The code that was most likely meant: `Latn` for `latn` or `Latin`."""
    word = text.strip().title()
    if is_script(word):
        return word
    close = get_close_matches(word, _COMMON, n=1, cutoff=0.7)
    close = close or get_close_matches(word, sorted(_SCRIPTS), n=1, cutoff=0.7)
    if close:
        return close[0]
    # Most codes begin as the script's name does.
    return next((code for code in sorted(_SCRIPTS) if word.startswith(code[:3])), None)
