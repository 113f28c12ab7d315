"""Files, forwarded messages and packages of a message (MSS-50 to MSS-54, MSS-71; S14 to S17; DMP-27, DMP-28)."""

from __future__ import annotations

import base64
import logging
from dataclasses import replace

import pytest

from apps.files.models import StoredFile
from apps.formats.cda.reader import read_cda
from apps.mss import events, searching
from apps.mss.jobs.attaching import MOST_PACKAGES
from apps.mss.models import Attachment, Message, Thread
from tests import factories
from tests.dmp.cda import Cda
from tests.formats.mail.mails import PDF
from tests.formats.small_cda import SmallCda, payload, pdf
from tests.formats.xdm.build import DELETED, Doc, association, pack, package
from tests.mss.arriving import letter, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


def mixed(*parts: tuple[str, str, bytes], number: str = "m1") -> bytes:
    """A mail of a text and these parts: name, type, bytes."""
    head, _, _ = letter(number=number).partition(b"Content-Type")
    limit = f"b-{number}".encode()
    made = [b"Content-Type: text/plain\r\n\r\nBonjour.\r\n"]
    for name, kind, data in parts:
        fields = f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
        if kind == "message/rfc822":
            made.append(f"{fields}\r\n".encode() + data)
        else:
            made.append(f"{fields}Content-Transfer-Encoding: base64\r\n\r\n".encode() + base64.encodebytes(data))
    body = b"".join(b"--" + limit + b"\r\n" + each + b"\r\n" for each in made) + b"--" + limit + b"--\r\n"
    return head + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=" + limit + b"\r\n\r\n" + body


def rows():
    return list(Attachment.objects.order_by("position"))


def kinds():
    return [(row.kind, row.held) for row in rows()]


def doc_of(space, **values) -> Doc:
    """A document about the holder, whose metadata says the same."""
    cda = {name: values.pop(name) for name in ("unique_id", "replaces", "number", "family") if name in values}
    person = space.identity
    patient = f"{person.ins_number}{person.ins_key}^^^&{person.authority}&ISO^NH"
    made = Cda(patient=person, **cda)
    return Doc(data=made.data(), unique_id=made.unique_id, **{"patient": patient, **values})


def send(space, *docs: Doc, others=(), **options):
    data = package(*docs, **options)
    return receive(mixed(("IHE_XDM.ZIP", "application/zip", data), *others), space)[0]


class TestFiles:
    def test_sec_11_a_file_waits_for_the_antivirus(self, space):
        receive(mixed(("bilan.pdf", "application/octet-stream", PDF)), space)
        (row,) = rows()
        assert (row.kind, row.name, row.media_type) == ("file", "bilan.pdf", "application/pdf")
        assert (row.size, row.refused, row.held) == (len(PDF), "", "")
        assert StoredFile.objects.get(vault_id=row.vault_id, id=row.file_id).state == "waiting"
        assert Thread.objects.get().has_attachments

    def test_s43_the_name_of_a_file_is_searched(self, space):
        receive(mixed(("@SUM(1+1) bilan.pdf", "application/pdf", PDF)), space)
        assert Message.objects.filter(search=searching.query("bilan")).exists()

    def test_mss_58_markup_and_programs_are_not_for_the_record(self, space):
        parts = [("page.html", "text/html", b"<script>1</script>"), ("virus.exe", "application/pdf", b"MZ\x00\x01")]
        receive(mixed(*parts), space)
        assert [row.refused for row in rows()] == ["type", "type"]

    def test_s16_a_forwarded_message_is_there_with_its_own_file_once(self, space):
        inner = mixed(("annexe.pdf", "application/pdf", PDF), number="inner")
        receive(mixed(("transfert.eml", "message/rfc822", inner)), space)
        outer, annex = rows()
        assert (outer.kind, outer.parent_id) == ("message", None)
        assert (annex.kind, annex.name, annex.parent_id) == ("file", "annexe.pdf", outer.id)
        assert Message.objects.count() == 1


class TestPackages:
    def test_mss_50_one_document_for_a_cda_behind_its_archive(self, space):
        send(space, doc_of(space))
        archive, document = rows()
        assert (archive.kind, archive.held, archive.media_type) == ("package", "", "application/zip")
        assert (document.kind, document.parent_id, document.held) == ("document", archive.id, "")
        assert (document.title, document.author_name) == ("Compte rendu", "Dr HUGO PERRIN")
        assert document.unique_id == "1.2.250.1.999.1"
        assert document.dated.startswith("2026-02-03")
        assert document.file_id is not None

    def test_mss_50_the_pdf_beside_it_is_its_copy_whatever_comes_first(self, space):
        data = SmallCda(body=payload(pdf())).data()
        inside = next(each.data for each in read_cda(data).files)
        doc = Doc(data=data)
        copy = ("resultat.pdf", "application/pdf", inside)
        receive(mixed(copy, ("ihe_xdm.zip", "application/zip", package(doc))), space)
        by_kind = {row.kind: row for row in rows()}
        assert by_kind["twin"].parent_id == by_kind["document"].id

    def test_an_archive_of_another_name_is_opened_too(self, space):
        receive(mixed(("envoi.zip", "application/zip", package(doc_of(space)))), space)
        assert kinds() == [("package", ""), ("document", "")]

    def test_any_other_archive_is_a_file(self, space):
        receive(mixed(("photos.zip", "application/zip", b"PK\x03\x04 nothing")), space)
        assert kinds() == [("file", "")]

    def test_mss_71_one_that_cannot_be_read_is_held_and_the_text_stays(self, space):
        (message,) = receive(mixed(("IHE_XDM.ZIP", "application/zip", b"PK\x03\x04 nothing")), space)
        assert kinds() == [("package", "package-not-a-zip"), ("part", "package-not-a-zip")]
        assert message.body_sealed
        assert message.file_id is None

    def test_mss_53_a_package_behind_the_largest_number_is_held(self, space):
        zips = [
            ("IHE_XDM.ZIP", "application/zip", package(doc_of(space, unique_id=f"1.2.3.{number}")))
            for number in range(MOST_PACKAGES + 1)
        ]
        (message,) = receive(mixed(*zips), space)
        assert kinds()[-2:] == [("package", "package-too-many"), ("part", "package-too-many")]
        assert [held for _kind, held in kinds()[: 2 * MOST_PACKAGES]] == [""] * 2 * MOST_PACKAGES
        assert message.file_id is None

    def test_s09_a_package_without_metadata_is_a_file_that_says_so(self, space):
        data = pack([("CDA.XML", b"<ClinicalDocument/>")])
        receive(mixed(("IHE_XDM.ZIP", "application/zip", data)), space)
        row = Attachment.objects.get()
        assert (row.kind, row.held, row.refused) == ("file", "", "metadata")

    def test_dmp_28_a_document_whose_bytes_differ_is_held(self, space):
        send(space, doc_of(space, sha1="0" * 40))
        assert kinds() == [("package", "hash"), ("document", "hash"), ("part", "hash")]

    @pytest.mark.parametrize(
        ("values", "code"), [({"family": "AUTRE"}, "904"), ({"number": "2790351215189"}, "other-patient")]
    )
    def test_dmp_83_a_document_about_somebody_else_is_held_with_what_came_beside_it(self, space, values, code):
        message = send(space, doc_of(space, **values), others=[("copie.pdf", "application/pdf", PDF)])
        assert kinds() == [("package", code), ("document", code), ("file", code), ("part", code)]
        assert message.file_id is None

    def test_mss_53_what_is_hidden_from_the_patient_is_kept_from_them_with_all_that_came_along(self, space, caplog):
        with caplog.at_level(logging.ERROR):
            message = send(
                space, doc_of(space, labels=("N", "INVISIBLE_PATIENT")), others=[("copie.pdf", "application/pdf", PDF)]
            )
        assert {held for _, held in kinds()} == {"invisible-patient"}
        assert list(Attachment.objects.visible_to(factories.holder(space))) == []
        assert message.file_id is None
        assert not Thread.objects.get().has_attachments
        assert not Message.objects.filter(search=searching.query("copie")).exists()

    def test_mss_54_labels_of_the_package_are_kept(self, space):
        send(space, doc_of(space, labels=("N", "MASQUE_PS")))
        assert rows()[1].labels == ["MASQUE_PS"]


class TestRequests:
    @pytest.fixture
    def told(self, monkeypatch):
        calls = []
        monkeypatch.setattr(events, "_followers", [lambda **ids: calls.append(ids)])
        return calls

    def test_mss_52_a_request_to_replace_is_kept_and_told_after_the_commit(
        self, space, told, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            send(space, doc_of(space, unique_id="1.2.9", replaces="1.2.8"))
            assert told == []
        row = rows()[1]
        assert (row.replaces, row.is_withdrawal) == ("1.2.8", False)
        assert told == [{"space_id": space.id, "attachment_id": row.id}]

    @pytest.mark.parametrize("is_clinical", [True, False])
    def test_mss_52_what_the_metadata_alone_calls_a_replacement_asks_for_nothing(
        self, space, told, django_capture_on_commit_callbacks, is_clinical
    ):
        doc = doc_of(space, unique_id="1.2.9")
        doc = doc if is_clinical else replace(doc, data=PDF, mime_type="application/pdf", file="DOC0001.PDF")
        with django_capture_on_commit_callbacks(execute=True):
            send(space, doc, extra=association("RPLC", doc.entry_id, "1.2.8"))
        row = rows()[1]
        assert (row.kind, row.held, row.replaces) == ("document", "", "")
        assert told == []

    def test_mss_52_a_request_to_withdraw(self, space, told, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            send(space, doc_of(space, status=DELETED))
        assert rows()[1].is_withdrawal
        assert len(told) == 1

    def test_one_about_somebody_else_asks_for_nothing(self, space, told, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            send(space, doc_of(space, status=DELETED, family="AUTRE"))
        assert told == []


class TestReports:
    DSN = (
        b"From: <mailer@chu.mssante.example>\r\nMessage-ID: <d1@x.example>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nEchec\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"\r\n--b--\r\n"
    )

    def test_mss_65_a_report_is_for_whoever_takes_it(self, space, monkeypatch):
        taken = []
        monkeypatch.setattr(events, "_takers", [lambda **given: taken.append(given["report"]) or True])
        assert receive(self.DSN, space, sender="") == []
        assert taken[0].recipients[0].status == "5.1.1"

    def test_mss_65_one_that_nobody_takes_is_filed_like_a_message(self, space, monkeypatch):
        monkeypatch.setattr(events, "_takers", [lambda **_given: False])
        assert len(receive(self.DSN, space, sender="")) == 1
