"""Logo and screenshots (STO-100, SEC-11, S31)."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from apps.formats.sandbox import process
from apps.store.checks.registry import CHECKS
from tests.formats.sandbox.hostile import PICTURES, png_of
from tests.formats.sandbox.test_process import children
from tests.store.checks.local.dossiers import end, file, of_file, picture, run, subject


def logo(data, **values):
    return of_file("images", file(data, name="logo.png", use="logo", **values))


def screenshot(data):
    return of_file("images", file(data, name="ecran.png", use="screenshot"))


def with_exif(**values):
    exif = Image.Exif()
    if values:
        exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0)})
    exif[0x010F] = "Appareil"
    return exif.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("side", [512, 1000])
def test_sto_100_a_square_logo_of_512_or_more_passes(kind, side):
    assert logo(picture((side, side), kind)) == ("pass", "")


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ((511, 511), "image-too-small"),
        ((512, 513), "image-ratio"),
        ((1024, 512), "image-ratio"),
        ((9, 1), "image-ratio"),
    ],
)
def test_sto_100_another_form_of_a_logo_is_for_a_person(size, reason):
    assert logo(picture(size)) == ("flag", reason)


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (2560, 1440), (1935, 1080), (1080, 1915)])
def test_sto_100_a_screenshot_is_a_screen_or_a_telephone(size):
    assert screenshot(picture(size)) == ("pass", "")


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ((1080, 1080), "image-ratio"),
        ((1170, 2532), "image-ratio"),  # 9:19.5
        ((1950, 1080), "image-ratio"),
        ((1280, 720), "image-too-small"),
        ((1366, 768), "image-too-small"),  # 16:9 to a hundredth
    ],
)
def test_sto_100_another_form_of_a_screenshot_is_for_a_person(size, reason):
    assert screenshot(picture(size)) == ("flag", reason)


def test_sto_100_everything_that_is_off_is_told_at_once():
    found = run("images", subject(files=[file(picture((40, 30), "JPEG", "CMYK"), use="logo")]))

    assert end(found) == ("flag", "image-ratio")
    assert found.measured == {
        "width": 40, "height": 30, "all": ["image-ratio", "image-too-small", "image-colours"],
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_sto_100_colours_are_those_of_the_web(kind):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    assert logo(picture(kind=kind, icc_profile=srgb)) == ("pass", "")
    assert logo(picture(kind=kind, icc_profile=lab)) == ("flag", "image-colours")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_sto_100_all_modes_of_the_web_are_fine(mode):
    assert logo(picture(mode=mode)) == ("pass", "")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_sto_100_a_place_in_the_metadata_is_told(kind):
    assert logo(picture(kind=kind, exif=with_exif(place=True))) == ("flag", "image-place")
    assert logo(picture(kind=kind, exif=with_exif())) == ("pass", "")


def test_sto_100_a_place_in_xmp_is_told_too():
    xmp = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="48,51.4N"/></x:xmpmeta>'

    assert logo(picture(kind="JPEG", xmp=xmp)) == ("flag", "image-place")


def test_sto_100_a_picture_that_moves_fails():
    frames = [Image.new("RGB", (512, 512), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])

    assert logo(out.getvalue()) == ("fail", "image-animated")


def test_sto_100_two_pictures_of_one_photograph_do_not_move():
    out = io.BytesIO()
    one = Image.new("RGB", (512, 512))
    one.save(out, "MPO", save_all=True, append_images=[one.resize((64, 64))])

    assert logo(out.getvalue()) == ("pass", "")


def test_sto_100_five_megabytes_and_no_more(settings):
    assert settings.STORE_IMAGE_BYTES == 5_000_000
    whole = picture()
    settings.STORE_IMAGE_BYTES = len(whole)
    assert logo(whole) == ("pass", "")
    assert logo(whole + b"\x00") == ("fail", "image-too-heavy")


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture(kind="GIF"),
        picture(kind="WEBP"),
        picture(kind="TIFF"),
        picture(kind="BMP"),
        b"%PDF-1.4",
        b"",
    ],
    ids=["svg", "gif", "webp", "tiff", "bmp", "pdf", "nothing"],
)
def test_s31_sto_100_only_png_and_jpeg(data):
    assert logo(data) == ("fail", "image-kind")


@pytest.mark.parametrize("data", [picture()[:-40], picture(kind="JPEG")[:900], b"\x89PNG\r\n\x1a\n<svg/>"])
def test_sto_100_a_damaged_picture_fails(data):
    assert logo(data) == ("fail", "image-damaged")


def test_sec_11_a_bomb_is_known_by_its_header():
    assert logo(png_of(60_000, 60_000)) == ("fail", "image-too-large")
    assert logo(png_of(10_000, 5_001)) == ("fail", "image-too-large")
    assert children() == []


@pytest.mark.parametrize("name", [name for name in PICTURES if name.startswith(("png", "jpeg", "svg", "gif"))])
def test_sec_11_every_hostile_picture_comes_to_an_end(name, monkeypatch):
    monkeypatch.setattr(process, "WALL_SECONDS", 4.0)
    outcome, reason = logo(PICTURES[name]())

    assert (outcome, reason) in {
        ("fail", "image-damaged"), ("fail", "image-too-large"), ("fail", "image-too-heavy"), ("flag", "image-ratio"),
        ("flag", "image-too-small"),
    }  # fmt: skip
    assert children() == []


def test_sec_11_a_profile_that_unpacks_into_much_is_refused():
    packed = zlib.compress(b"\x00" * 300_000_000, 9)
    body = b"sRGB\x00\x00" + packed
    chunk = struct.pack(">I", len(body)) + b"iCCP" + body + struct.pack(">I", zlib.crc32(b"iCCP" + body))
    whole = picture()

    assert logo(whole[:33] + chunk + whole[33:])[0] in {"fail", "flag", "pass"}
    assert children() == []


def test_only_pictures_of_the_page_are_targets():
    shown = file(picture(), name="logo.png", use="logo")
    dossier = subject(files=[file(picture(), name="preuve.png"), shown])

    assert CHECKS["images"].targets(dossier) == (str(shown.id),)
