"""Documents to an IHE_XDM.ZIP, the same bytes for the same documents (MSS-57, IHE ITI TF-2 3.32)."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator, Sequence

from apps.formats import media
from apps.formats.xdm.faults import PackageError, PackageErrorCode
from apps.formats.xdm.limits import DEFAULT_LIMITS, PackageLimits
from apps.formats.xdm.model import PackagedDocument, SubmissionSet
from apps.formats.xdm.write_metadata import metadata_of

_SUBSET = "IHE_XDM/SUBSET01/"
_STAMP = (1980, 1, 1, 0, 0, 0)  # the archive says nothing of when; submissionTime does
_MODE = 0o100644 << 16
_UNIX = 3
_SUFFIXES = {
    media.XML: "XML",
    media.PDF: "PDF",
    media.TEXT: "TXT",
    media.RTF: "RTF",
    media.JPEG: "JPG",
    media.PNG: "PNG",
    media.TIFF: "TIF",
}
_TOO_WELL_PACKED = 50  # half the ratio that this reader accepts: others may stop earlier
# The two files for people who open the archive by hand. ASCII, because old viewers guess the encoding; French, as the
# people who receive it; the same everywhere, whatever the language of the process.
_README = "Emetteur : {sender}. Archive conforme au profil IHE XDM.\r\n"
_INDEX = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head><title>IHE_XDM</title></head><body>'
    "<p>{sender}</p><ul>{rows}</ul></body></html>\n"
)


def write_package(
    documents: Sequence[PackagedDocument],
    *,
    submission: SubmissionSet,
    sender: str,
    limits: PackageLimits = DEFAULT_LIMITS,
) -> bytes:
    """An archive with one subset, the documents as DOC0001.XML and on, in the order given.

    `sender` names the emitter in README.TXT and INDEX.HTM. `read_package` of the result gives the same documents and
    the same submission. Raises `PackageError`: no document, one without bytes, or more than the limits.
    """
    contents = [document.data for document in documents if document.data is not None]
    if not contents or len(contents) < len(documents):
        raise PackageError(PackageErrorCode.NO_DOCUMENT)
    named = [(_name(number, document), document) for number, document in enumerate(documents, 1)]
    files = [
        ("INDEX.HTM", _index(named, sender)),
        ("README.TXT", _README.format(sender=sender).encode("ascii", "replace")),
        (f"{_SUBSET}METADATA.XML", metadata_of(named, submission)),
        *((_SUBSET + name, data) for (name, _), data in zip(named, contents, strict=True)),
    ]
    if len(files) > limits.files:
        raise PackageError(PackageErrorCode.TOO_MANY_FILES, str(len(files)))
    if sum(len(data) for _, data in files) > limits.unpacked:
        raise PackageError(PackageErrorCode.TOO_LARGE)
    return _packed(files)


def _name(number: int, document: PackagedDocument) -> str:
    """An 8.3 name of our own; the names that others gave stay with them."""
    suffix = _SUFFIXES.get(media.normal_type(document.entry.mime_type) or "", "BIN")
    return f"DOC{number:04d}.{suffix}"


def _index(named: Sequence[tuple[str, PackagedDocument]], sender: str) -> bytes:
    rows = "".join(_rows(named))
    return _INDEX.format(sender=html.escape(sender), rows=rows).encode("ascii", "xmlcharrefreplace")


def _rows(named: Sequence[tuple[str, PackagedDocument]]) -> Iterator[str]:
    for name, document in named:
        yield f'<li><a href="{_SUBSET}{name}">{html.escape(document.entry.title or name)}</a></li>'


def _packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(_info(name), data, compress_type=zipfile.ZIP_DEFLATED)
            entry = archive.getinfo(name)
            if entry.file_size > _TOO_WELL_PACKED * entry.compress_size:
                return _stored(files)
    return out.getvalue()


def _stored(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Without compression: a document that packs too well looks like a bomb."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(_info(name), data, compress_type=zipfile.ZIP_STORED)
    return out.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _STAMP)
    info.create_system = _UNIX
    info.external_attr = _MODE
    return info
