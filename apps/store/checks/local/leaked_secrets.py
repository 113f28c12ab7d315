"""Evidence in which the publisher forgot a key or a password (L15)."""

from __future__ import annotations

from apps.formats import media
from apps.formats.decoding import DecoderLostError, RefusedFileError, open_file
from apps.store.checks.base import FileFacts, Finding, Subject, Tools
from apps.store.checks.findings import failed, in_trouble, passed, skipped
from apps.store.checks.local.contents import ids, looked_at
from apps.store.checks.local.file_type import CSV, ending_of
from apps.store.checks.local.reasons import Reason
from apps.store.checks.local.secret_kinds import secrets_in

# Tables of a Windows spreadsheet are no text to whoever looks for UTF-8: their name tells.
_SEARCHED = frozenset({CSV, media.TEXT, media.PDF})
_PAGE, _LINE = "page", "line"


class LeakedSecrets:
    """In the text of PDF and CSV files. Says the kind of a secret and where it stands, never the secret."""

    code = "secrets"
    rule = "L15"
    version = 1
    criterion = ""  # those of the file
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return ids(
            tuple(file for file in subject.files if file.media_type in _SEARCHED or ending_of(file.name) == "csv")
        )

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        return looked_at(target, subject, _judged)


def look(data: bytes) -> Finding:
    """The same for bytes that somebody else has read."""
    if media.sniff(data) != media.PDF:
        return _finding([(found.line, found.kind) for found in secrets_in(_decoded(data))], _LINE)
    try:
        pages = open_file(data, media.PDF).texts
    except RefusedFileError:
        return skipped(Reason.SECRETS_NOT_READ)
    except DecoderLostError:
        return in_trouble(Reason.DECODER_LOST)
    numbered = enumerate(pages, start=1)
    return _finding([(number, found.kind) for number, text in numbered for found in secrets_in(text)], _PAGE)


def _judged(_file: FileFacts, data: bytes) -> Finding:
    return look(data)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _finding(found: list[tuple[int, str]], place: str) -> Finding:
    """All kinds, and the first line or page."""
    if not found:
        return passed()
    return failed(Reason.SECRET_FOUND, kinds=sorted({kind for _number, kind in found}), **{place: found[0][0]})
