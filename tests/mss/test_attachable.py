"""What may be added to a message and under which name (MSS-56, MSS-58, S18, S21)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats import media
from apps.formats.mail.names import MAX_NAME, clean_name
from apps.mss.services.attachable import ENDINGS, FileFault, FileRefusedError, kind_of, name_of, room_of
from tests.mss.writing import JPEG, PDF


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, media.PDF),
        (JPEG, media.JPEG),
        (b"\x89PNG\r\n\x1a\n....", media.PNG),
        (b"II*\x00....", media.TIFF),
        (b"{\\rtf1 a}", media.RTF),
        ("Tension : 12/8 à midi".encode(), media.TEXT),
    ],
)
def test_the_kind_is_found_by_content(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03\x00\x00\x00",  # a program
        b"PK\x03\x04\x14\x00\x00\x00",  # an archive, a text of an office program
        b"<html><script>1</script></html>",
        b'<?xml version="1.0"?><ClinicalDocument/>',
        b"<svg onload='1'/>",
        b"\x00\x01\x02",
        b"   ",
    ],
)
def test_mss_58_programs_archives_and_pages_are_not_sent(data):
    with pytest.raises(FileRefusedError) as refused:
        kind_of(data)
    assert refused.value.fault is FileFault.KIND


def test_an_empty_file_is_told_as_such():
    with pytest.raises(FileRefusedError) as refused:
        kind_of(b"")
    assert refused.value.fault is FileFault.EMPTY


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("Ordonnance.PDF", media.PDF, "Ordonnance.PDF"),
        ("photo.jpeg", media.JPEG, "photo.jpeg"),
        ("photo.png", media.JPEG, "photo.png.jpg"),
        ("ordonnance-\u202efdp.exe", media.PDF, "ordonnance-fdp.exe.pdf"),
        ("résultats du 3 février — biologie.pdf", media.PDF, "résultats du 3 février — biologie.pdf"),
        ("..\\..\\windows\\notes", media.TEXT, "notes.txt"),
        ("", media.PDF, "document.pdf"),
        ("\u202e", media.JPEG, "document.jpg"),
        (".pdf", media.PDF, "pdf.pdf"),
    ],
)
def test_s21_the_name_is_clean_and_its_ending_says_the_truth(name, kind, shown):
    assert name_of(name, media_type=kind) == shown


@given(st.text(max_size=400), st.sampled_from([media.PDF, media.JPEG, media.TEXT, media.TIFF]))
def test_s21_every_name_is_one_that_a_header_may_hold(name, kind):
    shown = name_of(name, media_type=kind)
    assert clean_name(shown) == shown
    assert shown.rpartition(".")[2].lower() in ENDINGS
    assert len(shown.encode()) <= MAX_NAME


def test_mss_56_room_counts_the_growth_of_base64(settings):
    settings.MSS_MAX_MESSAGE_BYTES = 25_000_000
    assert room_of([]) == 18_102_189  # (25,000,000 - 200,000) / 1.37
    assert room_of([8_000_000, 10_000_000]) == 102_189
    assert room_of([18_102_190]) == 0


def test_s18_a_full_message_is_still_below_the_limit(settings):
    settings.MSS_MAX_MESSAGE_BYTES = 25_000_000
    encoded = (room_of([]) + 2) // 3 * 4
    lines = encoded // 76 * 2
    assert encoded + lines < 25_000_000
