"""Every sample message of secure messaging against its README (MSS-02, MSS-23, MSS-30 to MSS-33, MSS-60, MSS-65)."""

from __future__ import annotations

import pytest

from apps.formats.mail.model import BodyKind, Dsn, Mdn, PartKind, ReadMail
from apps.formats.mail.reading import read_dsn, read_mail, read_mdn
from apps.formats.mail.reports import receipt_address
from tests.formats.mail.mails import names_of
from tests.shared_material import needs_shared, shared

pytestmark = needs_shared
FOLDER = shared("samples/xdm/eml")
SUBJECT = "Compte rendu d'imagerie PAT-TROIS DOMINIQUE 28/03/1979"
DOCTOR = "jacques.bideault@radio-ambroise.mssante.fr"
PATIENT = "279035121518989@patient.mssante.fr"
FIRST = "01_pro-to-patient_xdm-pdf@sample.mssante.fr"


def data(name: str) -> bytes:
    return next(FOLDER.glob(f"{name}*.eml")).read_bytes()


def read(name: str) -> ReadMail:
    return read_mail(data(name))


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.eml")) or ["missing"])
def test_mss_39_nothing_is_wrong_with_any_of_them(name):
    found = read(name)
    assert (found.faults, found.message_id, found.senders_count) == ((), f"{name}@sample.mssante.fr", 1)
    assert found.dated_at.isoformat() in {"2026-11-02T09:30:00+01:00", "2026-11-02T09:31:00+01:00"}
    assert [box.domain for box in found.to] in (["patient.mssante.fr"], ["radio-ambroise.mssante.fr"])


def test_mss_33_package_and_its_printable_copy():
    found = read("01")
    assert (found.subject, names_of(found)) == (SUBJECT, ["IHE_XDM.ZIP", "CR d'imagerie.pdf"])
    assert (found.mss.document_codes, found.mss.ins_is_qualified) == (("18748-4",), True)
    assert (found.mss.software, found.is_end, found.receipt_to) == ("ENS-SAMPLE-0001", False, "")
    assert found.parts[0].data.startswith(b"PK\x03\x04")
    assert found.parts[1].data.startswith(b"%PDF-")


def test_mss_23_both_ways_of_ending():
    by_header, by_subject = read("02"), read("11")
    assert (by_header.is_end, by_header.mss.is_end, by_header.subject) == (True, True, SUBJECT)
    assert (by_subject.is_end, by_subject.mss.is_end, by_subject.body.kind) == (True, False, BodyKind.NONE)


def test_text_alone():
    found = read("03")
    assert (found.sender.name, found.parts) == ("Secrétariat", ())
    assert found.body.text == "Bonjour,\n\nPensez à venir à jeun."


def test_mss_30_an_answer_names_what_it_answers():
    found = read("04")
    assert (found.answers, found.references, found.subject) == (FIRST, (FIRST,), SUBJECT)


def test_mss_60_who_asks_for_a_receipt():
    found = read("05")
    assert found.receipt_to == DOCTOR
    assert receipt_address(found, envelope_sender=DOCTOR.upper()) == DOCTOR
    assert receipt_address(found, envelope_sender="other@radio-ambroise.mssante.fr") == ""


def test_mss_33_two_codes():
    assert read("06").mss.document_codes == ("18748-4", "11502-2")
    assert names_of(read("07")) == ["IHE_XDM.ZIP"]


def test_mss_02_the_real_address_of_a_sender():
    assert (read("08").sender.address, read("08").subject) == ("quelquun@example.org", "Vos résultats")
    assert (read("09").sender.name, read("09").sender.address) == (DOCTOR, "intrus@example.org")


def test_mss_31_markup_in_plain_text_stays_text():
    found = read("10")
    assert found.subject == "Message <script>alert(1)</script>"
    assert (found.body.kind, found.body.text) == (BodyKind.PLAIN, "Texte <b>gras</b> <script>alert(2)</script>")
    assert (found.parts[0].kind, found.parts[0].name) == (PartKind.FILE, "resultat.html")


def test_mss_60_a_receipt():
    report = read_mdn(data("20"))
    assert isinstance(report, Mdn)
    assert (report.kind, report.action_mode, report.sending_mode) == (
        "displayed", "manual-action", "mdn-sent-automatically",
    )  # fmt: skip
    assert (report.final, report.original) == (PATIENT, PATIENT)
    assert report.original_message_id == "05_pro-to-patient_read-receipt@sample.mssante.fr"
    assert (read("20").auto_submitted, read("20").subject) == ("auto-replied", SUBJECT)
    assert read_dsn(data("20")) is None


@pytest.mark.parametrize(
    ("name", "status", "diagnostic"),
    [
        ("21", "5.1.1", "550 5.1.1 Boite inconnue"),
        ("22", "5.2.1", "550 5.2.1 Boite fermee ou desactivee"),
        ("23", "5.3.4", "550 5.3.4 Message trop volumineux"),
    ],
)
def test_mss_65_reports_on_delivery(name, status, diagnostic):
    report = read_dsn(data(name))
    assert isinstance(report, Dsn)
    (about,) = report.recipients
    assert (about.final, about.action, about.status, about.diagnostic) == (PATIENT, "failed", status, diagnostic)
    assert (report.reporting_mta, report.original_message_id) == ("mx.patient.mssante.fr", FIRST)
    assert read_mdn(data(name)) is None
