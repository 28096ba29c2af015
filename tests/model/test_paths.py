"""Paths in a bag: their coding, what leads out, and what is one name on some systems."""

from __future__ import annotations

import ntpath
import posixpath
import unicodedata
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muniment.model.paths import (
    decode_path,
    encode_path,
    normal_key,
    twin_key,
    unsafe_reason,
    windows_fault,
)

Form = Literal["NFC", "NFD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD")
ANY = st.text() | st.text(st.sampled_from("%0aAdD25\r\n/.~\\:$ "))
PATHS = ANY | st.lists(
    st.sampled_from(["data", "..", ".", "", "a", "~", "~root", "C:", "\\", "..\\", "%HOME%", "$X"])
).map("/".join)


@given(ANY)
@example("%0A")
@example("%25")
@example("100%")
def test_a_path_is_decoded_as_it_was_coded(path: str) -> None:
    assert decode_path(encode_path(path)) == path


@given(ANY)
def test_only_cr_lf_and_percent_are_coded(path: str) -> None:
    coded = encode_path(path)
    assert not set("\r\n") & set(coded)
    plain = coded.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    assert plain == path
    assert len(coded) == len(path) + 2 * sum(path.count(c) for c in "\r\n%")


@given(ANY)
def test_before_1_0_a_percent_sign_is_no_code(path: str) -> None:
    decoded = decode_path(path, percent_is_coded=False)
    assert decoded.count("%25") >= path.count("%25")
    if "%0" not in path:
        assert decoded == path


@pytest.mark.parametrize(
    ("coded", "since_1_0", "before"),
    [
        ("a%0Ab", "a\nb", "a\nb"),
        ("a%0d%0Ab", "a\r\nb", "a\r\nb"),
        ("a%25b", "a%b", "a%25b"),
        ("a%250Ab", "a%0Ab", "a%250Ab"),
        ("a%20b", "a%20b", "a%20b"),
        ("a%7Eb", "a%7Eb", "a%7Eb"),
        ("a%", "a%", "a%"),
    ],
)
def test_decoding(coded: str, since_1_0: str, before: str) -> None:
    assert decode_path(coded) == since_1_0
    assert decode_path(coded, percent_is_coded=False) == before


@given(PATHS)
def test_what_is_safe_stays_inside_on_every_platform(path: str) -> None:
    if unsafe_reason(path) is not None:
        return
    inside = posixpath.normpath(posixpath.join("/bags/one", path))
    assert inside == "/bags/one" or inside.startswith("/bags/one/")
    assert not ntpath.isabs(path)
    assert ntpath.splitdrive(path)[0] == ""
    windows = ntpath.normpath(ntpath.join("D:\\bags\\one", path))
    assert windows == "D:\\bags\\one" or windows.startswith("D:\\bags\\one\\")
    assert posixpath.expanduser(path) == path
    assert "\x00" not in path


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/etc/passwd", "absolute"),
        ("//server/share", "absolute"),
        ("~/x", "home"),
        ("~root/x", "home"),
        ("\\\\?\\C:\\x", "Windows"),
        ("\\\\server\\share", "Windows"),
        ("\\x", "Windows"),
        ("C:x", "drive"),
        ("z:/x", "drive"),
        ("1:/x", "drive"),
        ("file:///etc/passwd", "address"),
        ("https://example.org/x", "address"),
        ("%HomeDrive%\\x", "variable"),
        ("%ProgramFiles(x86)%/x", "variable"),
        ("$HOME/x", "variable"),
        ("${HOME}\\x", "variable"),
        ("..", "climbs"),
        ("data/../../x", "climbs"),
        ("data/..", "climbs"),
        ("data\\..\\x", "climbs"),
        ("data/x\x00.txt", "NUL"),
    ],
)
def test_what_leads_out_is_refused(path: str, reason: str) -> None:
    assert reason in (unsafe_reason(path) or "")


@pytest.mark.parametrize(
    "path",
    [
        "data/x",
        "data/..x",
        "data/x..",
        "data/~x",
        "data/C:/x",
        "data/%HOME%/x",
        "d",
        "",
    ],
)
def test_what_stays_inside_is_not_refused(path: str) -> None:
    assert unsafe_reason(path) is None


@given(st.text(), st.sampled_from(FORMS))
def test_a_name_is_its_twin_in_any_form_and_case(name: str, form: Form) -> None:
    other = unicodedata.normalize(form, name)
    assert normal_key(other) == normal_key(name)
    assert twin_key(other) == twin_key(name)
    assert twin_key(name.casefold()) == twin_key(name)


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        ("A.txt", "a.TXT", True),
        ("caf\xe9", "cafe\u0301", True),
        ("\xc9t\xe9", "e\u0301T\xc9".lower(), True),
        ("\u03c3", "\u03c2", True),
        ("a", "b", False),
        ("a ", "a", False),
        ("\uff21", "A", False),
    ],
)
def test_twins(one: str, other: str, twins: bool) -> None:  # noqa: FBT001
    assert (twin_key(one) == twin_key(other)) is twins


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("data/con", "device"),
        ("data/Con.txt", "device"),
        ("data/nul .txt", "device"),
        ("data/LPT1.tar.gz", "device"),
        ("data/com\xb9", "device"),
        ("con/x.txt", "device"),
        ("data/a.", "dot"),
        ("data/a ", "blank"),
        ("data/a|b", "character"),
        ("data/a\nb", "character"),
        ("data/a\\b", "character"),
        ("data/" + "x" * 256, "longer"),
        ("data/" + "x" * 255, None),
        ("data/console", None),
        ("data/com0", None),
        ("data/.a", None),
        ("data/a b.c", None),
    ],
)
def test_windows(path: str, fault: str | None) -> None:
    found = windows_fault(path)
    assert found is None if fault is None else fault in (found or "")
