"""What a picture is, told by the locked child (SEC-11)."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.formats import picture_facts as module
from apps.formats.picture_facts import PictureFacts, picture_facts
from apps.formats.sandbox.refusal import Reason, RefusedFileError
from tests.formats.small_cda import png


def saved(kind, size=(30, 20), mode="RGB", **values):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **values)
    return out.getvalue()


def outcome(data):
    try:
        return picture_facts(data)
    except RefusedFileError as error:
        return error.reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_plain_picture_is_told_by_its_size(kind):
    assert picture_facts(saved(kind)) == PictureFacts(width=30, height=20, frames=1, is_srgb=True, has_place=False)


def test_the_frames_of_a_png_are_counted():
    frames = [Image.new("L", (9, 9), grey) for grey in (0, 90, 180)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])

    assert picture_facts(out.getvalue()).frames == 3


def test_inks_are_not_the_colours_of_the_web():
    assert not picture_facts(saved("JPEG", mode="CMYK")).is_srgb


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "WEBP"])
def test_another_kind_is_refused(kind):
    assert outcome(saved(kind)) is Reason.DAMAGED


def test_sec_11_fifty_million_pixels_and_no_more():
    assert picture_facts(saved("PNG", (10_000, 5_000), "1")).width == 10_000
    assert outcome(saved("PNG", (10_000, 5_001), "1")) is Reason.TOO_LARGE
    assert outcome(png(60_000, 60_000)) is Reason.TOO_LARGE


@pytest.mark.parametrize("only", [{"width": str}, {"width": bool}, {"depth": int}])
def test_a_child_that_says_something_else_is_not_believed(only, monkeypatch):
    monkeypatch.setattr(module, "_ONLY", only)

    assert outcome(saved("PNG")) is Reason.DAMAGED


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_sec_11_any_bytes_have_facts_or_are_refused(data, start):
    assert isinstance(outcome(start + data), PictureFacts | Reason)
