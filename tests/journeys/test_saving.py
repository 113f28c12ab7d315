"""« Enregistrer dans mes documents » (MSS-54, MSS-55, MSS-83; DMP-54, DMP-56)."""

from __future__ import annotations

from datetime import date

import pytest

from apps.access import AccessDeniedError, Section
from apps.audit.services import events_of
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.files import services as files
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scanning
from apps.files.models import StoredFile
from apps.formats.cda.reader import read_cda
from apps.journeys.services import saving
from apps.journeys.services.saving import AttachmentNotFoundError, Fault, SaveRefusedError
from apps.notifications.models import Notice
from tests import factories
from tests.dmp.factories import filed, representative_of
from tests.formats.xdm.build import pack
from tests.harness.clock import NOON
from tests.journeys.saving import PDF, answers, as_representative, clinical, fresh, helper, holder, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


def save(space, row, *, actor=None, **values):
    return saving.save_attachment(
        actor=actor or holder(space), attachment_id=row.id, answers=answers(**values), at=NOON
    )


def scanned_bytes(document):
    scanning.scan(vault_id=document.vault_id, file_id=document.file_id, scanner=EmbeddedScanner(), at=NOON)
    return files.read(StoredFile.objects.select_related("vault").get(vault_id=document.vault_id, id=document.file_id))


class TestClinicalDocuments:
    def test_mss_55_it_enters_as_it_is_with_its_author(self, space):
        row = clinical(space)
        document = save(space, row, title="x", category="CERT_MED")
        assert (document.unique_id, document.author_name) == ("1.2.250.1.999.1", "Dr HUGO PERRIN")
        assert (document.title, document.category) == ("Résultats de biologie", "BIOLOGIE")
        assert (document.sha1, document.hidden_at) == (row.sha1 or document.sha1, None)
        assert fresh(row).document_id == document.id
        cda = read_cda(scanned_bytes(document))
        assert cda.unique_id == "1.2.250.1.999.1"

    def test_mss_54_twice_is_once(self, space):
        row = clinical(space)
        assert save(space, row).id == save(space, row, hidden=True).id
        assert Document.objects.count() == 1
        assert Document.objects.get().hidden_at is None
        assert [event.action for event in events_of(space.id)].count("journeys.attachment.save") == 1

    def test_mss_54_a_document_that_is_in_the_record_is_linked(self, space):
        known = filed(space)
        row = clinical(space)
        assert saving.savable(actor=holder(space), attachment_id=row.id).document == known
        assert save(space, row, hidden=True).id == known.id
        assert (fresh(row).document_id, Document.objects.get().hidden_at) == (known.id, None)

    def test_sec_05_one_that_the_record_keeps_from_its_reader_is_not_told(self, space):
        known = filed(space)
        Document.objects.filter(pk=known.pk).update(concealed_until=NOON.replace(year=2030))
        row = clinical(space)
        assert saving.savable(actor=holder(space), attachment_id=row.id).document is None
        with pytest.raises(SaveRefusedError) as caught:
            save(space, row)
        assert (caught.value.fault, fresh(row).document_id) == (Fault.REFUSED, None)

    def test_mss_54_the_link_is_by_identifier_and_opens_what_the_record_has(self, space):
        filed(space, title="Autre")
        assert save(space, clinical(space)).title == "Autre"

    def test_mss_53_what_is_kept_from_representatives_they_do_not_save(self, space):
        row = clinical(space)
        type(row).objects.filter(pk=row.pk).update(labels=["INVISIBLE_REPRESENTANTS_LEGAUX"])
        with pytest.raises(AttachmentNotFoundError):
            save(space, row, actor=as_representative(holder(space)))
        assert save(space, row).kept_from_representatives is False  # the label is for minors (DMP-36)

    def test_what_its_producer_hides_starts_hidden(self, space):
        row = clinical(space)
        type(row).objects.filter(pk=row.pk).update(labels=["MASQUE_PS"])
        assert saving.savable(actor=holder(space), attachment_id=row.id).is_hidden


class TestFiles:
    def test_dmp_56_a_file_becomes_a_document_of_the_holder(self, space):
        document = save(space, plain(space), title="Ordonnance du Dr Benali", dated=date(2026, 3, 2))
        assert (document.title, document.category, document.type_code) == (
            "Ordonnance du Dr Benali", "ORD_SOIN", "DOCPAT02",
        )  # fmt: skip
        assert (document.media_type, document.sorted_on) == ("application/pdf", date(2026, 3, 2))
        assert (document.facility_code, document.practice_code) == ("EXP_PATIENT", "EXP_PATIENT")
        assert (document.author_id, document.organisation_id) == ("", "")
        cda = read_cda(scanned_bytes(document))
        assert cda.payload.data == PDF
        assert cda.authors[0].is_patient

    @pytest.mark.parametrize(("category", "type_code"), list(dmp.TYPES.items()))
    def test_dmp_54_the_category_gives_the_type(self, space, category, type_code):
        document = save(space, plain(space), category=category)
        assert (document.category, document.type_code) == (category, type_code)

    def test_acc_32_the_choice_of_the_page_beats_the_default_of_the_space(self, space):
        type(space).objects.filter(pk=space.pk).update(new_documents_hidden=True)
        row, other = plain(space), plain(space, number="m2")
        assert saving.savable(actor=holder(space), attachment_id=row.id).is_hidden
        assert save(space, row, hidden=False).hidden_at is None
        hidden = save(space, other, hidden=True)
        assert (hidden.hidden_at, hidden.hidden_by_default) == (NOON, False)

    def test_two_files_of_the_same_bytes_are_two_documents(self, space):
        first, second = save(space, plain(space)), save(space, plain(space, number="m2"))
        assert first.id != second.id

    def test_sec_11_its_bytes_wait_for_the_antivirus_again(self, space):
        document = save(space, plain(space))
        assert document.file.state == "waiting"


class TestRefusals:
    def refused(self, space, row, **values):
        with pytest.raises(SaveRefusedError) as caught:
            save(space, row, **values)
        assert Document.objects.count() == 0
        assert fresh(row).document_id is None
        return caught.value.fault

    def test_sec_11_before_the_antivirus_has_judged(self, space):
        assert self.refused(space, plain(space, scanned=False)) == Fault.WAITING

    def test_sec_11_a_virus(self, space):
        row = plain(space)
        StoredFile.objects.filter(id=row.file_id).update(state="infected")
        assert self.refused(space, row) == Fault.INFECTED

    def test_s09_a_package_without_metadata(self, space):
        row = plain(space, name="IHE_XDM.ZIP", data=pack([("CDA.XML", b"<ClinicalDocument/>")]))
        assert self.refused(space, row) == Fault.METADATA

    def test_mss_55_a_kind_that_the_record_does_not_take(self, space):
        row = plain(space, name="photos.zip", data=b"PK\x03\x04 nothing")
        assert self.refused(space, row) == Fault.TYPE

    def test_dmp_51_more_than_five_megabytes(self, space):
        row = plain(space)
        type(row).objects.filter(pk=row.pk).update(size=5_000_001)
        assert self.refused(space, row) == Fault.SIZE

    def test_a_refusal_leaves_a_line_with_its_reason(self, space):
        row = plain(space, scanned=False)
        self.refused(space, row)
        line = next(event for event in events_of(space.id) if event.action == "journeys.attachment.refuse")
        assert (line.target, line.facts["code"]) == (f"attachment:{row.id}", "waiting")

    def test_mss_71_what_is_held_does_not_exist(self, space):
        row = clinical(space)
        type(row).objects.filter(pk=row.pk).update(held="904")
        with pytest.raises(AttachmentNotFoundError):
            save(space, row)

    def test_mss_50_an_archive_and_a_copy_are_not_saved(self, space):
        clinical(space)
        archive = type(fresh(clinical(space, number="m2"))).objects.filter(kind="package").first()
        with pytest.raises(AttachmentNotFoundError):
            save(space, archive)

    def test_sec_01_another_space(self, space):
        other = factories.space(person=factories.identity(first_given_name="ZOE", birth_given_names="ZOE"))
        with pytest.raises(AttachmentNotFoundError):
            save(space, plain(space), actor=holder(other))

    def test_spa_55_a_delegate_needs_messages_and_the_hand_on_documents(self, space):
        row = plain(space)
        with pytest.raises(AccessDeniedError):
            save(space, row, actor=helper(space, Section.MESSAGES, Section.DOCUMENTS))
        with pytest.raises(AttachmentNotFoundError):
            save(space, row, actor=helper(space, manages=(Section.DOCUMENTS,)))
        document = save(space, row, actor=helper(space, Section.MESSAGES, manages=(Section.DOCUMENTS,)))
        assert document.category == "ORD_SOIN"


class TestTelling:
    def test_others_are_told_of_the_document_and_not_who_saved_it(self, space):
        relative = representative_of(space)
        actor = holder(space)
        document = save(space, plain(space), actor=actor)
        told = Notice.objects.filter(key=f"new:{document.id}").values_list("user_id", flat=True)
        assert (relative.id in told, actor.user_id in told) == (True, False)

    def test_the_trail_names_the_document_and_the_attachment(self, space):
        row = plain(space)
        document = save(space, row)
        line = next(event for event in events_of(space.id) if event.action == "journeys.attachment.save")
        assert line.target == f"document:{document.id}"
        assert line.facts == {"attachment": str(row.id), "was_there": False, "hidden": False}
