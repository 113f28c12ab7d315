"""Pictures of pages: everything that leaves the child as a picture is a new JPEG without metadata."""

from __future__ import annotations

import math
from io import BytesIO

from PIL import Image

from apps.formats.sandbox.frames import Message

WIDTHS = (1440, 720)  # of a wide screen and of a phone at twice its points
MAX_DRAWN = 12_000_000  # pixels of one picture that we make
MAX_SIDE = 16_000  # far below what a JPEG can hold
QUALITY = 82
MODE = "RGB"

Image.MAX_IMAGE_PIXELS = None  # counted by the workers, before anything is decoded
Image.preinit()  # loads the common plugins; nothing can be imported once the child is locked


def page_message(number: int, picture: Image.Image) -> Message:
    """One page in the widths that it fills; `picture` is RGB and no wider than the widest."""
    made = [(picture.width, picture.height, _encoded(picture))]
    for width in WIDTHS[1:]:
        if picture.width > width:
            small = _smaller(picture, width)
            made.append((small.width, small.height, _encoded(small)))
    sizes = [[width, height] for width, height, _data in made]
    return Message(facts={"page": number, "sizes": sizes}, payloads=tuple(data for _w, _h, data in made))


def fitting(width: float, height: float) -> float:
    """Factor that brings a picture to the widest width, or to as many pixels as we draw."""
    return min(WIDTHS[0] / width, MAX_SIDE / height, math.sqrt(MAX_DRAWN / (width * height)))


def _smaller(picture: Image.Image, width: int) -> Image.Image:
    if picture.width == 2 * width:  # the usual case, four times as fast
        return picture.reduce(2)
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BOX)


def _encoded(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
