"""Fields of a message: addresses, ids, dates, parameters (MSS-02, MSS-30, MSS-33, SEC-22, SEC-23)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.mail.headers import Headers
from apps.formats.mail.mailboxes import is_address, read_mailboxes
from apps.formats.mail.model import Fault
from apps.formats.mail.reading import read_mail
from tests.formats.mail.mails import HEAD, mail

ANOTHER = "From: autre@x.example\r\n"


def pairs(text: str) -> list[tuple[str, str]]:
    return [(box.name, box.address) for box in read_mailboxes(text)]


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("a@b.fr", [("", "a@b.fr")]),
            ("<a@b.fr>", [("", "a@b.fr")]),
            ("Dr. Jean O'Neil-Roux <a@b.fr>", [("Dr. Jean O'Neil-Roux", "a@b.fr")]),
            ('"Roux, Jean" <a@b.fr>', [("Roux, Jean", "a@b.fr")]),
            ('"c@d.fr" <a@b.fr>', [("c@d.fr", "a@b.fr")]),
            ("=?utf-8?q?Secr=C3=A9tariat?= <a@b.fr>", [("Secrétariat", "a@b.fr")]),
            ("=?inconnu?q?Ren=E9?= <a@b.fr>, c@d.fr", [("René", "a@b.fr"), ("", "c@d.fr")]),
            ("Équipe <a@b.fr>", [("Équipe", "a@b.fr")]),
            ("A <a@b.fr>, B <c@d.fr>", [("A", "a@b.fr"), ("B", "c@d.fr")]),
            ("Groupe: a@b.fr, c@d.fr;", [("", "a@b.fr"), ("", "c@d.fr")]),
            ("a@b.fr (Jean @ Paris)", [("", "a@b.fr")]),
            ("X\u202eY <a@b.fr>", [("XY", "a@b.fr")]),
            ("a@b.fr <c@d.fr>", []),  # which of the two?
            ("<a@b.fr\u202e>", []),
            ("a@b.fr, c@d.fr <e@f.fr>", []),
            ("a@b@c.fr", []),
            ("a b@c.fr", []),
            ("", []),
            ("undisclosed-recipients:;", []),
        ],
    )  # fmt: skip
    def test_what_is_read(self, written, read):
        assert pairs(written) == read

    def test_a_comma_in_an_encoded_name_makes_no_second_sender(self):
        assert pairs("=?utf-8?q?a=40trusted=2Efr=2C?= <b@evil.example>") == [("a@trusted.fr,", "b@evil.example")]

    @pytest.mark.parametrize(
        "text",
        [
            "a@b",
            "a@b.fr\n",
            "a@b.fr,c@d.fr",
            "a@b.fr>",
            "@b.fr",
            "a@",
            ".@b.fr",
            "a..b@c.fr",
            "a@b.fr.",
            "a" * 330 + "@b.fr",
            "a\xa0@b.fr",
            "\xada@b.fr",
            "a\u200b@b.fr",
        ],
    )
    def test_addresses_that_are_none(self, text):
        assert is_address(text) is (text == "a@b")

    @given(st.text(alphabet='ab@.,:;<>()"\\[] =?q\t\u202e', max_size=60))
    def test_never_raises_and_gives_addresses_alone(self, text):
        assert all(is_address(box.address) for box in read_mailboxes(text))

    @pytest.mark.parametrize(
        "value",
        [
            "(" * 3_000,
            "<" * 3_000,
            '"' * 3_001,
            "a@[" * 900,
            "=?" * 1_500,
            ":" * 3_000,
            "=?a?q?=",
            "\\" * 99,
        ],
    )
    def test_crashes_of_the_library_are_no_crashes(self, value):
        assert read_mailboxes(value) == ()

    def test_of_a_crowd_the_first_ones(self):
        crowd = read_mailboxes(", ".join(f"Nom {number} <n{number}@x.fr>" for number in range(2_000)))
        assert 500 < len(crowd) < 1_000
        assert (crowd[0].name, crowd[-1].address) == ("Nom 0", f"n{len(crowd) - 1}@x.fr")

    def test_the_domain_is_in_small_letters(self):
        assert read_mailboxes("A@Medecin.MSSANTE.fr")[0].domain == "medecin.mssante.fr"


class TestSenders:
    def test_sec_23_one_sender(self):
        read = read_mail(mail())
        assert (read.senders_count, read.sender.address) == (1, "dr.benali@medecin.mssante.example")

    @pytest.mark.parametrize("head", [HEAD + ANOTHER, HEAD.replace("example>", "example>, autre@x.example", 1)])
    def test_sec_23_several_are_said(self, head):
        read = read_mail(mail(head=head))
        assert (read.senders_count, read.faults) == (2, (Fault.SEVERAL_SENDERS,))

    def test_sec_23_none_is_said(self):
        read = read_mail(mail(head="To: a@b.fr\r\n"))
        assert (read.sender, read.senders_count, read.faults) == (None, 0, (Fault.NO_SENDER,))

    def test_mss_26_names_of_to_and_cc(self):
        read = read_mail(mail("To: Pro Deux <p2@x.example>\r\nCc: Pro <p@x.example>, q@x.example\r\n"))
        assert [box.name for box in read.to] == ["", "Pro Deux"]
        assert [box.address for box in read.cc] == ["p@x.example", "q@x.example"]


class TestIds:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("<a@b>", ("a@b",)),
            (" <a@b>\r\n <c@d> <a@b>", ("a@b", "c@d")),
            ("a@b", ("a@b",)),
            ("a@b (note)", ("a@b",)),
            ("", ()),
        ],
    )
    def test_mss_30_ids(self, written, read):
        assert read_mail(mail(f"References: {written}\r\n")).references == read

    def test_mss_30_a_long_id_still_finds_its_answers(self):
        head = "Message-ID: <" + "x" * 400 + "@b>\r\n"
        first, answer = read_mail(mail(head=head)), read_mail(mail("In-Reply-To: <" + "x" * 400 + "@b>\r\n"))
        assert first.message_id == answer.answers
        assert len(first.message_id) == 71

    def test_mss_30_of_many_the_first_and_the_last(self):
        written = " ".join(f"<{number}@x>" for number in range(300))
        kept = Headers(f"References: {written}\r\n".encode()).ids("references")
        assert (len(kept), kept[0], kept[1], kept[-1]) == (100, "0@x", "201@x", "299@x")


class TestDates:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("Tue, 03 Feb 2026 10:15:00 +0100", "2026-02-03T10:15:00+01:00"),
            ("3 Feb 2026 10:15:00 -0000", "2026-02-03T10:15:00+00:00"),
            ("Tue, 03 Feb 2026 10:15:00", "2026-02-03T10:15:00+00:00"),
        ],
    )
    def test_aware_times(self, written, read):
        assert read_mail(mail(head=f"Date: {written}\r\n")).dated_at.isoformat() == read

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "hier",
            "Tue, 99 Feb 2026 10:15:00 +0100",
            "1 Jan 10000 00:00:00 +0000",
            "1 Jan 99999999 00:00:00 +0000",
            "Tue, 03 Feb 2026 10:15:00 +9999999999",
            "Fri, 31 Dec 9999 23:59:59 -2300",
        ],
    )
    def test_no_date_where_there_is_none(self, written):
        assert read_mail(mail(head=f"Date: {written}\r\n")).dated_at is None


class TestFields:
    def test_raw_letters_are_utf_8_or_what_they_look_like(self):
        assert read_mail(mail("Subject: été\r\n")).subject == "été"
        assert read_mail(b"Subject: \xe9t\xe9\r\n\r\n").subject == "été"

    def test_a_line_that_is_no_field_hides_no_other(self):
        read = read_mail(b"From: a@b.fr\r\nn'importe quoi\r\nSubject: Bilan\r\n\r\nOui.")
        assert (read.sender.address, read.subject, read.body.text) == ("a@b.fr", "Bilan", "Oui.")

    def test_no_header_at_all(self):
        read = read_mail(b"Juste du texte.\r\n\r\nEt encore.")
        assert (read.body.text, read.faults) == ("Juste du texte.\n\nEt encore.", (Fault.NO_HEADERS, Fault.NO_SENDER))

    def test_folded_fields(self):
        assert read_mail(mail("Subject: un\r\n deux\r\n\ttrois\r\n")).subject == "un deux trois"

    def test_the_envelope_line_of_mailboxes_on_disk(self):
        assert read_mail(b"From someone Tue\r\nSubject: Bilan\r\n\r\nOui.").subject == "Bilan"

    @pytest.mark.parametrize(
        ("field", "read"), [("<>", ""), ("<a@b.fr>", "a@b.fr"), ("a@b.fr", "a@b.fr"), ("rubbish", "")]
    )
    def test_mss_63_the_null_sender_is_not_no_sender(self, field, read):
        assert read_mail(mail(f"Return-Path: {field}\r\n")).return_path == read
        assert read_mail(mail()).return_path is None

    @pytest.mark.parametrize(
        ("field", "read"),
        [("no", ""), ("auto-replied", "auto-replied"), ("Auto-Generated; x=y", "auto-generated"), ("é", "")],
    )
    def test_mss_63_who_wrote(self, field, read):
        assert read_mail(mail(f"Auto-Submitted: {field}\r\n")).auto_submitted == read

    def test_mss_60_a_receipt_goes_to_one_box(self):
        assert read_mail(mail("Disposition-Notification-To: a@b.fr, c@d.fr\r\n")).receipt_to == ""

    @pytest.mark.parametrize(
        ("written", "wanted"),
        [("b.pdf", "b.pdf"), ('"b\\"c.pdf"', "b_c.pdf"), ("mon bilan.pdf", "mon bilan.pdf"),
         ('"=?utf-8?q?=C3=A9t=C3=A9.pdf?="', "été.pdf"), ("plain.pdf; filename*=UTF-8''%C3%A9.pdf", "é.pdf"),
         ("b.pdf; filename*=inconnu''%E9.pdf", "é.pdf")],
    )  # fmt: skip
    def test_s14_forms_of_a_name(self, written, wanted):
        read = read_mail(
            mail(f"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename={written}\r\n")
        )
        assert [each.name for each in read.parts] == [wanted]

    @pytest.mark.parametrize(
        "written",
        [
            "filename*", "filename*=", "filename*0*=", "filename*=''", "filename*=a'b", "filename*99999*=x", ";;;=;",
            "filename*0*=UTF-8''%", "filename*" + "9" * 3_000 + "*=x", "=", "filename*x*=y", "filename*1=x",
        ],
    )  # fmt: skip
    def test_crashes_on_parameters_are_no_crashes(self, written):
        read = read_mail(mail(f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {written}\r\n"))
        assert len(read.parts) == 1


class TestMss:
    def test_mss_33_hints(self):
        read = read_mail(
            mail("X-MSS-CODECDA: 34112-3, PRESC-BIO,<x>\r\nX-MSS-INS: N\r\nX-MSS-NIL: LOG-1\r\nX-MSS-MES: FIN\r\n")
        )
        assert read.mss.document_codes == ("34112-3", "PRESC-BIO")
        assert (read.mss.ins_is_qualified, read.mss.software, read.is_end) == (False, "LOG-1", True)

    @pytest.mark.parametrize("value", ["fin", "FIN.", "F I N", "", "AFIN"])
    def test_mss_23_three_capitals(self, value):
        assert read_mail(mail(f"X-MSS-MES: {value}\r\n")).is_end is False

    def test_sec_22_no_repr_quotes_a_number_a_name_or_a_text(self):
        read = read_mail(
            mail(
                "X-MSS-INS: 279024410999913\r\nDisposition-Notification-To: 279024410999913@x.fr\r\n"
                "Subject: Secret\r\n",
                "Secret",
            )
        )
        assert read.mss.ins_is_qualified is None
        shown = repr(read) + repr(read.to)
        assert "279024410999913" not in shown
        assert "Secret" not in shown
        assert "Benali" not in shown
