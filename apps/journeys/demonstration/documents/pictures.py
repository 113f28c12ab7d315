"""Small drawings that stand for clinical images: nothing in them comes from a person."""

from __future__ import annotations

import math
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

_BEAT = 90  # pixels
_DEFLECTIONS = ((14, 4, 7.0), (29, 2, -6.0), (33, 2, 62.0), (37, 2, -14.0), (58, 8, 13.0))  # P, Q, R, S, T


def ankle_png() -> bytes:
    """A grey sketch of an ankle seen from the front, 240 x 300 pixels."""
    picture = Image.new("L", (240, 300), 12)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((40, 20, 200, 330), fill=48)
    pen.rectangle((88, 0, 138, 150), fill=168)
    pen.rectangle((150, 0, 170, 176), fill=146)
    pen.rounded_rectangle((82, 130, 146, 176), radius=14, fill=186)
    pen.rounded_rectangle((80, 184, 160, 232), radius=20, fill=178)
    pen.rounded_rectangle((70, 238, 170, 300), radius=24, fill=160)
    picture = picture.filter(ImageFilter.GaussianBlur(2.2))
    ImageDraw.Draw(picture).text((206, 8), "D", fill=220)
    return _saved(picture, "PNG")


def tracing_jpeg() -> bytes:
    """A tracing like that of an electrocardiogram, 900 x 240 pixels, one lead, regular beats."""
    picture = Image.new("RGB", (900, 240), (255, 250, 248))
    pen = ImageDraw.Draw(picture)
    for step in range(0, 900, 15):
        colour = (236, 170, 165) if step % 75 == 0 else (248, 222, 219)
        pen.line((step, 0, step, 240), fill=colour)
        pen.line((0, step, 900, step), fill=colour)
    pen.line([(place, 130 - _height(place % _BEAT)) for place in range(900)], fill=(20, 24, 40), width=2)
    return _saved(picture, "JPEG")


def _height(place: int) -> float:
    return sum(size * math.exp(-(((place - centre) / width) ** 2)) for centre, width, size in _DEFLECTIONS)


def _saved(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()
