"""The samples are what their names say, read by the portal's own readers."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.formats import media
from apps.formats.cda.reader import read_cda
from apps.formats.mail.model import BodyKind, Fault, PartKind
from apps.formats.mail.reading import read_mail
from apps.formats.mail.reports import receipt_address
from apps.formats.xdm.model import Status
from apps.formats.xdm.reading import read_package
from apps.formats.xdm.twins import digests_inside, is_twin
from simulators.mssante_operator.samples.catalogue import SAMPLES
from tests.simulators.operator.world import ADDRESS, CAMILLE, NOON, sample

PERRIN = "hugo.perrin@pro.mssante.example"


def package(key, **more):
    mail = read_mail(sample(key, **more))
    return read_package(next(part.data for part in mail.parts if part.name == "IHE_XDM.ZIP"))


@pytest.mark.parametrize("key", [one.key for one in SAMPLES])
def test_every_sample_is_a_letter_of_the_box_to_the_patient(key):
    mail = read_mail(sample(key))

    assert mail.sender is not None
    assert (mail.sender.name, mail.sender.address) == ("Dr Hugo PERRIN", PERRIN)
    assert [each.address for each in mail.to] == [ADDRESS]
    assert mail.dated_at == NOON
    assert mail.message_id.endswith("@pro.mssante.example")
    assert mail.mss.software == "SIMULATEUR-MSS-1"
    assert b"\n" not in sample(key).replace(b"\r\n", b"")


def test_plain_letter():
    mail = read_mail(sample("plain"))

    assert (mail.subject, mail.body.kind, mail.parts) == ("Votre rendez-vous de jeudi", BodyKind.PLAIN, ())
    assert "confirmé à 10 h 15" in mail.body.text


def test_mss_31_html_alone_with_what_must_not_run():
    mail, source = read_mail(sample("html")), sample("html")

    assert mail.body.kind is BodyKind.HTML
    assert "trente minutes" in mail.body.text
    assert b"<script>" in source
    assert b"mouchard.hors-confiance.example" in source
    assert "mouchard" not in mail.body.text


def test_mss_33_laboratory_report_with_its_headers():
    mail = read_mail(sample("laboratory"))

    assert mail.mss.document_codes == ("11502-2",)
    assert mail.mss.ins_is_qualified is True
    assert [part.name for part in mail.parts] == ["IHE_XDM.ZIP", "resultats.pdf"]
    assert mail.subject == "Analyses de sang MOREL CAMILLE 14/06/1984"


def test_mss_50_one_sound_document_whose_copy_comes_along():
    mail, found = read_mail(sample("laboratory")), package("laboratory")
    (document,) = found.documents

    assert (found.faults, document.faults, document.is_sound) == ((), (), True)
    assert document.entry.title == "Analyses de sang"
    assert is_twin(mail.parts[1].data, of=digests_inside(document.data))
    assert media.sniff(mail.parts[1].data) == media.PDF


def test_laboratory_report_reads_as_a_document_of_camille():
    (document,) = package("laboratory").documents
    cda = read_cda(document.data)

    assert cda.patient is not None
    assert [(item.root, item.extension) for item in cda.patient.ins] == [("1.2.250.1.213.1.4.10", CAMILLE.number)]
    assert cda.patient.name.birth_family == "MOREL"
    assert cda.authors[0].party.name.professional_display == "Dr Hugo PERRIN"
    assert document.unique_id == document.cda.unique_id


def test_mss_54_same_day_same_bytes_other_day_other_document():
    first, again = package("laboratory").documents[0], package("laboratory", at=NOON + timedelta(hours=3)).documents[0]
    other = package("laboratory", at=NOON + timedelta(days=1)).documents[0]

    assert hashlib.sha256(first.data).digest() == hashlib.sha256(again.data).digest()
    assert first.unique_id == again.unique_id
    assert first.unique_id != other.unique_id


def test_mss_52_correction_replaces_the_report_of_the_day():
    (first,), (second,) = package("laboratory").documents, package("corrected").documents

    assert second.cda.replaces == (first.unique_id,)
    assert second.entry.replaces == (first.entry.entry_id,)
    assert second.is_sound


def test_mss_52_withdrawal_names_the_report_of_the_day():
    (first,), (second,) = package("laboratory").documents, package("withdrawn").documents

    assert second.entry.status is Status.DELETED
    assert second.unique_id == first.unique_id


def test_mss_53_concealed_report_says_so_in_the_metadata_alone():
    (document,) = package("concealed").documents

    assert document.entry.is_concealed
    assert b"INVISIBLE" not in document.data


def test_dmp_27_report_of_somebody_else():
    (document,) = package("other-patient").documents

    assert {each.number for each in document.entry.patients} == {"279035121518989"}
    assert document.is_sound


def test_picture_is_a_png_with_an_accent_in_its_name():
    (part,) = read_mail(sample("picture")).parts

    assert part.name == "lésion de l'épaule.png"
    assert media.sniff(part.data) == media.PNG


def test_s16_forwarded_message_with_a_file_inside():
    (part,) = read_mail(sample("forwarded")).parts

    assert part.kind is PartKind.MESSAGE
    assert part.mail.subject == "Avis sur le dossier"
    assert [inner.name for inner in part.mail.parts] == ["avis.pdf"]


def test_s15_outlook_container():
    mail = read_mail(sample("outlook"))

    assert [(part.name, part.kind) for part in mail.parts] == [("winmail.dat", PartKind.OUTLOOK)]
    assert Fault.OUTLOOK_CONTAINER in mail.faults


def test_mss_58_virus_is_found():
    (part,) = read_mail(sample("virus")).parts

    assert len(part.data) == 68
    assert EmbeddedScanner().scan(part.data).infected


def test_large_is_larger_than_the_portal_takes():
    assert len(sample("large", max_bytes=200_000)) > 200_000


def test_mss_23_both_ends():
    short, long = read_mail(sample("end")), read_mail(sample("last-word"))

    assert (short.subject, short.is_end) == ("[FIN]", True)
    assert (long.subject, long.is_end, long.mss.is_end) == ("Fin de nos échanges", True, True)
    assert "Votre suivi est terminé" in long.body.text


def test_mss_60_receipt_is_asked_by_the_box_that_writes():
    assert receipt_address(read_mail(sample("receipt")), envelope_sender=PERRIN) == PERRIN
    assert receipt_address(read_mail(sample("plain")), envelope_sender=PERRIN) == ""


def test_mss_25_two_correspondents():
    assert [each.address for each in read_mail(sample("several")).cc] == ["anne.lefort@pro.mssante.example"]


def test_mss_39_spoiled_letter_has_faults_and_its_headers():
    mail = read_mail(sample("broken"))

    assert Fault.DAMAGED_STRUCTURE in mail.faults
    assert mail.subject == "Courrier abîmé"
