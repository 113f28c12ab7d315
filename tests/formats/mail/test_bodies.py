"""What is the text of a message and what stands beside it (MSS-31, MSS-39, MSS-58)."""

from __future__ import annotations

import pytest

from apps.formats.mail.model import BodyKind, Fault, PartKind
from apps.formats.mail.reading import read_mail
from tests.formats.mail.mails import (
    PDF,
    body_of,
    file_part,
    joined,
    mail,
    mixed,
    names_of,
    only,
    part,
    text_mail,
    text_part,
)

PLAIN, PAGE = text_part("En clair."), text_part("<p>En page.</p>", "html")
BLANK = text_part(" \r\n")


def alternative(*parts: bytes) -> bytes:
    return part("Content-Type: multipart/alternative; boundary=choix", joined(*parts, boundary=b"choix"))


class TestText:
    def test_mss_31_of_both_forms_the_plain_one(self):
        for parts in ([PLAIN, PAGE], [PAGE, PLAIN]):
            body = body_of(mixed(*parts, content_type="multipart/alternative"))
            assert (body.kind, body.text) == (BodyKind.PLAIN, "En clair.")

    def test_mss_31_the_page_where_the_plain_one_is_empty(self):
        body = body_of(mixed(BLANK, PAGE, content_type="multipart/alternative"))
        assert (body.kind, body.text) == (BodyKind.HTML, "En page.")

    def test_files_inside_an_alternative_are_kept(self):
        related = part(
            "Content-Type: multipart/related; boundary=lie", joined(PAGE, file_part("inline"), boundary=b"lie")
        )
        read = read_mail(mixed(alternative(PLAIN, related), file_part()))
        assert read.body.text == "En clair."
        assert [(each.name, each.is_inline) for each in read.parts] == [("", True), ("bilan.pdf", False)]

    def test_text_around_files_is_one_text(self):
        read = read_mail(mixed(text_part("Avant."), file_part(), text_part("Après.")))
        assert (read.body.text, names_of(read)) == ("Avant.\n\nAprès.", ["bilan.pdf"])

    @pytest.mark.parametrize("disposition", ["attachment", 'inline; filename="note.txt"', "ATTACHMENT; x=y"])
    def test_a_text_that_is_a_file_is_no_body(self, disposition):
        read = read_mail(mixed(PLAIN, file_part(disposition, b"note", "text/plain")))
        assert (read.body.text, only(read).data) == ("En clair.", b"note")

    def test_a_named_text_alone_is_the_body(self):
        assert body_of(text_mail("Oui.", 'text/plain; name="corps.txt"')).text == "Oui."

    def test_flowed_lines_are_one_line(self):
        body = body_of(text_mail("Une phrase \r\nqui continue.\r\n\r\n-- \r\nDr B", "text/plain; format=flowed"))
        assert body.text == "Une phrase qui continue.\n\n-- \nDr B"

    def test_no_type_is_plain_text(self):
        assert body_of(b"From: a@b.fr\r\n\r\nOui.").text == "Oui."

    @pytest.mark.parametrize("field", ["text", "text/plain charset=utf-8", "", "plain"])
    def test_half_a_type_is_plain_text(self, field):
        assert body_of(mail(f"Content-Type: {field}\r\n", "Oui.")).text == "Oui."

    def test_a_long_text_is_cut_and_said(self):
        read = read_mail(text_mail("a" * 2_000_001))
        assert (len(read.body.text), read.faults) == (2_000_000, (Fault.TEXT_CUT,))

    @pytest.mark.parametrize(
        "content", ["begin 644 bilan.pdf\r\nM1234\r\n`\r\nend", "=ybegin line=128 size=3 name=x\r\nabc"]
    )
    def test_mss_39_a_file_in_the_text_is_said(self, content):
        read = read_mail(text_mail(content))
        assert (read.body.kind, read.faults) == (BodyKind.PLAIN, (Fault.FILE_IN_TEXT,))

    def test_mss_39_bytes_that_are_no_text(self):
        read = read_mail(text_mail(bytes(range(32)) * 10))
        assert (read.body.kind, read.body.text) == (BodyKind.UNREADABLE, "")
        assert Fault.NO_TEXT in read.faults


class TestTransfer:
    @pytest.mark.parametrize(
        ("encoding", "content", "text"),
        [
            ("base64", b"Qm9uam91cg==", "Bonjour"),
            ("BASE64;", b"Qm9u\r\nam91cg", "Bonjour"),
            ("base64", b"Qm9uam91c", "Bonjou"),
            ("quoted-printable", b"Bon=\r\njour =C3=A9", "Bonjour é"),
            ("quoted-printable", b"100=% =ZZ =", "100=% =ZZ"),
            ("8bit", "é".encode(), "é"),
            ("x-inconnu", b"tel quel", "tel quel"),
        ],
    )
    def test_encodings(self, encoding, content, text):
        assert body_of(text_mail(content, further=f"Content-Transfer-Encoding: {encoding}\r\n")).text.strip() == text

    def test_mss_39_damage_is_said(self):
        read = read_mail(text_mail(b"Qm9uam91c", further="Content-Transfer-Encoding: base64\r\n"))
        assert read.faults == (Fault.DAMAGED_ENCODING,)

    def test_mss_39_an_unknown_encoding_is_said(self):
        assert read_mail(text_mail("x", further="Content-Transfer-Encoding: x-uue\r\n")).faults == (
            Fault.UNKNOWN_ENCODING,
        )

    def test_damage_of_a_file_stands_with_the_file(self):
        broken = part("Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64", b"JVBERi0xL")
        read = read_mail(mixed(PLAIN, broken))
        assert (only(read).faults, only(read).data) == ((Fault.DAMAGED_ENCODING,), b"%PDF-1")


class TestKinds:
    @pytest.mark.parametrize(
        ("media_type", "name", "kind"),
        [
            ("application/pdf", "a.pdf", PartKind.FILE),
            ("text/html", "a.html", PartKind.FILE),
            ("text/calendar", "a.ics", PartKind.CALENDAR),
            ("application/pkcs7-signature", "smime.p7s", PartKind.SIGNATURE),
            ("application/pgp-signature", "a.asc", PartKind.SIGNATURE),
            ("application/pkcs7-mime; smime-type=signed-data", "smime.p7m", PartKind.SIGNED),
            ("application/pkcs7-mime; smime-type=enveloped-data", "smime.p7m", PartKind.ENCRYPTED),
            ("application/pkcs7-mime", "smime.p7m", PartKind.ENCRYPTED),
            ("application/octet-stream", "smime.p7m", PartKind.ENCRYPTED),
            ("application/octet-stream", "a.bin", PartKind.FILE),
            ("message/delivery-status", "a", PartKind.REPORT),
            ("message/external-body; access-type=url", "a", PartKind.FILE),
            ("<script>", "a", PartKind.FILE),
        ],
    )
    def test_what_a_part_is(self, media_type, name, kind):
        assert only(read_mail(mixed(PLAIN, file_part(f"attachment; filename={name}", PDF, media_type)))).kind is kind

    def test_mss_39_an_encrypted_message_is_unreadable(self):
        read = read_mail(
            mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n", "x")
        )
        assert (read.body.kind, only(read).kind, read.faults) == (
            BodyKind.UNREADABLE, PartKind.ENCRYPTED, (Fault.ENCRYPTED,),
        )  # fmt: skip

    def test_mss_39_pgp(self):
        version = part("Content-Type: application/pgp-encrypted", b"Version: 1")
        read = read_mail(
            mixed(version, file_part("inline", b"x", "application/octet-stream"), content_type="multipart/encrypted")
        )
        assert read.body.kind is BodyKind.UNREADABLE
        assert {each.kind for each in read.parts} == {PartKind.ENCRYPTED}
        inline = read_mail(text_mail("-----BEGIN PGP MESSAGE-----\r\nabc"))
        assert (inline.body.kind, inline.faults) == (BodyKind.PLAIN, (Fault.ENCRYPTED,))

    def test_a_signed_message_is_read_and_its_signature_named(self):
        signature = file_part('attachment; filename="smime.p7s"', b"sig", "application/pkcs7-signature")
        read = read_mail(mixed(PLAIN, signature, content_type="multipart/signed"))
        assert (read.body.text, only(read).kind, only(read).name) == ("En clair.", PartKind.SIGNATURE, "smime.p7s")

    def test_digests_hold_messages(self):
        inner = b"\r\nSubject: Dedans\r\n\r\nOui."
        read = read_mail(mixed(inner, content_type="multipart/digest"))
        assert (only(read).kind, only(read).mail.subject) == (PartKind.MESSAGE, "Dedans")

    def test_a_forwarded_message_in_base64(self):
        forwarded = file_part("attachment", b"Subject: Dedans\r\n\r\nOui.", "message/rfc822")
        assert only(read_mail(mixed(PLAIN, forwarded))).mail.body.text == "Oui."
