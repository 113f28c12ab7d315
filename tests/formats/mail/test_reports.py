"""Reports that come back, and who may be told of reading (MSS-60, MSS-63, MSS-65, MSS-71)."""

from __future__ import annotations

import pytest

from apps.formats.mail.model import Dsn, Mdn, PartKind
from apps.formats.mail.reading import read_dsn, read_mail, read_mdn
from apps.formats.mail.reports import receipt_address
from tests.formats.mail.mails import mail, mixed, part, text_part

ABOUT = b"Reporting-MTA: dns; mx.example\r\n\r\n"
FAILED = b"Final-Recipient: rfc822; <pro@x.example>\r\nAction: Failed\r\nStatus: 5.2.2 (full)\r\n"
GIVEN_BACK = part("Content-Type: text/rfc822-headers", b"Message-ID: <ours@y.example>\r\nSubject: x\r\n")


def dsn(status: bytes, *parts: bytes) -> Dsn | None:
    kind = "multipart/report; report-type=delivery-status"
    return read_dsn(
        mixed(text_part(), part("Content-Type: message/delivery-status", status), *parts, content_type=kind)
    )


def mdn(fields: bytes) -> Mdn | None:
    kind = "multipart/report; report-type=disposition-notification"
    return read_mdn(
        mixed(text_part(), part("Content-Type: message/disposition-notification", fields), content_type=kind)
    )


class TestDelivery:
    def test_mss_65_one_address(self):
        report = dsn(ABOUT + FAILED, GIVEN_BACK)
        (about,) = report.recipients
        assert (about.final, about.action, about.status, about.diagnostic) == ("pro@x.example", "failed", "5.2.2", "")
        assert (report.reporting_mta, report.original_message_id) == ("mx.example", "ours@y.example")

    def test_several_addresses(self):
        second = (
            b"\r\nOriginal-Recipient: rfc822;b@x.fr\r\nFinal-Recipient: rfc822;c@x.fr\r\n"
            b"Action: delayed\r\nStatus: 4.4.1\r\n"
        )
        report = dsn(ABOUT + FAILED + second)
        assert [(each.action, each.status, each.original) for each in report.recipients] == [
            ("failed", "5.2.2", ""), ("delayed", "4.4.1", "b@x.fr"),
        ]  # fmt: skip

    def test_the_message_given_back_whole(self):
        whole = part("Content-Type: message/rfc822", b"Message-ID: <ours@y.example>\r\n\r\nText <other@z>.")
        assert dsn(ABOUT + FAILED, whole).original_message_id == "ours@y.example"

    def test_several_empty_lines_between(self):
        assert len(dsn(b"\r\n" + ABOUT + b"\r\n \r\n" + FAILED).recipients) == 1

    @pytest.mark.parametrize(
        "status", [b"", b"\r\n\r\n", b"rubbish", ABOUT, b"Action: exploded\r\nStatus: 9.9.9\r\n", b"\xff\x00"]
    )
    def test_mss_39_rubbish_says_nothing(self, status):
        report = dsn(status)
        assert all((each.action, each.status, each.final) == ("", "", "") for each in report.recipients)

    def test_a_diagnostic_is_one_clean_line(self):
        report = dsn(ABOUT + FAILED + b"Diagnostic-Code: smtp; 550\r\n 5.2.2 \x07full\r\n")
        assert report.recipients[0].diagnostic == "550 5.2.2 full"

    def test_its_parts_are_named_reports(self):
        read = read_mail(
            mixed(text_part(), part("Content-Type: message/delivery-status", ABOUT), content_type="multipart/report")
        )
        assert [each.kind for each in read.parts] == [PartKind.REPORT]

    def test_a_letter_is_no_report(self):
        assert (read_dsn(mail()), read_mdn(mail())) == (None, None)


class TestReading:
    def test_mss_60_a_receipt(self):
        report = mdn(
            b"Final-Recipient: rfc822;a@b.fr\r\nDisposition: automatic-action/MDN-sent-automatically; Deleted\r\n"
        )
        assert (report.kind, report.action_mode, report.final) == ("deleted", "automatic-action", "a@b.fr")

    def test_mss_71_an_error(self):
        report = mdn(
            b"Disposition: manual-action/MDN-sent-manually; processed/error,x\r\nError: 902^Patient inconnu\r\n"
            b"Original-Message-ID: <ours@y.example>\r\n"
        )
        assert (report.kind, report.modifiers, report.error) == ("processed", ("error", "x"), "902^Patient inconnu")
        assert report.original_message_id == "ours@y.example"

    @pytest.mark.parametrize(
        "fields", [b"", b"Disposition: \r\n", b"Disposition: ;;;\r\n", b"Disposition: a b/c d; e f\r\n"]
    )
    def test_rubbish_says_nothing(self, fields):
        assert mdn(fields) == Mdn()


class TestWhoIsTold:
    ASKED = "Disposition-Notification-To: Dr B <Dr@x.example>\r\n"

    def told(self, fields: str, sender: str = "dr@X.example") -> str:
        return receipt_address(read_mail(mail(fields)), envelope_sender=sender)

    def test_mss_60_who_asked(self):
        assert self.told(self.ASKED) == "Dr@x.example"

    @pytest.mark.parametrize("sender", ["other@x.example", "", "dr@x.example.evil"])
    def test_mss_60_never_another_box_than_the_envelope(self, sender):
        assert self.told(self.ASKED, sender) == ""

    def test_mss_60_nobody_asked(self):
        assert self.told("") == ""

    def test_mss_63_no_machine_and_no_report(self):
        assert self.told(self.ASKED + "Auto-Submitted: auto-generated\r\n") == ""
        report = mixed(
            text_part(), part("Content-Type: message/disposition-notification", b"Disposition: x; displayed"),
            content_type="multipart/report", fields=self.ASKED,
        )  # fmt: skip
        assert receipt_address(read_mail(report), envelope_sender="dr@x.example") == ""
