"""What in a PDF acts by itself or hides (DMP-106)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import pikepdf

from apps.formats.media import PdfWarning

_DEPTH = 8  # of what is written inside one object
_MARKS = {"/JS": PdfWarning.JAVASCRIPT, "/EF": PdfWarning.EMBEDDED_FILES}


def pdf_warnings(data: bytes) -> frozenset[PdfWarning]:
    """An empty set means nothing was found."""
    # Readers differ on a trailer that names an encryption dictionary which is not there: the name alone is told.
    marked = {PdfWarning.ENCRYPTED} if b"/Encrypt" in data else set()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return frozenset(_found_in(pdf) | marked)
    except pikepdf.PasswordError:
        return frozenset({PdfWarning.ENCRYPTED})
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        # RuntimeError: too deep, or a cipher that asks the locked child for random numbers.
        return frozenset({PdfWarning.UNREADABLE} | marked)


def _found_in(pdf: pikepdf.Pdf) -> set[PdfWarning]:
    root = pdf.Root
    names = root.get("/Names", pikepdf.Dictionary())
    found = _form_in(root)
    if pdf.is_encrypted:
        found.add(PdfWarning.ENCRYPTED)
    if "/OpenAction" in root and _is_action(root.OpenAction):
        found.add(PdfWarning.OPEN_ACTION)
    if "/AA" in root or any("/AA" in page.obj for page in pdf.pages):
        found.add(PdfWarning.ADDITIONAL_ACTIONS)
    if "/EmbeddedFiles" in names:
        found.add(PdfWarning.EMBEDDED_FILES)
    if "/JavaScript" in names:
        found.add(PdfWarning.JAVASCRIPT)
    return found.union(*map(_marks_in, pdf.objects))


def _form_in(root: pikepdf.Object) -> set[PdfWarning]:
    form = root.get("/AcroForm", pikepdf.Dictionary())
    if not isinstance(form, pikepdf.Dictionary):
        return set()
    found = {PdfWarning.XFA} if "/XFA" in form else set()
    if int(form.get("/SigFlags", 0)) & 1:
        found.add(PdfWarning.SIGNED)
    return found


def _is_action(value: pikepdf.Object) -> bool:
    # A destination ("open at page 1, fit") is an array or a GoTo: it does nothing but scroll.
    return isinstance(value, pikepdf.Dictionary) and value.get("/S") != "/GoTo"


def _marks_in(item: object, depth: int = _DEPTH) -> Iterator[PdfWarning]:
    """Scripts and files of the object and of what is written inside it: a button holds its action, a page may hold its
    buttons, an annotation its file. What is not inside is an object of its own and looked at by itself.
    """
    if depth == 0 or not isinstance(item, pikepdf.Array | pikepdf.Dictionary):
        return
    if isinstance(item, pikepdf.Dictionary):
        yield from (warning for key, warning in _MARKS.items() if key in item)
    parts: Iterable[object] = item.values() if isinstance(item, pikepdf.Dictionary) else item  # numbers and texts too
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _marks_in(part, depth - 1)
