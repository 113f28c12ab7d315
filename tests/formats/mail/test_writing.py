"""Mails that the portal sends (MSS-34, MSS-57, MSS-60 to MSS-63, SEC-23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from apps.formats.mail.composing import UnwritableMailError, WritingFault
from apps.formats.mail.model import BodyKind, Mailbox
from apps.formats.mail.reading import read_mail
from apps.formats.mail.receipts import ReadingAct, ReportToWrite, write_dsn_closed, write_mdn
from apps.formats.mail.writing import FileToWrite, MailToWrite, write_mail

AT = datetime(2026, 11, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
HOLDER = Mailbox(name="Sophie Éssai", address="279024410999913@patient.mssante.example")
DOCTOR = Mailbox(name='Dr Benali, "Karim" (cabinet)', address="dr.benali@medecin.mssante.example")
PLAIN = MailToWrite(
    message_id="a1@patient.mssante.example",
    sender=HOLDER,
    to=(DOCTOR,),
    subject="Une question",
    text="Bonjour docteur.",
    written_at=AT,
    software="ENS-1",
)
PHOTO = FileToWrite(name="photo de la cicatrice — été.jpg", media_type="image/jpeg", data=b"\xff\xd8\xff" * 100)
RECEIPT = ReportToWrite(
    message_id="r1@patient.mssante.example",
    sender=HOLDER,
    to=DOCTOR,
    subject="Lu : résultat",
    words="Le message a été affiché.",
    written_at=AT,
    box=HOLDER.address,
    about="m1@x.example",
    reporter="ens-portal",
    software="ENS-1",
)


def fault_of(**changes) -> tuple[WritingFault, str]:
    with pytest.raises(UnwritableMailError) as caught:
        write_mail(replace(PLAIN, **changes))
    return caught.value.code, caught.value.field


class TestLetters:
    def test_the_bytes_of_a_short_one(self):
        plain = replace(
            PLAIN, sender=Mailbox(address="279024410999913@patient.mssante.example"), to=(Mailbox(address="a@b.fr"),)
        )
        assert write_mail(plain).decode() == (
            "Date: Mon, 02 Nov 2026 09:30:00 +0100\r\n"
            "From: 279024410999913@patient.mssante.example\r\n"
            "To: a@b.fr\r\n"
            "Message-ID: <a1@patient.mssante.example>\r\n"
            "Subject: Une question\r\n"
            "X-MSS-NIL: ENS-1\r\n"
            "MIME-Version: 1.0\r\n"
            'Content-Type: text/plain; charset="utf-8"\r\n'
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Bonjour docteur.\r\n"
        )

    def test_rel_08_the_same_bytes_each_time(self):
        letter = replace(PLAIN, files=(PHOTO, PHOTO))
        assert write_mail(letter) == write_mail(letter)

    def test_what_was_written_is_read(self):
        letter = replace(
            PLAIN,
            cc=(Mailbox(address="c@x.example"),),
            answers="m1@x.example",
            references=("m0@x.example", "m1@x.example"),
            files=(PHOTO,),
            subject="Réponse : " + "très longue " * 20 + "fin",
            text="Bonjour,\n\n  à =_ .\n.\nFrom moi \n\tfin",
        )
        read = read_mail(write_mail(letter))
        assert (read.subject, read.body.text, read.body.kind) == (letter.subject, letter.text, BodyKind.PLAIN)
        assert (read.sender, read.to, read.cc) == (letter.sender, letter.to, letter.cc)
        assert (read.message_id, read.answers, read.references) == (
            letter.message_id,
            letter.answers,
            letter.references,
        )
        assert [(each.name, each.declared_type, each.data) for each in read.parts] == [
            (PHOTO.name, PHOTO.media_type, PHOTO.data)
        ]
        assert (read.dated_at, read.faults, read.auto_submitted, read.receipt_to) == (AT, (), "", "")

    def test_s14_both_forms_of_a_name(self):
        data = write_mail(replace(PLAIN, files=(PHOTO,))).decode()
        assert ' filename="photo de la cicatrice ete.jpg";\r\n' in data
        assert (
            " filename*0*=UTF-8''photo%20de%20la%20cicatrice%20%E2%80%94%20%C3%A9;\r\n filename*1*=t%C3%A9.jpg\r\n"
            in data
        )

    def test_mss_34_fields_of_an_archive(self):
        letter = replace(PLAIN, document_codes=("34112-3", "PRESC-BIO"), ins_is_qualified=True)
        assert b"X-MSS-CODECDA: 34112-3,PRESC-BIO\r\nX-MSS-INS: O\r\n" in write_mail(letter)
        assert b"X-MSS-INS: N\r\n" in write_mail(replace(PLAIN, ins_is_qualified=False))
        assert b"X-MSS-INS" not in write_mail(PLAIN)

    def test_no_line_is_longer_than_the_standard_allows(self):
        letter = replace(
            PLAIN,
            subject="é" * 500,
            text="é" * 3_000,
            references=tuple(f"{'x' * 240}{number}@y" for number in range(60)),
            files=(replace(PHOTO, name="é" * 120 + ".jpg"),),
            to=(DOCTOR,) * 30,
        )
        data = write_mail(letter)
        assert max(len(line) for line in data.split(b"\r\n")) <= 260
        assert data.isascii()
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert len(read_mail(data).references) == 50

    def test_a_word_that_looks_encoded_is_no_encoded_word(self):
        assert read_mail(write_mail(replace(PLAIN, subject="=?utf-8?q?=5BFIN=5D?="))).subject == "=?utf-8?q?=5BFIN=5D?="

    def test_texts_lose_controls(self):
        assert read_mail(write_mail(replace(PLAIN, text="a\x00\r\nb\rc\u202e"))).body.text == "a\nb\nc"


class TestInjection:
    @pytest.mark.parametrize(
        "rest",
        ["\r\nBcc: x@evil.example", "\nX: y", "\r\r\n\r\ntext", "\x00", "\x0b", "\u2028", "\x85", "\u202e", "\ud800"],
    )
    def test_sec_23_no_value_ends_a_line(self, rest):
        assert fault_of(subject="a" + rest) == (WritingFault.LINE, "Subject")
        assert fault_of(to=(Mailbox(name="a" + rest, address="a@b.fr"),)) == (WritingFault.LINE, "To")
        assert fault_of(to=(Mailbox(address="a@b.fr" + rest),)) == (WritingFault.ADDRESS, "To")
        assert fault_of(sender=Mailbox(address="a@b.fr" + rest)) == (WritingFault.ADDRESS, "From")
        assert fault_of(message_id="a@b" + rest) == (WritingFault.IDENTIFIER, "Message-ID")
        assert fault_of(answers="a@b" + rest) == (WritingFault.IDENTIFIER, "In-Reply-To")
        assert fault_of(references=("a@b" + rest,)) == (WritingFault.IDENTIFIER, "References")
        assert fault_of(software="ENS" + rest) == (WritingFault.LINE, "X-MSS-NIL")
        assert fault_of(document_codes=("1-2" + rest,)) == (WritingFault.LINE, "X-MSS-CODECDA")
        assert fault_of(files=(replace(PHOTO, name="a" + rest),)) == (WritingFault.NAME, "filename")
        assert fault_of(files=(replace(PHOTO, media_type="image/jpeg" + rest),)) == (
            WritingFault.MEDIA_TYPE,
            "Content-Type",
        )

    @pytest.mark.parametrize(
        "address", ["a@b.fr, c@d.fr", "<a@b.fr>", "a@b.fr>", "a", "", "é@b.fr", "a@é.fr", "a b@c.fr"]
    )
    def test_sec_23_one_address_is_one_address(self, address):
        assert fault_of(to=(Mailbox(address=address),))[0] is WritingFault.ADDRESS

    @pytest.mark.parametrize("name", ['"', "a, b <c@d.fr>", "a;b:c", "x\\", "(", "=?utf-8?q?a?=", "a@b.fr", "<script>"])
    def test_sec_23_a_name_is_only_a_name(self, name):
        read = read_mail(write_mail(replace(PLAIN, to=(Mailbox(name=name, address="a@b.fr"),))))
        assert [(box.name, box.address) for box in read.to] == [(name, "a@b.fr")]

    @pytest.mark.parametrize("name", ["", "../x", "a/b", 'a"b.pdf', ".x", "x "])
    def test_sec_23_names_of_files_are_clean_before(self, name):
        assert fault_of(files=(replace(PHOTO, name=name),)) == (WritingFault.NAME, "filename")

    def test_what_is_missing(self):
        assert fault_of(to=()) == (WritingFault.NO_RECIPIENT, "To")
        assert fault_of(written_at=datetime(2026, 11, 2)) == (WritingFault.NAIVE_TIME, "Date")  # noqa: DTZ001 - the point
        assert fault_of(subject="a" * 501) == (WritingFault.TOO_LONG, "Subject")

    def test_sec_22_an_error_quotes_no_value(self):
        with pytest.raises(UnwritableMailError) as caught:
            write_mail(replace(PLAIN, to=(Mailbox(address="279024410999913"),)))
        assert "2790" not in str(caught.value)
        assert "2790" not in repr(PLAIN)
        assert "question" not in repr(PLAIN)


class TestReceipts:
    def test_mss_60_fields_of_a_receipt(self):
        data = write_mdn(RECEIPT)
        assert (
            b"Reporting-UA: ens-portal\r\n"
            b"Original-Recipient: rfc822;279024410999913@patient.mssante.example\r\n"
            b"Final-Recipient: rfc822;279024410999913@patient.mssante.example\r\n"
            b"Original-Message-ID: <m1@x.example>\r\n"
            b"Disposition: manual-action/MDN-sent-automatically; displayed\r\n"
        ) in data
        assert b"report-type=disposition-notification" in data

    def test_mss_63_nothing_answers_a_receipt(self):
        read = read_mail(write_mdn(RECEIPT))
        assert (read.auto_submitted, read.receipt_to, read.answers) == ("auto-replied", "", "m1@x.example")

    def test_mss_60_it_reads_back(self):
        read = read_mail(write_mdn(RECEIPT, act=ReadingAct.DELETED))
        assert (read.report.kind, read.report.final, read.report.original_message_id) == (
            "deleted",
            HOLDER.address,
            "m1@x.example",
        )
        assert (read.body.text, read.faults) == ("Le message a été affiché.", ())

    def test_mss_71_the_refusal_of_an_archive(self):
        report = read_mail(write_mdn(RECEIPT, error="902^Patient inconnu")).report
        assert (report.kind, report.modifiers, report.error) == ("processed", ("error",), "902^Patient inconnu")

    def test_a_closed_box(self):
        read = read_mail(write_dsn_closed(RECEIPT))
        (about,) = read.report.recipients
        assert (about.final, about.action, about.status) == (HOLDER.address, "failed", "5.2.1")
        assert (read.report.original_message_id, read.auto_submitted) == ("m1@x.example", "auto-replied")

    @pytest.mark.parametrize("field", ["box", "about", "reporter", "software", "message_id", "subject"])
    @pytest.mark.parametrize("write", [write_mdn, write_dsn_closed])
    def test_sec_23_no_value_ends_a_line(self, write, field):
        with pytest.raises(UnwritableMailError):
            write(replace(RECEIPT, **{field: f"{getattr(RECEIPT, field)}\r\nBcc: x@evil.example"}))

    def test_sec_23_nor_an_error(self):
        with pytest.raises(UnwritableMailError):
            write_mdn(RECEIPT, error="902\r\nBcc: x@evil.example")

    def test_times_have_a_zone(self):
        assert read_mail(write_mdn(replace(RECEIPT, written_at=AT.astimezone(UTC)))).dated_at == AT


@pytest.mark.parametrize("value", [":", "no", "auto-generated\r\nBcc: a@b.example", "Auto-Replied"])
def test_sec_23_what_a_machine_writes_says_so_by_a_key_word(value):
    assert fault_of(auto_submitted=value) == (WritingFault.KEY_WORD, "Auto-Submitted")
