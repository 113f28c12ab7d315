"""JPEG, PNG and TIFF files: decoded within a limit of pixels, turned upright, drawn anew without their metadata."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast

from PIL import Image, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from apps.formats.media import MAX_PIXELS
from apps.formats.sandbox.frames import Message
from apps.formats.sandbox.inside.jpeg import MODE, fitting, page_message
from apps.formats.sandbox.inside.serving import RefusedError, serve
from apps.formats.sandbox.refusal import Reason

MAX_PAGES = 500
KINDS = ("JPEG", "PNG", "TIFF")
ORIENTATION = 0x0112  # EXIF
_TURNS: dict[int | None, tuple[Image.Transpose, ...]] = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
_SIDEWAYS = frozenset({5, 6, 7, 8})
_LOADED = (MpoImagePlugin, PngImagePlugin, TiffImagePlugin)  # nothing can be imported once the child is locked


def look(_facts: dict[str, Any], data: bytes) -> Iterator[Message]:
    """The number of pages: one, but for TIFF."""
    with _opened(data) as picture:
        pages = int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
        if pages > MAX_PAGES:
            raise RefusedError(Reason.TOO_MANY_PAGES)
        _check_size(picture)
        yield Message(facts={"warnings": [], "pages": pages})


def draw(facts: dict[str, Any], data: bytes) -> Iterator[Message]:
    """Pictures of the pages from `first` to `last`, counted from 1."""
    with _opened(data) as picture:
        for number in range(facts["first"], facts["last"] + 1):
            if number > 1:
                picture.seek(number - 1)
            _check_size(picture)
            yield page_message(number, _upright(picture))


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data), formats=KINDS)


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise RefusedError(Reason.TOO_LARGE)


def _upright(picture: Image.Image) -> Image.Image:
    """Made smaller first, so that the large picture is in memory once."""
    orientation = picture.getexif().get(ORIENTATION)
    width, height = picture.size
    factor = min(1.0, fitting(*((height, width) if orientation in _SIDEWAYS else (width, height))))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    picture.draft(MODE, size)
    flat = _flat(picture)
    if flat.size != size:
        flat = flat.resize(size, Image.Resampling.BOX)
    for turn in _TURNS.get(orientation, ()):
        flat = flat.transpose(turn)
    return flat


def _flat(picture: Image.Image) -> Image.Image:
    """In three colours; what was transparent is white."""
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey: Pillow would cut, not scale
        return _scaled(picture)
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        ground = Image.new(MODE, clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return picture.convert(MODE)


def _scaled(picture: Image.Image) -> Image.Image:
    wide = picture.convert("F")
    low, high = cast("tuple[float, float]", wide.getextrema())
    factor = 255.0 / max(high - low, 1.0)
    return wide.point(lambda value: value * factor - low * factor).convert("L").convert(MODE)


if __name__ == "__main__":
    serve({"look": look, "draw": draw}, damaged=(UnidentifiedImageError,))
