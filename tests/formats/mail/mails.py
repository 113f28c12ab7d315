"""Small mails written by hand, and what the tests ask of the ones that were read."""

from __future__ import annotations

import base64

from apps.formats.mail.model import Body, Part, ReadMail
from apps.formats.mail.reading import read_mail

HEAD = (
    "From: Dr Karim Benali <dr.benali@medecin.mssante.example>\r\n"
    "To: 279024410999913@patient.mssante.example\r\n"
    "Message-ID: <m1@x.example>\r\n"
    "Date: Tue, 03 Feb 2026 10:15:00 +0100\r\n"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def mail(fields: str = "", content: str | bytes = "Bonjour.\r\n", *, head: str = HEAD) -> bytes:
    """A mail with these further fields; text of fields is written as UTF-8 bytes."""
    body = content.encode() if isinstance(content, str) else content
    return (head + fields).replace("\r\n", "\n").replace("\n", "\r\n").encode() + b"\r\n" + body


def text_mail(content: str | bytes, content_type: str = "text/plain; charset=utf-8", further: str = "") -> bytes:
    return mail(f"Content-Type: {content_type}\r\n{further}", content)


def mixed(*parts: bytes, content_type: str = "multipart/mixed", fields: str = "") -> bytes:
    return mail(f"{fields}Content-Type: {content_type}; boundary=limite\r\n", joined(*parts))


def joined(*parts: bytes, boundary: bytes = b"limite") -> bytes:
    return b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in parts) + b"--" + boundary + b"--\r\n"


def part(fields: str, content: bytes = b"") -> bytes:
    return fields.encode() + b"\r\n\r\n" + content


def text_part(text: str = "Bonjour, voici vos résultats.", subtype: str = "plain") -> bytes:
    return part(f"Content-Type: text/{subtype}; charset=utf-8", text.encode())


def file_part(disposition: str = 'attachment; filename="bilan.pdf"', data: bytes = PDF, kind: str = "") -> bytes:
    fields = f"Content-Type: {kind or 'application/pdf'}\r\nContent-Disposition: {disposition}"
    return part(f"{fields}\r\nContent-Transfer-Encoding: base64", base64.encodebytes(data))


def subject_of(value: str) -> str:
    return read_mail(mail(f"Subject: {value}\r\n")).subject


def body_of(data: bytes) -> Body:
    return read_mail(data).body


def names_of(read: ReadMail) -> list[str]:
    return [each.name for each in read.parts]


def only(read: ReadMail) -> Part:
    (found,) = read.parts
    return found
