"""Files made to hurt whoever decodes them; invented here, by name, with what has to become of them (security.md 9)."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

Make = Callable[[], bytes]


def raw_pdf(*objects: str | bytes, root: str = "1 0 R") -> bytes:
    """A PDF of these objects, counted from 1, with a right table of places."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        content = body if isinstance(body, bytes) else body.encode("latin-1")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<</Size {size}/Root {root}>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def stream(data: bytes, entries: str = "") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def one_page(content: bytes = b"", *more: str | bytes, box: str = "0 0 595 842", resources: str = "") -> bytes:
    """A page with a content stream; `more` are objects from number 5 on."""
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<<{resources}>>>>"
    body = content if content.startswith(b"<<") else stream(content)
    return raw_pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, body, *more)


def packed(data: bytes, times: int = 1) -> bytes:
    """A stream that unpacks into `data`, packed so many times over."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = "/Filter[" + "/FlateDecode" * times + "]"
    return stream(data, filters)


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    block = b"\x00" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


PDFS: dict[str, Make] = {
    "page-tree-that-holds-itself": lambda: raw_pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"
    ),
    "page-tree-of-two-that-hold-each-other": lambda: raw_pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 9>>", "<</Type/Pages/Kids[2 0 R]/Count 9>>"
    ),
    "count-of-two-thousand-million": lambda: raw_pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 2147483647>>", "<</Type/Page/Parent 2 0 R>>"
    ),
    "count-below-zero": lambda: raw_pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count -1>>"),
    "no-pages": lambda: raw_pdf("<</Type/Catalog>>"),
    "catalog-is-a-number": lambda: raw_pdf("17"),
    "box-of-a-thousand-million": lambda: one_page(box="0 0 1000000000 1000000000"),
    "box-below-zero": lambda: one_page(box="0 0 -595 -842"),
    "box-of-nothing": lambda: one_page(box="0 0 0 0"),
    "box-is-not-a-number": lambda: one_page(box="0 0 /a /b"),
    "content-unpacks-into-600-megabytes": lambda: one_page(stream(_zeros(600), "/Filter/FlateDecode")),
    "content-packed-four-times": lambda: one_page(packed(_zeros(60), 3)),
    "form-that-draws-itself": lambda: one_page(
        b"/F Do", stream(b"/F Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"),
        resources="/XObject<</F 5 0 R>>",
    ),
    "forms-that-double-forty-times": lambda: _doubling(40),
    "pattern-that-paints-itself": lambda: one_page(
        b"/Pattern cs /P scn 0 0 595 842 re f",
        stream(b"/Pattern cs /P scn 0 0 9 9 re f", "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
               "/XStep 0.001/YStep 0.001/Resources<</Pattern<</P 5 0 R>>>>"),
        resources="/Pattern<</P 5 0 R>>",
    ),
    "picture-of-60000-by-60000": lambda: one_page(
        b"595 0 0 842 0 0 cm /I Do",
        stream(_zeros(1), "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
               "/ColorSpace/DeviceRGB/Filter/FlateDecode"),
        resources="/XObject<</I 5 0 R>>",
    ),
    "a-million-lines": lambda: one_page(b"0 0 m 595 842 l S\n" * 1_000_000),
    "a-hundred-thousand-nested-arrays": lambda: raw_pdf(
        "[" * 100_000 + "]" * 100_000, "<</Type/Catalog>>", root="2 0 R"
    ),
    "saved-states-that-never-end": lambda: one_page(b"q " * 2_000_000),
    "object-stream-that-holds-itself": lambda: raw_pdf(
        "<</Type/Catalog/Pages 2 0 R>>", stream(b"2 0 <</Type/Pages>>", "/Type/ObjStm/N 1/First 4/Extends 2 0 R")
    ),
    "length-beyond-the-end": lambda: one_page(b"<</Length 999999999>>\nstream\nq\nendstream"),
    "a-table-that-is-its-own-former-one": lambda: one_page().replace(b"/Root", b"/Prev 9/Root"),
    "html-behind-the-mark": lambda: b"%PDF-1.4\n<html><script>alert(1)</script></html>",
    "nothing-behind-the-mark": lambda: b"%PDF-",
}  # fmt: skip


def _doubling(levels: int) -> bytes:
    """Each form draws the next one twice: 2 to the power of `levels` drawings."""
    forms = [
        stream(b"/F Do /F Do", f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {number + 6} 0 R>>>>")
        for number in range(levels)
    ]
    last = stream(b"0 0 9 9 re f", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page(b"/F Do", *forms, last, resources="/XObject<</F 5 0 R>>")


def png_of(width: int, height: int, *, kind: int = 2, bits: int = 8, data: bytes | None = None) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    body = zlib.compress(b"\x00") if data is None else data
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def tiff(*entries: tuple[int, int, int, int], next_place: int = 0) -> bytes:
    """A little-endian TIFF with one directory: (tag, type, count, value) each."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(entries)) + body + struct.pack("<I", next_place)


_SMALL = (
    (256, 3, 1, 1),
    (257, 3, 1, 1),
    (258, 3, 1, 8),
    (259, 3, 1, 1),
    (262, 3, 1, 1),
    (273, 4, 1, 8),
    (279, 4, 1, 1),
)


def saved(kind: str, size: tuple[int, int], **values: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind, **values)
    return out.getvalue()


PICTURES: dict[str, Make] = {
    "png-of-2147483647-squared": lambda: png_of(2**31 - 1, 2**31 - 1),
    "png-of-no-width": lambda: png_of(0, 10),
    "png-with-one-row-of-5000": lambda: png_of(5000, 5000),
    "png-whose-data-unpack-into-600-megabytes": lambda: png_of(10, 10, data=_zeros(600)),
    "png-of-an-unknown-kind": lambda: png_of(10, 10, kind=5),
    "png-of-fifty-million-in-16-bits": lambda: png_of(10_000, 5_000, kind=6, bits=16, data=_zeros(400)),
    "png-with-a-packed-comment-of-200-megabytes": lambda: _commented(200),
    "tiff-directory-that-follows-itself": lambda: tiff(*_SMALL, next_place=8),
    "tiff-directory-beyond-the-end": lambda: tiff(*_SMALL, next_place=9_999_999),
    "tiff-of-4294967295-entries": lambda: tiff((273, 4, 4_294_967_295, 8)),
    "tiff-of-a-width-of-4294967295": lambda: tiff((256, 4, 1, 4_294_967_295), (257, 4, 1, 4_294_967_295)),
    "tiff-cut-in-the-middle": lambda: saved("TIFF", (300, 300))[:150_000],
    "tiff-of-501-pages": lambda: _many(501),
    "jpeg-cut-in-the-middle": lambda: saved("JPEG", (600, 600))[:900],
    "jpeg-of-65500-squared": lambda: saved("JPEG", (8, 8)).replace(b"\x00\x08\x00\x08\x03", b"\xff\xdc\xff\xdc\x03"),
    "jpeg-without-tables": lambda: b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xd9",
    "svg-behind-a-mark": lambda: b"\x89PNG\r\n\x1a\n<svg onload='alert(1)'/>",
    "gif-behind-a-mark": lambda: b"\xff\xd8\xff" + saved("GIF", (4, 4)),
}

RTFS: dict[str, Make] = {
    "a-million-groups": lambda: b"{\\rtf1 " + b"{" * 1_000_000,
    "a-million-ends": lambda: b"{\\rtf1 " + b"}" * 1_000_000,
    "two-million-unicode-signs": lambda: b"{\\rtf1 " + b"\\u233?" * 2_000_000 + b"}",
    "an-unknown-code-page": lambda: b"{\\rtf1\\ansicpg65001 a}",
    "a-number-without-end": lambda: b"{\\rtf1 \\u" + b"9" * 5_000 + b"? a}",
    "an-object-inside": lambda: b"{\\rtf1{\\object\\objemb{\\*\\objdata " + b"00" * 100_000 + b"}}a}",
}


def _commented(megabytes: int) -> bytes:
    body = b"Comment\x00\x00" + _zeros(megabytes)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    whole = saved("PNG", (4, 4))
    return whole[:33] + chunk + whole[33:]


def _many(pages: int) -> bytes:
    out = io.BytesIO()
    frame = Image.new("1", (8, 8))
    frame.save(out, "TIFF", save_all=True, append_images=[frame] * (pages - 1))
    return out.getvalue()
