"""Facts of a JPEG or PNG that a page shall show: size, movement, colours, place in its metadata (STO-100)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from apps.formats.media import MAX_PIXELS
from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.inside.serving import RefusedError, serve
from apps.formats.sandbox.refusal import Reason

KINDS = ("JPEG", "PNG")
_GPS = 0x8825  # EXIF
_WEB_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})
_SRGB = "sRGB"
_PLACE_IN_XMP = b"GPSLatitude"
Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
Image.preinit()  # loads the common plugins; nothing can be imported once the child is locked
# EXIF is read by the plugin of TIFF.
_LOADED = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)


def look(_facts: dict[str, Any], data: bytes) -> Iterator[Message]:
    """Decoded to its end: what is cut or wrong is found here and nowhere else."""
    with Image.open(BytesIO(data), formats=KINDS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise RefusedError(Reason.TOO_LARGE)
        # A JPEG of several pictures is the larger and the smaller of one photograph: it does not move.
        frames = int(getattr(picture, "n_frames", 1)) if picture.format == "PNG" else 1
        picture.load()
        facts = {"frames": frames, "is_srgb": _is_srgb(picture), "has_place": _has_place(picture)}
        yield Message(facts={"width": picture.width, "height": picture.height, **facts})


def _is_srgb(picture: Image.Image) -> bool:
    """A picture without a profile is shown as sRGB everywhere."""
    profile = picture.info.get("icc_profile") or b""
    named = not profile or _SRGB.encode() in profile or _SRGB.encode("utf-16-be") in profile
    return named and picture.mode in _WEB_MODES


def _has_place(picture: Image.Image) -> bool:
    xmp = picture.info.get("xmp") or b""
    return bool(picture.getexif().get_ifd(_GPS)) or (isinstance(xmp, bytes) and _PLACE_IN_XMP in xmp)


if __name__ == "__main__":
    serve({"look": look}, damaged=(UnidentifiedImageError,))
