"""PDF, pictures and RTF as pictures of pages and text (DMP-105, DMP-106, S05, SEC-11)."""

from __future__ import annotations

import ast
import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.formats import decoding, media
from apps.formats.decoding import Reason, RefusedFileError, draw_pages, open_file
from apps.formats.media import PdfWarning
from apps.formats.sandbox.frames import Message
from apps.journeys.demonstration.documents.pdf import text_pdf
from tests.architecture.sources import python_files, short
from tests.formats.small_cda import pdf, png


def saved(picture, kind, **values):
    out = io.BytesIO()
    picture.save(out, kind, **values)
    return out.getvalue()


def drawn(data, media_type, first=1, last=1):
    return list(draw_pages(data, media_type, first=first, last=last))


def shown(page):
    """The widest picture of a page, decoded."""
    return Image.open(io.BytesIO(page.pictures[0].data))


def refusal(data, media_type):
    with pytest.raises(RefusedFileError) as caught:
        open_file(data, media_type)
    return caught.value


def outcome(act):
    """What the act gives, or why it was refused."""
    try:
        return act()
    except RefusedFileError as error:
        return error.reason


class TestPdf:
    def test_the_text_of_a_page_is_read_with_its_accents(self):
        opened = open_file(text_pdf("Séance de février\nGenou : 120°", title="Bilan"), media.PDF)

        assert opened.pages == 1
        assert opened.texts == ("Séance de février\nGenou : 120°",)
        assert opened.warnings == frozenset()

    def test_a_page_is_drawn_for_a_wide_screen_and_for_a_phone(self):
        (page,) = drawn(text_pdf("Une ligne", title="Bilan"), media.PDF)

        assert [(picture.width, picture.height) for picture in page.pictures] == [(1440, 2038), (720, 1019)]
        assert shown(page).getpixel((1400, 2000)) == (255, 255, 255)
        assert min(shown(page).convert("L").get_flattened_data()) < 60  # there is ink

    def test_pages_are_drawn_from_any_one_on(self):
        source = pikepdf.new()
        for width in (300, 400, 500):
            source.add_blank_page(page_size=(width, 300))
        held = io.BytesIO()
        source.save(held)

        pages = drawn(held.getvalue(), media.PDF, first=2, last=9)
        assert [page.number for page in pages] == [2, 3]
        assert [page.pictures[0].height for page in pages] == [1080, 864]

    @pytest.mark.parametrize(
        ("catalog", "trailer", "reason", "warning"),
        [
            ("/OpenAction<</S/JavaScript/JS(app.alert(1))>>", "", Reason.ACTIVE, PdfWarning.JAVASCRIPT),
            ("/Names<</EmbeddedFiles<</Names[]>>>>", "", Reason.ACTIVE, PdfWarning.EMBEDDED_FILES),
            ("/AcroForm<</Fields[]/XFA[(template)9 0 R]>>", "", Reason.ACTIVE, PdfWarning.XFA),
            ("", "/Encrypt 9 0 R", Reason.ENCRYPTED, PdfWarning.ENCRYPTED),
        ],
    )
    def test_dmp_106_a_pdf_that_acts_or_is_locked_is_not_drawn(self, catalog, trailer, reason, warning):
        refused = refusal(pdf(catalog, trailer), media.PDF)

        assert refused.reason is reason
        assert warning in refused.warnings

    def test_dmp_106_a_signed_pdf_is_drawn_and_told(self):
        opened = open_file(pdf("/AcroForm<</Fields[]/SigFlags 3>>"), media.PDF)

        assert (opened.pages, opened.warnings) == (1, {PdfWarning.SIGNED})

    def test_dmp_106_a_broken_pdf_is_refused(self):
        assert refusal(b"%PDF-1.4\nnothing", media.PDF).reason is Reason.DAMAGED

    @pytest.mark.parametrize(("pages", "answer"), [(500, 500), (501, Reason.TOO_MANY_PAGES)])
    def test_sec_11_500_pages_and_no_more(self, pages, answer):
        source = pikepdf.new()
        for _ in range(pages):
            source.add_blank_page(page_size=(100, 100))
        held = io.BytesIO()
        source.save(held)

        if answer is Reason.TOO_MANY_PAGES:
            assert refusal(held.getvalue(), media.PDF).reason is answer
        else:
            assert open_file(held.getvalue(), media.PDF).pages == answer

    def test_sec_11_a_page_of_a_kilometre_is_drawn_within_the_limit_of_pixels(self):
        source = pikepdf.new()
        source.add_blank_page(page_size=(10, 14_400))
        held = io.BytesIO()
        source.save(held)

        (page,) = drawn(held.getvalue(), media.PDF)
        assert page.pictures[0].width * page.pictures[0].height <= 12_100_000


class TestPictures:
    def test_sec_11_a_photograph_is_drawn_upright_and_without_its_metadata(self):
        picture = Image.new("RGB", (40, 20), "red")
        picture.paste("blue", (0, 0, 20, 20))  # left half
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = 6, "Camera of Camille"  # turned to the right; maker

        (page,) = drawn(saved(picture, "JPEG", exif=exif), media.JPEG)
        assert b"Camille" not in page.pictures[0].data
        assert b"Exif" not in page.pictures[0].data
        assert shown(page).size == (20, 40)
        red, _green, blue = shown(page).getpixel((10, 5))
        assert blue > 200 > red  # what was left is above

    def test_a_large_picture_is_brought_to_two_widths(self):
        (page,) = drawn(saved(Image.new("L", (3000, 1500), 90), "PNG"), media.PNG)

        assert [(one.width, one.height) for one in page.pictures] == [(1440, 720), (720, 360)]

    def test_what_is_transparent_is_white(self):
        (page,) = drawn(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"), media.PNG)

        assert shown(page).getpixel((4, 4)) == (255, 255, 255)

    def test_sixteen_bits_of_grey_keep_their_contrast(self):
        picture = Image.new("I;16", (32, 32), 1000)
        picture.paste(4000, (16, 0, 32, 32))

        (page,) = drawn(saved(picture, "PNG"), media.PNG)
        assert shown(page).getpixel((4, 16))[0] < 20
        assert shown(page).getpixel((28, 16))[0] > 235

    def test_every_frame_of_a_tiff_is_a_page(self):
        frames = [Image.new("1", (60, 80 + 10 * number), 1) for number in range(3)]
        data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="group4")

        assert open_file(data, media.TIFF).pages == 3
        assert [page.pictures[0].height for page in drawn(data, media.TIFF, first=2, last=3)] == [90, 100]

    def test_sec_11_fifty_million_pixels_and_no_more(self):
        largest = saved(Image.new("1", (10_000, 5_000)), "PNG")

        assert drawn(largest, media.PNG)[0].pictures[0].width == 1440
        assert refusal(saved(Image.new("1", (10_000, 5_001)), "PNG"), media.PNG).reason is Reason.TOO_LARGE
        assert refusal(png(60_000, 60_000), media.PNG).reason is Reason.TOO_LARGE

    def test_sec_11_fifty_million_pixels_in_four_colours_fit_into_the_memory_or_are_refused(self):
        data = saved(Image.new("RGBA", (10_000, 5_000)), "PNG", compress_level=1)
        assert outcome(lambda: drawn(data, media.PNG)[0].pictures[0].width) in {1440, Reason.TOO_LARGE}

    @pytest.mark.parametrize(
        "data", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"II*\x00\x08\x00\x00\x00\xff\xff"]
    )
    def test_a_damaged_picture_is_refused(self, data):
        assert refusal(data, media.sniff(data)).reason is Reason.DAMAGED

    def test_dmp_105_another_kind_behind_a_signature_is_refused(self):
        assert refusal(saved(Image.new("L", (2, 2)), "GIF"), media.PNG).reason is Reason.DAMAGED


class TestRtf:
    def test_s05_the_text_keeps_its_accents_and_lines(self):
        data = rb"{\rtf1\ansi\ansicpg1252 {\fonttbl{\f0 Arial;}}f\'e9vrier\par 39 \u8364? <b>}"

        assert open_file(data, media.RTF).texts == ("février\n39 € <b>",)
        assert open_file(data, media.RTF).pages == 0

    @pytest.mark.parametrize("page", [1250, 1251, 1253, 932, 950])
    def test_other_code_pages_are_known_to_the_locked_child(self, page):
        data = rb"{\rtf1\ansi\ansicpg%d abc}" % page

        assert open_file(data, media.RTF).texts == ("abc",)

    def test_an_empty_text_is_nothing_to_show(self):
        assert refusal(rb"{\rtf1 }", media.RTF).reason is Reason.NOTHING


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([media.PDF, media.JPEG, media.PNG, media.TIFF, media.RTF]))
def test_sec_11_any_bytes_are_opened_or_refused(data, media_type):
    start = {
        media.PDF: b"%PDF-1.4\n",
        media.JPEG: b"\xff\xd8\xff",
        media.PNG: b"\x89PNG\r\n\x1a\n",
        media.TIFF: b"II*\x00",
    }
    content = start.get(media_type, b"{\\rtf1 ") + data

    assert outcome(lambda: open_file(content, media_type).pages) in {*range(decoding.MAX_PAGES + 1), *Reason}


class TestAnswersOfAChildThatWasTakenOver:
    @pytest.fixture
    def answer(self, monkeypatch):
        def answering(*messages):
            monkeypatch.setattr(decoding, "ask", lambda *_arguments: (message for message in messages))

        return answering

    @pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff<html>", b""])
    def test_sec_11_what_is_no_jpeg_is_not_taken_for_a_page(self, answer, data):
        answer(Message(facts={"page": 1, "sizes": [[9, 9]]}, payloads=(data,)))

        with pytest.raises(RefusedFileError):
            drawn(b"", media.PDF)

    @pytest.mark.parametrize(
        "facts", [{}, {"pages": -1}, {"pages": 501}, {"pages": "3"}, {"pages": None, "warnings": ["x"]}]
    )
    def test_sec_11_a_number_of_pages_that_cannot_be_is_refused(self, answer, facts):
        answer(Message(facts=facts))

        assert refusal(b"", media.PDF).reason is Reason.DAMAGED

    @pytest.mark.parametrize("payload", [b"{}", b"nothing", b'["' + b"x" * 5_000_001 + b'"]'])
    def test_sec_11_texts_that_are_none_are_refused(self, answer, payload):
        answer(Message(facts={"pages": 1}, payloads=(payload,)))

        assert refusal(b"", media.PDF).reason is Reason.DAMAGED

    def test_control_characters_do_not_get_into_the_text(self, answer):
        answer(Message(facts={"pages": 2}, payloads=(b'["a\\u0000\\u0007b\\r\\nc\\u0085", 5]',)))

        assert open_file(b"", media.PDF).texts == ("ab\nc", "")

    def test_no_more_pages_than_asked_for(self, answer):
        page = drawn(saved(Image.new("L", (2, 2)), "PNG"), media.PNG)[0]
        answer(*[Message(facts={}, payloads=(page.pictures[0].data,))] * 5)

        assert len(drawn(b"", media.PDF, first=1, last=2)) == 2


def test_sec_11_decoders_are_imported_by_the_child_alone():
    found = {
        short(path)
        for path in python_files("apps")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.partition(".")[0] in {"PIL", "pikepdf", "pypdfium2", "striprtf"}
    }

    # the demonstration draws pictures of its own; it decodes none
    allowed = ("apps/formats/sandbox/inside/", "apps/journeys/demonstration/")
    assert [name for name in sorted(found) if not name.startswith(allowed)] == []
