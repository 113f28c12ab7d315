"""Types by content, PDF and pictures (DMP-105, DMP-106, SEC-11)."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats import media
from apps.formats.media import PdfWarning
from apps.formats.picture_headers import picture_size
from apps.formats.sandbox.inside.pdf_look import pdf_warnings
from tests.formats.small_cda import pdf, png


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", media.PDF),
        (b" %PDF-1.7\n", media.TEXT),  # only at byte 0
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", media.JPEG),
        (b"\x89PNG\r\n\x1a\n....", media.PNG),
        (b"II*\x00....", media.TIFF),
        (b"MM\x00*....", media.TIFF),
        (b"{\\rtf1\\ansi}", media.RTF),
        (b'<?xml version="1.0"?><a/>', media.XML),
        ("<?xml?>".encode("utf-16"), media.XML),
        (b"<html><script>alert(1)</script></html>", media.XML),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', media.XML),
        ("Conclusion : normal, é à €".encode(), media.TEXT),
        ("\ufeffConclusion".encode(), media.TEXT),
        ("été".encode("latin-1"), media.UNKNOWN),
        (b"MZ\x00\x00", media.UNKNOWN),
        (b"PK\x03\x04", media.UNKNOWN),
        (b"", media.UNKNOWN),
    ],
)
def test_dmp_105_the_type_is_read_from_the_bytes(data, expected):
    assert media.sniff(data) == expected


@given(st.binary(max_size=200))
def test_sniff_answers_for_any_bytes(data):
    assert "/" in media.sniff(data)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"\xff\xd8\xff"])
)
def test_damaged_pictures_and_pdfs_never_raise(data, start):
    picture_size(start + data)
    assert isinstance(pdf_warnings(start + data), frozenset)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("text/xml", media.XML), ("IMAGE/JPG", media.JPEG), ("application/pdf; a=b", media.PDF), ("", None), (None, None)],
)
def test_declared_types_are_brought_to_one_spelling(declared, expected):
    assert media.normal_type(declared) == expected


@pytest.mark.parametrize(
    ("catalog", "trailer", "expected"),
    [
        ("", "", set()),
        ("/OpenAction[3 0 R/Fit]", "", set()),
        ("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>", "", set()),
        ("/OpenAction<</S/JavaScript/JS(app.alert(1))>>", "", {PdfWarning.OPEN_ACTION, PdfWarning.JAVASCRIPT}),
        ("/OpenAction<</S/Launch/F(cmd.exe)>>", "", {PdfWarning.OPEN_ACTION}),
        ("/AA<</WC<</S/Named/N/Print>>>>", "", {PdfWarning.ADDITIONAL_ACTIONS}),
        ("/Names<</JavaScript<</Names[]>>>>", "", {PdfWarning.JAVASCRIPT}),
        ("/Names<</EmbeddedFiles<</Names[]>>>>", "", {PdfWarning.EMBEDDED_FILES}),
        ("", "/Encrypt 9 0 R", {PdfWarning.ENCRYPTED}),
        ("/AcroForm<</Fields[]/XFA[(template)9 0 R]>>", "", {PdfWarning.XFA}),
        ("/AcroForm<</Fields[]/SigFlags 3>>", "", {PdfWarning.SIGNED}),
        ("/AcroForm<</Fields[]/SigFlags 2>>", "", set()),
        ("/AcroForm<</Fields[<</A<</S/JavaScript/JS(app.alert(1))>>>>]>>", "", {PdfWarning.JAVASCRIPT}),
        ("/AcroForm<</Fields[<</A<</S/Named/Next[<</S/JavaScript/JS(f)>>]>>>>]>>", "", {PdfWarning.JAVASCRIPT}),
        ("/AcroForm<</Fields[<</FS<</Type/Filespec/EF<</F 3 0 R>>>>>>]>>", "", {PdfWarning.EMBEDDED_FILES}),
        ("/AcroForm<</Fields[<</A<</S/URI/URI(https://exemple.fr)>>>>]>>", "", set()),
    ],
)
def test_dmp_106_what_acts_or_hides_in_a_pdf_is_told(catalog, trailer, expected):
    assert pdf_warnings(pdf(catalog, trailer)) == expected


def test_dmp_106_a_broken_pdf_is_told():
    assert pdf_warnings(b"%PDF-1.4\nnothing") == {PdfWarning.UNREADABLE}


def test_dmp_106_a_pdf_under_a_password_is_told():
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))

    assert pdf_warnings(locked.getvalue()) == {PdfWarning.ENCRYPTED}


def test_sec_11_a_picture_of_more_than_50_million_pixels_is_not_shown():
    assert media.is_showable_picture(png(7_000, 7_000))
    assert not media.is_showable_picture(png(7_100, 7_100))
    assert not media.is_showable_picture(png(60_000, 60_000))


def test_only_jpeg_and_png_are_shown():
    assert not media.is_showable_picture(b"II*\x00" + b"\x00" * 40)
    assert not media.is_showable_picture(pdf())
    assert not media.is_showable_picture(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(640, 480), (640, 480)),
        (b"\xff\xd8\xff\xe0\x00\x04AB\xff\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01", (32, 16)),
        (b"\xff\xd8\xff\xe0\x00\x04AB\xff\xda\x00\x04", None),
        (b"\xff\xd8\xff\xe0\x00\x00" * 3, None),
        (b"GIF89a", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_header(data, size):
    assert picture_size(data) == size
