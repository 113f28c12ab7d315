"""Names inside archives (SEC-11, S10, S12)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.xdm.names import key_of, shown_name, uri_keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("IHE_XDM/SUBSET01/DOC0001.XML", "IHE_XDM/SUBSET01/DOC0001.XML"),
        ("ihe_xdm\\subset01\\./doc0001.xml", "IHE_XDM/SUBSET01/DOC0001.XML"),
        ("re\u0301sume.xml", "R\u00c9SUME.XML"),
        ("", None),
        (".", None),
        ("/a", None),
        ("\\\\server\\a", None),
        ("a/../b", None),
        ("a//b", None),
        ("c:a", None),
        ("https://a/b", None),
        ("a\x00b", None),
        ("a\n", None),
    ],
)
def test_keys(name, key):
    assert key_of(name) == key


@given(st.text())
def test_no_key_climbs(name):
    key = key_of(name)

    assert key is None or (not key.startswith("/") and ".." not in key.split("/") and "\\" not in key)


@pytest.mark.parametrize(
    ("uri", "keys"),
    [
        ("a.xml", ("F/A.XML",)),
        ("a%20b.xml", ("F/A%20B.XML", "F/A B.XML")),
        ("%2e%2e/a.xml", None),
        ("a%2f..%2f..%2fb", None),
        ("a%00", None),
    ],
)
def test_uris(uri, keys):
    assert uri_keys("F", uri) == keys


@given(st.binary(max_size=60))
def test_s12_a_shown_name_has_no_box_control_or_direction(raw):
    name = shown_name(raw.decode("cp437"), is_utf8=False)

    assert name is None or (name and "/" not in name)
    assert name is None or not any(unicodedata.category(char) == "Cc" for char in name)
    assert name is None or not any("\u2500" <= char <= "\u25ff" for char in name)


def test_direction_marks_do_not_turn_an_extension():
    assert shown_name("facture\u202efdp.exe", is_utf8=True) == "facturefdp.exe"
