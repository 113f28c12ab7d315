"""PDF files of plain text, as small software makes them: one font, no script, no attachment."""

from __future__ import annotations

from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

_PAGE = (595, 842)  # A4 in points
_LEFT, _TOP, _SIZE, _LEADING = 56, 780, 11, 16


def text_pdf(text: str, *, title: str) -> bytes:
    """The lines of the text on A4, the first one of a page bigger; a form feed begins a page. Same text, same bytes."""
    pdf = Pdf.new()
    pdf.Root.Lang = String("fr-FR")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.docinfo["/Title"] = String(title)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    fonts = Dictionary(F1=font)
    for page in text.split("\f"):
        pdf.pages.append(Page(_page(pdf, fonts, page.strip("\n").splitlines())))
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _page(pdf: Pdf, fonts: Dictionary, lines: list[str]) -> Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *_PAGE]),
            Resources=Dictionary(Font=fonts),
            Contents=pdf.make_stream(_drawing(lines)),
        )
    )


def _drawing(lines: list[str]) -> bytes:
    start = f"BT /F1 16 Tf {_LEADING} TL {_LEFT} {_TOP} Td ".encode()
    head, *rest = (b"(" + _escaped(line) + b") Tj T* " for line in lines)
    return start + head + f"/F1 {_SIZE} Tf ".encode() + b"".join(rest) + b"ET"


def _escaped(line: str) -> bytes:
    return line.translate({ord(character): "\\" + character for character in "\\()"}).encode("cp1252")
